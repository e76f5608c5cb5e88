//! Services that wait for a health that nothing in the files checks.

use compose_model::{Service, Value};

use crate::Stack;
use crate::change::{HEALTHY, Health, health};
use crate::context::Context;
use crate::evidence::Subject;
use crate::refusal::Refusal;

/// A service that waits until another one is healthy, though the files give that one no health
/// check. Unless its image brings one, it never starts; Compose says nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The service that waits.
    pub service: String,
    /// The one that it waits for.
    pub on: String,
    /// `file:line:column` of the condition.
    pub at: String,
}

/// All such services of an environment.
#[must_use]
pub fn unchecked(stack: &Stack, environment: &str) -> Vec<Wait> {
    let cx = Context::new(stack, environment);
    let is_checked = |name: &str| {
        cx.view
            .service(name)
            .is_some_and(|service| match health(service) {
                Health::Checked(_) => true,
                Health::Disabled(_) => false,
                Health::None => Subject::of(&cx, service).image_check().is_some(),
            })
    };
    let mut found = Vec::new();
    for service in cx.view.services() {
        for (on, condition) in waited_for(service).filter(|(on, _)| !is_checked(on)) {
            let (service, on) = (service.name.to_owned(), on.to_owned());
            found.push(Wait {
                service,
                on,
                at: cx.locate(condition),
            });
        }
    }
    found
}

/// Refuses to take a health check from under a service that waits for it.
pub(crate) fn refuse_new(before: &Stack, after: &Stack, environment: &str) -> Result<(), Refusal> {
    let was = unchecked(before, environment);
    let is_new = |wait: &Wait| {
        !was.iter()
            .any(|known| (&known.service, &known.on) == (&wait.service, &wait.on))
    };
    match unchecked(after, environment).into_iter().find(is_new) {
        None => Ok(()),
        Some(Wait { service, on, at }) => Err(Refusal::StillWaited {
            environment: environment.to_owned(),
            service,
            on,
            at,
        }),
    }
}

/// The services whose health a service waits for, each with where it says so.
fn waited_for<'v>(service: Service<'v>) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let all = service.get("depends_on").and_then(Value::as_map);
    all.into_iter().flatten().filter_map(|(on, how)| {
        let condition = how
            .get("condition")
            .filter(|condition| condition.as_str() == Some(HEALTHY))?;
        let is_optional = how.get("required").and_then(Value::as_bool) == Some(false);
        (!is_optional).then_some((on.as_str(), condition))
    })
}
