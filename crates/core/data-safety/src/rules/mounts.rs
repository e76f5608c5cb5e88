//! A named volume or a folder of the host that a container has now, against what its service wants
//! at that place.

use engine_facts::{Container, Mount, MountKind};

use super::anonymous::{named, told};
use super::covering::{Covering, covering, covering_at};
use crate::evaluation::{Evaluation, Risk, RiskKind};
use crate::{DesiredService, Observation, Source};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    for container in &evaluation.actual.containers {
        let Some(service) = evaluation.desired.service(&container.service) else {
            continue;
        };
        for mount in container.mounts.iter().filter(|mount| mount.writable) {
            match mount.kind() {
                MountKind::NamedVolume(volume) => {
                    volume_of(evaluation, container, service, mount, &volume)
                }
                MountKind::Bind(folder) => {
                    folder_of(evaluation, container, service, mount, &folder)
                }
                MountKind::Anonymous(_) | MountKind::Memory => {}
            }
        }
    }
}

fn volume_of(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    service: &DesiredService,
    mount: &Mount,
    volume: &str,
) {
    let target = mount.destination.as_str();
    let there = service.mount_at(target);
    if there.is_some_and(|desired| desired.target == target && desired.volume() == Some(volume)) {
        return;
    }
    let Some(held) = evaluation
        .observe_in(&container.id, target)
        .filter(|observation| observation.is_something())
    else {
        return;
    };
    let evidence = format!(
        "{} has the volume {volume} at {target}: {}",
        container.name,
        told(held)
    );
    if let Some(elsewhere) = service
        .mounts
        .iter()
        .find(|desired| desired.volume() == Some(volume))
    {
        return moved(
            evaluation,
            container,
            volume,
            target,
            &elsewhere.target,
            evidence,
        );
    }
    match there.map(|desired| &desired.source) {
        Some(Source::Volume(new)) => renamed(evaluation, container, volume, new, evidence),
        source => {
            let now = match there {
                Some(folder) if matches!(folder.source, Source::Bind(_)) => {
                    let old = Source::Volume(volume.to_owned());
                    let covering = covering_at(evaluation, &old, target, folder);
                    in_its_place(evaluation, container, &folder.source, covering)
                }
                _ => Some(source.map_or_else(|| "nothing".to_owned(), named)),
            };
            if let Some(now) = now {
                dropped(evaluation, container, volume, target, &now, evidence);
            }
        }
    }
}

/// What a service would find at the place of its data, in words; none for a copy of it, and where
/// that was not seen, which is told.
fn in_its_place(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    new: &Source,
    covering: Option<Covering>,
) -> Option<String> {
    match covering? {
        Covering::Copy => None,
        Covering::Empty => Some(format!("{}, which is empty,", named(new))),
        Covering::Other(differs) => Some(format!(
            "{}, which is no copy of it ({differs}),",
            named(new)
        )),
        Covering::Unseen(why) => {
            evaluation.unknown(format!(
                "{} would get {} in place of its data; whether it is a copy was not looked at: {why}",
                container.service,
                named(new)
            ));
            None
        }
    }
}

fn moved(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    volume: &str,
    from: &str,
    to: &str,
    evidence: String,
) {
    let (service, again) = (&container.service, &evaluation.desired.again);
    evaluation.risk(Risk {
        kind: RiskKind::Moved,
        subject: service.clone(),
        volumes: [volume.to_owned()].into(),
        impact: format!(
            "{service} would find nothing at {from}: its volume {volume} would be mounted at {to}"
        ),
        evidence: vec![evidence, format!("the files now mount it at {to}")],
        remedies: vec![
            (
                "mount it where it was, in the files".to_owned(),
                vec![format!("{volume} at {from}")],
            ),
            (
                format!("if {service} reads {to} now"),
                vec![format!("{again}   # the volume stays")],
            ),
        ],
    });
}

fn renamed(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    old: &str,
    new: &str,
    evidence: String,
) {
    match evaluation.starts_empty(new, &container.service) {
        None => return,
        Some(true) => {}
        Some(false) => return replaced(evaluation, container, old, new, evidence),
    }
    let service = &container.service;
    let is_there = if evaluation.actual.volumes.contains_key(new) {
        "is there and empty"
    } else {
        "is not there yet"
    };
    evaluation.risk(Risk {
        kind: RiskKind::Renamed,
        subject: service.clone(),
        volumes: [old.to_owned(), new.to_owned()].into(),
        impact: format!(
            "{service} would start with an empty volume; its data would stay behind in {old}"
        ),
        evidence: vec![
            evidence,
            format!("the files now mount {new} there, which {is_there}"),
        ],
        remedies: vec![keep_name(evaluation, new, old)],
    });
}

