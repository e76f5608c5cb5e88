//! What marks a stack for swarm, whose `docker stack` takes no dependency in the long form.

use compose_model::{Service, Value};

use crate::context::Context;

/// The modes of a service that swarm alone knows.
const MODES: [&str; 3] = ["global", "global-job", "replicated-job"];

/// What marks a stack for swarm.
pub(super) struct Mark<'v> {
    /// The key or the value, as `deploy.placement`.
    pub(super) what: &'static str,
    pub(super) value: &'v Value,
}

/// The first mark of an environment.
pub(super) fn mark<'v>(cx: &Context<'v>) -> Option<Mark<'v>> {
    cx.view
        .services()
        .find_map(|service| in_service(cx, service))
        .or_else(|| overlay(cx))
}

fn in_service<'v>(cx: &Context<'_>, service: Service<'v>) -> Option<Mark<'v>> {
    let deploy = |key: &str| {
        service
            .get("deploy")?
            .get(key)
            .filter(|value| !value.is_null())
    };
    let placement = deploy("placement").map(|value| Mark {
        what: "deploy.placement",
        value,
    });
    let mode = deploy("mode").filter(|mode| is(cx, mode, &MODES));
    let mode = mode.map(|value| Mark {
        what: "a mode of deploy",
        value,
    });
    let endpoint = deploy("endpoint_mode").map(|value| Mark {
        what: "deploy.endpoint_mode",
        value,
    });
    placement
        .or(mode)
        .or(endpoint)
        .or_else(|| host_port(cx, service))
}

/// A port that is published on the node alone on which a container runs.
fn host_port<'v>(cx: &Context<'_>, service: Service<'v>) -> Option<Mark<'v>> {
    let ports = service
        .get("ports")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let mut modes = ports.iter().filter_map(|port| port.get("mode"));
    let value = modes.find(|mode| is(cx, mode, &["host"]))?;
    Some(Mark {
        what: "a port of mode host",
        value,
    })
}

fn overlay<'v>(cx: &Context<'v>) -> Option<Mark<'v>> {
    let networks = cx.view.root().get("networks").and_then(Value::as_map);
    let mut drivers = networks
        .into_iter()
        .flatten()
        .filter_map(|(_, network)| network.get("driver"));
    let value = drivers.find(|driver| is(cx, driver, &["overlay"]))?;
    Some(Mark {
        what: "an overlay network",
        value,
    })
}

fn is(cx: &Context<'_>, value: &Value, words: &[&str]) -> bool {
    value
        .as_str()
        .is_some_and(|text| words.contains(&cx.expand(text, value).as_str()))
}
