//! `depends_on`.

use super::{default_entry, implied};
use crate::budget::Budget;
use crate::problem::{Outcome, Problem};
use crate::{Data, Value};

/// A list of services as a map; `condition` and `required` are always there.
pub(super) fn long(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    value.data = match value.data {
        Data::List(items) => Data::Map(items.into_iter().map(started).collect::<Outcome<_>>()?),
        data => data,
    };
    if let Data::Map(entries) = &mut value.data {
        for dependency in entries.values_mut() {
            default_entry(
                dependency,
                "condition",
                Data::String("service_started".to_owned()),
            );
            default_entry(dependency, "required", Data::Bool(true));
        }
    }
    Ok(value)
}

fn started(item: Value) -> Outcome<(String, Value)> {
    match item.data {
        Data::String(name) => Ok((
            name,
            Value {
                data: implied(&item.origin, []),
                origin: item.origin,
            },
        )),
        _ => Err(Problem::rejected(
            &item.origin,
            "depends_on: an item is no service's name",
        )),
    }
}
