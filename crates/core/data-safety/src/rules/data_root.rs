//! A datastore that would start with nothing, while a volume of its project, or another place of
//! the same one, holds data of its family: its mount, its folder or a file's name was changed, be
//! there containers or not.

mod remedies;

use std::collections::BTreeSet;

use engine_facts::{Content, Signature};

use super::anonymous::named;
use crate::data_root::{self, DataRoot};
use crate::evaluation::{Evaluation, Risk, RiskKind};
use crate::{Desired, DesiredService, Observation, Query, Source};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let desired = evaluation.desired;
    // What lies here is the other one's, and this one was never started.
    if evaluation.actual.other_environment.is_some() {
        return;
    }
    let mut roots = Vec::new();
    for (name, service) in &desired.services {
        roots.extend(data_root::of(evaluation, service).map(|root| (name.as_str(), root)));
    }
    for (name, root) in &roots {
        let Some(service) = desired.service(name) else {
            continue;
        };
        if is_as_it_was(evaluation, name, root) {
            continue;
        }
        let Some(start) = start(evaluation, root) else {
            continue;
        };
        if start == Start::WithData {
            continue;
        }
        let others = roots.iter().filter(|(other, _)| other != name);
        let others: Vec<_> = others.map(|(_, root)| root).collect();
        for volume in candidates(evaluation) {
            candidate(
                evaluation,
                &Wanted {
                    name,
                    service,
                    root,
                    start: &start,
                },
                &volume,
                &others,
            );
        }
    }
}

/// How a datastore would start.
#[derive(PartialEq, Eq)]
enum Start {
    /// With what it finds.
    WithData,
    /// With nothing; what is at its place, in words.
    Empty(String),
    /// Its place could not be looked into; why.
    Unseen(String),
}

/// A datastore that would not be seen to start with data.
struct Wanted<'w> {
    name: &'w str,
    service: &'w DesiredService,
    root: &'w DataRoot,
    start: &'w Start,
}

/// Whether a container of the service has its data in something without a name, and in the same:
/// Compose hands such a volume on, and what else goes with the container is told before it goes.
fn is_as_it_was(evaluation: &Evaluation<'_>, name: &str, root: &DataRoot) -> bool {
    let lasts = matches!(root.source, Some(Source::Volume(_) | Source::Bind(_)));
    let own = evaluation.actual.containers.iter();
    let mut own = own.filter(|container| container.service == name);
    let has_name = |mount: &engine_facts::Mount| {
        use engine_facts::MountKind::{Bind, NamedVolume};
        matches!(mount.kind(), NamedVolume(_) | Bind(_))
    };
    !lasts
        && own.any(|container| {
            !engine_facts::mount_at(&container.mounts, &root.path).is_some_and(has_name)
        })
}

/// None until it was looked at.
fn start(evaluation: &mut Evaluation<'_>, root: &DataRoot) -> Option<Start> {
    let source = match &root.source {
        None => return Some(Start::Empty(format!("nothing is mounted at {}", root.path))),
        Some(source @ (Source::Anonymous | Source::Memory)) => {
            return Some(Start::Empty(format!(
                "{} is mounted at {}",
                named(source),
                root.target
            )));
        }
        Some(source) => source,
    };
    if let Source::Volume(name) = source {
        if in_memory(evaluation.desired, name) {
            return Some(Start::Empty(format!("the volume {name} is kept in memory")));
        }
        if !evaluation.actual.volumes.contains_key(name) {
            return Some(Start::Empty(format!("the volume {name} is not there yet")));
        }
    }
    let content = match evaluation.observe(Query::Content(source.clone()))? {
        Observation::Content(content) => content,
        Observation::Unavailable(why) => return Some(Start::Unseen(why.clone())),
        _ => return Some(Start::Empty(format!("{} is empty", named(source)))),
    };
    if let Content::Unknown { why } = content {
        return Some(Start::Unseen(why.clone()));
    }
    let mut of_family = content.of_family(root.family.id);
    if of_family.any(|found| root.finds(source, found)) {
        return Some(Start::WithData);
    }
    let place = if root.subpath.is_empty() {
        named(source)
    } else {
        format!("{} of {}", root.subpath, named(source))
    };
    Some(Start::Empty(match &root.reads[..] {
        [file] => format!("{place} has no {file}"),
        files => format!("{place} has none of {}", files.join(", ")),
    }))
}

