//! A named volume or a folder of the host that a container has now, against what its service wants
//! at that place.

use diagnostics::Remedy;
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
    let service = &container.service;
    let impact = format!(
        "{service} would find nothing at {from}: its volume {volume} would be mounted at {to}"
    );
    let risk = Risk::new(RiskKind::Moved, service, impact)
        .of_volumes([volume])
        .concluded_from(vec![evidence, format!("the files now mount it at {to}")])
        .with_remedies(vec![
            Remedy::advice(
                "mount it where it was, in the files",
                format!("{volume} at {from}"),
            ),
            Remedy::steps(
                format!("if {service} reads {to} now; the volume stays"),
                vec![evaluation.desired.again()],
            ),
        ]);
    evaluation.risk(risk);
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
    let impact =
        format!("{service} would start with an empty volume; its data would stay behind in {old}");
    let risk = Risk::new(RiskKind::Renamed, service, impact)
        .of_volumes([old, new])
        .concluded_from(vec![
            evidence,
            format!("the files now mount {new} there, which {is_there}"),
        ])
        .with_remedies(vec![keep_name(evaluation, new, old)]);
    evaluation.risk(risk);
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
    let impact = format!(
        "{service} would start with other data; what it has now would stay behind in {old}"
    );
    let risk = Risk::new(RiskKind::Renamed, service, impact)
        .of_volumes([old, new])
        .concluded_from(vec![
            evidence,
            format!("the files now mount {new} there, which is no copy of it: {differs}"),
        ])
        .with_remedies(vec![keep_name(evaluation, new, old)]);
    evaluation.risk(risk);
}

/// The lines that keep the old volume below a new key.
pub(super) fn keep_name(evaluation: &Evaluation<'_>, new: &str, old: &str) -> Remedy {
    let key = evaluation
        .desired
        .volumes
        .iter()
        .find(|(_, volume)| volume.name == new)
        .map_or(new, |(key, _)| key);
    Remedy::lines_of_a_file(
        "keep the volume below its new key, in the files",
        format!("volumes:\n  {key}:\n    name: {old}"),
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
    let impact = format!(
        "{service} would start without its data: the volume {volume} would not be mounted any more"
    );
    let mount = Remedy::advice(
        "mount it again, in the files",
        format!("{volume} at {target}"),
    );
    let risk = Risk::new(RiskKind::Dropped, service, impact)
        .of_volumes([volume])
        .concluded_from(vec![evidence, format!("the files now mount {now} there")])
        .with_remedies(vec![mount]);
    evaluation.risk(risk);
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
    let (from, to) = (format!("{folder}/."), format!("{name}:{target}"));
    let carry = vec![
        desired.compose_command(&["stop", name]),
        desired.create_anyway(name),
        desired.compose_command(&["cp", &from, &to]),
        desired.up(),
    ];
    let impact =
        format!("{name} would start without its data, which would stay behind in {folder}");
    let risk = Risk::new(RiskKind::Renamed, name, impact)
        .of_volumes([new])
        .concluded_from(vec![
            format!(
                "{} has the folder {folder} at {target}: {held}",
                container.name
            ),
            format!("the files now mount {now} there"),
        ])
        .with_remedies(vec![Remedy::steps("carry it over", carry)]);
    evaluation.risk(risk);
}
