//! What the files now say, as far as data hangs on it: taken from a resolved model.

use std::collections::BTreeMap;
use std::path::PathBuf;

use compose_model::Environment;
use data_safety::{Desired as Wanted, DesiredMount as WantedMount, DesiredService as WantedService};
use data_safety::{DesiredVolume as WantedVolume, Source};
use docker::compose_config::Model;
use serde_json::Value;

use crate::checkout::Checkout;
use crate::model::{command, services};

/// An environment as it would be started.
pub(super) fn of(checkout: &Checkout, environment: &Environment, model: &Model, root_flag: &str) -> Wanted {
    let call = checkout.call(environment);
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let others = checkout.environments().into_iter().filter(|other| other.name != environment.name);
    let Environment { name: environment, project, .. } = environment;
    let volumes = volumes(model);
    Wanted {
        environment: environment.clone(),
        project: project.name.clone(),
        other_projects: others.map(|other| other.project.name).collect(),
        files: call.files.iter().map(name).collect(),
        folder: call.directory,
        services: services(model).map(|(name, one)| (name.to_owned(), service(one, &volumes))).collect(),
        volumes,
        removes_orphans: false,
        compose: format!("cargo xtask compose {environment}{root_flag} --"),
        compose_anyway: format!("cargo xtask compose {environment}{root_flag} --allow-data-loss --"),
        up: format!("cargo xtask up {environment}{root_flag}"),
        again: format!("cargo xtask up {environment}{root_flag} --allow-data-loss"),
    }
}

fn volumes(model: &Model) -> BTreeMap<String, WantedVolume> {
    let own = model.get("volumes").and_then(Value::as_object);
    own.into_iter()
        .flatten()
        .map(|(key, volume)| {
            let driver = text(volume.get("driver"));
            let wanted = WantedVolume {
                name: text(volume.get("name")),
                external: volume.get("external").and_then(Value::as_bool).unwrap_or_default(),
                driver: if driver.is_empty() { "local".to_owned() } else { driver },
                labels: texts(volume.get("labels")),
                options: texts(volume.get("driver_opts")),
            };
            (key.clone(), wanted)
        })
        .collect()
}

fn service(service: &Value, volumes: &BTreeMap<String, WantedVolume>) -> WantedService {
    let list = |key: &str| service.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut mounts: Vec<_> = list("volumes").filter_map(|one| mount(one, volumes)).collect();
    let tmpfs = list("tmpfs").filter_map(Value::as_str);
    let target = |path: &str| path.split(':').next().unwrap_or_default().to_owned();
    mounts.extend(tmpfs.map(|path| WantedMount { target: target(path), source: Source::Memory }));
    WantedService {
        image: service.get("image").and_then(Value::as_str).map(str::to_owned),
        command: command(service),
        variables: texts(service.get("environment")),
        mounts,
        is_held_back: false,
    }
}

fn mount(mount: &Value, volumes: &BTreeMap<String, WantedVolume>) -> Option<WantedMount> {
    let source = text(mount.get("source"));
    let source = match mount.get("type")?.as_str()? {
        "volume" if source.is_empty() => Source::Anonymous,
        "volume" => Source::Volume(volumes.get(&source).map_or(source, |volume| volume.name.clone())),
        "bind" => Source::Bind(source),
        _ => Source::Memory,
    };
    let target = text(mount.get("target"));
    let target = if target.len() > 1 { target.trim_end_matches('/').to_owned() } else { target };
    Some(WantedMount { target, source })
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A map of texts; Compose writes numbers in it as numbers in places, and a variable without a value as null.
fn texts(value: Option<&Value>) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let entries = value.and_then(Value::as_object).into_iter().flatten().filter(|(_, value)| !value.is_null());
    entries.map(|(key, value)| (key.clone(), text(value))).collect()
}
