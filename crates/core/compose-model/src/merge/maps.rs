//! Keys with a short form that Compose turns into a map before it merges.

use indexmap::IndexMap;

use super::merge_entries;
use crate::problem::{Outcome, Problem};
use crate::trail::Trail;
use crate::{Data, Origin, Value};

/// `build: ./x` changes the context alone.
pub(super) fn build(earlier: Value, later: Value, trail: &Trail<'_>) -> Outcome<Value> {
    merge_as(context_map, earlier, later, trail)
}

/// `depends_on: [db]` says condition and `required` of `db` anew, and nothing of its `restart`.
pub(super) fn depends_on(earlier: Value, later: Value, trail: &Trail<'_>) -> Outcome<Value> {
    merge_as(started_map, earlier, later, trail)
}

/// A list of names says nothing of their bodies.
pub(super) fn names(earlier: Value, later: Value, trail: &Trail<'_>) -> Outcome<Value> {
    merge_as(name_map, earlier, later, trail)
}

/// Options belong to their driver: another driver starts afresh.
pub(super) fn logging(earlier: Value, later: Value, trail: &Trail<'_>) -> Outcome<Value> {
    for value in [&earlier, &later] {
        if value.as_map().is_none() {
            return Err(Problem::rejected(
                &value.origin,
                format!("{trail} is not a map; Compose crashes on merging it"),
            ));
        }
    }
    let driver = |value: &Value| value.get("driver").map(|driver| driver.data.clone());
    match (driver(&earlier), driver(&later)) {
        (Some(one), Some(other)) if one != other => Ok(later),
        _ => merge_as(same_map, earlier, later, trail),
    }
}

type Entries = IndexMap<String, Value>;

/// Merges both sides entry by entry once `to_map` has made maps of them.
fn merge_as(
    to_map: fn(Value) -> Option<Entries>,
    earlier: Value,
    later: Value,
    trail: &Trail<'_>,
) -> Outcome<Value> {
    let origin = if later.is_null() {
        earlier.origin.clone()
    } else {
        later.origin.clone()
    };
    let mut sides = Vec::with_capacity(2);
    for value in [earlier, later] {
        let (absent, at) = (value.is_null(), value.origin.clone());
        match to_map(value) {
            Some(entries) => sides.push(entries),
            None if absent => {}
            None => {
                return Err(Problem::rejected(
                    &at,
                    format!("{trail} cannot be merged: it is neither a map nor its short form"),
                ));
            }
        }
    }
    let later = sides.pop().unwrap_or_default();
    let data = match sides.pop() {
        Some(earlier) => merge_entries(earlier, later, trail)?,
        None => later,
    };
    Ok(Value {
        data: Data::Map(data),
        origin,
    })
}

fn same_map(value: Value) -> Option<Entries> {
    if let Data::Map(entries) = value.data {
        Some(entries)
    } else {
        None
    }
}

fn context_map(value: Value) -> Option<Entries> {
    match value.data {
        Data::String(_) => Some(Entries::from([("context".to_owned(), value)])),
        _ => same_map(value),
    }
}

fn started_map(value: Value) -> Option<Entries> {
    list_to_map(value, |origin| Data::Map(started(origin)))
}

/// What the short form says of a dependency.
pub(crate) fn started(origin: &Origin) -> Entries {
    let value = |data| Value {
        data,
        origin: origin.clone(),
    };
    Entries::from([
        (
            "condition".to_owned(),
            value(Data::String("service_started".to_owned())),
        ),
        ("required".to_owned(), value(Data::Bool(true))),
    ])
}

fn name_map(value: Value) -> Option<Entries> {
    list_to_map(value, |_| Data::Null)
}

/// A list of names as a map with a body for each; a map as it is.
fn list_to_map(value: Value, body: impl Fn(&Origin) -> Data) -> Option<Entries> {
    let Data::List(items) = value.data else {
        return same_map(value);
    };
    items
        .into_iter()
        .map(|item| match item.data {
            Data::String(name) => Some((
                name,
                Value {
                    data: body(&item.origin),
                    origin: item.origin,
                },
            )),
            _ => None,
        })
        .collect()
}
