//! The project's name: containers and volumes are called after it.

use std::env;

use super::Finding;
use crate::checkout::Checkout;

pub(super) fn check(checkout: &Checkout, environment: &str) -> Vec<Finding> {
    let name = checkout.project(environment);
    let mut findings = vec![of_files(checkout, environment, &name)];
    if let Ok(set) = env::var("COMPOSE_PROJECT_NAME")
        && !set.is_empty()
        && set != name
    {
        let says =
            format!("COMPOSE_PROJECT_NAME={set} of this shell is not taken here, and plain docker compose takes it");
        findings.push(Finding::warn("project", says, "unset COMPOSE_PROJECT_NAME"));
    }
    findings
}

fn of_files(checkout: &Checkout, environment: &str, name: &str) -> Finding {
    let layout = &checkout.stack.layout;
    let same: Vec<_> = layout.environments.keys().filter(|other| checkout.project(other) == name).collect();
    // The first one keeps the name that the others have to give up.
    let (first, later) = (same.first(), same.get(1));
    let is_first = first.is_none_or(|first| *first == environment);
    if let (Some(first), Some(later)) = (first, later)
        && (checkout.pinned_project(environment).is_some() || !is_first)
    {
        let (one, other) = if is_first { (environment, later.as_str()) } else { (first.as_str(), environment) };
        let says =
            format!("{one} and {other} are both the project {name}: each takes over the other's containers and data");
        return Finding::warn("project", says, pin(checkout, other, &format!("{name}-{other}")));
    }
    match checkout.pinned_project(environment) {
        Some(name) => Finding::ok("project", format!("{environment}: the project is called {name} wherever it lies")),
        None => {
            let says = format!("{environment}: no top-level name: a moved or renamed checkout loses its volumes");
            let first = &layout.environments[environment].files[0];
            Finding::warn("project", says, format!("write at the top of {first}:  name: {name}"))
        }
    }
}

/// Where an environment's name is written that no other one is to have.
fn pin(checkout: &Checkout, environment: &str, name: &str) -> String {
    match checkout.own_file(environment) {
        Some(file) => format!("write at the top of {file}:  name: {name}"),
        None => format!("write into an env file of {environment} alone:  COMPOSE_PROJECT_NAME={name}"),
    }
}
