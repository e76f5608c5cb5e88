//! A service that has another name now: the container of the old one runs on, on the same volume.

use diagnostics::Remedy;
use engine_facts::{Container, Mount, MountKind};

use crate::Desired;
use crate::evaluation::{Evaluation, Risk, RiskKind};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let desired = evaluation.desired;
    if desired.removes_orphans {
        return;
    }
    for container in evaluation
        .actual
        .containers
        .iter()
        .filter(|container| container.is_running())
    {
        if desired.services.contains_key(&container.service) {
            continue;
        }
        for mount in &container.mounts {
            let MountKind::NamedVolume(volume) = mount.kind() else {
                continue;
            };
            let Some(user) = desired.users_of(&volume).next() else {
                continue;
            };
            let risk = still_writing(desired, container, mount, user);
            evaluation.risk(risk);
        }
    }
}

fn still_writing(desired: &Desired, container: &Container, mount: &Mount, user: &str) -> Risk {
    let Container { service, name, .. } = container;
    let volume = &mount.name;
    let remove = ["up", &desired.environment, "--", "--remove-orphans"];
    let label = "remove the old container first; the volume stays";
    let impact = format!("{service} and {user} would both write to the volume {volume}");
    Risk::new(RiskKind::Service, service, impact)
        .of_volumes([volume])
        .concluded_from(vec![
            format!("{name} runs with {volume} at {}", mount.destination),
            format!("the files know no service {service}"),
        ])
        .with_remedies(vec![Remedy::command(label, &remove)])
}
