//! What may be wrong with the environment.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Everything that is wrong with the environment.
#[derive(Debug)]
pub struct ConfigError(pub Vec<Problem>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the environment does not fit:")?;
        self.0
            .iter()
            .try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigError {}

/// One fault. Values of secrets are not in here, so that they cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A variable without which there is nothing to connect to.
    #[error("{name} is not set, or empty")]
    Missing {
        /// The variable.
        name: &'static str,
    },
    /// A secret in neither of its two forms.
    #[error("{name} is not set, and neither is {name}_FILE")]
    MissingSecret {
        /// The variable.
        name: &'static str,
    },
    /// A secret in both of its forms; which one holds would be a guess.
    #[error("{name} and {name}_FILE are both set: set one of them")]
    Both {
        /// The variable.
        name: &'static str,
    },
    /// Bytes that are not UTF-8.
    #[error("{name} is not UTF-8 text")]
    NotText {
        /// The variable.
        name: &'static str,
    },
    /// A value of the wrong kind.
    #[error("{name} is `{value}`: it must be {wanted}")]
    Unfit {
        /// The variable.
        name: &'static str,
        /// What it is.
        value: String,
        /// What it should be.
        wanted: String,
    },
    /// A secret's file that cannot be read.
    #[error("{name}_FILE: cannot read {}: {source}", path.display())]
    Unreadable {
        /// The variable, without `_FILE`.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A secret's file with nothing in it.
    #[error("{name}_FILE: {} is empty", path.display())]
    EmptyFile {
        /// The variable, without `_FILE`.
        name: &'static str,
        /// The file.
        path: PathBuf,
    },
}
