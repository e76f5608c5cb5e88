//! `wait-for-healthy`: a service starts when another one is healthy.

use compose_model::{Service, Value};
use serde::{Deserialize, Serialize};

use super::add_healthcheck::{Health, health};
use super::{COMPLETED, HEALTHY, Kind, Played, healthy};
use crate::assessment::{Assessment, Note, Want, Wanted};
use crate::conflict::Conflict;
use crate::context::Context;
use crate::evidence::Subject;
use crate::profiles::Selection;
use crate::{Place, Selector};
use crate::{implied, profiles};

mod stated;
mod swarm;

use stated::{Stated, stated};

/// Makes a service wait until another one is healthy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WaitForHealthy {
    /// The service that waits.
    pub service: Selector,
    /// Whether every service that matches waits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each: bool,
    /// The service that it waits for.
    pub on: Selector,
}

impl Kind for WaitForHealthy {
    fn describe(&self) -> String {
        format!(
            "{} waits until {} is healthy; its other dependencies stay as they are",
            self.service, self.on
        )
    }

    fn describe_undo(&self) -> String {
        format!("{} waits for {} as it did before", self.service, self.on)
    }

    fn compatibility(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("no dependency", "added with condition: service_healthy"),
            (
                "a map of other dependencies",
                "added beside them: they stay as they are",
            ),
            (
                "a short list (block, indentless or flow)",
                "becomes a map; the others keep service_started, which a list means",
            ),
            (
                "a map with service_started",
                "the condition is replaced, required and restart stay",
            ),
            ("service_healthy, optional or not", "satisfied"),
            (
                "service_completed_successfully",
                "conflict: it waits for the end, not for health",
            ),
            (
                "the other service has no health check",
                "conflict: it would never become healthy",
            ),
            (
                "the other service's health check is disabled",
                "conflict: it would never become healthy",
            ),
            ("the other service waits for this one", "conflict: a cycle"),
            (
                "it comes through `<<` of the dependencies, or from a service that this one extends",
                "the service says it itself, with required and restart as they are there",
            ),
            (
                "it stands behind `*`, or comes through `<<` of the whole service",
                "conflict: the line to write is told, which changes nothing else",
            ),
            (
                "the service has an anchor that others merge",
                "refused: the lines to write in each are told",
            ),
            (
                "the other service shares a namespace, is linked or lends volumes",
                "added: it restarts with the other one, where Compose derives that",
            ),
            (
                "a profile starts this service without the other one",
                "conflict: Compose would not resolve it",
            ),
            (
                "the stack is marked for swarm",
                "not applicable: docker stack takes no condition",
            ),
            (
                "one service is both",
                "not applicable: it cannot wait for itself",
            ),
        ]
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.service, &self.on]
    }

    fn places(&self, cx: &Context<'_>) -> Result<Vec<Place>, Assessment> {
        let (services, on) = match (self.service.select(cx, self.each), self.on.select_one(cx)) {
            // Nobody is asked who waits where there is nothing to wait for.
            (Err(Assessment::Question(_)), Err(absent @ Assessment::NotApplicable(_))) => {
                return Err(absent);
            }
            (services, on) => (services?, on?),
        };
        let others = services.iter().filter(|service| service.name != on.name);
        let places: Vec<_> = others
            .map(|service| Place::Edge {
                from: service.name.to_owned(),
                on: on.name.to_owned(),
            })
            .collect();
        if places.is_empty() {
            let why = format!("{} is both, and cannot wait for itself", on.name);
            return Err(Assessment::NotApplicable(why));
        }
        Ok(places)
    }

    fn is_each(&self) -> bool {
        self.each
    }

    fn roles_at<'a>(&'a self, place: &'a Place) -> Vec<Played<'a>> {
        let Place::Edge { from, on } = place else {
            return Vec::new();
        };
        let both = [Played::by(&self.service, from), Played::by(&self.on, on)];
        both.into_iter().flatten().collect()
    }

    fn notes(&self, cx: &Context<'_>, _: &Place) -> Vec<Note> {
        self.service.note(cx).into_iter().collect()
    }

    fn assess(&self, cx: &Context<'_>, place: &Place) -> Assessment {
        let Place::Edge { on, .. } = place else {
            return Assessment::NotApplicable(format!("{place} is no dependency"));
        };
        let on = Place::Service(on.clone());
        let pair = cx
            .service_at(place)
            .and_then(|service| Ok((service, cx.service_at(&on)?)));
        let (service, on) = match pair {
            Ok(pair) => pair,
            Err(assessment) => return assessment,
        };
        let dependency = Context::path(service.name, &["depends_on", on.name]);
        let at = dependency.join("condition");
        let condition = cx.view.get(&at);
        if condition.and_then(Value::as_str) == Some(HEALTHY)
            && never_healthy(cx, service, on).is_none()
        {
            return Assessment::Satisfied(vec![at]);
        }
        if let Some(mark) = swarm::mark(cx) {
            return Assessment::NotApplicable(for_swarm(cx, &mark));
        }
        if let Some(obstacle) =
            never_healthy(cx, service, on).or_else(|| in_the_way(cx, service, on, condition))
        {
            return Assessment::Conflict(conflict(cx, on, obstacle));
        }
        let (at, what) = match condition {
            Some(condition) => match stated(cx, service, on, condition) {
                Ok(Stated { at, what }) => (at, what),
                Err(obstacle) => return Assessment::Conflict(conflict(cx, on, obstacle)),
            },
            // A new dependency brings the other keys of the long form along.
            None => {
                let restart = implied::restart_with(service, on.name) == Some(true);
                (dependency, Wanted::Entry(healthy(restart)))
            }
        };
        Assessment::Wanted(vec![Want {
            service: service.name.to_owned(),
            at,
            what,
        }])
    }
}

