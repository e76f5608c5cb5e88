//! Which keys were really merged: said by two documents of a set in the same place.

use std::collections::{BTreeMap, BTreeSet};

use compose_edit::Node;

use crate::checkout;
use crate::generate::Set;

/// Every place with a rule of its own, and some that follow the generic one.
pub const KEYS: &[&str] = &[
    "networks.*.ipam",
    "networks.*.labels",
    "services.*.annotations",
    "services.*.build",
    "services.*.build.additional_contexts",
    "services.*.build.args",
    "services.*.build.extra_hosts",
    "services.*.build.labels",
    "services.*.build.tags",
    "services.*.cap_add",
    "services.*.cap_drop",
    "services.*.command",
    "services.*.configs",
    "services.*.depends_on",
    "services.*.deploy",
    "services.*.deploy.labels",
    "services.*.deploy.placement",
    "services.*.deploy.resources",
    "services.*.develop.watch",
    "services.*.devices",
    "services.*.dns",
    "services.*.dns_opt",
    "services.*.dns_search",
    "services.*.entrypoint",
    "services.*.env_file",
    "services.*.environment",
    "services.*.expose",
    "services.*.extra_hosts",
    "services.*.gpus",
    "services.*.healthcheck",
    "services.*.healthcheck.test",
    "services.*.label_file",
    "services.*.labels",
    "services.*.links",
    "services.*.logging",
    "services.*.models",
    "services.*.networks",
    "services.*.networks.n1",
    "services.*.ports",
    "services.*.profiles",
    "services.*.secrets",
    "services.*.sysctls",
    "services.*.tmpfs",
    "services.*.ulimits",
    "services.*.volumes",
    "services.*.x-own",
    "volumes.*.labels",
];

/// The keys of a set that two of its documents say in the same place.
pub fn merged_keys(set: &Set) -> BTreeSet<String> {
    let mut said: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let files = checkout::parse(set);
    for root in files.values().flat_map(|document| document.documents()) {
        walk(root, &mut Vec::new(), &mut said);
    }
    let merged = said.into_iter().filter(|(_, documents)| *documents > 1);
    merged.map(|(path, _)| pattern(&path)).collect()
}

fn walk(node: Node<'_>, path: &mut Vec<String>, said: &mut BTreeMap<Vec<String>, usize>) {
    let Some(mapping) = node.as_mapping().filter(|_| path.len() < 4) else {
        return;
    };
    for (key, value) in mapping.entries() {
        path.push(key.text().to_owned());
        *said.entry(path.clone()).or_default() += 1;
        walk(value, path, said);
        path.pop();
    }
}

fn pattern(path: &[String]) -> String {
    let steps = path
        .iter()
        .enumerate()
        .map(|(depth, step)| if depth == 1 { "*" } else { step });
    steps.collect::<Vec<_>>().join(".")
}
