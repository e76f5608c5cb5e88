//! Top-level resources that others manage.

use super::default_entry;
use crate::budget::Budget;
use crate::problem::{Outcome, Problem};
use crate::{Data, Value};

/// `external: {name: x}` as `external: true` and `name: x`.
pub(super) fn long(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    let Data::Map(entries) = &mut value.data else {
        return Ok(value);
    };
    let Some(external) = entries.get_mut("external") else {
        return Ok(value);
    };
    let Data::Map(inside) = &mut external.data else {
        return Ok(value);
    };
    let named = inside.swap_remove("name");
    external.data = Data::Bool(true);
    let Some(named) = named else { return Ok(value) };
    match entries.get("name") {
        Some(name) if name.data != named.data => Err(Problem::rejected(
            &named.origin,
            "name and external.name conflict; only use name",
        )),
        _ => {
            default_entry(&mut value, "name", named.data);
            Ok(value)
        }
    }
}
