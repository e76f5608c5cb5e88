//! A volume whose labels, driver or options differ from the files: Compose offers to destroy it and make it anew.

use std::collections::BTreeMap;

use docker::engine::volume::{HASH, Volume};

use super::WantedVolume;
use super::case::{Case, Risk, RiskKind};

pub(super) fn judge(case: &mut Case<'_>) {
    let wanted = case.wanted;
    for (key, volume) in wanted.own_volumes() {
        // Compose looks at no volume that none of the services mounts which it starts.
        if wanted.users_of(&volume.name).next().is_none() {
            continue;
        }
        let Some(there) = case.existing.volumes.get(&volume.name) else { continue };
        // Without the hash of an earlier time Compose has nothing to compare with, and leaves the volume alone.
        if !there.labels.contains_key(HASH) {
            continue;
        }
        let differences = differences(volume, there);
        if !differences.is_empty() {
            tell(case, key, volume, differences);
        }
    }
}

/// One line each; values are not told, they may be secrets of a driver.
fn differences(wanted: &WantedVolume, there: &Volume) -> Vec<String> {
    let mut found = Vec::new();
    if wanted.driver != there.driver {
        found.push(format!("driver is {}, the files say {}", there.driver, wanted.driver));
    }
    found.extend(between("label", &own(&there.labels), &own(&wanted.labels)));
    found.extend(between("option", &there.options, &wanted.options));
    found
}

/// The labels that people write.
fn own(labels: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let is_own = |name: &&String| !name.starts_with("com.docker.compose.") && !name.starts_with("com.docker.volume.");
    labels.iter().filter(|(name, _)| is_own(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn between(what: &str, there: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> Vec<String> {
    let mut names: Vec<_> = there.keys().chain(wanted.keys()).collect();
    names.sort();
    names.dedup();
    let line = |name: &String| match (there.get(name), wanted.get(name)) {
        (None, _) => format!("the volume has no {what} {name}, the files do"),
        (_, None) => format!("the volume has the {what} {name}, the files do not"),
        _ => format!("the volume and the files differ in the {what} {name}"),
    };
    names.into_iter().filter(|name| there.get(*name) != wanted.get(*name)).map(line).collect()
}

fn tell(case: &mut Case<'_>, key: &str, volume: &WantedVolume, evidence: Vec<String>) {
    let (name, again) = (&volume.name, &case.wanted.again);
    // Behind `compose` a terminal is asked.
    let answer = if again.starts_with(&case.wanted.up) { "it answers no" } else { "answer no" };
    case.risk(Risk {
        kind: RiskKind::Settings,
        subject: name.clone(),
        volumes: [name.clone()].into(),
        impact: format!(
            "a label, driver or option of {name} differs: Compose would offer to destroy the volume and make it anew, \
             empty; `docker compose up -y` does so without a question"
        ),
        evidence,
        remedies: vec![
            ("take the change out of the files again".to_owned(), vec![format!("volumes.{key}")]),
            ("leave the volume as it is, and be told each time".to_owned(), vec![format!("{again}   # {answer}")]),
        ],
    });
}
