//! 6: every named volume is mounted where the image keeps its data, and no data is anywhere else.

use std::collections::BTreeMap;

use docker::engine::container::{Container, MountKind};

use super::super::data::{is_at_or_below, place, suspicious};
use super::super::error::LiveError;
use super::super::model::Service;
use super::super::outcome::{About, EvidenceLog, Outcome, Verdict};
use super::super::reason::Reason;
use super::super::sandbox::Sandbox;
use super::super::test_environment::TestEnvironment;
use super::{Applies, Phase, Proof, ProofContext, Stage};

/// Volumes are mounted where the data is.
pub struct Volumes;

impl Proof for Volumes {
    fn about(&self) -> About {
        About {
            id: "volumes",
            title: "Volumes hold the data",
            requirement: "Named volumes are mounted where the images keep their data, and no data is anywhere else",
            reasons: &[Reason::Layer, Reason::AnonymousVolume, Reason::WrongTarget],
        }
    }

    /// When the stores have been written to, and before anything is made anew.
    fn stages(&self) -> &'static [Stage] {
        &[Stage::Shared(Phase::Written)]
    }

    fn progress(&self) -> Option<&'static str> {
        Some("where the data lies")
    }

    /// What an image declares is seen on its container alone.
    fn applies(&self, _subject: &TestEnvironment<'_>) -> Result<Applies, LiveError> {
        Ok(Applies::Yes)
    }

    /// Looks at the mounts and the layers.
    fn prove(&self, context: &mut ProofContext<'_>) -> Result<Verdict, LiveError> {
        let sandbox = context.sandbox;
        let (mut log, mut looked) = (EvidenceLog::default(), false);
        let containers = sandbox.containers()?;
        let by_service: BTreeMap<_, _> = containers
            .iter()
            .map(|one| (one.service.as_str(), one))
            .collect();
        for service in sandbox.subject.model.services() {
            let Some(container) = by_service.get(service.name) else {
                continue;
            };
            let places = places(sandbox, service, container)?;
            looked |= !places.is_empty() || service.has_volume();
            if let Some(outcome) = judge(sandbox, service, container, &places, &mut log)? {
                return Ok(log.ends(outcome));
            }
        }
        Ok(if looked {
            log.proved()
        } else {
            Verdict::not_applicable("no service has a volume or is known to keep data")
        })
    }
}

/// Where a service's image keeps data: what it declares, and what is known of it.
fn places(
    sandbox: &Sandbox<'_>,
    service: Service<'_>,
    container: &Container,
) -> Result<Vec<String>, LiveError> {
    let image = sandbox
        .engine()
        .image(&container.image_id)?
        .unwrap_or_default();
    let mut places = image.volumes;
    // A volume that a known place lies above or below is that place.
    if let Some(known) = place(service)
        && !places.contains(&known)
    {
        places.push(known);
    }
    places.sort();
    Ok(places)
}

fn judge(
    sandbox: &Sandbox<'_>,
    service: Service<'_>,
    container: &Container,
    places: &[String],
    log: &mut EvidenceLog,
) -> Result<Option<Outcome>, LiveError> {
    let name = service.name;
    for place in places {
        match lies(service, container, place) {
            Ok(words) => log.see(name, words),
            Err(words) => {
                let words = format!(
                    "{name} keeps data in {place}, {words}{}",
                    elsewhere(container, places)
                );
                return Ok(Some(Outcome::failed(reason(container, places), words)));
            }
        }
    }
    if place(service).is_some() {
        let layer = sandbox.engine().layer(&container.id)?;
        let targets: Vec<_> = container
            .mounts
            .iter()
            .map(|mount| mount.destination.as_str())
            .collect();
        if let Some(first) = suspicious(&layer, &targets).first() {
            let words =
                format!("{name} writes {first} into the container's own layer, which goes with it");
            return Ok(Some(Outcome::failed(Reason::Layer, words)));
        }
        log.see(
            name,
            format!(
                "docker diff: {} paths in its own layer, none of them data",
                layer.len()
            ),
        );
    }
    for mount in misplaced(container, places) {
        log.see(
            name,
            format!("{mount}; the image says nothing of data there"),
        );
    }
    Ok(None)
}

/// What keeps a place; an error where that goes with the container.
fn lies(service: Service<'_>, container: &Container, place: &str) -> Result<String, &'static str> {
    // Memory by the long form is a mount of the container too, and told as one.
    let is_mount = |path: &str| container.mounts.iter().any(|one| one.destination == path);
    if service
        .memory()
        .any(|path| is_at_or_below(place, path) && !is_mount(path))
    {
        return Ok(format!("{place} is in memory, on purpose"));
    }
    match container
        .mount_at(place)
        .map(|mount| (mount.kind(), &mount.destination))
    {
        Some((MountKind::NamedVolume(volume), at)) => Ok(format!("{volume} at {at} holds {place}")),
        Some((MountKind::Bind(_), at)) => Ok(format!("a folder of the host at {at} holds {place}")),
        Some((MountKind::Memory, at)) => Ok(format!("{place} is in memory ({at}), on purpose")),
        Some((MountKind::Anonymous(_), _)) => Err("on an anonymous volume"),
        None => Err("in the container's own layer"),
    }
}

/// A named volume that lies beside the data is a wrong target; without one there is none at all.
fn reason(container: &Container, places: &[String]) -> Reason {
    if misplaced(container, places).is_empty() {
        Reason::AnonymousVolume
    } else {
        Reason::WrongTarget
    }
}

fn elsewhere(container: &Container, places: &[String]) -> String {
    let misplaced = misplaced(container, places);
    if misplaced.is_empty() {
        String::new()
    } else {
        format!("; {}", misplaced.join(", "))
    }
}

/// Named volumes that hold none of the places.
fn misplaced(container: &Container, places: &[String]) -> Vec<String> {
    let named = container
        .mounts
        .iter()
        .filter(|mount| matches!(mount.kind(), MountKind::NamedVolume(_)));
    let holds_none = named.filter(|mount| {
        !places.iter().any(|place| {
            container
                .mount_at(place)
                .is_some_and(|at| at.destination == mount.destination)
        }) && !places
            .iter()
            .any(|place| is_at_or_below(&mount.destination, place))
    });
    holds_none
        .map(|mount| format!("{} is mounted at {}", mount.name, mount.destination))
        .collect()
}
