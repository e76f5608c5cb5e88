//! What is already here, against what the files now say: before containers are made anew, whatever
//! the ledger says, for a colleague may just have pulled. [`data_safety`] has the rules; here is
//! looked.

mod actual;
mod contents;
mod facts;
mod nameless;
mod wanted;

use compose_model::{Environment, ResolvedModel};
use docker::engine;
use docker::engine::{Engine, EngineError};
use docker::{Compose, Docker};

use crate::checkout::Checkout;
use crate::model;

pub use data_safety::{Desired, Risk, Verdict};
pub use facts::{judge, take};
pub use nameless::{Fate, Loss, lost};

use data_safety::{Actual, Observations, Query, RiskKind, evaluate};

/// Looks at an engine until nothing is open.
///
/// # Errors
/// [`EngineError`] where containers and volumes cannot be listed.
pub fn look(
    engine: &Engine,
    checkout: &Checkout,
    desired: &Desired,
) -> Result<Verdict, EngineError> {
    let actual = actual::find(engine, checkout, desired)?;
    let mut observe = |open| actual::observe_all(engine, open);
    Ok(settle(desired, &actual, &mut observe))
}

/// Evaluates until nothing is open, each time with what was observed for the questions before.
fn settle(
    desired: &Desired,
    actual: &Actual,
    observe: &mut dyn FnMut(Vec<Query>) -> Observations,
) -> Verdict {
    let mut observations = Observations::new();
    loop {
        let verdict = evaluate(desired, actual, &observations);
        let open: Vec<_> = verdict
            .open
            .iter()
            .filter(|query| !observations.contains_key(query))
            .cloned()
            .collect();
        if open.is_empty() {
            return verdict;
        }
        observations.extend(observe(open));
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

/// Looks at several environments; none where there is no engine, which is no finding: nothing lives
/// here. One that is somewhere and was not reached is told.
#[must_use]
pub fn survey(checkout: &Checkout, scope: &[Environment]) -> Option<Vec<Looked>> {
    let engine = match Engine::reach(Docker::new()) {
        Ok(engine) => engine,
        Err(error) if error.may_hide_data() => return Some(unseen(&error, scope)),
        Err(_) => return None,
    };
    let compose = Compose::find().ok()?;
    let look = |environment: &Environment| {
        let resolved = model::resolve(&compose, checkout, environment)?;
        let desired = wanted::of(checkout, environment, &resolved.model);
        let mut verdict = look(&engine, checkout, &desired).map_err(|error| error.to_string())?;
        // Production's files are looked at on every laptop, and started on none.
        verdict.risks.retain(|risk| risk.kind != RiskKind::Shared);
        Ok(verdict)
    };
    let looked = |environment: &Environment| Looked {
        environment: environment.name.clone(),
        verdict: look(environment),
    };
    Some(scope.iter().map(looked).collect())
}

/// What an environment's model wants of an engine.
#[must_use]
pub fn wanted(checkout: &Checkout, environment: &Environment, model: &ResolvedModel) -> Desired {
    wanted::of(checkout, environment, model)
}

fn unseen(error: &EngineError, scope: &[Environment]) -> Vec<Looked> {
    let what = format!(
        "whether data is at risk was not looked at: {}",
        engine::first_line(error)
    );
    let verdict = Verdict {
        unknown: vec![what],
        ..Verdict::default()
    };
    let unseen = |own: &Environment| Looked {
        environment: own.name.clone(),
        verdict: Ok(verdict.clone()),
    };
    scope.iter().map(unseen).collect()
}
