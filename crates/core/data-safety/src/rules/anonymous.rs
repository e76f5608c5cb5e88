//! Data that has no name: in an anonymous volume, or in the container's own layer. A named volume
//! at its place would start empty and cover it, and the container that knows it is made anew.

use std::collections::BTreeSet;

use engine_facts::{Container, Mount, MountKind};

use super::covering::{Covering, covering_at};
use crate::evaluation::{Evaluation, Risk, RiskKind};
use crate::{DesiredMount, DesiredService, Observation, Query, Source};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    for container in &evaluation.actual.containers {
        let Some(service) = evaluation.desired.service(&container.service) else {
            continue;
        };
        for mount in &container.mounts {
            if let MountKind::Anonymous(volume) = mount.kind() {
                anonymous(evaluation, container, service, mount, &volume);
            }
        }
        for desired in &service.mounts {
            layer(evaluation, container, desired);
        }
    }
}

fn anonymous(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    service: &DesiredService,
    mount: &Mount,
    volume: &str,
) {
    let target = &mount.destination;
    // Compose hands an anonymous volume on to the container that takes the place of the old one.
    let is_kept = |desired: &&DesiredMount| desired.source == Source::Anonymous;
    let Some(over) = service.mount_at(target).filter(|one| !is_kept(one)) else {
        return;
    };
    let Some(held) = evaluation
        .observe_in(&container.id, target)
        .filter(|observation| observation.is_something())
    else {
        return;
    };
    let Some(covered) = covers(evaluation, over, container, mount, held) else {
        return;
    };
    let short = volume.get(..12).unwrap_or(volume);
    let evidence = vec![
        format!(
            "{} keeps {target} in an anonymous volume ({short}...): {}",
            container.name,
            told(held)
        ),
        format!("the files now mount {} there{covered}", named(&over.source)),
    ];
    tell(evaluation, container, target, &over.source, evidence);
}

/// Where nothing is mounted now and a named volume is wanted, what the container wrote there goes
/// with it.
fn layer(evaluation: &mut Evaluation<'_>, container: &Container, desired: &DesiredMount) {
    let Source::Volume(name) = &desired.source else {
        return;
    };
    let is_mounted = container
        .mounts
        .iter()
        .any(|mount| mount.destination == desired.target);
    let moves = container
        .mounts
        .iter()
        .any(|mount| mount.kind() == MountKind::NamedVolume(name.clone()));
    if is_mounted || moves {
        return;
    }
    let query = Query::Layer {
        id: container.id.clone(),
        folder: desired.target.clone(),
    };
    let Some(Observation::Number(changed)) = evaluation
        .observe(query)
        .filter(|observation| observation.is_something())
    else {
        return;
    };
    let found = evaluation.found_in(name, &container.service);
    let covered = match found {
        None => return,
        Some(found) if !found.is_something() => String::new(),
        Some(found) => {
            let Some(held) = evaluation.observe_in(&container.id, &desired.target) else {
                return;
            };
            let Some(covered) = is_other(held, found) else {
                return;
            };
            covered
        }
    };
    let evidence = vec![
        format!(
            "{} wrote {changed} paths below {} into its own layer",
            container.name, desired.target
        ),
        format!(
            "the files now mount {} there{covered}",
            named(&desired.source)
        ),
    ];
    tell(
        evaluation,
        container,
        &desired.target,
        &desired.source,
        evidence,
    );
}

/// Whether what is wanted would show nothing of the data, with what it would show instead. A volume
/// that holds the same was filled by hand; one that holds something else may be of years ago.
fn covers(
    evaluation: &mut Evaluation<'_>,
    over: &DesiredMount,
    container: &Container,
    mount: &Mount,
    held: &Observation,
) -> Option<String> {
    match &over.source {
        Source::Volume(name) => match evaluation.found_in(name, &container.service)? {
            found if found.is_something() => is_other(held, found),
            _ => Some(String::new()),
        },
        Source::Bind(_) => {
            let old = Source::Volume(mount.name.clone());
            match covering_at(evaluation, &old, &mount.destination, over)? {
                Covering::Copy => None,
                Covering::Empty => Some(", which is empty".to_owned()),
                Covering::Other(differs) => {
                    Some(format!(", which holds something else: {differs}"))
                }
                Covering::Unseen(why) => {
                    evaluation.unknown(format!(
                        "{} would get {} in place of what it has now, which was not looked into: {why}",
                        container.service,
                        named(&over.source)
                    ));
                    None
                }
            }
        }
        Source::Memory => Some(String::new()),
        Source::Anonymous => None,
    }
}

/// What a volume holds, where it is no copy of what is here.
fn is_other(held: &Observation, found: &Observation) -> Option<String> {
    (held != found).then(|| format!(", which holds something else: {}", told(found)))
}

fn tell(
    evaluation: &mut Evaluation<'_>,
    container: &Container,
    target: &str,
    over: &Source,
    evidence: Vec<String>,
) {
    let (service, desired) = (&container.service, evaluation.desired);
    let (compose, anyway, up) = (&desired.compose, &desired.compose_anyway, &desired.up);
    let carry = vec![
        format!("{compose} stop {service}"),
        format!("{compose} cp {service}:{target} ./{service}-data"),
        format!("{anyway} create {service}"),
        format!("{compose} cp ./{service}-data/. {service}:{target}"),
        up.clone(),
    ];
    evaluation.risk(Risk {
        kind: RiskKind::Anonymous,
        subject: service.clone(),
        volumes: if let Source::Volume(name) = over { [name.clone()].into() } else { BTreeSet::new() },
        impact: format!("{service} would start without its data: what is at {target} has no name and would be covered"),
        evidence,
        remedies: vec![("carry it over".to_owned(), carry)],
    });
}

/// What a place holds, in words.
pub(super) fn told(observation: &Observation) -> String {
    match observation {
        Observation::Nothing => "nothing".to_owned(),
        Observation::File(_) => "a file".to_owned(),
        Observation::NonEmptyFolder(contents) => contents.to_string(),
        Observation::Content(content) => content.to_string(),
        Observation::Number(number) => number.to_string(),
        Observation::Unavailable(why) => format!("not looked into: {why}"),
    }
}

/// What is mounted, in words.
pub(crate) fn named(source: &Source) -> String {
    match source {
        Source::Volume(name) => format!("the volume {name}"),
        Source::Anonymous => "a volume without a name".to_owned(),
        Source::Bind(path) => format!("the folder {path}"),
        Source::Memory => "memory".to_owned(),
    }
}
