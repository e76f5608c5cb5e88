//! What the environments' models show to be wrong, with the places in the files.

use compose_model::Environment;
use compose_rules::Subject;
use diagnostics::{Diagnostic, Location};

use crate::checkout::Checkout;

/// All rules over some environments. One whose files give no model has none: that is the checker's
/// to say.
#[must_use]
pub fn look(checkout: &Checkout, environments: &[Environment]) -> Vec<Diagnostic> {
    let found = environments.iter().flat_map(|own| of(checkout, own));
    found.collect()
}

fn of(checkout: &Checkout, environment: &Environment) -> Vec<Diagnostic> {
    let stack = &checkout.stack;
    let root = std::path::absolute(&checkout.root).unwrap_or_else(|_| checkout.root.clone());
    let Ok(model) = stack.resolved(environment, &root) else {
        return Vec::new();
    };
    let at = |keys: &[&str]| {
        let root = stack.view(&environment.name).root();
        let value = keys.iter().try_fold(root, |value, key| value.get(key))?;
        Location::parse(&value.origin.locate(&stack.files))
    };
    compose_rules::look(&Subject {
        environment: &environment.name,
        model: &model,
        at: &at,
    })
}
