//! What an environment comes to once its variables are replaced: the one model that everything
//! works with that looks at containers, volumes and ports.

mod compose_json;
mod files;
mod project_files;
mod read;
mod service;
mod settle;
mod stored;

use std::collections::BTreeMap;

pub use project_files::ProjectFiles;
pub use service::{
    Condition, Dependency, FileMount, HealthCheck, Joined, Mount, MountSource, Port, Service,
};
pub use stored::{Network, Secret, Volume};

/// An environment with every profile active, its variables replaced. It holds secrets: never log or
/// store it.
///
/// It is made of Compose's own answer ([`from_compose_json`](Self::from_compose_json)) or of our
/// files ([`from_files`](Self::from_files)), and says the same in both cases, but for
/// [`Resolved::Unresolved`]:
///
/// - a `$` is single, as containers get it
/// - paths of the host are absolute, `~` is the home folder
/// - durations, sizes, ports and names of images are read, commands are split into words, the
///   variables of `env_file`s stand among a service's own
/// - volumes, networks, secrets and configs have their keys and their real names; those that no
///   service uses are not there, since Compose makes none of them
/// - services depend on those whose network, processes, memory or volumes they join
/// - extensions (`x-…`) are not there
///
/// A value that Compose rejects is left out: whether files are right is the checker's to say, the
/// model only tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResolvedModel {
    /// The project's name.
    pub project: String,
    /// The services by name, those behind profiles too.
    pub services: BTreeMap<String, Service>,
    /// The volumes by key.
    pub volumes: BTreeMap<String, Volume>,
    /// The networks by key.
    pub networks: BTreeMap<String, Network>,
    /// The secrets by key.
    pub secrets: BTreeMap<String, Secret>,
    /// The configs by key; they are said as secrets are.
    pub configs: BTreeMap<String, Secret>,
}

/// A value, or the variable without which there is none.
///
/// In its place Compose takes the empty text, which is seldom what was meant. A model that is made
/// of Compose's answer has no such value: what is missing there can no longer be told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolved<T> {
    /// The value.
    Known(T),
    /// The first variable in it that nothing sets.
    Unresolved(String),
}

/// A text that may want a variable.
pub type Text = Resolved<String>;

impl<T> Resolved<T> {
    /// The value, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unresolved(_) => None,
        }
    }
}

impl Resolved<String> {
    /// The text, where it is known.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.known().map(String::as_str)
    }
}

impl ResolvedModel {
    /// The project's name.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }

    /// A service by name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(name)
    }

    /// The real name of the volume that a mount names by its key.
    #[must_use]
    pub fn volume_name(&self, key: &str) -> Option<&str> {
        self.volumes.get(key)?.name.text()
    }

    /// Whether a service is to end by itself: somebody waits for its end.
    #[must_use]
    pub fn is_one_shot(&self, name: &str) -> bool {
        let awaits = |service: &Service| {
            service
                .depends_on
                .get(name)
                .is_some_and(|one| one.condition == Condition::CompletedSuccessfully)
        };
        self.services.values().any(awaits)
    }
}
