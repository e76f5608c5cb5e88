//! The one shape in which a finished view keeps each value that Compose lets people write in
//! several.

use std::convert::Infallible;

use crate::merge::go_text;
use crate::trail::{Row, Trail, row, visit};
use crate::{Data, Value, paths};

type Shape = fn(Value) -> Value;

const SHAPES: &[Row<Shape>] = &[
    row("configs.*.labels", texts_by_key),
    row("networks.*.labels", texts_by_key),
    row("secrets.*.labels", texts_by_key),
    row("services.*.annotations", texts_by_key),
    row("services.*.build.args", texts_by_key),
    row("services.*.build.extra_hosts", hosts),
    row("services.*.build.labels", texts_by_key),
    row("services.*.deploy.labels", texts_by_key),
    row("services.*.develop.watch.[].exec.environment", texts_by_key),
    row("services.*.dns_search", list),
    row("services.*.environment", texts_by_key),
    row("services.*.expose.[]", text),
    row("services.*.extra_hosts", hosts),
    row("services.*.labels", texts_by_key),
    row("services.*.ports.[]", port),
    row("services.*.post_start.[].environment", texts_by_key),
    row("services.*.pre_stop.[].environment", texts_by_key),
    row("services.*.sysctls", texts_by_key),
    row("services.*.tmpfs", list),
    row("services.*.volumes.[].target", clean_path),
    row("services.*.volumes.[].volume.labels", texts_by_key),
    row("volumes.*.labels", texts_by_key),
];

/// Gives every value of a model its shape.
pub(crate) fn finish(model: &mut Value) {
    let Ok(()) =
        visit::<_, Infallible>(SHAPES, model, &Trail::default(), &mut |value, _, shape| {
            *value = shape(value.take());
            Ok(())
        });
}

/// A map of texts; null for a key without a value.
fn texts_by_key(mut value: Value) -> Value {
    value.data = match value.data {
        Data::List(items) => Data::Map(items.into_iter().filter_map(key_and_text).collect()),
        Data::Map(entries) => Data::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key, text(value)))
                .collect(),
        ),
        data => data,
    };
    value
}

fn key_and_text(item: Value) -> Option<(String, Value)> {
    let text = go_text(&item.data)?;
    let (key, data) = match text.split_once('=') {
        Some((key, value)) => (key.to_owned(), Data::String(value.to_owned())),
        None => (text, Data::Null),
    };
    Some((
        key,
        Value {
            data,
            origin: item.origin,
        },
    ))
}

/// A scalar as text, null as null.
fn text(mut value: Value) -> Value {
    if let (Data::Bool(_) | Data::Int(_) | Data::Float(_), Some(text)) =
        (&value.data, go_text(&value.data))
    {
        value.data = Data::String(text);
    }
    value
}

/// A single text as a list of one.
fn list(mut value: Value) -> Value {
    if let Data::String(_) = value.data {
        let item = value.clone();
        value.data = Data::List(vec![item]);
    }
    value
}

/// A path in the container. Compose cleans those of long mounts too, but only after it has looked
/// for duplicates.
fn clean_path(mut value: Value) -> Value {
    if let Some(path) = value.as_str().filter(|path| !path.is_empty()) {
        value.data = Data::String(paths::clean(path));
    }
    value
}

/// A list of `host=address`.
fn hosts(mut value: Value) -> Value {
    value.data = match value.data {
        Data::List(items) => Data::List(items.into_iter().map(with_equals).collect()),
        Data::Map(entries) => Data::List(
            entries
                .into_iter()
                .flat_map(|(host, value)| addresses(&host, value))
                .collect(),
        ),
        data => data,
    };
    value
}

/// `host:address` as `host=address`, brackets dropped.
fn with_equals(mut item: Value) -> Value {
    if let Some((host, address)) = item
        .as_str()
        .and_then(|text| text.split_once('=').or_else(|| text.split_once(':')))
    {
        item.data = Data::String(format!(
            "{host}={}",
            address.trim_start_matches('[').trim_end_matches(']')
        ));
    }
    item
}

fn addresses(host: &str, value: Value) -> Vec<Value> {
    let items = match value.data {
        Data::List(items) => items,
        data => vec![Value {
            data,
            origin: value.origin,
        }],
    };
    let line = |item: Value| {
        let address = go_text(&item.data).unwrap_or_default();
        with_equals(Value {
            data: Data::String(format!("{host}={address}")),
            origin: item.origin,
        })
    };
    items.into_iter().map(line).collect()
}

/// The target of a port as a number, what it is published on as text.
fn port(mut value: Value) -> Value {
    let Data::Map(entries) = &mut value.data else {
        return value;
    };
    if let Some(target) = entries.get_mut("target")
        && let Some(number) = target.as_str().and_then(|text| text.parse().ok())
    {
        target.data = Data::Int(number);
    }
    let published = entries.get_mut("published");
    if let Some((published, text)) =
        published.and_then(|value| go_text(&value.data).map(|text| (value, text)))
    {
        published.data = Data::String(text);
    }
    value
}
