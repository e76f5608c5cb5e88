//! What is already here, against what the files now say: before containers are made anew, whatever the ledger says, for a
//! colleague may just have pulled.
//!
//! [`judge`] decides and looks at nothing: what it would have to see it asks for, and is then asked again.

mod anonymous;
mod case;
mod existing;
mod left_behind;
mod mounts;
mod postgres;
mod project;
mod redis;
mod services;
mod settings;
#[cfg(test)]
mod tests;
mod wanted;

use std::collections::BTreeMap;

use crate::check::Model;
use crate::checkout::Checkout;
use crate::docker::Compose;
use crate::engine::{Contents, Engine, EngineError, Peek};
use crate::model;

pub use case::{Risk, RiskKind};
pub use existing::{Existing, Kin, Why};
pub use wanted::{Source, Wanted, WantedMount, WantedService, WantedVolume};

use case::Case;

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
    /// What was not looked at.
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

/// Looks at several environments; none where no engine answers, which is no finding: nothing lives here.
#[must_use]
pub fn survey(checkout: &Checkout, scope: &[String], root_flag: &str) -> Option<Vec<Looked>> {
    let (engine, compose) = (Engine::find()?, Compose::find().ok()?);
    let look = |environment: &String| {
        let resolved = model::resolve(&compose, checkout, environment)?;
        let wanted = Wanted::of(checkout, environment, &resolved.model, root_flag);
        look(&engine, checkout, &wanted).map_err(|error| error.to_string())
    };
    let looked = |environment: &String| Looked { environment: environment.clone(), verdict: look(environment) };
    Some(scope.iter().map(looked).collect())
}

/// What an environment's model wants of an engine; `root_flag` is how commands that are shown name the checkout.
#[must_use]
pub fn wanted(checkout: &Checkout, environment: &str, model: &Model, root_flag: &str) -> Wanted {
    Wanted::of(checkout, environment, model, root_flag)
}

/// Data that `down` would leave in volumes without a name: the service, the place and what is there.
///
/// # Errors
/// [`EngineError`].
pub fn left_by_down(engine: &Engine, project: &str) -> Result<Vec<(String, String, Contents)>, EngineError> {
    let mut left = Vec::new();
    for container in engine.containers(project)? {
        for mount in container.mounts.iter().filter(|mount| mounts::is_anonymous(mount)) {
            if let Peek::Folder(contents) = engine.peek(&container.id, &mount.destination)?
                && !contents.is_empty()
            {
                left.push((container.service.clone(), mount.destination.clone(), contents));
            }
        }
    }
    Ok(left)
}
