//! Services that join another's network, processes, memory or volumes: Compose puts the other's
//! container in place of its name before it hashes, which `config --hash` does not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use compose_model::ResolvedModel;
use compose_model::resolved::Text;
use docker::engine::container::Container;
use serde_json::json;

/// A file behind a project's own that names containers where services are named; none where no
/// service does that, or a container is not there.
pub(super) fn with_containers(model: &ResolvedModel, containers: &[Container]) -> Option<String> {
    let ids: BTreeMap<_, _> = first_of_each(containers);
    let (mut lines, mut stands_in) = (String::new(), BTreeSet::new());
    for (name, service) in model
        .services
        .iter()
        .filter(|(_, service)| service.joined.services().next().is_some())
    {
        let mut keys = Vec::new();
        for (key, joined) in service.joined.by_key() {
            let joined = joined.and_then(|text| text.strip_prefix("service:"));
            if let Some(id) = joined.and_then(|joined| ids.get(joined)) {
                keys.push(format!(
                    "{}: {}",
                    json!(key),
                    json!(format!("container:{id}"))
                ));
            }
        }
        let volumes_from = service.joined.volumes_from.iter().filter_map(Text::text);
        let from: Vec<_> = volumes_from
            .map(|entry| volume_source(entry, &ids))
            .collect();
        if !from.is_empty() {
            keys.push(format!("\"volumes_from\": !override {}", json!(from)));
            // A bare id is a service's name to who reads the files.
            stands_in.extend(from);
        }
        writeln!(lines, "  {}: {{ {} }}", json!(name), keys.join(", ")).ok()?;
    }
    for name in stands_in
        .iter()
        .filter(|name| model.service(name).is_none())
    {
        writeln!(lines, "  {}: {{ \"image\": \"none\" }}", json!(name)).ok()?;
    }
    (!lines.is_empty()).then(|| format!("services:\n{lines}"))
}

/// As Compose writes it before it hashes: an id or a container's name, without `:ro`.
fn volume_source(entry: &str, ids: &BTreeMap<&str, &str>) -> String {
    let mut parts = entry.split(':');
    let name = parts.next().unwrap_or_default();
    let found = if name == "container" {
        parts.next()
    } else {
        ids.get(name).copied()
    };
    found.unwrap_or(name).to_owned()
}

/// The id of each service's first container.
fn first_of_each(containers: &[Container]) -> BTreeMap<&str, &str> {
    let mut own: Vec<_> = containers.iter().filter(|one| !one.is_one_off()).collect();
    own.sort_by_key(|one| std::cmp::Reverse(one.number()));
    own.into_iter()
        .map(|one| (one.service.as_str(), one.id.as_str()))
        .collect()
}
