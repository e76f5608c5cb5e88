//! A service that has another name now: the container of the old one runs on, on the same volume.

use docker::engine::container::MountKind;

use super::case::{Case, Risk, RiskKind};

pub(super) fn judge(case: &mut Case<'_>) {
    let wanted = case.wanted;
    if wanted.removes_orphans {
        return;
    }
    for container in case.existing.containers.iter().filter(|container| container.is_running()) {
        if wanted.services.contains_key(&container.service) {
            continue;
        }
        for mount in &container.mounts {
            let MountKind::NamedVolume(volume) = mount.kind() else { continue };
            let Some(user) = wanted.users_of(&volume).next() else { continue };
            case.risk(Risk {
                kind: RiskKind::Service,
                subject: container.service.clone(),
                volumes: [volume.clone()].into(),
                impact: format!("{} and {user} would both write to the volume {volume}", container.service),
                evidence: vec![
                    format!("{} runs with {volume} at {}", container.name, mount.destination),
                    format!("the files know no service {}", container.service),
                ],
                remedies: vec![(
                    "remove the old container first; the volume stays".to_owned(),
                    vec![format!("{} -- --remove-orphans", wanted.up)],
                )],
            });
        }
    }
}
