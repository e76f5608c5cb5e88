//! `build`.

use super::{default_entry, implied};
use crate::budget::Budget;
use crate::problem::Outcome;
use crate::{Data, Value};

/// `build: ./x` as `{context: ./x}`.
pub(super) fn long(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::String(_) = value.data {
        value.data = implied(&value.origin.clone(), [("context", value.data)]);
    }
    Ok(value)
}

/// The project directory is the context where none is named.
pub(super) fn with_context(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    default_entry(&mut value, "context", Data::String(".".to_owned()));
    Ok(value)
}
