//! Secrets and configs of a service, secrets of a build.

use super::{default_entry, implied};
use crate::budget::Budget;
use crate::merge::go_text;
use crate::problem::Outcome;
use crate::{Data, Value};

/// A name as `{source: name}`.
pub(super) fn long(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::String(_) = value.data {
        value.data = implied(&value.origin.clone(), [("source", value.data)]);
    }
    Ok(value)
}

/// A secret lies under `/run/secrets` unless it says where.
pub(super) fn with_target(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Some(source) = value.get("source").and_then(|source| go_text(&source.data)) {
        default_entry(
            &mut value,
            "target",
            Data::String(format!("/run/secrets/{source}")),
        );
    }
    Ok(value)
}
