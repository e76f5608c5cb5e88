//! What is known of an environment and its engine as one document: taken where the data is, judged
//! anywhere, such as in a pull request. No secret is in it: of commands and variables there is only
//! what moves data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use datastores::DATASTORES;
use engine_facts::container::{Container, PROJECT, State, Status};
use engine_facts::{Content, Contents, Mount, MountKind, Volume, mount_at};
use serde::{Deserialize, Serialize};

use crate::{Actual, Desired, DesiredService, Observation, Query, Source};

/// The version of the document's form.
pub const FACTS_SCHEMA: u32 = 1;

/// What is known of an environment and its engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facts {
    /// The version of this form, [`FACTS_SCHEMA`].
    pub schema: u32,
    /// The environment's name.
    pub environment: String,
    /// Its project.
    pub project: String,
    /// The services that the files want, by name.
    pub desired: BTreeMap<String, ServiceFact>,
    /// The containers of the project.
    pub containers: Vec<ContainerFact>,
    /// Every volume that may hold data of it.
    pub volumes: Vec<VolumeFact>,
    /// The folders of the host that datastores mount.
    pub binds: Vec<BindFact>,
    /// The datastores' images that are there.
    pub images: Vec<ImageFact>,
}

/// A service as the files want it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceFact {
    /// Its image.
    pub image: Option<String>,
    /// The datastore's id; none where it is not known to be one.
    pub datastore: Option<String>,
    /// The variables and options that move its data, such as `PGDATA` or `--dir`.
    pub settings: BTreeMap<String, String>,
    /// What is mounted into it, by target.
    pub mounts: BTreeMap<String, String>,
}

/// A container of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContainerFact {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its service.
    pub service: String,
    /// The image as it was named.
    pub image: String,
    /// Whether it runs.
    pub is_running: bool,
    /// What is mounted into it.
    pub mounts: Vec<Mount>,
}

/// A volume, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VolumeFact {
    /// Its real name.
    pub name: String,
    /// Its key in the files that it was made of.
    pub key: Option<String>,
    /// The project that it was made for.
    pub project: Option<String>,
    /// What keeps it.
    pub driver: String,
    /// The names of the driver's options; the values may be secrets.
    pub options: Vec<String>,
    /// When it was made, as the engine says it.
    pub created: Option<String>,
    /// The containers that mount it.
    pub users: Vec<String>,
    /// What it holds.
    pub content: Content,
}

/// A folder of the host, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BindFact {
    /// Its path.
    pub path: String,
    /// What it holds.
    pub content: Content,
}

/// An image of a datastore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImageFact {
    /// Its name in the files.
    pub name: String,
    /// Its variables that tell where data lies and which version makes it.
    pub variables: BTreeMap<String, String>,
}

/// A variable of an image that tells the version of its server.
const VERSION: &str = "PG_MAJOR";

impl Facts {
    /// What has to be looked at for the document.
    #[must_use]
    pub fn queries(desired: &Desired, actual: &Actual) -> Vec<Query> {
        let anonymous = actual.containers.iter().flat_map(|one| &one.mounts);
        let anonymous = anonymous.filter_map(|mount| match mount.kind() {
            MountKind::Anonymous(name) => Some(name),
            _ => None,
        });
        let volumes = actual.volumes.keys().cloned().chain(anonymous);
        let stores = desired
            .services
            .values()
            .filter(|one| family(one).is_some());
        let binds = stores.clone().flat_map(|service| &service.mounts);
        let binds = binds
            .map(|mount| mount.source.clone())
            .filter(|source| matches!(source, Source::Bind(_)));
        let contents = volumes.map(Source::Volume).chain(binds).map(Query::Content);
        let images = stores.filter_map(|service| service.image.clone());
        contents.chain(images.map(Query::ImageVariables)).collect()
    }

