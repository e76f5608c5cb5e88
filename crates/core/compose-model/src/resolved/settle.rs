//! What Compose adds to a project's files once they are read, and what it leaves out: `config`
//! without `--no-normalize`.

use std::collections::{BTreeMap, BTreeSet};

use super::project_files::ProjectFiles;
use super::read::{filled, flag, items};
use super::service::{Dependency, MountSource, Service};
use super::stored::{Network, Volume};
use super::{Resolved, ResolvedModel, Text};
use crate::variables::Variables;
use crate::{EnvFile, Origin, Value};

/// The network of services that name none.
const DEFAULT: &str = "default";

pub(super) fn settle(
    model: &mut ResolvedModel,
    root: &Value,
    source: &ProjectFiles<'_>,
    variables: &Variables,
) {
    for (name, service) in &mut model.services {
        let Some(value) = root.get("services").and_then(|services| services.get(name)) else {
            continue;
        };
        let env_files = read_env_files(value, source);
        take_environment(service, &env_files, &value.origin, variables);
        if service.pull_policy.as_ref().and_then(Text::text) == Some("if_not_present") {
            service.pull_policy = Some(Resolved::Known("missing".to_owned()));
        }
        depend_on_joined(service, value);
        join_default_network(service, value);
        for mount in &mut service.mounts {
            if let Resolved::Known(MountSource::Bind(path)) = &mut mount.source {
                *path = source.absolute(path);
            }
        }
    }
    add_default_network(model);
    keep_used(model, root);
    anchor(model, source);
}

/// The env files of a service.
#[derive(Default)]
struct EnvFilesOfService<'s> {
    /// Those that somebody read.
    read: Vec<EnvFileOfService<'s>>,
    unread: Vec<Text>,
}

struct EnvFileOfService<'s> {
    file: &'s EnvFile,
    /// Whether quotes and variables in it mean nothing.
    is_raw: bool,
}

fn read_env_files<'s>(service: &Value, source: &ProjectFiles<'s>) -> EnvFilesOfService<'s> {
    let mut found = EnvFilesOfService::default();
    for item in items(service.get("env_file")) {
        let Some(path) = filled(item.get("path")) else {
            continue;
        };
        let is_raw = item.get("format").and_then(Value::as_str) == Some("raw");
        let known = path
            .text()
            .map(|path| path.strip_prefix("./").unwrap_or(path));
        match known.and_then(|path| source.around.env_files.get(path)) {
            Some(file) => found.read.push(EnvFileOfService { file, is_raw }),
            None if known.is_some()
                && item
                    .get("required")
                    .is_some_and(|required| !flag(Some(required))) => {}
            None => found.unread.push(path),
        }
    }
    found
}

/// A service's own variables win over those of its env files, of which the last one wins. A name
/// alone takes its value from around the project; in an env file, what the files before it set and
/// what the service says itself is known, too.
fn take_environment(
    service: &mut Service,
    files: &EnvFilesOfService<'_>,
    stands: &Origin,
    variables: &Variables,
) {
    let around = |name: &str| {
        variables
            .get(stands.scope, name)
            .map(|setting| setting.value.clone())
    };
    for (name, value) in &mut service.environment {
        if value.is_none() {
            *value = around(name).map(Resolved::Known);
        }
    }
    let mut set: BTreeMap<String, String> = BTreeMap::new();
    for EnvFileOfService { file, is_raw } in &files.read {
        let own = |name: &str| service.variable(name).map(str::to_owned);
        let outer = |name: &str| around(name).or_else(|| own(name));
        let before = |name: &str| set.get(name).cloned();
        let entries = if *is_raw {
            file.raw(&outer)
        } else {
            file.of_service(&outer, &before)
        };
        set.extend(entries);
    }
    let mut all: BTreeMap<_, _> = set
        .into_iter()
        .map(|(name, value)| (name, Some(Resolved::Known(value))))
        .collect();
    all.append(&mut service.environment);
    service.environment = all;
    service.unread_env_files.clone_from(&files.unread);
}

