//! How a command ends: part of the interface.

use std::process::ExitCode;

use ::live::NoEngine;
use docker::engine::EngineUnavailable;
use docker::{NoCompose, NoDocker};
use system::interrupt;
use system::interrupt::Interrupted;
use transaction::TransactionError;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// Findings, something pending, or a failed step.
    Findings,
    /// The command could not be understood, or not look at everything.
    Usage,
    /// Another run holds the lock.
    Locked,
    /// Docker is needed and not there.
    NoDocker,
    /// Somebody pressed Ctrl-C.
    Interrupted,
    /// What an outside program said.
    Program(u8),
}

impl Exit {
    /// How a command ends that an error ends.
    #[must_use]
    pub fn of(error: &anyhow::Error) -> Self {
        match error.downcast_ref() {
            Some(TransactionError::Busy { .. }) => return Self::Locked,
            Some(TransactionError::Interrupted(_)) => return Self::Interrupted,
            _ => {}
        }
        match error {
            error if error.is::<Interrupted>() => Self::Interrupted,
            error
                if error.is::<NoCompose>()
                    || error.is::<NoDocker>()
                    || error.is::<EngineUnavailable>()
                    || error.is::<NoEngine>() =>
            {
                Self::NoDocker
            }
            _ => Self::Usage,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Locked => 11,
            Exit::NoDocker => 12,
            Exit::Interrupted => interrupt::EXIT,
            Exit::Program(code) => code,
        })
    }
}
