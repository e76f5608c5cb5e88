//! What the files now say, as far as data hangs on it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use compose_model::{Environment, ImageRef};
use docker::compose_config::Model;
use serde_json::Value;

use crate::checkout::Checkout;
use crate::model::{command, services};

/// An environment as it would be started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub environment: String,
    /// Its project.
    pub project: String,
    /// The other environments' projects, which are meant to be others.
    pub other_projects: Vec<String>,
    /// The project directory.
    pub folder: PathBuf,
    /// Its Compose files by their last names.
    pub files: Vec<String>,
    /// Its services, those behind profiles too.
    pub services: BTreeMap<String, WantedService>,
    /// Its volumes by key.
    pub volumes: BTreeMap<String, WantedVolume>,
    /// Whether containers of services that are gone are removed first.
    pub removes_orphans: bool,
    /// How `docker compose` is spelt for it in commands that are shown.
    pub compose: String,
    /// The same where containers are made anew whatever they hold.
    pub compose_anyway: String,
    /// How `up` is.
    pub up: String,
    /// The command that was typed, whatever becomes of the data.
    pub again: String,
}

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedService {
    /// Its image.
    pub image: Option<String>,
    /// Its command, in one line.
    pub command: Option<String>,
    /// Its variables.
    pub variables: BTreeMap<String, String>,
    /// What is mounted into it.
    pub mounts: Vec<WantedMount>,
    /// Whether it stays as it is, behind a profile that is not active.
    pub is_held_back: bool,
}

/// A mount of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedMount {
    /// Where.
    pub target: String,
    /// What.
    pub source: Source,
}

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A volume by its real name.
    Volume(String),
    /// A volume without a name.
    Anonymous,
    /// A path of the host.
    Bind(String),
    /// Memory.
    Memory,
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedVolume {
    /// Its real name.
    pub name: String,
    /// Whether Compose leaves it alone.
    pub external: bool,
    /// What keeps it; `local` where the files do not say.
    pub driver: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The driver's options.
    pub options: BTreeMap<String, String>,
}

impl Wanted {
    pub(super) fn of(checkout: &Checkout, environment: &Environment, model: &Model, root_flag: &str) -> Self {
        let call = checkout.call(environment);
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let others = checkout.environments().into_iter().filter(|other| other.name != environment.name);
        let Environment { name: environment, project, .. } = environment;
        let volumes = volumes(model);
        Self {
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

    /// Holds back the services that a command does not start.
    pub fn hold_back(&mut self, starts: impl Fn(&str) -> bool) {
        self.services.iter_mut().for_each(|(name, service)| service.is_held_back = !starts(name));
    }

    /// The services that are started.
    pub(super) fn started(&self) -> impl Iterator<Item = (&str, &WantedService)> {
        self.services
            .iter()
            .filter(|(_, service)| !service.is_held_back)
            .map(|(name, service)| (name.as_str(), service))
    }

    /// One that is started.
    pub(super) fn service(&self, name: &str) -> Option<&WantedService> {
        self.services.get(name).filter(|service| !service.is_held_back)
    }

    /// The services that are started and mount a volume.
    pub(super) fn users_of<'w>(&'w self, volume: &'w str) -> impl Iterator<Item = &'w str> {
        let uses = move |service: &WantedService| service.mounts.iter().any(|mount| mount.volume() == Some(volume));
        self.started().filter(move |(_, service)| uses(service)).map(|(name, _)| name)
    }

    /// The volumes that Compose would make where they are missing.
    pub(super) fn own_volumes(&self) -> impl Iterator<Item = (&str, &WantedVolume)> {
        self.volumes.iter().filter(|(_, volume)| !volume.external).map(|(key, volume)| (key.as_str(), volume))
    }
}

impl WantedService {
    /// The mount that holds a target: the deepest at it or above it.
    #[must_use]
    pub fn mount_at(&self, target: &str) -> Option<&WantedMount> {
        let holding = self.mounts.iter().filter(|mount| Path::new(target).starts_with(&mount.target));
        holding.max_by_key(|mount| Path::new(&mount.target).components().count())
    }

    pub(super) fn image_ref(&self) -> Option<ImageRef> {
        self.image.as_deref().map(ImageRef::parse)
    }
}

impl WantedMount {
    pub(super) fn volume(&self) -> Option<&str> {
        if let Source::Volume(name) = &self.source { Some(name) } else { None }
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
