//! What is there: containers and volumes, and a look at what they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use data_safety::{Actual, Desired, Observation, Observations, Query, alike_among, related_among};
use docker::engine::container::PROJECT;
use docker::engine::volume::Volume;
use docker::engine::{Engine, EngineError, Peek};
use system::regular_file;

use super::contents;
use crate::checkout::Checkout;

/// What is there, as far as an environment may have to do with it.
pub(super) fn find(
    engine: &Engine,
    checkout: &Checkout,
    desired: &Desired,
) -> Result<Actual, EngineError> {
    let all = engine
        .all_containers()?
        .into_iter()
        .filter(|container| !container.is_one_off());
    let (containers, others): (Vec<_>, Vec<_>) =
        all.partition(|container| container.labels.get(PROJECT) == Some(&desired.project));
    let with_containers: BTreeSet<_> = containers
        .iter()
        .chain(&others)
        .filter_map(|container| container.labels.get(PROJECT).cloned())
        .collect();
    let related = related_among(others, desired, Path::exists);
    let last = checkout.memory.project_of(&desired.environment);
    let was_here = last.as_ref() == Some(&desired.project);
    let last_project = last.filter(|last| *last != desired.project);
    let others = checkout.environments().into_iter().map(|other| other.name);
    let mut others = others.filter(|other| !was_here && *other != desired.environment);
    let is_same =
        |other: &String| checkout.memory.project_of(other).as_ref() == Some(&desired.project);
    let other_environment = others.find(is_same);
    let alike = alike(engine, desired, &with_containers)?;
    let others = related.iter().map(|related| &related.project);
    let others = others.chain(&last_project).chain(&alike);
    let volumes = volumes(engine, desired, others)?;
    Ok(Actual {
        containers,
        related,
        volumes,
        last_project,
        other_environment,
        alike,
    })
}

/// The projects whose volumes alone are like ours; the engine is asked for one key of the files.
fn alike(
    engine: &Engine,
    desired: &Desired,
    with_containers: &BTreeSet<String>,
) -> Result<BTreeSet<String>, EngineError> {
    let first = desired.volumes.iter().find(|(_, volume)| !volume.external);
    let may_be_moved = desired.is_named_by_folder && !with_containers.contains(&desired.project);
    let Some((key, _)) = first.filter(|_| may_be_moved) else {
        return Ok(BTreeSet::new());
    };
    let mut volumes = engine.volumes_by_key(key)?;
    let projects: BTreeSet<_> = volumes.iter().filter_map(Volume::project).collect();
    let projects: Vec<_> = projects.into_iter().map(str::to_owned).collect();
    for project in projects {
        volumes.extend(engine.volumes_of(&project)?);
    }
    Ok(alike_among(&volumes, with_containers, desired))
}

fn volumes<'p>(
    engine: &Engine,
    desired: &'p Desired,
    others: impl Iterator<Item = &'p String>,
) -> Result<BTreeMap<String, Volume>, EngineError> {
    let names: Vec<_> = desired
        .volumes
        .values()
        .map(|volume| volume.name.as_str())
        .collect();
    let mut found = engine.volumes(&names)?;
    let projects: BTreeSet<_> = others.chain([&desired.project]).collect();
    for project in projects {
        found.extend(engine.volumes_of(project)?);
    }
    let prefix = format!("{}_", desired.project);
    let all = engine.volume_names()?;
    let known: BTreeSet<_> = found.iter().map(|volume| volume.name.clone()).collect();
    let alike = all
        .iter()
        .filter(|name| name.starts_with(&prefix) && !known.contains(*name));
    found.extend(engine.volumes(&alike.map(String::as_str).collect::<Vec<_>>())?);
    Ok(found
        .into_iter()
        .map(|volume| (volume.name.clone(), volume))
        .collect())
}

/// Looks at all that is asked for; into volumes in one go.
pub(super) fn observe_all(engine: &Engine, queries: Vec<Query>) -> Observations {
    let (contents, queries): (Vec<_>, Vec<_>) = queries
        .into_iter()
        .partition(|query| matches!(query, Query::Content(_)));
    let mut found = contents::look(engine, contents);
    found.extend(queries.into_iter().map(|query| {
        let observation = observe(engine, &query);
        (query, observation)
    }));
    found
}

/// Looks at a place.
fn observe(engine: &Engine, query: &Query) -> Observation {
    match query {
        Query::Container { id, path } => observation(engine.peek(id, path)),
        Query::Volume { name, image, path } => {
            observation(engine.peek_into_volume(name, image, path))
        }
        Query::Layer { id, folder } => match engine.changed_below(id, folder) {
            Ok(number) => Observation::Number(u64::try_from(number).unwrap_or(u64::MAX)),
            Err(error) => unseen(&error),
        },
        Query::RedisKeys(id) => {
            let unseen = || {
                Observation::Unavailable(
                    "redis-cli does not tell how many keys there are".to_owned(),
                )
            };
            engine
                .redis_keys(id)
                .map_or_else(unseen, Observation::Number)
        }
        Query::ImageVariables(image) => match engine.image_variables(image) {
            Ok(text) => Observation::File(text.into_bytes()),
            Err(error) => unseen(&error),
        },
        // The path of a mount is one of the engine's machine.
        Query::Configuration(_) if !engine.is_local() => Observation::Unavailable(
            "it lies on the engine's machine, which is not this one".to_owned(),
        ),
        Query::Configuration(path) => configuration(path),
        Query::Content(_) => Observation::Unavailable("it was not looked into".to_owned()),
    }
}

pub(super) fn configuration(path: &str) -> Observation {
    match regular_file::bytes(path) {
        Ok(bytes) => Observation::File(bytes),
        Err(error) => Observation::Unavailable(error.to_string()),
    }
}

fn observation(peek: Result<Peek, EngineError>) -> Observation {
    match peek {
        Ok(Peek::Absent) => Observation::Nothing,
        Ok(Peek::File(beginning)) => Observation::File(beginning),
        Ok(Peek::Folder(contents)) if contents.is_empty() => Observation::Nothing,
        Ok(Peek::Folder(contents)) => Observation::NonEmptyFolder(contents),
        Err(error) => unseen(&error),
    }
}

fn unseen(error: &EngineError) -> Observation {
    Observation::Unavailable(
        error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
    )
}
