//! Facts: taken from an engine, and judged without one.

use data_safety::{Desired, Facts, Observation, Observations, Query, Verdict, evaluate};
use docker::engine::{Engine, EngineError};

use super::actual;
use crate::checkout::Checkout;

/// What lives on an engine, as far as an environment may have to do with it.
///
/// # Errors
/// [`EngineError`] where containers and volumes cannot be listed.
pub fn take(engine: &Engine, checkout: &Checkout, desired: &Desired) -> Result<Facts, EngineError> {
    let actual = actual::find(engine, checkout, desired)?;
    let seen = actual::observe_all(engine, Facts::queries(desired, &actual));
    Ok(Facts::of(desired, &actual, &seen))
}

/// What would become of the data of a document. Of this machine only configurations are read.
#[must_use]
pub fn judge(facts: &Facts, desired: &Desired) -> Verdict {
    let actual = facts.actual(desired);
    let mut observations = Observations::new();
    let observe = |query: &Query| match query {
        Query::Configuration(path) => actual::configuration(path),
        query => facts
            .observe(query)
            .unwrap_or_else(|| Observation::Unavailable("the facts do not tell".to_owned())),
    };
    loop {
        let verdict = evaluate(desired, &actual, &observations);
        let open: Vec<_> = verdict
            .open
            .iter()
            .filter(|query| !observations.contains_key(query))
            .cloned()
            .collect();
        if open.is_empty() {
            return verdict;
        }
        observations.extend(open.into_iter().map(|query| {
            let seen = observe(&query);
            (query, seen)
        }));
    }
}