/// Whether the files make a volume a file system in memory.
fn in_memory(desired: &Desired, name: &str) -> bool {
    let volume = desired.volumes.values().find(|volume| volume.name == name);
    volume.is_some_and(|volume| {
        volume.driver == "local"
            && volume
                .options
                .get("type")
                .is_some_and(|kind| kind == "tmpfs" || kind == "ramfs")
    })
}

/// The volumes that may hold data of ours: those that the files name, and those of the project, by
/// their label or, where they have none, by their name.
fn candidates(evaluation: &Evaluation<'_>) -> BTreeSet<String> {
    let desired = evaluation.desired;
    let prefix = format!("{}_", desired.project);
    let is_named = |name: &str| desired.volumes.values().any(|volume| volume.name == name);
    let volumes = evaluation.actual.volumes.values();
    let ours = volumes.filter(|volume| match volume.project() {
        Some(project) => project == desired.project || is_named(&volume.name),
        None => volume.name.starts_with(&prefix) || is_named(&volume.name),
    });
    ours.map(|volume| volume.name.clone()).collect()
}

fn candidate(
    evaluation: &mut Evaluation<'_>,
    wanted: &Wanted<'_>,
    volume: &str,
    others: &[&DataRoot],
) {
    let source = Source::Volume(volume.to_owned());
    if evaluation.is_told(volume) {
        return;
    }
    let Some(observation) = evaluation.observe(Query::Content(source.clone())) else {
        return;
    };
    let is_own = wanted.root.source.as_ref() == Some(&source);
    let why = match observation {
        Observation::Content(Content::Unknown { why }) | Observation::Unavailable(why) => why,
        Observation::Content(content) => {
            let is_free = |found: &&Signature| {
                let is_used = |other: &&DataRoot| other.is_at(&source, &found.subpath);
                !wanted.root.finds(&source, found) && !others.iter().any(is_used)
            };
            let mut found = content.of_family(wanted.root.family.id).filter(is_free);
            if let Some(found) = found.next() {
                tell(evaluation, wanted, volume, found);
            }
            return;
        }
        _ => return,
    };
    let is_used = others
        .iter()
        .any(|other| other.source.as_ref() == Some(&source));
    if matches!(wanted.start, Start::Empty(_)) && !is_own && !is_used {
        evaluation.unknown(format!(
            "{} would start with nothing, and the volume {volume} was not looked into: {why}",
            wanted.name
        ));
    }
}

fn tell(evaluation: &mut Evaluation<'_>, wanted: &Wanted<'_>, volume: &str, found: &Signature) {
    let Wanted { name, root, .. } = wanted;
    let place = match found.subpath.as_str() {
        "" => format!("the volume {volume}"),
        subpath => format!("{subpath} of the volume {volume}"),
    };
    let title = root.family.title;
    let what = found
        .version
        .as_ref()
        .map_or_else(|| title.to_owned(), |version| format!("{title} {version}"));
    let start = match wanted.start {
        Start::Empty(start) => start,
        // What could not be seen may be it.
        Start::Unseen(why) => {
            return evaluation.unknown(format!(
                "{name} may start with nothing: where it keeps its data was not looked into ({why}), and {place} holds data of {what}"
            ));
        }
        Start::WithData => return,
    };
    if let Some(doubt) = &root.doubt {
        return evaluation.unknown(format!(
            "{name} may start with nothing: {doubt}, {start}, and {place} holds data of {what}"
        ));
    }
    let own = root.source.iter().filter_map(|source| match source {
        Source::Volume(own) => Some(own.clone()),
        _ => None,
    });
    let impact = format!("{name} would start with nothing; its data would stay behind in {place}");
    let risk = Risk::new(RiskKind::Root, name, impact)
        .of_volumes(own.chain([volume.to_owned()]))
        .concluded_from(vec![
            format!("{place} holds data of {what}: {}", found.files.join(", ")),
            format!("{name} would look at {}: {start}", root.path),
        ])
        .with_remedies(vec![remedies::back(evaluation, wanted, volume, found)]);
    evaluation.risk(risk);
}
