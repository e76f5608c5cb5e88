//! A later value over an earlier one.
//!
//! Which rule a key follows is a row of [`rules::RULES`]; which lists drop what they already have
//! is a row of [`unique`]'s table. Both are measured on Docker Compose 2.40.3.

mod lists;
mod maps;
mod rules;
mod subnets;
pub(crate) mod unique;

pub(crate) use lists::go_text;

use indexmap::IndexMap;

use crate::problem::{Outcome, Problem};
use crate::trail::{Trail, look_up};
use crate::{Data, Origin, Value};

/// Merges `later` over `earlier`, both standing at `trail`.
pub(crate) fn merge(earlier: Value, later: Value, trail: &Trail<'_>) -> Outcome<Value> {
    match look_up(rules::RULES, trail) {
        Some(rule) => rule(earlier, later, trail),
        None => generic(earlier, later, trail),
    }
}

/// The rule of a key that has none of its own: maps merge, lists append, a scalar gives way, null
/// changes nothing.
fn generic(earlier: Value, later: Value, trail: &Trail<'_>) -> Outcome<Value> {
    let Value { data, origin } = later;
    let data = match (earlier.data, data) {
        (earlier_data, Data::Null) => {
            return Ok(Value {
                data: earlier_data,
                origin: earlier.origin,
            });
        }
        (Data::Map(entries), Data::Map(later)) => Data::Map(merge_entries(entries, later, trail)?),
        (Data::List(mut items), Data::List(later)) => {
            items.extend(later);
            Data::List(items)
        }
        (Data::Map(_), _) => return Err(cannot_override(trail, "a map", &earlier.origin, &origin)),
        (Data::List(_), _) => {
            return Err(cannot_override(trail, "a list", &earlier.origin, &origin));
        }
        (_, data) => data,
    };
    Ok(Value { data, origin })
}

/// Entries of both; those that both have are merged in turn.
fn merge_entries(
    mut entries: IndexMap<String, Value>,
    later: IndexMap<String, Value>,
    trail: &Trail<'_>,
) -> Outcome<IndexMap<String, Value>> {
    for (key, value) in later {
        let merged = match entries.get_mut(&key) {
            Some(slot) => merge(slot.take(), value, &trail.child(&key))?,
            None => value,
        };
        entries.insert(key, merged);
    }
    Ok(entries)
}

/// Compose's own words; `file` and line of the earlier value help to find the other side.
fn cannot_override(trail: &Trail<'_>, kind: &str, earlier: &Origin, later: &Origin) -> Problem {
    Problem::rejected(
        later,
        format!("cannot override {trail}: it is {kind} in {}", earlier.file),
    )
}
