//! What is there: containers and volumes, and a look at what they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use docker::engine::container::{Container, FILES, FOLDER, PROJECT};
use docker::engine::volume::Volume;
use docker::engine::{Engine, EngineError, Peek};

use super::{Place, Sight, Wanted};
use crate::checkout::Checkout;

/// What is there, as far as an environment may have to do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// The containers of its project.
    pub containers: Vec<Container>,
    /// Containers of other projects that may be this one's by an earlier name.
    pub kin: Vec<Kin>,
    /// The volumes that the files name, and those of its project and its kin, by real name.
    pub volumes: BTreeMap<String, Volume>,
    /// The project that the environment was last started as here, where that is another one.
    pub last_project: Option<String>,
}

/// A container of another project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kin {
    /// The container.
    pub container: Container,
    /// Its project.
    pub project: String,
    /// Why it may be one of ours.
    pub why: Why,
}

/// Why a container of another project may be one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was made from this folder, with the same files.
    SameFolder,
    /// It was made from a folder that is gone, with files of the same names.
    FolderGone(String),
}

impl Existing {
    pub(super) fn find(engine: &Engine, checkout: &Checkout, wanted: &Wanted) -> Result<Self, EngineError> {
        let all = engine.all_containers()?.into_iter().filter(|container| !container.is_one_off());
        let (containers, others): (Vec<_>, Vec<_>) =
            all.partition(|container| project_of(container) == Some(&wanted.project));
        let kin = kin_among(others, wanted);
        let last_project = checkout.memory.project_of(&wanted.environment).filter(|last| *last != wanted.project);
        let volumes = volumes(engine, wanted, kin.iter().map(|kin| &kin.project).chain(&last_project))?;
        Ok(Self { containers, kin, volumes, last_project })
    }
}

fn project_of(container: &Container) -> Option<&String> {
    container.labels.get(PROJECT)
}

/// The containers that may be ours. A project whose folder is gone and that has a service of which our files say nothing
/// is another one: `docker-compose.yml` and `redis` are everybody's names.
pub(super) fn kin_among(others: Vec<Container>, wanted: &Wanted) -> Vec<Kin> {
    let is_strange = |container: &&Container| !wanted.services.contains_key(&container.service);
    let strangers: BTreeSet<_> = others.iter().filter(is_strange).filter_map(project_of).cloned().collect();
    let kin = others.into_iter().filter_map(|container| {
        let (project, why) = (project_of(&container)?.clone(), kinship(&container, wanted)?);
        (why == Why::SameFolder || !strangers.contains(&project)).then_some(Kin { container, project, why })
    });
    kin.collect()
}

/// Files of the same names from the same folder, or from one that is no longer there.
fn kinship(container: &Container, wanted: &Wanted) -> Option<Why> {
    let folder = container.labels.get(FOLDER)?;
    let files = container.labels.get(FILES)?.split(',').map(|path| Path::new(path).file_name());
    let files: Vec<_> = files.map(|name| name.unwrap_or_default().to_string_lossy().into_owned()).collect();
    if files != wanted.files || !wanted.services.contains_key(&container.service) {
        return None;
    }
    if Path::new(folder) == wanted.folder {
        return Some(Why::SameFolder);
    }
    (!Path::new(folder).exists()).then(|| Why::FolderGone(folder.clone()))
}

fn volumes<'p>(
    engine: &Engine,
    wanted: &'p Wanted,
    others: impl Iterator<Item = &'p String>,
) -> Result<BTreeMap<String, Volume>, EngineError> {
    let names: Vec<_> = wanted.volumes.values().map(|volume| volume.name.as_str()).collect();
    let mut found = engine.volumes(&names)?;
    let projects: BTreeSet<_> = others.chain([&wanted.project]).collect();
    for project in projects {
        found.extend(engine.volumes_of(project)?);
    }
    Ok(found.into_iter().map(|volume| (volume.name.clone(), volume)).collect())
}

/// Looks at a place.
pub(super) fn see(engine: &Engine, place: &Place) -> Sight {
    match place {
        Place::Container { id, path } => sight(engine.peek(id, path)),
        Place::Volume { name, image, path } => sight(engine.peek_into_volume(name, image, path)),
        Place::Layer { id, folder } => match engine.changed_below(id, folder) {
            Ok(number) => Sight::Number(u64::try_from(number).unwrap_or(u64::MAX)),
            Err(error) => unseen(&error),
        },
        Place::Keys(id) => {
            let unseen = || Sight::Unseen("redis-cli does not tell how many keys there are".to_owned());
            engine.redis_keys(id).map_or_else(unseen, Sight::Number)
        }
        Place::Image(image) => match engine.image_variables(image) {
            Ok(text) => Sight::File(text.into_bytes()),
            Err(error) => unseen(&error),
        },
        Place::Host(path) => match fs::read_dir(path) {
            Ok(mut entries) => Sight::Number(entries.next().is_some().into()),
            Err(_) => Sight::Nothing,
        },
    }
}

fn sight(peek: Result<Peek, EngineError>) -> Sight {
    match peek {
        Ok(Peek::Absent) => Sight::Nothing,
        Ok(Peek::File(beginning)) => Sight::File(beginning),
        Ok(Peek::Folder(contents)) if contents.is_empty() => Sight::Nothing,
        Ok(Peek::Folder(contents)) => Sight::Filled(contents),
        Err(error) => unseen(&error),
    }
}

fn unseen(error: &EngineError) -> Sight {
    Sight::Unseen(error.to_string().lines().next().unwrap_or_default().to_owned())
}
