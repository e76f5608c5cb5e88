//! Services that wait for a health that nothing would check any more.

use compose_view::{Service, Value};

use crate::Stack;
use crate::change::{HEALTHY, Health, health};
use crate::context::Context;
use crate::refusal::Refusal;

/// Refuses to take a health check from under a service that waits for it: Compose takes such files, and never starts it.
pub(super) fn refuse(before: &Stack, after: &Stack, environment: &str) -> Result<(), Refusal> {
    let [was, cx] = [before, after].map(|stack| Context::new(stack, environment));
    let is_checked = |cx: &Context<'_>, name: &str| {
        cx.view.service(name).is_some_and(|service| matches!(health(service), Health::Checked(_)))
    };
    for service in cx.view.services() {
        let mut lost = waited_for(service).filter(|(on, _)| is_checked(&was, on) && !is_checked(&cx, on));
        if let Some((on, condition)) = lost.next() {
            return Err(Refusal::StillWaited {
                environment: environment.to_owned(),
                service: service.name.to_owned(),
                on: on.to_owned(),
                at: cx.locate(condition),
            });
        }
    }
    Ok(())
}

/// The services whose health a service waits for, each with where it says so.
fn waited_for<'v>(service: Service<'v>) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let all = service.get("depends_on").and_then(Value::as_map);
    all.into_iter().flatten().filter_map(|(on, how)| {
        let condition = how.get("condition").filter(|condition| condition.as_str() == Some(HEALTHY))?;
        let is_optional = how.get("required").and_then(Value::as_bool) == Some(false);
        (!is_optional).then_some((on.as_str(), condition))
    })
}
