//! Lists in which a later item replaces an earlier one of the same key, at the earlier position.

use std::collections::HashMap;

use super::go_text;
use crate::canonical::{devices, ports, volumes};
use crate::problem::{Outcome, Problem};
use crate::trail::{Row, Trail, row, visit};
use crate::{Data, Value};

/// An item's key; the reason where it has none.
type KeyOf = fn(&Value) -> Result<String, &'static str>;

/// Every list without duplicates, and what makes two items the same.
const UNIQUE: &[Row<KeyOf>] = &[
    row("networks.*.ipam.options", name),
    row("networks.*.labels", name),
    row("services.*.annotations", name),
    row("services.*.build.additional_contexts", name),
    row("services.*.build.args", name),
    row("services.*.build.labels", name),
    row("services.*.build.tags", name),
    row("services.*.cap_add", name),
    row("services.*.cap_drop", name),
    row("services.*.configs", config_target),
    row("services.*.deploy.labels", name),
    row("services.*.devices", device_target),
    row("services.*.dns", name),
    row("services.*.dns_opt", name),
    row("services.*.dns_search", name),
    row("services.*.env_file", path),
    row("services.*.environment", name),
    row("services.*.expose", text),
    row("services.*.labels", name),
    row("services.*.links", name),
    row("services.*.networks.*.aliases", name),
    row("services.*.networks.*.link_local_ips", name),
    row("services.*.ports", port),
    row("services.*.profiles", name),
    row("services.*.secrets", secret_target),
    row("services.*.sysctls", name),
    row("services.*.tmpfs", name),
    row("services.*.volumes", volume_target),
];

/// Drops the earlier of two items with the same key throughout a model.
pub(crate) fn deduplicate(value: &mut Value, trail: &Trail<'_>) -> Outcome<()> {
    visit(
        UNIQUE,
        value,
        trail,
        &mut |value, trail, key_of| match &mut value.data {
            Data::List(items) => keep_last(items, *key_of, trail),
            _ => Ok(()),
        },
    )
}

fn keep_last(items: &mut Vec<Value>, key_of: KeyOf, trail: &Trail<'_>) -> Outcome<()> {
    let mut positions = HashMap::with_capacity(items.len());
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let key = key_of(&item)
            .map_err(|reason| Problem::rejected(&item.origin, format!("{trail}: {reason}")))?;
        match positions.get(&key) {
            Some(position) => kept[*position] = item,
            None => {
                positions.insert(key, kept.len());
                kept.push(item);
            }
        }
    }
    *items = kept;
    Ok(())
}

/// The text before the first `=`.
fn name(item: &Value) -> Result<String, &'static str> {
    let text = text(item)?;
    Ok(text
        .split_once('=')
        .map_or(text.as_str(), |(name, _)| name)
        .to_owned())
}

fn text(item: &Value) -> Result<String, &'static str> {
    match &item.data {
        Data::List(_) | Data::Map(_) => Err("an item is no text"),
        data => Ok(go_text(data).unwrap_or_default()),
    }
}

/// The path of an env file, as written.
fn path(item: &Value) -> Result<String, &'static str> {
    match item.get("path") {
        Some(path) => text(path),
        None => text(item),
    }
}

fn port(item: &Value) -> Result<String, &'static str> {
    Ok(ports::key(item))
}

fn volume_target(item: &Value) -> Result<String, &'static str> {
    volumes::target(item).ok_or("a volume without a target")
}

fn device_target(item: &Value) -> Result<String, &'static str> {
    devices::target(item).ok_or("a device without a target")
}

fn secret_target(item: &Value) -> Result<String, &'static str> {
    mount_target(item, "/run/secrets")
}

fn config_target(item: &Value) -> Result<String, &'static str> {
    mount_target(item, "")
}

fn mount_target(item: &Value, folder: &str) -> Result<String, &'static str> {
    let source = item.get("source").unwrap_or(item);
    match item.get("target") {
        Some(target) => text(target),
        None => text(source).map(|source| format!("{folder}/{source}")),
    }
}
