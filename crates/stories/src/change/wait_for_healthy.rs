//! `wait-for-healthy`: a service starts when another one is healthy.

use compose_edit::{NewScalar, Segment};
use compose_view::{Service, Value};
use serde::{Deserialize, Serialize};

use super::add_healthcheck::{Health, health};
use super::{HEALTHY, Kind};
use crate::Selector;
use crate::assessment::{Assessment, Conflict, Want, Wanted};
use crate::context::Context;

/// Makes a service wait until another one is healthy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WaitForHealthy {
    /// The service that waits.
    pub service: Selector,
    /// The service that it waits for.
    pub on: Selector,
}

impl Kind for WaitForHealthy {
    fn describe(&self) -> String {
        format!("{} waits until {} is healthy; its other dependencies stay as they are", self.service, self.on)
    }

    fn describe_undo(&self) -> String {
        format!("{} waits for {} as it did before", self.service, self.on)
    }

    fn compatibility(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("no dependency", "added with condition: service_healthy"),
            (
                "a short list (block, indentless or flow)",
                "becomes a map; the others keep service_started, which a list means",
            ),
            ("a map with service_started", "the condition is replaced, required and restart stay"),
            ("service_healthy, optional or not", "satisfied"),
            ("service_completed_successfully", "conflict: it waits for the end, not for health"),
            ("the other service has no health check", "conflict: it would never become healthy"),
            ("the other service's health check is disabled", "conflict: it would never become healthy"),
            ("the other service waits for this one", "conflict: a cycle"),
        ]
    }

    fn assess(&self, cx: &Context<'_>) -> Assessment {
        let pair = self.service.select_one(cx).and_then(|service| Ok((service, self.on.select_one(cx)?)));
        let (service, on) = match pair {
            Ok(pair) => pair,
            Err(assessment) => return assessment,
        };
        let dependency = Context::path(service.name, &["depends_on", on.name]);
        let at = dependency.join("condition");
        let condition = cx.view.get(&at);
        if let Some(conflict) = self.refuse(cx, service, on, condition) {
            return Assessment::Conflict(conflict);
        }
        let (at, what) = match condition {
            Some(condition) if condition.as_str() == Some(HEALTHY) => return Assessment::Satisfied(vec![at]),
            Some(condition) => match stated(cx, service, on, condition) {
                Some(what) => (at, what),
                None => return Assessment::Conflict(elsewhere(cx, on, condition)),
            },
            // A new dependency brings the other keys of the long form along.
            None => (dependency, Wanted::Dependency { on: on.name.to_owned() }),
        };
        Assessment::Wanted(vec![Want { service: service.name.to_owned(), at, what }])
    }
}

impl WaitForHealthy {
    fn refuse(
        &self,
        cx: &Context<'_>,
        service: Service<'_>,
        on: Service<'_>,
        condition: Option<&Value>,
    ) -> Option<Conflict> {
        let wanted = format!("{}: {{ condition: {HEALTHY} }}", on.name);
        let conflict = |value: &Value, why: String, settle: String| {
            Some(Conflict { at: cx.locate(value), stands: cx.quote(value), wanted: wanted.clone(), why, settle })
        };
        match health(on) {
            Health::None => {
                let why = format!(
                    "{} has no health check and would never be healthy: {} would not start.",
                    on.name, service.name
                );
                return conflict(on.value, why, format!("give {} a health check", on.name));
            }
            Health::Disabled(value) => {
                let why = format!("The health check of {} is disabled: {} would not start.", on.name, service.name);
                return conflict(value, why, format!("enable the health check of {}", on.name));
            }
            Health::Checked(_) => {}
        }
        if let Some(value) = condition.filter(|condition| condition.as_str() == Some("service_completed_successfully"))
        {
            let why = format!("{} waits for the end of {}, not for its health.", service.name, on.name);
            return conflict(value, why, "remove the condition".to_owned());
        }
        reaches(cx, on.name, service.name).then(|| {
            let why = format!("{} waits for {} already; both would wait for ever.", on.name, service.name);
            conflict(on.get("depends_on").unwrap_or(on.value), why, "remove that dependency".to_owned())
        })?
    }
}

/// The dependency is said with another condition: in the long form, or in a list, which means `service_started`.
fn stated(cx: &Context<'_>, service: Service<'_>, on: Service<'_>, condition: &Value) -> Option<Wanted> {
    let (file, node) = cx.written(condition)?;
    let (file, on) = (file.to_owned(), on.name.to_owned());
    if node.last() == Some(&Segment::from("condition")) {
        let old = condition.as_str()?.to_owned();
        return Some(Wanted::Replace { file, node, value: NewScalar::from(HEALTHY), old });
    }
    let list = Context::path(service.name, &["depends_on"]);
    (node.parent()? == list).then_some(Wanted::ListedDependency { file, on })
}

/// The dependency is said in a list that belongs to something else: an anchor, or a service that this one extends.
fn elsewhere(cx: &Context<'_>, on: Service<'_>, condition: &Value) -> Conflict {
    Conflict {
        at: cx.locate(condition),
        stands: cx.quote(condition),
        wanted: format!("{}: {{ condition: {HEALTHY} }}", on.name),
        why: "The dependency comes through an anchor or `extends`; others may share it.".to_owned(),
        settle: "write it there by hand, or give the service a depends_on of its own".to_owned(),
    }
}

/// Whether a chain of dependencies leads from one service to another.
fn reaches(cx: &Context<'_>, from: &str, to: &str) -> bool {
    let mut open = vec![from];
    let mut seen = Vec::new();
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let dependencies = cx.view.service(name).and_then(|service| service.get("depends_on")?.as_map());
        open.extend(dependencies.into_iter().flatten().map(|(name, _)| name.as_str()));
    }
    false
}
