//! Why an engine gave no answer: what kind of failure that is, who led the client there, and what
//! helps.

use system::process::RunError;

use crate::{Endpoint, FailureKind};

/// Why an engine that answers did not answer this.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The client could not be run to its end.
    #[error("docker {asked} does not work")]
    Run {
        /// What was asked.
        asked: &'static str,
        /// Why it did not.
        source: RunError,
    },
    /// The client or the engine refuses.
    #[error("docker {asked}: {words}")]
    Refused {
        /// What was asked.
        asked: &'static str,
        /// Their words.
        words: String,
    },
    /// The answer is not what Docker answers.
    #[error("docker {asked} answers with what cannot be read: {first_line:?}")]
    Garbage {
        /// What was asked.
        asked: &'static str,
        /// The beginning of it.
        first_line: String,
    },
}

impl EngineError {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Run {
                source: RunError::TimedOut { .. },
                ..
            } => FailureKind::TimedOut,
            Self::Refused { words, .. } => FailureKind::of(words),
            Self::Run { .. } | Self::Garbage { .. } => FailureKind::Other,
        }
    }

    /// Whether the client itself cannot be started: there is no Docker on this machine.
    #[must_use]
    pub fn is_without_client(&self) -> bool {
        matches!(
            self,
            Self::Run {
                source: RunError::Start { .. },
                ..
            }
        )
    }

    /// Whether there may well be an engine, with data on it, that this call did not get to: one
    /// that somebody chose, one that is slow, and one that lets others in. A machine whose own
    /// engine does not run is no such case.
    #[must_use]
    pub fn may_hide_data(&self) -> bool {
        match self.kind() {
            FailureKind::Unreachable => Endpoint::chosen() != Endpoint::Usual,
            FailureKind::Other => !self.is_without_client(),
            _ => true,
        }
    }
}

/// No engine answers, and a command needs one.
#[derive(Debug, thiserror::Error)]
#[error("no Docker engine answers{}: {}\n  {}", led_to(.0), first_line(.0), mend(.0))]
pub struct EngineUnavailable(pub EngineError);

/// Who led the client where no engine is; nothing where nobody did.
fn led_to(error: &EngineError) -> String {
    match Endpoint::chosen() {
        Endpoint::Usual => String::new(),
        _ if error.is_without_client() => String::new(),
        chosen => format!(", where {chosen} leads"),
    }
}

/// The first of the client's words.
#[must_use]
pub fn first_line(error: &EngineError) -> String {
    let words = match error {
        EngineError::Run { source, .. } => source.to_string(),
        EngineError::Refused { words, .. } => words.clone(),
        EngineError::Garbage { .. } => error.to_string(),
    };
    words.lines().next().unwrap_or_default().to_owned()
}

/// The command that helps where no engine answers.
#[must_use]
pub fn mend(error: &EngineError) -> String {
    if error.is_without_client() {
        return "https://docs.docker.com/engine/install/".to_owned();
    }
    match (Endpoint::chosen().reset(), error.kind()) {
        (Some(reset), _) => format!("{reset}   # or start the engine that it leads to"),
        (None, FailureKind::Denied) => {
            "sudo usermod -aG docker \"$USER\"   # then log in anew".to_owned()
        }
        (None, FailureKind::TimedOut) => "docker version   # it did not answer in time".to_owned(),
        (None, _) => "sudo systemctl start docker   # or start Docker Desktop".to_owned(),
    }
}
