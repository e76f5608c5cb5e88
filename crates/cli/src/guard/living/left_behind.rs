//! Volumes that no container has, after a `down` as a rule: the project's own that the files no longer name, while others
//! would be made empty.

use super::case::{Case, Risk, RiskKind};
use super::mounts::keep_name;

pub(super) fn judge(case: &mut Case<'_>) {
    let (wanted, existing) = (case.wanted, case.existing);
    let is_held = |name: &str| existing.containers.iter().any(|one| one.mounts.iter().any(|mount| mount.name == name));
    let is_named = |name: &str| wanted.volumes.values().any(|volume| volume.name == name);
    let left: Vec<_> = existing
        .volumes
        .values()
        .filter(|volume| volume.project() == Some(&wanted.project) && volume.key().is_some())
        .map(|volume| volume.name.as_str())
        .filter(|name| !is_named(name) && !is_held(name))
        .collect();
    let is_new = |name: &&str| !existing.volumes.contains_key(*name) && wanted.users_of(name).next().is_some();
    let new: Vec<_> = wanted.own_volumes().map(|(_, volume)| volume.name.as_str()).filter(is_new).collect();
    for old in left {
        let Some(user) = new.iter().find_map(|new| wanted.users_of(new).next()) else { return };
        if case.is_told(old) {
            continue;
        }
        // One that turns out to be empty is nobody's data; what cannot be looked into may be.
        let Some(held) = case.see_in_volume(old, user, "") else { continue };
        if held.is_something() {
            tell(case, old, &new);
        }
    }
}

fn tell(case: &mut Case<'_>, old: &str, new: &[&str]) {
    let volumes = if new.len() == 1 { "the volume" } else { "the volumes" };
    let names = new.join(" and ");
    case.risk(Risk {
        kind: RiskKind::Renamed,
        subject: old.to_owned(),
        volumes: [old].iter().chain(new).map(|name| (*name).to_owned()).collect(),
        impact: format!("the files no longer name the volume {old}, and {volumes} {names} would be made empty"),
        evidence: vec![
            format!("{old} belongs to the project {}, and no container has it", case.wanted.project),
            format!("{names} {} not there yet", if new.len() == 1 { "is" } else { "are" }),
        ],
        remedies: vec![keep_name(case, new[0], old)],
    });
}
