//! Keys that Compose merges as lists of `key=value` texts, whatever they are written as.

use indexmap::IndexMap;

use crate::problem::Outcome;
use crate::trail::Trail;
use crate::{Data, Origin, Value};

/// Both sides as texts, one after the other.
pub(super) fn append_texts(earlier: Value, later: Value, _: &Trail<'_>) -> Outcome<Value> {
    let origin = origin_of_both(&earlier, &later);
    let mut items = to_texts(earlier);
    items.extend(to_texts(later));
    Ok(Value {
        data: Data::List(items),
        origin,
    })
}

/// Appends texts, without what the earlier side says in the same words: a host may have several
/// addresses.
pub(super) fn append_hosts(earlier: Value, later: Value, _: &Trail<'_>) -> Outcome<Value> {
    let origin = origin_of_both(&earlier, &later);
    let mut items = to_texts(earlier);
    let known = items.len();
    for item in to_texts(later) {
        if items[..known].iter().all(|one| one.data != item.data) {
            items.push(item);
        }
    }
    Ok(Value {
        data: Data::List(items),
        origin,
    })
}

/// The later side's origin, unless that says nothing.
fn origin_of_both(earlier: &Value, later: &Value) -> Origin {
    if later.is_null() {
        earlier.origin.clone()
    } else {
        later.origin.clone()
    }
}

/// A map as `key=value` texts, a list as it is, a single text as a list of one; anything else says
/// nothing.
///
/// Compose sorts the texts of a map. Here they keep their order, since all these keys are maps in
/// the end but `extra_hosts`, where it does not matter.
fn to_texts(value: Value) -> Vec<Value> {
    match value.data {
        Data::Map(entries) => texts_of(entries),
        Data::List(items) => items,
        Data::String(_) => vec![value],
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => Vec::new(),
    }
}

fn texts_of(entries: IndexMap<String, Value>) -> Vec<Value> {
    let mut texts = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let origin = value.origin;
        match value.data {
            Data::List(items) => texts.extend(items.into_iter().map(|item| pair(&key, item))),
            data => texts.push(pair(&key, Value { data, origin })),
        }
    }
    texts
}

fn pair(key: &str, value: Value) -> Value {
    let text = go_text(&value.data).map_or_else(|| key.to_owned(), |text| format!("{key}={text}"));
    Value {
        data: Data::String(text),
        origin: value.origin,
    }
}

/// A scalar as Go prints it, which is how Compose turns it into text; none for null.
pub(crate) fn go_text(data: &Data) -> Option<String> {
    match data {
        Data::Null => None,
        Data::Bool(value) => Some(value.to_string()),
        Data::Int(value) => Some(value.to_string()),
        Data::Float(value) => Some(go_float(*value)),
        Data::String(text) => Some(text.clone()),
        Data::List(_) | Data::Map(_) => Some(String::new()),
    }
}

/// Go's `%v` of a float: the shortest digits, with an exponent below 1e-4 and from 1e21 on.
fn go_float(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = value.abs();
    if value.is_nan() || size == 0.0 || (1e-4..1e21).contains(&size) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent
        .strip_prefix('-')
        .map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_read_as_go_prints_them() {
        for (value, text) in [
            (1.5, "1.5"),
            (1000.0, "1000"),
            (1e21, "1e+21"),
            (2.5e-7, "2.5e-07"),
            (-0.25, "-0.25"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(go_float(value), text);
        }
    }
}