/// A service waits for those that it is linked to, and for those whose network, processes, memory
/// or volumes it joins.
fn depend_on_joined(service: &mut Service, value: &Value) {
    let links = items(value.get("links")).iter().filter_map(Value::as_str);
    let linked = links.map(|link| link.split(':').next().unwrap_or(link));
    let further = ["uts", "cgroup"]
        .into_iter()
        .filter_map(|key| value.get(key)?.as_str()?.strip_prefix("service:"));
    let joined: BTreeSet<String> = linked
        .chain(further)
        .chain(service.joined.services())
        .map(str::to_owned)
        .collect();
    for name in joined {
        service
            .depends_on
            .entry(name)
            .or_insert_with(Dependency::started);
    }
}

fn join_default_network(service: &mut Service, value: &Value) {
    let joins_another = ["network_mode", "provider"]
        .iter()
        .any(|key| value.get(key).is_some());
    if service.networks.is_empty() && !joins_another {
        service.networks.insert(DEFAULT.to_owned(), Vec::new());
    }
}

fn add_default_network(model: &mut ResolvedModel) {
    if model
        .services
        .values()
        .any(|service| service.networks.contains_key(DEFAULT))
    {
        let name = Resolved::Known(format!("{}_{DEFAULT}", model.project));
        let own = Network {
            name,
            external: false,
            internal: false,
            driver: None,
        };
        model.networks.entry(DEFAULT.to_owned()).or_insert(own);
    }
}

/// Compose makes nothing that no service uses.
fn keep_used(model: &mut ResolvedModel, root: &Value) {
    let services = || model.services.values();
    let volumes: BTreeSet<_> = services()
        .flat_map(Service::volumes)
        .map(str::to_owned)
        .collect();
    let networks: BTreeSet<_> = services()
        .flat_map(|service| service.networks.keys())
        .cloned()
        .collect();
    let named = |text: &Text| text.text().map(str::to_owned);
    let configs: BTreeSet<_> = services()
        .flat_map(|one| &one.configs)
        .filter_map(|one| named(&one.source))
        .collect();
    let mut secrets: BTreeSet<_> = services()
        .flat_map(|one| &one.secrets)
        .filter_map(|one| named(&one.source))
        .collect();
    secrets.extend(secrets_of_builds(root));
    model.volumes.retain(|key, _| volumes.contains(key));
    model.networks.retain(|key, _| networks.contains(key));
    model.secrets.retain(|key, _| secrets.contains(key));
    model.configs.retain(|key, _| configs.contains(key));
}

fn secrets_of_builds(root: &Value) -> impl Iterator<Item = String> {
    let services = root
        .get("services")
        .and_then(Value::as_map)
        .into_iter()
        .flat_map(|services| services.values());
    let secrets = services
        .flat_map(|service| items(service.get("build").and_then(|build| build.get("secrets"))));
    secrets.filter_map(|secret| Some(secret.get("source")?.as_str()?.to_owned()))
}

/// Paths of the host outside of services.
fn anchor(model: &mut ResolvedModel, source: &ProjectFiles<'_>) {
    let files = model
        .secrets
        .values_mut()
        .chain(model.configs.values_mut())
        .filter_map(|one| one.file.as_mut());
    let devices = model.volumes.values_mut().filter_map(device_of_bind);
    for path in files.chain(devices) {
        if let Resolved::Known(path) = path {
            *path = source.absolute(path);
        }
    }
}

/// The folder of a volume that is a bind mount in disguise.
fn device_of_bind(volume: &mut Volume) -> Option<&mut Text> {
    let says = |text: Option<&Text>, wanted: &str| text.and_then(Text::text) == Some(wanted);
    let is_bind = says(volume.driver.as_ref(), "local") && says(volume.options.get("o"), "bind");
    if is_bind {
        volume.options.get_mut("device")
    } else {
        None
    }
}
