//! `ipam.config`, whose merge Compose does right for a single subnet alone.

use super::merge_entries;
use crate::problem::{Outcome, Problem};
use crate::trail::Trail;
use crate::{Data, Value};

/// Merges one subnet with the same one. Anything else is refused: Compose loses or doubles subnets
/// there.
pub(super) fn merge(earlier: Value, later: Value, trail: &Trail<'_>) -> Outcome<Value> {
    let refusal = Problem::rejected(
        &later.origin,
        format!(
            "{trail} is merged from two files; Compose does that predictably for one and the same subnet only"
        ),
    );
    let (Some(entries), Some(over)) = (single(earlier.data), single(later.data)) else {
        return Err(refusal);
    };
    let subnet = |value: &Value| value.get("subnet").map(|subnet| subnet.data.clone());
    if subnet(&entries) != subnet(&over) {
        return Err(refusal);
    }
    let origin = over.origin.clone();
    match (entries.data, over.data) {
        (Data::Map(entries), Data::Map(over)) => {
            let merged = Data::Map(merge_entries(entries, over, trail)?);
            Ok(Value {
                data: Data::List(vec![Value {
                    data: merged,
                    origin,
                }]),
                origin: later.origin,
            })
        }
        _ => Err(refusal),
    }
}

fn single(data: Data) -> Option<Value> {
    match data {
        Data::List(mut items) if items.len() == 1 => items.pop(),
        _ => None,
    }
}
