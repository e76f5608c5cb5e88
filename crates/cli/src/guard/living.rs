//! What is already here, against what the files now say: before containers are made anew, whatever the ledger says, for a
//! colleague may just have pulled.
//!
//! [`judge`] decides and looks at nothing: what it would have to see it asks for, and is then asked again.

mod anonymous;
mod case;
mod existing;
mod left_behind;
mod mounts;
mod nameless;
mod postgres;
mod project;
mod redis;
mod services;
mod settings;
#[cfg(test)]
mod tests;
mod wanted;

use std::collections::BTreeMap;

use compose_model::Environment;
use docker::compose_config::Model;
use docker::engine;
use docker::engine::{Contents, Engine, EngineError};
use docker::{Compose, Docker};

use crate::checkout::Checkout;
use crate::model;
use case::Case;

pub use case::{Risk, RiskKind};
pub use existing::{Existing, Kin, Why};
pub use nameless::{Fate, Loss, lost};
pub use wanted::{Source, Wanted, WantedMount, WantedService, WantedVolume};

/// What would have to be seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A path of a container.
    Container {
        /// Its id.
        id: String,
        /// The path.
        path: String,
    },
    /// A path of a volume that no container need have.
    Volume {
        /// Its real name.
        name: String,
        /// The image of a container to look through.
        image: String,
        /// The path in the volume; empty for the volume itself.
        path: String,
    },
    /// What a container changed in its own layer.
    Layer {
        /// Its id.
        id: String,
        /// Below this folder.
        folder: String,
    },
    /// The keys that a running Redis holds.
    Keys(String),
    /// The variables of an image.
    Image(String),
    /// A path of this machine.
    Host(String),
}

/// What was seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing.
    Nothing,
    /// A file, and its beginning.
    File(Vec<u8>),
    /// A folder with something in it.
    Filled(Contents),
    /// A number of things.
    Number(u64),
    /// It could not be seen; why.
    Unseen(String),
}

/// Everything that was seen.
pub type Seen = BTreeMap<Place, Sight>;

/// What is at risk, and what could not be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What would be out of reach, unreadable or made anew.
    pub risks: Vec<Risk>,
    /// What could not be seen, so that data may be at risk.
    pub unknown: Vec<String>,
    /// What was not looked at, and need not be.
    pub notes: Vec<String>,
    /// What is to be seen before this is the last word.
    pub open: Vec<Place>,
}

/// Decides about an environment from what was seen.
#[must_use]
pub fn judge(wanted: &Wanted, existing: &Existing, seen: &Seen) -> Verdict {
    let mut case = Case::new(wanted, existing, seen);
    for rule in [
        anonymous::judge,
        mounts::judge,
        project::judge,
        left_behind::judge,
        services::judge,
        settings::judge,
        postgres::judge,
        redis::judge,
    ] {
        rule(&mut case);
    }
    case.verdict()
}

impl Verdict {
    /// Whether everything was seen that matters, and nothing is at risk.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.risks.is_empty() && self.unknown.is_empty()
    }
}

/// Looks at an engine until nothing is open.
///
/// # Errors
/// [`EngineError`] where containers and volumes cannot be listed.
pub fn look(engine: &Engine, checkout: &Checkout, wanted: &Wanted) -> Result<Verdict, EngineError> {
    let existing = Existing::find(engine, checkout, wanted)?;
    let mut seen = Seen::new();
    loop {
        let verdict = judge(wanted, &existing, &seen);
        let open: Vec<_> = verdict.open.iter().filter(|place| !seen.contains_key(place)).cloned().collect();
        if open.is_empty() {
            return Ok(verdict);
        }
        for place in open {
            let sight = existing::see(engine, &place);
            seen.insert(place, sight);
        }
    }
}

/// An environment that was looked at.
#[derive(Debug)]
pub struct Looked {
    /// The environment.
    pub environment: String,
    /// What is at risk, or why that could not be seen.
    pub verdict: Result<Verdict, String>,
}

/// Looks at several environments; none where there is no engine, which is no finding: nothing lives here. One that is
/// somewhere and was not reached is told.
#[must_use]
pub fn survey(checkout: &Checkout, scope: &[Environment], root_flag: &str) -> Option<Vec<Looked>> {
    let engine = match Engine::reach(Docker::new()) {
        Ok(engine) => engine,
        Err(error) if error.leaves_open() => return Some(unseen(&error, scope)),
        Err(_) => return None,
    };
    let compose = Compose::find().ok()?;
    let look = |environment: &Environment| {
        let resolved = model::resolve(&compose, checkout, environment)?;
        let wanted = Wanted::of(checkout, environment, &resolved.model, root_flag);
        look(&engine, checkout, &wanted).map_err(|error| error.to_string())
    };
    let looked =
        |environment: &Environment| Looked { environment: environment.name.clone(), verdict: look(environment) };
    Some(scope.iter().map(looked).collect())
}

/// What an environment's model wants of an engine; `root_flag` is how commands that are shown name the checkout.
#[must_use]
pub fn wanted(checkout: &Checkout, environment: &Environment, model: &Model, root_flag: &str) -> Wanted {
    Wanted::of(checkout, environment, model, root_flag)
}

fn unseen(error: &EngineError, scope: &[Environment]) -> Vec<Looked> {
    let what = format!("whether data is at risk was not looked at: {}", engine::first_line(error));
    let verdict = Verdict { unknown: vec![what], ..Verdict::default() };
    let unseen = |own: &Environment| Looked { environment: own.name.clone(), verdict: Ok(verdict.clone()) };
    scope.iter().map(unseen).collect()
}