    /// The document of what was seen.
    #[must_use]
    pub fn of(desired: &Desired, actual: &Actual, seen: &crate::Observations) -> Self {
        let mut facts = Self {
            schema: FACTS_SCHEMA,
            environment: desired.environment.clone(),
            project: desired.project.clone(),
            desired: desired
                .services
                .iter()
                .map(|(name, service)| (name.clone(), service_fact(service)))
                .collect(),
            containers: actual.containers.iter().map(container_fact).collect(),
            volumes: Vec::new(),
            binds: Vec::new(),
            images: Vec::new(),
        };
        for (query, observation) in seen {
            match (query, observation) {
                (Query::Content(Source::Volume(name)), Observation::Content(content)) => {
                    facts.volumes.push(volume_fact(actual, name, content));
                }
                (Query::Content(Source::Bind(path)), Observation::Content(content)) => {
                    facts.binds.push(BindFact {
                        path: path.clone(),
                        content: content.clone(),
                    });
                }
                (Query::ImageVariables(name), Observation::File(text)) => {
                    facts.images.push(image_fact(name, text));
                }
                _ => {}
            }
        }
        facts
    }

    /// What is there, for the rules. The names of a driver's options alone are known, so that no
    /// change of one is told.
    #[must_use]
    pub fn actual(&self, desired: &Desired) -> Actual {
        let volumes = self.volumes.iter().map(|fact| {
            let labels = [
                (PROJECT, &fact.project),
                (engine_facts::volume::KEY, &fact.key),
            ];
            let labels = labels.into_iter();
            let volume = Volume {
                name: fact.name.clone(),
                driver: fact.driver.clone(),
                labels: labels
                    .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)))
                    .collect(),
                options: BTreeMap::new(),
                created_at: fact.created.clone(),
            };
            (fact.name.clone(), volume)
        });
        Actual {
            containers: self.containers.iter().map(container).collect(),
            related: Vec::new(),
            volumes: volumes.collect(),
            last_project: (self.project != desired.project).then(|| self.project.clone()),
            other_environment: None,
            alike: BTreeSet::new(),
        }
    }

    /// What the document tells of a question; none where it is about a file of the checkout.
    #[must_use]
    pub fn observe(&self, query: &Query) -> Option<Observation> {
        let silent = || Observation::Unavailable("the facts do not tell".to_owned());
        Some(match query {
            Query::Configuration(_) => return None,
            Query::Content(source) => self
                .content(source)
                .map_or_else(silent, |content| Observation::Content(content.clone())),
            Query::Volume { name, path, .. } => self
                .content(&Source::Volume(name.clone()))
                .map_or_else(silent, |content| at(content, path)),
            Query::Container { id, path } => self.in_container(id, path).unwrap_or_else(silent),
            Query::ImageVariables(name) => self
                .images
                .iter()
                .find(|image| image.name == *name)
                .map_or_else(silent, |image| {
                    let line = |(name, value): (&String, &String)| format!("{name}={value}\n");
                    let text: String = image.variables.iter().map(line).collect();
                    Observation::File(text.into_bytes())
                }),
            Query::Layer { .. } | Query::RedisKeys(_) => silent(),
        })
    }

    fn content(&self, source: &Source) -> Option<&Content> {
        match source {
            Source::Volume(name) => self
                .volumes
                .iter()
                .find(|volume| volume.name == *name)
                .map(|volume| &volume.content),
            Source::Bind(path) => self
                .binds
                .iter()
                .find(|bind| bind.path == *path)
                .map(|bind| &bind.content),
            Source::Anonymous | Source::Memory => None,
        }
    }

    fn in_container(&self, id: &str, path: &str) -> Option<Observation> {
        let container = self.containers.iter().find(|one| one.id == id)?;
        let mount = mount_at(&container.mounts, path)?;
        let source = match mount.kind() {
            MountKind::NamedVolume(name) | MountKind::Anonymous(name) => Source::Volume(name),
            MountKind::Bind(path) => Source::Bind(path),
            MountKind::Memory => return None,
        };
        let below = Path::new(path).strip_prefix(&mount.destination).ok()?;
        Some(at(self.content(&source)?, &below.to_string_lossy()))
    }
}

