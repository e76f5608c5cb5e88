//! Devices of the host, and those that are asked for by capability.

use super::{default_entry, implied};
use crate::budget::Budget;
use crate::problem::Outcome;
use crate::template;
use crate::{Data, Value};

/// `/dev/a:/dev/b:rw` as source, target and permissions.
pub(super) fn long(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::String(text) = &value.data {
        let [source, target, permissions] = parts(text).map(|part| Data::String(part.to_owned()));
        value.data = implied(
            &value.origin,
            [
                ("source", source),
                ("target", target),
                ("permissions", permissions),
            ],
        );
    }
    Ok(value)
}

/// Where the device appears in the container, in either form.
pub(crate) fn target(item: &Value) -> Option<String> {
    match &item.data {
        Data::String(text) => Some(parts(text)[1].to_owned()),
        _ => item.get("target")?.scalar_text(),
    }
}

fn parts(text: &str) -> [&str; 3] {
    let parts = template::split_outside(text, ':');
    let source = parts[0];
    [
        source,
        parts.get(1).copied().unwrap_or(source),
        parts.get(2).copied().unwrap_or("rwm"),
    ]
}

/// All devices where neither a number nor an id is asked for.
pub(super) fn with_count(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if value.get("device_ids").is_none() {
        default_entry(&mut value, "count", Data::String("all".to_owned()));
    }
    Ok(value)
}
