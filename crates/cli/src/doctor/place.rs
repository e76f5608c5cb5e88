//! Where the stack lives: on this machine's engine or another's, and made from this checkout or by
//! whoever else owns the files.

use compose_model::ResolvedModel;
use compose_model::resolved::MountSource;
use diagnostics::Remedy;
use docker::Endpoint;
use docker::engine::Engine;
use docker::engine::container::FOLDER;

use super::{Finding, Place};

pub(super) fn check(
    engine: Option<&Engine>,
    place: Place<'_>,
    model: &ResolvedModel,
) -> Vec<Finding> {
    let Some(engine) = engine else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if !engine.is_local() {
        findings.push(of_another_machine(place, model));
    }
    findings.extend(made_elsewhere(engine, place));
    findings
}

/// A path of the host is one of the engine's machine.
fn of_another_machine(place: Place<'_>, model: &ResolvedModel) -> Finding {
    let environment = &place.environment.name;
    let chosen = Endpoint::chosen();
    let mut folders: Vec<_> = model
        .services
        .iter()
        .flat_map(|(name, service)| service.mounts.iter().map(move |mount| (name, mount)))
        .filter_map(|(name, mount)| match mount.source.known()? {
            MountSource::Bind(path) => Some(format!("{path} of {name}")),
            _ => None,
        })
        .collect();
    folders.dedup();
    let says = format!("{environment}: the engine is on another machine ({chosen})");
    match &folders[..] {
        [] => Finding::ok(
            "engine-place",
            format!("{says}; no service mounts a folder of this one"),
        ),
        [first, rest @ ..] => {
            let more = match rest.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            Finding::warn(
                "engine-place",
                format!("{says}, where these paths must be too: {first}{more}"),
                Remedy::advice(
                    "",
                    "copy them there, or run this tool in a checkout on that machine",
                ),
            )
        }
    }
}

/// The containers that run may have been made by a panel, or from another checkout: they change when
/// those files do.
fn made_elsewhere(engine: &Engine, place: Place<'_>) -> Option<Finding> {
    let (environment, project) = (&place.environment.name, &place.environment.project.name);
    let directory = place.checkout.call(place.environment).directory;
    let here = directory.canonicalize().unwrap_or(directory);
    let containers = engine.containers(project).ok()?;
    let mut folders = containers.iter().filter_map(|one| one.labels.get(FOLDER));
    let folder = folders.find(|folder| **folder != *here.to_string_lossy())?;
    Some(Finding::warn(
        "made-from",
        format!(
            "{environment}: its containers were made from {folder}, which is not this checkout; what changes here reaches them when it is deployed there"
        ),
        Remedy::command(
            "What these files would do to the data there",
            &["facts", environment],
        ),
    ))
}
