//! Published ports.

use indexmap::IndexMap;

use super::default_entry;
use crate::budget::Budget;
use crate::merge::go_text;
use crate::problem::{Outcome, Problem};
use crate::template;
use crate::{Data, Origin, ShortPort, Value};

/// Every port in the long form; a range of targets becomes one entry each.
///
/// A text with a variable where a number belongs cannot be read yet and stays as it is. (Compose
/// leaves the file's other ports as they are, too; here they are made long, which is what they are
/// once the variable is known.)
pub(super) fn long(mut value: Value, budget: &mut Budget) -> Outcome<Value> {
    let Data::List(items) = value.data else {
        return Ok(value);
    };
    let mut ports = Vec::with_capacity(items.len());
    for item in items {
        let text = match &item.data {
            Data::Int(number) => number.to_string(),
            Data::String(text) => text.clone(),
            _ => {
                ports.push(item);
                continue;
            }
        };
        match ShortPort::parse(&text) {
            Ok(port) => ports.extend(entries(&port, &item.origin, budget)?),
            Err(_) if template::is_open(&text) => ports.push(item),
            Err(reason) => {
                return Err(Problem::rejected(
                    &item.origin,
                    format!("the port `{text}` {reason}"),
                ));
            }
        }
    }
    value.data = Data::List(ports);
    Ok(value)
}

/// Mode and protocol where a long form leaves them out.
pub(super) fn with_defaults(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    default_entry(&mut value, "mode", Data::String("ingress".to_owned()));
    default_entry(&mut value, "protocol", Data::String("tcp".to_owned()));
    Ok(value)
}

/// What makes two ports the same: address, published port, target and protocol. A number and a text
/// differ.
pub(crate) fn key(item: &Value) -> String {
    if item.as_map().is_none() {
        return go_text(&item.data).unwrap_or_default();
    }
    let part = |key: &str| item.get(key).map(|value| &value.data);
    let or = |key: &str, default: &str| {
        part(key)
            .and_then(go_text)
            .unwrap_or_else(|| default.to_owned())
    };
    let (published, target) = (part("published"), part("target"));
    format!(
        "{}|{published:?}|{target:?}|{}",
        or("host_ip", "0.0.0.0"),
        or("protocol", "tcp")
    )
}

/// One entry for each target, in the order in which Compose sorts them: as text.
fn entries(port: &ShortPort<'_>, origin: &Origin, budget: &mut Budget) -> Outcome<Vec<Value>> {
    let mut targets: Vec<u16> = port.target.ports().collect();
    budget.spend(5 * targets.len(), || origin.clone())?;
    targets.sort_by_cached_key(|target| format!("{target}/{}", port.protocol));
    Ok(targets
        .into_iter()
        .map(|target| entry(port, target, origin))
        .collect())
}

fn entry(port: &ShortPort<'_>, target: u16, origin: &Origin) -> Value {
    let mut entries = IndexMap::with_capacity(5);
    let mut say = |key: &str, data| {
        entries.insert(
            key.to_owned(),
            Value {
                data,
                origin: origin.clone(),
            },
        )
    };
    say("mode", Data::String("ingress".to_owned()));
    if let Some(host_ip) = port.host_ip {
        say("host_ip", Data::String(host_ip.to_owned()));
    }
    say("target", Data::Int(target.into()));
    if let Some(published) = port.published_for(target) {
        say("published", Data::String(published.to_string()));
    }
    say("protocol", Data::String(port.protocol.clone()));
    Value {
        data: Data::Map(entries),
        origin: origin.clone(),
    }
}
