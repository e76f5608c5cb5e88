//! Networks, volumes, secrets, configs and models that a service names are declared at the top
//! level.

use std::borrow::Cow;

use compose_edit::{Path, Segment};
use compose_model::{Service, Value};

use crate::model::{Model, entries, filled, items, path};
use crate::report::Report;

pub(super) fn check(model: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    let mut references = Vec::new();
    for section in ["networks", "models"] {
        references.extend(named(section, service));
    }
    for section in ["secrets", "configs"] {
        references.extend(mounted(
            section,
            service.get(section),
            &path(service, section),
        ));
    }
    let build_secrets = service.get("build").and_then(|build| build.get("secrets"));
    references.extend(mounted(
        "secrets",
        build_secrets,
        &path(service, "build").join("secrets"),
    ));
    references.extend(volumes(service));
    for Reference {
        section,
        name,
        path,
        value,
    } in references
    {
        let is_implied = section == "networks" && name == "default";
        if !is_implied && !model.has(section, &name) {
            let kind = section.trim_end_matches('s');
            let problem = format!(
                "there is no {kind} `{name}`; declare it below `{section}:` at the top level"
            );
            report.add(&path, value, problem);
        }
    }
    one_kind_of_network(service, report);
}

/// A name that must be declared.
struct Reference<'v> {
    section: &'static str,
    name: Cow<'v, str>,
    path: Path,
    value: &'v Value,
}

/// The names that a list or a mapping of names has.
fn named<'v>(section: &'static str, service: Service<'v>) -> impl Iterator<Item = Reference<'v>> {
    let path = path(service, section);
    let from_map = entries(service.get(section)).map(|(name, value)| (name.into(), name, value));
    let from_list = items(service.get(section)).iter().enumerate();
    let from_list =
        from_list.filter_map(|(index, item)| Some((index.into(), item.as_str()?, item)));
    let names: Vec<(Segment, &str, &Value)> = from_map.chain(from_list).collect();
    names.into_iter().map(move |(step, name, value)| Reference {
        section,
        name: name.into(),
        path: path.join(step),
        value,
    })
}

/// The names that a list of mounted files has.
fn mounted<'v>(
    section: &'static str,
    mounts: Option<&'v Value>,
    path: &Path,
) -> Vec<Reference<'v>> {
    let sources = items(mounts).iter().enumerate().map(|(index, mount)| {
        let name = mount
            .as_str()
            .or_else(|| mount.get("source")?.as_str())
            .unwrap_or_default();
        Reference {
            section,
            name: name.into(),
            path: path.join(index),
            value: mount,
        }
    });
    sources.collect()
}

/// The volumes that are mounted by name.
fn volumes(service: Service<'_>) -> impl Iterator<Item = Reference<'_>> {
    let path = path(service, "volumes");
    items(service.get("volumes"))
        .iter()
        .enumerate()
        .filter_map(move |(index, value)| {
            let name = super::mounts::volume(value)?;
            Some(Reference {
                section: "volumes",
                name,
                path: path.join(index),
                value,
            })
        })
}

fn one_kind_of_network(service: Service<'_>, report: &mut Report<'_>) {
    let Some(mode) = service
        .get("network_mode")
        .filter(|mode| filled(Some(mode)).is_some())
    else {
        return;
    };
    if named("networks", service).next().is_some() {
        report.add(
            &path(service, "network_mode"),
            mode,
            "`network_mode` and `networks` exclude each other",
        );
    }
}
