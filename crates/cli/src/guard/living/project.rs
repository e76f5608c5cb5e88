//! A project that has another name now: its checkout was moved or renamed, or `name:` was changed. Volumes are called after
//! it, so all of them would be made anew.

use std::collections::BTreeMap;

use super::case::{Case, Risk, RiskKind};
use super::existing::{Kin, Why};
use super::mounts::is_anonymous;

pub(super) fn judge(case: &mut Case<'_>) {
    let existing = case.existing;
    let mut former: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kin in existing.kin.iter().filter(|kin| !case.wanted.other_projects.contains(&kin.project)) {
        let from = match &kin.why {
            Why::SameFolder => "this folder".to_owned(),
            Why::FolderGone(folder) => format!("{folder}, which is gone,"),
        };
        let line = format!("{} was made from {from} with files of these names", kin.container.name);
        former.entry(&kin.project).or_default().push(line);
    }
    if let Some(last) = &existing.last_project {
        former.entry(last).or_default().push(format!("the last up from here was of the project {last}"));
    }
    for (project, mut evidence) in former {
        evidence.truncate(2);
        let lost = lost(case, project);
        if !lost.is_empty() {
            tell(case, project, &lost, evidence);
        }
    }
}

/// What the former project holds and this one would have to do without.
fn lost(case: &mut Case<'_>, project: &str) -> Vec<String> {
    let (wanted, existing) = (case.wanted, case.existing);
    let mut lost = Vec::new();
    for (key, volume) in wanted.own_volumes().filter(|(_, volume)| !existing.volumes.contains_key(&volume.name)) {
        let old = existing.volumes.values().find(|old| old.project() == Some(project) && old.key() == Some(key));
        lost.extend(old.map(|old| format!("{} (now {})", old.name, volume.name)));
    }
    let is_ours = |service: &str| existing.containers.iter().any(|own| own.service == service);
    for kin in existing.kin.iter().filter(|kin| kin.project == project && !is_ours(&kin.container.service)) {
        for mount in kin.container.mounts.iter().filter(|mount| is_anonymous(mount)) {
            if case.see_in(&kin.container.id, &mount.destination).is_some_and(|sight| sight.is_something()) {
                lost.push(format!("{} of {} (without a name)", mount.destination, kin.container.name));
            }
        }
    }
    lost
}

fn tell(case: &mut Case<'_>, project: &str, lost: &[String], mut evidence: Vec<String>) {
    let now = &case.wanted.project;
    let of_it = case.existing.volumes.values().filter(|volume| volume.project() == Some(project));
    let volumes = of_it.map(|volume| volume.name.clone()).collect();
    evidence.push(format!("it holds {}", lost.join(", ")));
    let keep = ("keep the name, at the top of the first Compose file".to_owned(), vec![format!("name: {project}")]);
    case.risk(Risk {
        kind: RiskKind::Project,
        subject: project.to_owned(),
        volumes,
        impact: format!(
            "the project was {project} and is {now} now: every volume would be made anew, empty, beside the old one"
        ),
        evidence,
        remedies: [keep].into_iter().chain(forgotten(case, project)).collect(),
    });
}

/// The way on where the checkout of a project is gone, and with it whoever could say whose it was.
fn forgotten(case: &Case<'_>, project: &str) -> Option<(String, Vec<String>)> {
    let gone = |kin: &&Kin| kin.project == project && matches!(kin.why, Why::FolderGone(_));
    let names: Vec<_> = case.existing.kin.iter().filter(gone).map(|kin| kin.container.name.as_str()).collect();
    let what = format!("if {project} was another stack, remove its containers; its volumes stay");
    (!names.is_empty()).then(|| (what, vec![format!("docker rm --force {}", names.join(" "))]))
}
