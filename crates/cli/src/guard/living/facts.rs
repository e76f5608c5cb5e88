//! Facts: taken from an engine, and judged without one.

use data_safety::{Desired, Facts, Observation, Query, Verdict};
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
    let observe = |query: &Query| match query {
        Query::Configuration(path) => actual::configuration(path),
        query => facts
            .observe(query)
            .unwrap_or_else(|| Observation::Unavailable("the facts do not tell".to_owned())),
    };
    let mut observe_all = |open: Vec<Query>| {
        open.into_iter()
            .map(|query| {
                let seen = observe(&query);
                (query, seen)
            })
            .collect()
    };
    super::settle(desired, &actual, &mut observe_all)
}
