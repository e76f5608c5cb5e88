//! What the files now say, as far as data hangs on it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use compose_model::ImageRef;

/// An environment as it would be started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desired {
    /// Its name.
    pub environment: String,
    /// Its project.
    pub project: String,
    /// Whether that is its folder's name, which changes when the checkout is moved.
    pub is_named_by_folder: bool,
    /// The other environments' projects, which are meant to be others.
    pub other_projects: Vec<String>,
    /// The project directory.
    pub folder: PathBuf,
    /// Its Compose files by their last names.
    pub files: Vec<String>,
    /// Its services, those behind profiles too.
    pub services: BTreeMap<String, DesiredService>,
    /// Its volumes by key.
    pub volumes: BTreeMap<String, DesiredVolume>,
    /// Volumes, by key or real name, that the team knows of and does not want to hear of.
    pub forgotten: BTreeSet<String>,
    /// Whether containers of services that are gone are removed first.
    pub removes_orphans: bool,
    /// How `docker compose` is spelt for it in commands that are shown.
    pub compose: String,
    /// The same where containers are made anew whatever they hold.
    pub compose_anyway: String,
    /// How `up` is.
    pub up: String,
    /// How `volumes forget` is, to be followed by a volume and a reason.
    pub forget: String,
    /// The command that was typed, whatever becomes of the data.
    pub again: String,
}

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DesiredService {
    /// Its image; of one that is built here, what Compose calls it.
    pub image: Option<String>,
    /// The image that it is built upon, where it is built here.
    pub built_on: Option<String>,
    /// Its entrypoint and its command, in one line.
    pub command: Option<String>,
    /// Its variables.
    pub variables: BTreeMap<String, String>,
    /// What is mounted into it.
    pub mounts: Vec<DesiredMount>,
    /// Whether it stays as it is, behind a profile that is not active.
    pub is_held_back: bool,
}

/// A mount of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredMount {
    /// Where.
    pub target: String,
    /// What.
    pub source: Source,
}

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
pub struct DesiredVolume {
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

impl Desired {
    /// Holds back the services that a command does not start.
    pub fn hold_back_unless(&mut self, starts: impl Fn(&str) -> bool) {
        self.services
            .iter_mut()
            .for_each(|(name, service)| service.is_held_back = !starts(name));
    }

    /// The services that are started.
    pub(crate) fn started(&self) -> impl Iterator<Item = (&str, &DesiredService)> {
        self.services
            .iter()
            .filter(|(_, service)| !service.is_held_back)
            .map(|(name, service)| (name.as_str(), service))
    }

    /// One that is started.
    pub(crate) fn service(&self, name: &str) -> Option<&DesiredService> {
        self.services
            .get(name)
            .filter(|service| !service.is_held_back)
    }

    /// The services that are started and mount a volume.
    pub(crate) fn users_of<'w>(&'w self, volume: &'w str) -> impl Iterator<Item = &'w str> {
        let uses = move |service: &DesiredService| {
            service
                .mounts
                .iter()
                .any(|mount| mount.volume() == Some(volume))
        };
        self.started()
            .filter(move |(_, service)| uses(service))
            .map(|(name, _)| name)
    }

    /// The volumes that Compose would make where they are missing.
    pub(crate) fn own_volumes(&self) -> impl Iterator<Item = (&str, &DesiredVolume)> {
        self.volumes
            .iter()
            .filter(|(_, volume)| !volume.external)
            .map(|(key, volume)| (key.as_str(), volume))
    }
}

impl DesiredService {
    /// The mount that holds a target: the deepest at it or above it.
    #[must_use]
    pub fn mount_at(&self, target: &str) -> Option<&DesiredMount> {
        let holding = self
            .mounts
            .iter()
            .filter(|mount| Path::new(target).starts_with(&mount.target));
        holding.max_by_key(|mount| Path::new(&mount.target).components().count())
    }

    /// The image that says what it is.
    pub(crate) fn image_ref(&self) -> Option<ImageRef> {
        self.known_image().map(ImageRef::parse)
    }

    /// The same as it is written.
    pub(crate) fn known_image(&self) -> Option<&str> {
        self.built_on.as_deref().or(self.image.as_deref())
    }
}

impl DesiredMount {
    pub(crate) fn volume(&self) -> Option<&str> {
        if let Source::Volume(name) = &self.source {
            Some(name)
        } else {
            None
        }
    }
}