/// The volume that would take the other one's place is not empty.
fn replaced(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    old: &str,
    new: &str,
    evidence: String,
) {
    let service = &container.service;
    let volumes = [old, new].map(|name| Source::Volume(name.to_owned()));
    let differs = match covering(evaluation, &volumes[0], &volumes[1]) {
        // It was seen to hold something; what is emptied in between is seen the next time.
        None | Some(Covering::Copy | Covering::Empty) => return,
        Some(Covering::Unseen(why)) => {
            return evaluation.unknown(format!(
                "{service} would get the volume {new} in place of {old}; whether it is a copy was not looked at: {why}"
            ));
        }
        Some(Covering::Other(differs)) => differs,
    };
    evaluation.risk(Risk {
        kind: RiskKind::Renamed,
        subject: service.clone(),
        volumes: [old.to_owned(), new.to_owned()].into(),
        impact: format!(
            "{service} would start with other data; what it has now would stay behind in {old}"
        ),
        evidence: vec![
            evidence,
            format!("the files now mount {new} there, which is no copy of it: {differs}"),
        ],
        remedies: vec![keep_name(evaluation, new, old)],
    });
}

/// The lines that keep the old volume below a new key.
pub(super) fn keep_name(
    evaluation: &Evaluation<'_>,
    new: &str,
    old: &str,
) -> (String, Vec<String>) {
    let key = evaluation
        .desired
        .volumes
        .iter()
        .find(|(_, volume)| volume.name == new)
        .map_or(new, |(key, _)| key);
    let lines = vec![
        "volumes:".to_owned(),
        format!("  {key}:"),
        format!("    name: {old}"),
    ];
    (
        "keep the volume below its new key, in the files".to_owned(),
        lines,
    )
}

fn dropped(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    volume: &str,
    target: &str,
    now: &str,
    evidence: String,
) {
    let service = &container.service;
    evaluation.risk(Risk {
        kind: RiskKind::Dropped,
        subject: service.clone(),
        volumes: [volume.to_owned()].into(),
        impact: format!("{service} would start without its data: the volume {volume} would not be mounted any more"),
        evidence: vec![evidence, format!("the files now mount {now} there")],
        remedies: vec![("mount it again, in the files".to_owned(), vec![format!("{volume} at {target}")])],
    });
}

/// A folder of the host that a volume takes the place of.
fn folder_of(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    service: &DesiredService,
    mount: &Mount,
    folder: &str,
) {
    let target = mount.destination.as_str();
    let Some(desired) = service
        .mount_at(target)
        .filter(|desired| desired.target == target)
    else {
        return;
    };
    let Source::Volume(new) = &desired.source else {
        return;
    };
    let Some(Observation::NonEmptyFolder(held)) = evaluation.observe_in(&container.id, target)
    else {
        return;
    };
    let now = match evaluation.starts_empty(new, &container.service) {
        None => return,
        Some(true) => named(&desired.source),
        Some(false) => {
            let old = Source::Bind(folder.to_owned());
            let covering = covering(evaluation, &old, &desired.source);
            match in_its_place(evaluation, container, &desired.source, covering) {
                None => return,
                Some(now) => now,
            }
        }
    };
    let (name, desired) = (&container.service, evaluation.desired);
    let (compose, anyway) = (&desired.compose, &desired.compose_anyway);
    let carry = vec![
        format!("{compose} stop {name}"),
        format!("{anyway} create {name}"),
        format!("{compose} cp {folder}/. {name}:{target}"),
        desired.up.clone(),
    ];
    evaluation.risk(Risk {
        kind: RiskKind::Renamed,
        subject: name.clone(),
        volumes: [new.clone()].into(),
        impact: format!("{name} would start without its data, which would stay behind in {folder}"),
        evidence: vec![
            format!(
                "{} has the folder {folder} at {target}: {held}",
                container.name
            ),
            format!("the files now mount {now} there"),
        ],
        remedies: vec![("carry it over".to_owned(), carry)],
    });
}