/// Why a stack that is marked for swarm is left as it is.
fn for_swarm(cx: &Context<'_>, mark: &swarm::Mark<'_>) -> String {
    let (what, at) = (mark.what, cx.locate(mark.value));
    format!(
        "the stack is marked for swarm ({what}, {at}), and docker stack takes no depends_on with a condition"
    )
}

/// What keeps the service from waiting.
struct Obstacle<'v> {
    stands: &'v Value,
    why: String,
    settle: String,
}

fn conflict(cx: &Context<'_>, on: Service<'_>, obstacle: Obstacle<'_>) -> Conflict {
    let Obstacle {
        stands,
        why,
        settle,
    } = obstacle;
    let wanted = format!("{}: {{ condition: {HEALTHY} }}", on.name);
    Conflict {
        at: cx.locate(stands),
        stands: cx.quote(stands),
        wanted,
        why,
        settle,
    }
}

/// The other service would never be called healthy.
fn never_healthy<'v>(
    cx: &Context<'v>,
    service: Service<'_>,
    on: Service<'v>,
) -> Option<Obstacle<'v>> {
    let (stands, what, settle) = match health(on) {
        Health::None if Subject::of(cx, on).image_check().is_some() => return None,
        Health::None => (
            on.value,
            "has no health check",
            format!("give {} a health check", on.name),
        ),
        Health::Disabled(value) => (
            value,
            "has its health check disabled",
            format!("enable the health check of {}", on.name),
        ),
        Health::Checked(_) => return None,
    };
    let why = format!(
        "{} {what} and would never be healthy, so {} would not start.",
        on.name, service.name
    );
    Some(Obstacle {
        stands,
        why,
        settle,
    })
}

/// Another dependency that does not go together with this one.
fn in_the_way<'v>(
    cx: &Context<'v>,
    service: Service<'v>,
    on: Service<'v>,
    condition: Option<&'v Value>,
) -> Option<Obstacle<'v>> {
    if let Some(stands) = condition.filter(|condition| condition.as_str() == Some(COMPLETED)) {
        let why = format!(
            "{} waits for the end of {}, not for its health.",
            service.name, on.name
        );
        return Some(Obstacle {
            stands,
            why,
            settle: format!("write condition: {HEALTHY} there"),
        });
    }
    if let Some(obstacle) = apart(cx, service, on) {
        return Some(obstacle);
    }
    reaches(cx, on.name, service.name).then(|| Obstacle {
        stands: on.get("depends_on").unwrap_or(on.value),
        why: format!(
            "{} waits for {} already; both would wait for ever.",
            on.name, service.name
        ),
        settle: "remove that dependency".to_owned(),
    })
}

/// A selection of profiles that starts the service alone, and would no longer resolve.
fn apart<'v>(cx: &Context<'_>, service: Service<'v>, on: Service<'v>) -> Option<Obstacle<'v>> {
    // Where the service must have the other one already, no selection breaks that is not broken
    // today.
    let selection =
        profiles::without(cx, service, on).filter(|_| !profiles::is_required(service, on.name))?;
    let (service_name, other) = (service.name, on.name);
    let how = match &selection {
        Selection::Default => "without any profile".to_owned(),
        Selection::Profile(profile) => format!("with the profile {profile} alone"),
    };
    let stands = service
        .get("profiles")
        .or_else(|| on.get("profiles"))
        .unwrap_or(on.value);
    let why = format!(
        "{service_name} starts {how}, and {other} does not: Compose would resolve that no more."
    );
    let settle = match selection {
        Selection::Default => format!("take {other} out of its profiles"),
        Selection::Profile(profile) => format!("give {other} the profile {profile} too"),
    };
    let optional = format!("{other}: {{ condition: {HEALTHY}, required: false }}");
    Some(Obstacle {
        stands,
        why,
        settle: format!("{settle}, or write under depends_on of {service_name}: {optional}"),
    })
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
        let Some(service) = cx.view.service(name) else {
            continue;
        };
        let dependencies = service.get("depends_on").and_then(Value::as_map);
        open.extend(
            dependencies
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str()),
        );
        let derived = cx
            .view
            .services()
            .filter(|other| implied::restart_with(service, other.name).is_some());
        open.extend(derived.map(|other| other.name));
    }
    false
}
