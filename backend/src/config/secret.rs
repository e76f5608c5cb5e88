//! A value that is never printed.

use std::fmt;
use std::fs;
use std::path::Path;

use super::Problem;

/// A password.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// A file's text without the line ends at its end, as the images of PostgreSQL read such files.
    pub(super) fn from_file(name: &'static str, path: &Path) -> Result<Self, Problem> {
        let text = fs::read_to_string(path).map_err(|source| Problem::Unreadable {
            name,
            path: path.to_owned(),
            source,
        })?;
        match text.trim_end_matches(['\r', '\n']) {
            "" => Err(Problem::EmptyFile {
                name,
                path: path.to_owned(),
            }),
            secret => Ok(Self(secret.to_owned())),
        }
    }

    /// The value itself, for the one call that logs in with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
