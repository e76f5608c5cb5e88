//! The project's name: volumes are called after it.

use std::env;

use super::Finding;
use crate::checkout::Checkout;

pub(super) fn check(checkout: &Checkout, environment: &str) -> Finding {
    let pinned = checkout.pinned_project(environment);
    let name = checkout.project(environment);
    if let Ok(set) = env::var("COMPOSE_PROJECT_NAME")
        && set != name
    {
        let says = format!("COMPOSE_PROJECT_NAME={set} of this shell beats {name}: another project, other volumes");
        return Finding::warn("project", says, "unset COMPOSE_PROJECT_NAME");
    }
    match pinned {
        Some(name) => Finding::ok("project", format!("{environment}: the project is called {name} wherever it lies")),
        None => {
            let first = &checkout.stack.layout.environments[environment].files[0];
            let says = format!("{environment}: no top-level name: a moved or renamed checkout loses its volumes");
            Finding::warn("project", says, format!("write at the top of {first}:  name: {name}"))
        }
    }
}
