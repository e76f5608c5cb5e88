//! Data that has no name: in an anonymous volume, or in the container's own layer. A named volume at its place would start
//! empty and cover it, and the container that knows it is made anew.

use super::case::{Case, Risk, RiskKind};
use super::{Place, Sight, Source, WantedMount, WantedService};
use crate::engine::container::{Container, Mount, MountKind};

pub(super) fn judge(case: &mut Case<'_>) {
    for container in &case.existing.containers {
        let Some(service) = case.wanted.services.get(&container.service) else { continue };
        for mount in &container.mounts {
            if let MountKind::Anonymous(volume) = mount.kind() {
                anonymous(case, (container, service), mount, &volume);
            }
        }
        for wanted in &service.mounts {
            layer(case, container, wanted);
        }
    }
}

fn anonymous(case: &mut Case<'_>, (container, service): (&Container, &WantedService), mount: &Mount, volume: &str) {
    let target = &mount.destination;
    let over = match service.mount_at(target).map(|wanted| &wanted.source) {
        // Compose hands an anonymous volume on to the container that takes the place of the old one.
        None | Some(Source::Anonymous) => return,
        Some(source) => source,
    };
    let Some(held) = case.see_in(&container.id, target).filter(|sight| sight.is_something()) else { return };
    if !covers(case, over, &container.service) {
        return;
    }
    let short = volume.get(..12).unwrap_or(volume);
    let evidence = vec![
        format!("{} keeps {target} in an anonymous volume ({short}...): {}", container.name, told(held)),
        format!("the files now mount {} there", named(over)),
    ];
    tell(case, container, target, evidence);
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
    if case.starts_empty(name, &container.service) != Some(true) {
        return;
    }
    let evidence = vec![
        format!("{} wrote {changed} paths below {} into its own layer", container.name, wanted.target),
        format!("the files now mount {} there", named(&wanted.source)),
    ];
    tell(case, container, &wanted.target, evidence);
}

/// Whether what is wanted would show nothing of the data: it may have been carried over by hand.
fn covers(case: &mut Case<'_>, over: &Source, service: &str) -> bool {
    match over {
        Source::Volume(name) => case.starts_empty(name, service) == Some(true),
        Source::Bind(path) => case.see(Place::Host(path.clone())).is_some_and(|sight| !sight.is_something()),
        Source::Memory => true,
        Source::Anonymous => false,
    }
}

fn tell(case: &mut Case<'_>, container: &Container, target: &str, evidence: Vec<String>) {
    let (service, compose, up) = (&container.service, &case.wanted.compose, &case.wanted.up);
    let carry = vec![
        format!("{compose} stop {service}"),
        format!("{compose} cp {service}:{target} ./{service}-data"),
        format!("{compose} create {service}"),
        format!("{compose} cp ./{service}-data/. {service}:{target}"),
        up.clone(),
    ];
    case.risk(Risk {
        kind: RiskKind::Anonymous,
        subject: service.clone(),
        happens: format!(
            "{service} would start without its data: what is at {target} has no name and would be covered"
        ),
        evidence,
        safely: vec![("carry it over".to_owned(), carry)],
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
