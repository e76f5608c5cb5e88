//! How a command ends: part of the interface.

use std::process::ExitCode;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// Findings, something pending, or a failed step.
    Findings,
    /// The command could not be understood, or not look at everything.
    Usage,
    /// Docker is needed and not there.
    NoDocker,
    /// What an outside program said.
    Program(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::NoDocker => 12,
            Exit::Program(code) => code,
        })
    }
}
