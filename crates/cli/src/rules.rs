//! What the environments' models show to be wrong, with the places in the files.

use compose_model::{Environment, Value};
use compose_rules::{Subject, Written};
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
    let texts = |keys: &[&str]| {
        let root = stack.view(&environment.name).root();
        let found = keys.iter().try_fold(root, |value, key| value.get(key));
        let scalars = found.map(Value::scalars).unwrap_or_default();
        let written = |value: &Value| Written {
            text: value.scalar_text().unwrap_or_default(),
            at: Location::parse(&value.origin.locate(&stack.files)),
        };
        scalars.into_iter().map(written).collect()
    };
    compose_rules::look(&Subject {
        environment: &environment.name,
        model: &model,
        at: &at,
        texts: &texts,
    })
}
