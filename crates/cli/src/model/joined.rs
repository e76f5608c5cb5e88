//! Services that join another's network, processes, memory or volumes: Compose puts the other's container in place of
//! its name before it hashes, which `config --hash` does not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use docker::compose_config::Model;
use docker::engine::container::Container;
use serde_json::{Value, json};

use super::services;

/// The keys that take `service:NAME`.
const KEYS: [&str; 3] = ["network_mode", "ipc", "pid"];

/// The services that a service joins.
pub(crate) fn joins(service: &Value) -> impl Iterator<Item = &str> {
    let by_key = KEYS.iter().filter_map(|key| service.get(key)?.as_str()?.strip_prefix("service:"));
    by_key.chain(volumes_from(service).filter_map(service_of))
}

/// A file behind a project's own that names containers where services are named; none where no service does that, or a
/// container is not there.
pub(super) fn with_containers(model: &Model, containers: &[Container]) -> Option<String> {
    let ids: BTreeMap<_, _> = first_of_each(containers);
    let (mut lines, mut stands_in) = (String::new(), BTreeSet::new());
    for (name, service) in services(model).filter(|(_, service)| joins(service).next().is_some()) {
        let mut keys = Vec::new();
        for key in KEYS {
            let joined = service.get(key).and_then(Value::as_str).and_then(|text| text.strip_prefix("service:"));
            if let Some(id) = joined.and_then(|joined| ids.get(joined)) {
                keys.push(format!("{}: {}", json!(key), json!(format!("container:{id}"))));
            }
        }
        let from: Vec<_> = volumes_from(service).map(|entry| volume_source(entry, &ids)).collect();
        if !from.is_empty() {
            keys.push(format!("\"volumes_from\": !override {}", json!(from)));
            // A bare id is a service's name to who reads the files.
            stands_in.extend(from);
        }
        writeln!(lines, "  {}: {{ {} }}", json!(name), keys.join(", ")).ok()?;
    }
    for name in stands_in.iter().filter(|name| services(model).all(|(service, _)| service != name.as_str())) {
        writeln!(lines, "  {}: {{ \"image\": \"none\" }}", json!(name)).ok()?;
    }
    (!lines.is_empty()).then(|| format!("services:\n{lines}"))
}

fn volumes_from(service: &Value) -> impl Iterator<Item = &str> {
    service.get("volumes_from").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// `web` of `web:ro`; none for a container that is named.
fn service_of(entry: &str) -> Option<&str> {
    entry.split(':').next().filter(|name| *name != "container")
}

/// As Compose writes it before it hashes: an id or a container's name, without `:ro`.
fn volume_source(entry: &str, ids: &BTreeMap<&str, &str>) -> String {
    let mut parts = entry.split(':');
    let name = parts.next().unwrap_or_default();
    let found = if name == "container" { parts.next() } else { ids.get(name).copied() };
    found.unwrap_or(name).to_owned()
}

/// The id of each service's first container.
fn first_of_each(containers: &[Container]) -> BTreeMap<&str, &str> {
    let mut own: Vec<_> = containers.iter().filter(|one| !one.is_one_off()).collect();
    own.sort_by_key(|one| std::cmp::Reverse(one.number()));
    own.into_iter().map(|one| (one.service.as_str(), one.id.as_str())).collect()
}