/// What is at a path of a volume, as far as its signatures tell.
fn at(content: &Content, path: &str) -> Observation {
    let data = match content {
        Content::Unknown { why } => return Observation::Unavailable(why.clone()),
        Content::Empty => return Observation::Nothing,
        Content::Data(data) => data,
    };
    if path.is_empty() {
        return Observation::NonEmptyFolder(Contents {
            entries: data.entries,
            bytes: data.bytes,
            at_least: data.at_least,
        });
    }
    let is_it = |found: &&engine_facts::Signature| {
        let mut paths = found.files.iter();
        paths.any(|file| Path::new(path) == Path::new(&found.subpath).join(file))
    };
    match data.families.iter().find(is_it) {
        Some(found) => Observation::File(found.version.clone().unwrap_or_default().into_bytes()),
        None => Observation::Nothing,
    }
}

fn family(service: &DesiredService) -> Option<&'static datastores::Datastore> {
    datastores::of(&service.image_ref()?)
}

fn service_fact(service: &DesiredService) -> ServiceFact {
    let store = family(service);
    let flags = store.into_iter().flat_map(|store| {
        let marks = store.marks.iter().filter_map(|mark| mark.flag);
        store.flags().chain(marks).chain(["--appendonly"])
    });
    let flags =
        flags.filter_map(|flag| Some((flag.to_owned(), crate::data_root::option(service, flag)?)));
    let variables = store.into_iter().flat_map(datastores::Datastore::variables);
    let variables =
        variables.filter_map(|name| Some((name.to_owned(), service.variables.get(name)?.clone())));
    let mounts = service.mounts.iter();
    ServiceFact {
        image: service.image.clone(),
        datastore: store.map(|store| store.id.to_owned()),
        settings: flags.chain(variables).collect(),
        mounts: mounts
            .map(|mount| {
                let source = crate::rules::named(&mount.source);
                (mount.target.clone(), source)
            })
            .collect(),
    }
}

fn container_fact(container: &Container) -> ContainerFact {
    ContainerFact {
        id: container.id.clone(),
        name: container.name.clone(),
        service: container.service.clone(),
        image: container.image.clone(),
        is_running: container.is_running(),
        mounts: container.mounts.clone(),
    }
}

fn container(fact: &ContainerFact) -> Container {
    let status = if fact.is_running {
        Status::Running
    } else {
        Status::Exited
    };
    Container {
        id: fact.id.clone(),
        name: fact.name.clone(),
        image: fact.image.clone(),
        image_id: String::new(),
        service: fact.service.clone(),
        labels: BTreeMap::new(),
        state: State {
            status,
            exit_code: 0,
            started_at: None,
            finished_at: None,
            out_of_memory: false,
            error: String::new(),
        },
        health: None,
        mounts: fact.mounts.clone(),
        restarts: 0,
    }
}

fn volume_fact(actual: &Actual, name: &str, content: &Content) -> VolumeFact {
    let volume = actual.volumes.get(name);
    let uses = |one: &&Container| one.mounts.iter().any(|mount| mount.name == name);
    VolumeFact {
        name: name.to_owned(),
        key: volume.and_then(Volume::key).map(str::to_owned),
        project: volume.and_then(Volume::project).map(str::to_owned),
        driver: volume.map_or_else(|| "local".to_owned(), |volume| volume.driver.clone()),
        options: volume
            .map(|volume| volume.options.keys().cloned().collect())
            .unwrap_or_default(),
        created: volume.and_then(|volume| volume.created_at.clone()),
        users: actual
            .containers
            .iter()
            .filter(uses)
            .map(|one| one.name.clone())
            .collect(),
        content: content.clone(),
    }
}

fn image_fact(name: &str, text: &[u8]) -> ImageFact {
    let known = |name: &str| {
        let mut variables = DATASTORES.iter().flat_map(|store| store.variables());
        name == VERSION || variables.any(|variable| variable == name)
    };
    let text = String::from_utf8_lossy(text);
    let variables = text.lines().filter_map(|line| line.split_once('='));
    ImageFact {
        name: name.to_owned(),
        variables: variables
            .filter(|(name, _)| known(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    }
}
