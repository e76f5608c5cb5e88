//! A service that has another name now: the container of the old one runs on, on the same volume.

use engine_facts::MountKind;

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
            evaluation.risk(Risk {
                kind: RiskKind::Service,
                subject: container.service.clone(),
                volumes: [volume.clone()].into(),
                impact: format!(
                    "{} and {user} would both write to the volume {volume}",
                    container.service
                ),
                evidence: vec![
                    format!(
                        "{} runs with {volume} at {}",
                        container.name, mount.destination
                    ),
                    format!("the files know no service {}", container.service),
                ],
                remedies: vec![(
                    "remove the old container first; the volume stays".to_owned(),
                    vec![format!("{} -- --remove-orphans", desired.up)],
                )],
            });
        }
    }
}
