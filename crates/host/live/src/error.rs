//! Why a proof could not go on.

use std::fmt;
use std::io;
use std::time::Duration;

use docker::engine::EngineError;
use system::process::RunError;

use super::outcome::seconds;

/// Why a proof could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The engine or its client.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Compose could not be run to its end.
    #[error("docker compose does not work")]
    Run(#[from] RunError),
    /// The stack, or a part of it, did not come up.
    #[error("{0}")]
    Start(Box<StartFailure>),
    /// Compose refuses.
    #[error("docker compose {asked}: {words}")]
    Compose {
        /// What was asked.
        asked: String,
        /// Its words, redacted.
        words: String,
    },
    /// A program in a container refuses.
    #[error("{service}: {words}")]
    Program {
        /// The service.
        service: String,
        /// Its words, redacted.
        words: String,
    },
    /// Something of this machine's disk.
    #[error("{doing}")]
    Io {
        /// What was done.
        doing: String,
        /// The system's reason.
        source: io::Error,
    },
    /// Images that are not here and cannot be built.
    #[error("not here: {}; get them with: cargo xtask compose {environment} -- pull", images.join(", "))]
    NoImages {
        /// The images.
        images: Vec<String>,
        /// The environment.
        environment: String,
    },
    /// The files cannot be resolved.
    #[error("{0}")]
    Unresolved(String),
}

/// A start that did not end well: which service, how far it came, and its last words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartFailure {
    /// The service that holds the others up; empty where Compose did not come so far.
    pub service: String,
    /// What is wrong with it, as `is still starting`.
    pub state: String,
    /// What its last health probe printed.
    pub health: Option<String>,
    /// The last lines of its log.
    pub lines: Vec<String>,
    /// How long it was waited for.
    pub after: Duration,
    /// Compose's last words.
    pub compose: String,
}

impl fmt::Display for StartFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            service,
            state,
            health,
            lines,
            after,
            compose,
        } = self;
        if service.is_empty() {
            return write!(f, "the stack did not start: {compose}");
        }
        write!(f, "{service} {state} after {}", seconds(*after))?;
        match health.as_deref().map(str::trim) {
            Some("") => write!(f, "; its last health check failed and said nothing")?,
            Some(health) => write!(f, "; its last health check said: {health}")?,
            None => {}
        }
        if !lines.is_empty() {
            write!(f, "; its last log lines: {}", lines.join(" | "))?;
        }
        Ok(())
    }
}

impl LiveError {
    /// An error of the disk.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        |source| Self::Io { doing, source }
    }
}
