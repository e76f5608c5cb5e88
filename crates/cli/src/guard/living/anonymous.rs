//! Data that has no name: in an anonymous volume, or in the container's own layer. A named volume at its place would start
//! empty and cover it, and the container that knows it is made anew.

use std::collections::BTreeSet;

use docker::engine::container::{Container, Mount, MountKind};

use super::case::{Case, Risk, RiskKind};
use super::{Place, Sight, Source, WantedMount, WantedService};

pub(super) fn judge(case: &mut Case<'_>) {
    for container in &case.existing.containers {
        let Some(service) = case.wanted.service(&container.service) else { continue };
        for mount in &container.mounts {
            if let MountKind::Anonymous(volume) = mount.kind() {
                anonymous(case, container, service, mount, &volume);
            }
        }
        for wanted in &service.mounts {
            layer(case, container, wanted);
        }
    }
}

fn anonymous(case: &mut Case<'_>, container: &Container, service: &WantedService, mount: &Mount, volume: &str) {
    let target = &mount.destination;
    let over = match service.mount_at(target).map(|wanted| &wanted.source) {
        // Compose hands an anonymous volume on to the container that takes the place of the old one.
        None | Some(Source::Anonymous) => return,
        Some(source) => source,
    };
    let Some(held) = case.see_in(&container.id, target).filter(|sight| sight.is_something()) else { return };
    let Some(covered) = covers(case, over, &container.service, held) else { return };
    let short = volume.get(..12).unwrap_or(volume);
    let evidence = vec![
        format!("{} keeps {target} in an anonymous volume ({short}...): {}", container.name, told(held)),
        format!("the files now mount {} there{covered}", named(over)),
    ];
    tell(case, container, target, over, evidence);
}

/// Where nothing is mounted now and a named volume is wanted, what the container wrote there goes with it.
fn layer(case: &mut Case<'_>, container: &Container, wanted: &WantedMount) {
    let Source::Volume(name) = &wanted.source else { return };
    let is_mounted = container.mounts.iter().any(|mount| mount.destination == wanted.target);
    let moves = container.mounts.iter().any(|mount| mount.kind() == MountKind::NamedVolume(name.clone()));
    if is_mounted || moves {
        return;
    }
    let place = Place::Layer { id: container.id.clone(), folder: wanted.target.clone() };
    let Some(Sight::Number(changed)) = case.see(place).filter(|sight| sight.is_something()) else { return };
    let found = case.found_in(name, &container.service);
    let covered = match found {
        None => return,
        Some(found) if !found.is_something() => String::new(),
        Some(found) => {
            let Some(held) = case.see_in(&container.id, &wanted.target) else { return };
            let Some(covered) = is_other(held, found) else { return };
            covered
        }
    };
    let evidence = vec![
        format!("{} wrote {changed} paths below {} into its own layer", container.name, wanted.target),
        format!("the files now mount {} there{covered}", named(&wanted.source)),
    ];
    tell(case, container, &wanted.target, &wanted.source, evidence);
}

/// Whether what is wanted would show nothing of the data, with what it would show instead. A volume that holds the same
/// was filled by hand; one that holds something else may be of years ago.
fn covers(case: &mut Case<'_>, over: &Source, service: &str, held: &Sight) -> Option<String> {
    match over {
        Source::Volume(name) => match case.found_in(name, service)? {
            found if found.is_something() => is_other(held, found),
            _ => Some(String::new()),
        },
        Source::Bind(path) => {
            let is_empty = case.see(Place::Host(path.clone())).is_some_and(|sight| !sight.is_something());
            is_empty.then(String::new)
        }
        Source::Memory => Some(String::new()),
        Source::Anonymous => None,
    }
}

/// What a volume holds, where it is no copy of what is here.
fn is_other(held: &Sight, found: &Sight) -> Option<String> {
    (held != found).then(|| format!(", which holds something else: {}", told(found)))
}

fn tell(case: &mut Case<'_>, container: &Container, target: &str, over: &Source, evidence: Vec<String>) {
    let (service, wanted) = (&container.service, case.wanted);
    let (compose, anyway, up) = (&wanted.compose, &wanted.compose_anyway, &wanted.up);
    let carry = vec![
        format!("{compose} stop {service}"),
        format!("{compose} cp {service}:{target} ./{service}-data"),
        format!("{anyway} create {service}"),
        format!("{compose} cp ./{service}-data/. {service}:{target}"),
        up.clone(),
    ];
    case.risk(Risk {
        kind: RiskKind::Anonymous,
        subject: service.clone(),
        volumes: if let Source::Volume(name) = over { [name.clone()].into() } else { BTreeSet::new() },
        impact: format!("{service} would start without its data: what is at {target} has no name and would be covered"),
        evidence,
        remedies: vec![("carry it over".to_owned(), carry)],
    });
}

/// What a place holds, in words.
pub(super) fn told(sight: &Sight) -> String {
    match sight {
        Sight::Nothing => "nothing".to_owned(),
        Sight::File(_) => "a file".to_owned(),
        Sight::Filled(contents) => contents.to_string(),
        Sight::Number(number) => number.to_string(),
        Sight::Unseen(why) => format!("not looked into: {why}"),
    }
}

/// What is mounted, in words.
pub(super) fn named(source: &Source) -> String {
    match source {
        Source::Volume(name) => format!("the volume {name}"),
        Source::Anonymous => "a volume without a name".to_owned(),
        Source::Bind(path) => format!("the folder {path}"),
        Source::Memory => "memory".to_owned(),
    }
}
