//! Services that a story could be about as well, where `roles` of `compose/stack.yaml` chose
//! another one of them.

use crate::context::Context;
use crate::{Change, Selector, Stack, State, Story};

/// A service that a story passes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// The service.
    pub service: String,
    /// The one that the role names.
    pub chosen: String,
    /// Where the story would stand if it were about this one.
    pub state: State,
}

/// The services of an environment that a story passes over, by name.
#[must_use]
pub fn passed_over(stack: &Stack, story: &Story, environment: &str) -> Vec<PassedOver> {
    let mut found: Vec<PassedOver> = Vec::new();
    let chosen = story.changes.iter().filter(|change| !change.is_each());
    for selector in chosen.flat_map(Change::selectors) {
        for (service, chosen, instead) in alike(stack, selector, environment) {
            if !found.iter().any(|known| known.service == service) {
                let state = State::of(&instead, story, None, environment);
                found.push(PassedOver {
                    service,
                    chosen,
                    state,
                });
            }
        }
    }
    found
}

/// The services that a selector by image matches beside the chosen one, each with the stack in
/// which it is the chosen one.
fn alike(stack: &Stack, selector: &Selector, environment: &str) -> Vec<(String, String, Stack)> {
    let Selector::Image(repository) = selector else {
        return Vec::new();
    };
    let role = repository.rsplit('/').next().unwrap_or(repository);
    let Some(chosen) = stack.layout.roles.get(role) else {
        return Vec::new();
    };
    let cx = Context::new(stack, environment);
    let matches: Vec<_> = cx
        .view
        .services()
        .filter(|service| cx.image(*service).is_some_and(|image| image.is(repository)))
        .collect();
    if !matches.iter().any(|service| service.name == chosen) {
        return Vec::new();
    }
    let others = matches.iter().filter(|service| service.name != chosen);
    let instead = |name: &str| {
        let mut instead = stack.clone();
        instead
            .layout
            .roles
            .insert(role.to_owned(), name.to_owned());
        (name.to_owned(), chosen.clone(), instead)
    };
    others.map(|service| instead(service.name)).collect()
}
