//! What is on an engine, as far as an environment may have to do with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine_facts::container::{Container, FILES, FOLDER, PROJECT};
use engine_facts::volume::Volume;

use crate::desired::Desired;

/// What is there, as far as an environment may have to do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actual {
    /// The containers of its project.
    pub containers: Vec<Container>,
    /// Containers of other projects that may be this one's by an earlier name.
    pub related: Vec<RelatedContainer>,
    /// The volumes that the files name, and those of its project and its kin, by real name.
    pub volumes: BTreeMap<String, Volume>,
    /// The project that the environment was last started as here, where that is another one.
    pub last_project: Option<String>,
    /// Another environment of the checkout that was last started here as the same project, which
    /// this one never was.
    pub other_environment: Option<String>,
    /// Projects without a container whose volumes have the very keys of the files: this checkout
    /// before it was moved, or another clone of it.
    pub alike: BTreeSet<String>,
}

/// A container of another project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedContainer {
    /// The container.
    pub container: Container,
    /// Its project.
    pub project: String,
    /// Why it may be one of ours.
    pub why: RelationReason,
}

/// Why a container of another project may be one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelationReason {
    /// It was made from this folder, with the same files.
    SameFolder,
    /// It was made from a folder that is gone, with files of the same names.
    FolderGone(String),
}

/// The projects whose volumes have the very keys that the files give theirs, of those that have no
/// container which would tell whose they are. None where the project has a name of its own, or
/// anything here already.
#[must_use]
pub fn alike_among(
    volumes: &[Volume],
    with_containers: &BTreeSet<String>,
    desired: &Desired,
) -> BTreeSet<String> {
    let wanted: BTreeSet<_> = desired.own_volumes().map(|(key, _)| key).collect();
    let is_here = |volume: &Volume| volume.project() == Some(&desired.project);
    if !desired.is_named_by_folder
        || wanted.is_empty()
        || with_containers.contains(&desired.project)
        || volumes.iter().any(is_here)
    {
        return BTreeSet::new();
    }
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for volume in volumes {
        if let (Some(project), Some(key)) = (volume.project(), volume.key()) {
            keys.entry(project).or_default().insert(key);
        }
    }
    keys.retain(|project, own| {
        *own == wanted
            && !with_containers.contains(*project)
            && !desired.other_projects.iter().any(|other| other == project)
    });
    keys.into_keys().map(str::to_owned).collect()
}

fn project_of(container: &Container) -> Option<&String> {
    container.labels.get(PROJECT)
}

/// The containers that may be ours. A project whose folder is gone and that has a service of which
/// our files say nothing is another one: `docker-compose.yml` and `redis` are everybody's names.
/// Whether a folder is there the caller looks.
#[must_use]
pub fn related_among(
    others: Vec<Container>,
    desired: &Desired,
    is_there: impl Fn(&Path) -> bool,
) -> Vec<RelatedContainer> {
    let is_strange = |container: &&Container| !desired.services.contains_key(&container.service);
    let strangers: BTreeSet<_> = others
        .iter()
        .filter(is_strange)
        .filter_map(project_of)
        .cloned()
        .collect();
    let related = others.into_iter().filter_map(|container| {
        let (project, why) = (
            project_of(&container)?.clone(),
            relation(&container, desired, &is_there)?,
        );
        (why == RelationReason::SameFolder || !strangers.contains(&project)).then_some(
            RelatedContainer {
                container,
                project,
                why,
            },
        )
    });
    related.collect()
}

/// Files of the same names from the same folder, or from one that is no longer there.
fn relation(
    container: &Container,
    desired: &Desired,
    is_there: impl Fn(&Path) -> bool,
) -> Option<RelationReason> {
    let folder = container.labels.get(FOLDER)?;
    let files = container
        .labels
        .get(FILES)?
        .split(',')
        .map(|path| Path::new(path).file_name());
    let files: Vec<_> = files
        .map(|name| name.unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    if files != desired.files || !desired.services.contains_key(&container.service) {
        return None;
    }
    if Path::new(folder) == desired.folder {
        return Some(RelationReason::SameFolder);
    }
    (!is_there(Path::new(folder))).then(|| RelationReason::FolderGone(folder.clone()))
}
