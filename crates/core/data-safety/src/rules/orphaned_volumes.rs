//! Volumes that no container has, after a `down` as a rule: the project's own that the files no
//! longer name, while others would be made empty.

use super::mounts::keep_name;
use crate::evaluation::{Evaluation, Risk, RiskKind};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let (desired, actual) = (evaluation.desired, evaluation.actual);
    let is_held = |name: &str| {
        actual
            .containers
            .iter()
            .any(|one| one.mounts.iter().any(|mount| mount.name == name))
    };
    let is_named = |name: &str| desired.volumes.values().any(|volume| volume.name == name);
    let left: Vec<_> = actual
        .volumes
        .values()
        .filter(|volume| volume.project() == Some(&desired.project) && volume.key().is_some())
        .map(|volume| volume.name.as_str())
        .filter(|name| !is_named(name) && !is_held(name))
        .collect();
    let is_new = |name: &&str| {
        !actual.volumes.contains_key(*name) && desired.users_of(name).next().is_some()
    };
    let new: Vec<_> = desired
        .own_volumes()
        .map(|(_, volume)| volume.name.as_str())
        .filter(is_new)
        .collect();
    for old in left {
        let Some(user) = new.iter().find_map(|new| desired.users_of(new).next()) else {
            return;
        };
        if evaluation.is_told(old) {
            continue;
        }
        // One that turns out to be empty is nobody's data; what cannot be looked into may be.
        let Some(held) = evaluation.observe_in_volume(old, user, "") else {
            continue;
        };
        if held.is_something() {
            tell(evaluation, old, &new);
        }
    }
}

fn tell(evaluation: &mut Evaluation<'_>, old: &str, new: &[&str]) {
    let volumes = if new.len() == 1 {
        "the volume"
    } else {
        "the volumes"
    };
    let names = new.join(" and ");
    let impact = format!(
        "the files no longer name the volume {old}, and {volumes} {names} would be made empty"
    );
    let risk = Risk::new(RiskKind::Renamed, old, impact)
        .of_volumes([old].iter().chain(new).copied())
        .concluded_from(vec![
            format!(
                "{old} belongs to the project {}, and no container has it",
                evaluation.desired.project
            ),
            format!(
                "{names} {} not there yet",
                if new.len() == 1 { "is" } else { "are" }
            ),
        ])
        .with_remedies(vec![keep_name(evaluation, new[0], old)]);
    evaluation.risk(risk);
}
