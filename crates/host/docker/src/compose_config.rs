//! Asks the real `docker compose config` about files as they are or as they would be.
//!
//! Nothing is written in the checkout: drafts are seen through a shadow of it, a folder of links
//! elsewhere.

mod differences;
mod judge;
mod key;
mod needs;
mod prepared;
mod shadow;
mod side_by_side;
mod sources;
mod stand_ins;
mod words;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use compose_model::{Environment, Files};
use serde_json::Value;
use system::process::{Limits, Output, RunError, run};

use crate::{Compose, Profiles};
use prepared::Prepared;
use side_by_side::side_by_side;

pub use differences::{differences, has};
pub use key::key;
pub use needs::Variable;
pub use sources::Sources;
pub use stand_ins::StandIns;

/// A resolved model as `docker compose config --format json` prints it. It holds resolved secrets:
/// never log or store it.
pub type Model = Value;

/// What a check may say.
const OUTPUT: usize = 64 << 20;

/// One environment of a checkout. All paths are relative to the checkout's root.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The checkout's root.
    pub root: &'a Path,
    /// The environment: its name, its compose files, and its env files.
    pub environment: &'a Environment,
    /// Its Compose files as they were loaded, drafts included, those that others extend and include
    /// too. What the disk says is compared with them, and parsed where it is something else.
    pub loaded: &'a Files,
    /// New texts, in place of what the disk says or where it says nothing yet.
    pub drafts: &'a BTreeMap<String, String>,
    /// Whether a service stands behind a profile, which makes a second call necessary.
    pub profiles: bool,
}

/// What Compose accepted.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The model with every profile active, its paths those of the checkout.
    pub model: Model,
    /// Compose's warnings, redacted.
    pub warnings: Vec<String>,
    /// The longest of the calls.
    pub took: Duration,
    /// Why only the shape was checked and not the values, as `.env.prod is missing here`.
    pub shape_only: Option<String>,
}

/// Why Compose did not accept it, or did not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// Compose rejects the files.
    #[error("docker compose rejects {environment}: {words}")]
    Rejected {
        /// The environment.
        environment: String,
        /// Compose's own words: redacted, without timestamps, with the checkout's paths.
        words: String,
    },
    /// Compose did not end.
    #[error("docker compose gave no answer about {environment} within {} s and was ended", after.as_secs_f32())]
    TimedOut {
        /// The environment.
        environment: String,
        /// The limit.
        after: Duration,
    },
    /// Somebody or the system ended Compose.
    #[error("docker compose was killed (signal {signal}) before it answered about {environment}")]
    Killed {
        /// The environment.
        environment: String,
        /// The signal.
        signal: i32,
    },
    /// Compose answered what is no model.
    #[error("docker compose answers about {environment} with what is no model: {first_line:?}")]
    Garbage {
        /// The environment.
        environment: String,
        /// The beginning of it, redacted.
        first_line: String,
    },
    /// The check could not be made.
    #[error("{environment} cannot be checked: {doing}")]
    Io {
        /// The environment.
        environment: String,
        /// What failed.
        doing: String,
        /// The system's reason.
        source: io::Error,
    },
}

/// Every use of a variable in an environment's files.
#[must_use]
pub fn variables(subject: &Subject<'_>) -> Vec<Variable> {
    sources::Sources::of(subject).variables().cloned().collect()
}

impl Compose {
    /// Checks one environment: one `config` call, two where profiles are used.
    ///
    /// # Errors
    /// [`CheckError`].
    pub fn check(&self, subject: &Subject<'_>) -> Result<Verdict, CheckError> {
        self.check_within(subject, self.time_limit())
    }

    /// Checks one environment with a time limit of the caller's choice.
    ///
    /// # Errors
    /// [`CheckError`].
    pub fn check_within(
        &self,
        subject: &Subject<'_>,
        time: Duration,
    ) -> Result<Verdict, CheckError> {
        let limits = Limits {
            time,
            output: OUTPUT,
        };
        let prepared = Prepared::of(subject)?;
        let outputs = side_by_side(prepared.profiles(), |profiles| {
            self.ask(&prepared, *profiles, limits)
        });
        prepared.judge(outputs)
    }

    /// Checks several environments side by side. The answers keep their order.
    pub fn check_all(&self, subjects: &[Subject<'_>]) -> Vec<Result<Verdict, CheckError>> {
        let prepared: Vec<_> = subjects.iter().map(Prepared::of).collect();
        let calls: Vec<_> = prepared
            .iter()
            .flatten()
            .flat_map(Prepared::calls)
            .collect();
        let limits = Limits {
            time: self.time_limit(),
            output: OUTPUT,
        };
        let mut outputs =
            side_by_side(&calls, |(one, profiles)| self.ask(one, *profiles, limits)).into_iter();
        let mut judge =
            |one: Prepared<'_>| one.judge(outputs.by_ref().take(one.profiles().len()).collect());
        prepared
            .into_iter()
            .map(|one| one.and_then(&mut judge))
            .collect()
    }

    fn ask(
        &self,
        prepared: &Prepared<'_>,
        profiles: Profiles,
        limits: Limits,
    ) -> Result<Output, RunError> {
        let spelt = self.config(prepared.call(), profiles);
        let program = self.plugin().display().to_string();
        let command = spelt.map_err(|error| RunError::Start {
            program,
            source: io::Error::other(error),
        })?;
        run(command, limits)
    }
}
