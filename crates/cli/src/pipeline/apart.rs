//! A story that conflicts in one environment and could be applied in others.

use stories::{Draft, State, Story};

use crate::checkout::Checkout;

/// The environments in which a story that conflicts in another can be applied by itself; none where
/// that would have to edit what the others read.
pub(crate) fn apart(checkout: &Checkout, story: &Story, scope: &[String]) -> Vec<String> {
    let state = |name: &String| checkout.checklist().state(story, name);
    let pending: Vec<_> = scope
        .iter()
        .filter(|name| matches!(state(name), State::Pending(_)))
        .cloned()
        .collect();
    if is_possible(checkout, story, &pending) {
        pending
    } else {
        Vec::new()
    }
}

fn is_possible(checkout: &Checkout, story: &Story, environments: &[String]) -> bool {
    let names: Vec<_> = environments.iter().map(String::as_str).collect();
    let draft = || Draft::make(&checkout.stack, story, &names).ok();
    !names.is_empty() && draft().is_some_and(|draft| draft.prove(&checkout.stack, story).is_ok())
}
