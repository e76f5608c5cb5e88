//! A named volume or a folder of the host that a container has now, against what its service wants at that place.

use docker::engine::container::{Container, Mount, MountKind};

use super::anonymous::{named, told};
use super::case::{Case, Risk, RiskKind};
use super::{Place, Sight, Source, WantedService};

/// Whether a mount is a volume without a name of its own.
pub(super) fn is_anonymous(mount: &Mount) -> bool {
    matches!(mount.kind(), MountKind::Anonymous(_))
}

pub(super) fn judge(case: &mut Case<'_>) {
    for container in &case.existing.containers {
        let Some(service) = case.wanted.service(&container.service) else { continue };
        for mount in container.mounts.iter().filter(|mount| mount.writable) {
            match mount.kind() {
                MountKind::NamedVolume(volume) => volume_of(case, container, service, mount, &volume),
                MountKind::Bind(folder) => folder_of(case, container, service, mount, &folder),
                MountKind::Anonymous(_) | MountKind::Memory => {}
            }
        }
    }
}

fn volume_of(case: &mut Case<'_>, container: &Container, service: &WantedService, mount: &Mount, volume: &str) {
    let target = mount.destination.as_str();
    let there = service.mount_at(target);
    if there.is_some_and(|wanted| wanted.target == target && wanted.volume() == Some(volume)) {
        return;
    }
    let Some(held) = case.see_in(&container.id, target).filter(|sight| sight.is_something()) else { return };
    let evidence = format!("{} has the volume {volume} at {target}: {}", container.name, told(held));
    if let Some(elsewhere) = service.mounts.iter().find(|wanted| wanted.volume() == Some(volume)) {
        return moved(case, container, volume, target, &elsewhere.target, evidence);
    }
    match there.map(|wanted| &wanted.source) {
        Some(Source::Volume(new)) => renamed(case, container, volume, new, evidence),
        Some(Source::Bind(folder)) => {
            let place = Place::Host(folder.clone());
            if case.see(place).is_some_and(|sight| !sight.is_something()) {
                dropped(case, container, volume, target, there.map(|wanted| &wanted.source), evidence);
            }
        }
        source => dropped(case, container, volume, target, source, evidence),
    }
}

fn moved(case: &mut Case<'_>, container: &Container, volume: &str, from: &str, to: &str, evidence: String) {
    let (service, again) = (&container.service, &case.wanted.again);
    case.risk(Risk {
        kind: RiskKind::Moved,
        subject: service.clone(),
        volumes: [volume.to_owned()].into(),
        impact: format!("{service} would find nothing at {from}: its volume {volume} would be mounted at {to}"),
        evidence: vec![evidence, format!("the files now mount it at {to}")],
        remedies: vec![
            ("mount it where it was, in the files".to_owned(), vec![format!("{volume} at {from}")]),
            (format!("if {service} reads {to} now"), vec![format!("{again}   # the volume stays")]),
        ],
    });
}

fn renamed(case: &mut Case<'_>, container: &Container, old: &str, new: &str, evidence: String) {
    if case.starts_empty(new, &container.service) != Some(true) {
        return;
    }
    let service = &container.service;
    let is_there = if case.existing.volumes.contains_key(new) { "is there and empty" } else { "is not there yet" };
    case.risk(Risk {
        kind: RiskKind::Renamed,
        subject: service.clone(),
        volumes: [old.to_owned(), new.to_owned()].into(),
        impact: format!("{service} would start with an empty volume; its data would stay behind in {old}"),
        evidence: vec![evidence, format!("the files now mount {new} there, which {is_there}")],
        remedies: vec![keep_name(case, new, old)],
    });
}

/// The lines that keep the old volume below a new key.
pub(super) fn keep_name(case: &Case<'_>, new: &str, old: &str) -> (String, Vec<String>) {
    let key = case.wanted.volumes.iter().find(|(_, volume)| volume.name == new).map_or(new, |(key, _)| key);
    let lines = vec!["volumes:".to_owned(), format!("  {key}:"), format!("    name: {old}")];
    ("keep the volume below its new key, in the files".to_owned(), lines)
}

fn dropped(
    case: &mut Case<'_>,
    container: &Container,
    volume: &str,
    target: &str,
    there: Option<&Source>,
    evidence: String,
) {
    let service = &container.service;
    let now = there.map_or_else(|| "nothing".to_owned(), named);
    case.risk(Risk {
        kind: RiskKind::Dropped,
        subject: service.clone(),
        volumes: [volume.to_owned()].into(),
        impact: format!("{service} would start without its data: the volume {volume} would not be mounted any more"),
        evidence: vec![evidence, format!("the files now mount {now} there")],
        remedies: vec![("mount it again, in the files".to_owned(), vec![format!("{volume} at {target}")])],
    });
}

/// A folder of the host that a volume takes the place of.
fn folder_of(case: &mut Case<'_>, container: &Container, service: &WantedService, mount: &Mount, folder: &str) {
    let target = mount.destination.as_str();
    let Some(wanted) = service.mount_at(target).filter(|wanted| wanted.target == target) else { return };
    let Source::Volume(new) = &wanted.source else { return };
    let Some(Sight::Filled(held)) = case.see_in(&container.id, target) else { return };
    if case.starts_empty(new, &container.service) != Some(true) {
        return;
    }
    let (name, wanted) = (&container.service, case.wanted);
    let (compose, anyway) = (&wanted.compose, &wanted.compose_anyway);
    let carry = vec![
        format!("{compose} stop {name}"),
        format!("{anyway} create {name}"),
        format!("{compose} cp {folder}/. {name}:{target}"),
        wanted.up.clone(),
    ];
    case.risk(Risk {
        kind: RiskKind::Renamed,
        subject: name.clone(),
        volumes: [new.clone()].into(),
        impact: format!("{name} would start with an empty volume; its data would stay behind in {folder}"),
        evidence: vec![
            format!("{} has the folder {folder} at {target}: {held}", container.name),
            format!("the files now mount the volume {new} there"),
        ],
        remedies: vec![("carry it over".to_owned(), carry)],
    });
}
