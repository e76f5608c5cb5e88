//! Keys whose short form is one text, or a list of them.

use indexmap::IndexMap;

use super::implied;
use crate::budget::Budget;
use crate::merge::go_text;
use crate::problem::{Outcome, Problem};
use crate::{Data, Value};

/// One text as a list of one.
pub(super) fn list(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::String(_) = value.data {
        let item = value.clone();
        value.data = Data::List(vec![item]);
    }
    Ok(value)
}

/// A list whose empty items say nothing.
pub(super) fn dns(value: Value, budget: &mut Budget) -> Outcome<Value> {
    let mut value = list(value, budget)?;
    if let Data::List(items) = &mut value.data {
        items.retain(|item| item.as_str() != Some(""));
    }
    Ok(value)
}

/// A switch or a text, as text.
pub(super) fn text(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let (Data::Bool(_) | Data::Int(_), Some(text)) = (&value.data, go_text(&value.data)) {
        value.data = Data::String(text);
    }
    Ok(value)
}

/// A list of names as a map of empty bodies.
pub(super) fn names(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::List(items) = value.data {
        let named = items.into_iter().map(|item| match item.data {
            Data::String(name) => Ok((
                name,
                Value {
                    data: Data::Null,
                    origin: item.origin,
                },
            )),
            _ => Err(Problem::rejected(
                &item.origin,
                "an item of this list is no name",
            )),
        });
        value.data = Data::Map(named.collect::<Outcome<_>>()?);
    }
    Ok(value)
}

/// A list of `name=value` as a map.
pub(super) fn key_values(value: Value, _: &mut Budget) -> Outcome<Value> {
    pairs(value, |item| {
        Err(Problem::rejected(
            &item.origin,
            "an item of this list has no `=`",
        ))
    })
}

/// `name=value` texts as a map, where `name` alone has no value.
pub(super) fn optional_key_values(value: Value, _: &mut Budget) -> Outcome<Value> {
    pairs(value, |item| match item.data {
        Data::String(name) => Ok((
            name,
            Value {
                data: Data::Null,
                origin: item.origin,
            },
        )),
        _ => Err(Problem::rejected(
            &item.origin,
            "an item of this list is no text",
        )),
    })
}

fn pairs(mut value: Value, alone: fn(Value) -> Outcome<(String, Value)>) -> Outcome<Value> {
    let Data::List(items) = value.data else {
        return Ok(value);
    };
    let mut entries = IndexMap::with_capacity(items.len());
    for item in items {
        let pair = item.as_str().and_then(|text| text.split_once('='));
        let pair = pair.map(|(name, text)| (name.to_owned(), Data::String(text.to_owned())));
        let (name, value) = match pair {
            Some((name, data)) => (
                name,
                Value {
                    data,
                    origin: item.origin,
                },
            ),
            None => alone(item)?,
        };
        entries.insert(name, value);
    }
    value.data = Data::Map(entries);
    Ok(value)
}

/// Paths as `{path, required: true}`.
pub(super) fn env_files(value: Value, budget: &mut Budget) -> Outcome<Value> {
    let mut value = list(value, budget)?;
    if let Data::List(items) = &mut value.data {
        for item in items {
            if let Data::String(_) = item.data {
                item.data = implied(&item.origin, [("path", item.data.clone())]);
            }
            super::default_entry(item, "required", Data::Bool(true));
        }
    }
    Ok(value)
}

/// `extends: web` as `{service: web}`.
pub(super) fn extends(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::String(_) = value.data {
        value.data = implied(&value.origin.clone(), [("service", value.data)]);
    }
    Ok(value)
}

/// `gpus: all` as a list of one request.
pub(super) fn gpus(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::String(_) = value.data {
        let origin = value.origin.clone();
        let request = Value {
            data: implied(&origin, [("count", value.data)]),
            origin,
        };
        value.data = Data::List(vec![request]);
    }
    Ok(value)
}
