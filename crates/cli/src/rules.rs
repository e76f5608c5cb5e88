//! What the environments' models show to be wrong, with the places in the files.

use compose_model::{Environment, Value};
use compose_rules::{Subject, Written};
use diagnostics::{Diagnostic, Location};
use stories::{Change, PlaceState, State, Story};

use crate::checkout::Checkout;
use crate::report::Row;

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

/// The findings that no story tells already: one that is to be applied at a service, in conflict
/// there or skipped has a line of its own, and that one counts.
#[must_use]
pub fn beside(found: Vec<Diagnostic>, stories: &[Story], rows: &[Row]) -> Vec<Diagnostic> {
    let is_told = |one: &Diagnostic| {
        let mut told = rows.iter().filter(|row| {
            let story = stories.iter().find(|story| story.id.to_string() == row.id);
            story.is_some_and(|story| story.changes.iter().any(|change| finds(change, &one.rule)))
        });
        told.any(|row| {
            let own = |environment: &String| one.environment.as_ref() == Some(environment);
            let mut cells = row.cells.iter().filter(|cell| own(&cell.environment));
            cells.any(|cell| cell.places.iter().any(|place| tells(place, &one.subject)))
        })
    };
    found.into_iter().filter(|one| !is_told(one)).collect()
}

/// Whether a change says the same as a rule where it is not applied.
fn finds(change: &Change, rule: &str) -> bool {
    let is_of_data = ["data-outside-volumes", "data-in-memory"].contains(&rule);
    is_of_data && matches!(change, Change::MountVolume(_))
}

/// Whether a story has something to say at the service that a finding is about.
fn tells(own: &PlaceState, subject: &str) -> bool {
    let is_open = !matches!(
        own.state,
        State::Applied | State::Adopted { .. } | State::NotApplicable(_)
    );
    let key = own.place.service().and_then(|service| {
        let rest = subject.strip_prefix("services.")?;
        rest.strip_prefix(service)?.strip_prefix('.')
    });
    is_open && key.is_some_and(|key| !key.contains('.'))
}
