//! Which services start together.
//!
//! A selection of profiles resolves where every service that it starts finds the services that it
//! must have. One that is broken under any selection is broken without a profile or with one alone,
//! so that pairs of services tell all of it.

use compose_model::{Service, Value};

use crate::Stack;
use crate::context::Context;
use crate::refusal::Refusal;

/// A selection of profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// None at all.
    Default,
    /// This one alone.
    Profile(String),
}

/// The profiles of a service, variables replaced; none for one that always starts.
pub(crate) fn of(cx: &Context<'_>, service: Service<'_>) -> Vec<String> {
    let profiles = service
        .get("profiles")
        .and_then(Value::as_list)
        .unwrap_or_default();
    profiles
        .iter()
        .filter_map(|profile| Some(cx.expand(&profile.scalar_text()?, profile)))
        .collect()
}

/// The first selection that starts a service without another one.
pub(crate) fn without(
    cx: &Context<'_>,
    service: Service<'_>,
    other: Service<'_>,
) -> Option<Selection> {
    let (own, others) = (of(cx, service), of(cx, other));
    if others.is_empty() {
        return None;
    }
    if own.is_empty() {
        return Some(Selection::Default);
    }
    own.into_iter()
        .find(|profile| !others.contains(profile))
        .map(Selection::Profile)
}

/// Refuses a draft under which a selection no longer resolves that did before.
pub(crate) fn refuse_broken(
    before: &Stack,
    after: &Stack,
    environment: &str,
) -> Result<(), Refusal> {
    let (before, after) = (
        Context::new(before, environment),
        Context::new(after, environment),
    );
    for service in after.view.services() {
        for on in required(service) {
            let Some(other) = after.view.service(on) else {
                continue;
            };
            let was_required = || {
                before
                    .view
                    .service(service.name)
                    .is_some_and(|old| is_required(old, on))
            };
            if without(&after, service, other).is_some() && !was_required() {
                let (service, on) = (service.name.to_owned(), on.to_owned());
                return Err(Refusal::Unresolved {
                    environment: environment.to_owned(),
                    service,
                    on,
                });
            }
        }
    }
    Ok(())
}

/// Whether a service does not start without another one, by what it says or by what Compose
/// derives.
pub(crate) fn is_required(service: Service<'_>, on: &str) -> bool {
    required(service).any(|name| name == on) || crate::implied::restart_with(service, on).is_some()
}

/// The services that a service says it must have.
fn required<'v>(service: Service<'v>) -> impl Iterator<Item = &'v str> {
    let all = service
        .get("depends_on")
        .and_then(Value::as_map)
        .into_iter()
        .flatten();
    let is_optional = |how: &Value| how.get("required").and_then(Value::as_bool) == Some(false);
    all.filter(move |(_, how)| !is_optional(how))
        .map(|(name, _)| name.as_str())
}
