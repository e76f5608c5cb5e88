//! A volume whose labels, driver or options differ from the files: Compose offers to destroy it and
//! make it anew.

use std::collections::BTreeMap;

use diagnostics::Remedy;
use engine_facts::volume::{HASH, Volume};

use crate::DesiredVolume;
use crate::evaluation::{Evaluation, Risk, RiskKind};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let desired = evaluation.desired;
    for (key, volume) in desired.own_volumes() {
        // Compose looks at no volume that none of the services mounts which it starts.
        if desired.users_of(&volume.name).next().is_none() {
            continue;
        }
        let Some(there) = evaluation.actual.volumes.get(&volume.name) else {
            continue;
        };
        // Without the hash of an earlier time Compose has nothing to compare with, and leaves the
        // volume alone.
        if !there.labels.contains_key(HASH) {
            continue;
        }
        let differences = differences(volume, there);
        if !differences.is_empty() {
            tell(evaluation, key, volume, differences);
        }
    }
}

/// One line each; values are not told, they may be secrets of a driver.
fn differences(desired: &DesiredVolume, there: &Volume) -> Vec<String> {
    let mut found = Vec::new();
    if desired.driver != there.driver {
        found.push(format!(
            "driver is {}, the files say {}",
            there.driver, desired.driver
        ));
    }
    found.extend(between("label", &own(&there.labels), &own(&desired.labels)));
    found.extend(between("option", &there.options, &desired.options));
    found
}

/// The labels that people write.
fn own(labels: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let is_own = |name: &&String| {
        !name.starts_with("com.docker.compose.") && !name.starts_with("com.docker.volume.")
    };
    labels
        .iter()
        .filter(|(name, _)| is_own(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn between(
    what: &str,
    there: &BTreeMap<String, String>,
    desired: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut names: Vec<_> = there.keys().chain(desired.keys()).collect();
    names.sort();
    names.dedup();
    let line = |name: &String| match (there.get(name), desired.get(name)) {
        (None, _) => format!("the volume has no {what} {name}, the files do"),
        (_, None) => format!("the volume has the {what} {name}, the files do not"),
        _ => format!("the volume and the files differ in the {what} {name}"),
    };
    names
        .into_iter()
        .filter(|name| there.get(*name) != desired.get(*name))
        .map(line)
        .collect()
}

fn tell(evaluation: &mut Evaluation<'_>, key: &str, volume: &DesiredVolume, evidence: Vec<String>) {
    let (name, desired) = (&volume.name, evaluation.desired);
    // Behind `compose` a terminal is asked.
    let answer = if desired.is_up() {
        "it answers no"
    } else {
        "answer no"
    };
    let impact = format!(
        "a label, driver or option of {name} differs: Compose would offer to destroy the volume and make it anew, \
         empty; `docker compose up -y` does so without a question"
    );
    let leave = format!("leave the volume as it is, and be told each time ({answer})");
    let risk = Risk::new(RiskKind::Settings, name, impact)
        .of_volumes([name])
        .concluded_from(evidence)
        .with_remedies(vec![
            Remedy::advice(
                "take the change out of the files again",
                format!("volumes.{key}"),
            ),
            Remedy::steps(leave, vec![desired.again()]),
        ]);
    evaluation.risk(risk);
}
