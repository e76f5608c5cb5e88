//! A project that has another name now: its checkout was moved or renamed, or `name:` was changed.
//! Volumes are called after it, so all of them would be made anew.

use std::collections::BTreeMap;

use crate::data_root;
use crate::evaluation::{Evaluation, Risk, RiskKind};
use crate::{Observation, Query, RelatedContainer, RelationReason, Source};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let actual = evaluation.actual;
    let mut former: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for related in actual
        .related
        .iter()
        .filter(|related| !evaluation.desired.other_projects.contains(&related.project))
    {
        let from = match &related.why {
            RelationReason::SameFolder => "this folder".to_owned(),
            RelationReason::FolderGone(folder) => format!("{folder}, which is gone,"),
        };
        let line = format!(
            "{} was made from {from} with files of these names",
            related.container.name
        );
        former.entry(&related.project).or_default().push(line);
    }
    if let Some(last) = &actual.last_project {
        former
            .entry(last)
            .or_default()
            .push(format!("the last up from here was of the project {last}"));
    }
    for project in &actual.alike {
        let held = held_alike(evaluation, project);
        if !held.is_empty() {
            former.entry(project).or_default().extend(held);
        }
    }
    for (project, mut evidence) in former {
        evidence.truncate(2);
        let lost = lost(evaluation, project);
        if !lost.is_empty() {
            tell(evaluation, project, &lost, evidence);
        }
    }
}

/// What the volumes of a project with the keys of ours hold, where a datastore of ours would look
/// for it.
fn held_alike(evaluation: &mut Evaluation<'_>, project: &str) -> Vec<String> {
    let (desired, actual) = (evaluation.desired, evaluation.actual);
    let mut held = Vec::new();
    for (name, service) in desired.started() {
        let Some(root) = data_root::of(evaluation, service) else {
            continue;
        };
        let own = desired
            .own_volumes()
            .find(|(_, volume)| root.source.as_ref() == Some(&Source::Volume(volume.name.clone())));
        let mut all = actual.volumes.values();
        let old = own.and_then(|(key, _)| {
            all.find(|old| old.project() == Some(project) && old.key() == Some(key))
        });
        let Some(old) = old else { continue };
        let query = Query::Content(Source::Volume(old.name.clone()));
        let Some(Observation::Content(content)) = evaluation.observe(query) else {
            continue;
        };
        if content.of_family(root.family.id).next().is_some() {
            held.push(format!(
                "{} holds what {name} would look for, and no container tells whose it is",
                old.name
            ));
        }
    }
    held
}

/// What the former project holds and this one would have to do without.
fn lost(evaluation: &mut Evaluation<'_>, project: &str) -> Vec<String> {
    let (desired, actual) = (evaluation.desired, evaluation.actual);
    let mut lost = Vec::new();
    for (key, volume) in desired
        .own_volumes()
        .filter(|(_, volume)| !actual.volumes.contains_key(&volume.name))
    {
        let old = actual
            .volumes
            .values()
            .find(|old| old.project() == Some(project) && old.key() == Some(key));
        lost.extend(old.map(|old| format!("{} (now {})", old.name, volume.name)));
    }
    let is_ours = |service: &str| actual.containers.iter().any(|own| own.service == service);
    for related in actual
        .related
        .iter()
        .filter(|related| related.project == project && !is_ours(&related.container.service))
    {
        for mount in related
            .container
            .mounts
            .iter()
            .filter(|mount| mount.is_anonymous())
        {
            if evaluation
                .observe_in(&related.container.id, &mount.destination)
                .is_some_and(|observation| observation.is_something())
            {
                lost.push(format!(
                    "{} of {} (without a name)",
                    mount.destination, related.container.name
                ));
            }
        }
    }
    lost
}

fn tell(
    evaluation: &mut Evaluation<'_>,
    project: &str,
    lost: &[String],
    mut evidence: Vec<String>,
) {
    let now = &evaluation.desired.project;
    let of_it = evaluation
        .actual
        .volumes
        .values()
        .filter(|volume| volume.project() == Some(project));
    let volumes = of_it.map(|volume| volume.name.clone()).collect();
    evidence.push(format!("it holds {}", lost.join(", ")));
    let was = if evaluation.actual.alike.contains(project) {
        "may have been"
    } else {
        "was"
    };
    let keep = (
        "keep the name, at the top of the first Compose file".to_owned(),
        vec![format!("name: {project}")],
    );
    evaluation.risk(Risk {
        kind: RiskKind::Project,
        subject: project.to_owned(),
        volumes,
        impact: format!(
            "the project {was} {project} and is {now} now: every volume would be made anew, empty, beside the old one"
        ),
        evidence,
        remedies: [keep]
            .into_iter()
            .chain(forgotten(evaluation, project))
            .chain(another(evaluation, project))
            .collect(),
    });
}

/// The way on where nothing but its volumes tells of a project, which may be another stack.
fn another(evaluation: &Evaluation<'_>, project: &str) -> Option<(String, Vec<String>)> {
    let (desired, actual) = (evaluation.desired, evaluation.actual);
    let what = format!("if {project} is another stack, which is then not asked again");
    actual
        .alike
        .contains(project)
        .then(|| (what, vec![desired.again.clone()]))
}

/// The way on where the checkout of a project is gone, and with it whoever could say whose it was.
fn forgotten(evaluation: &Evaluation<'_>, project: &str) -> Option<(String, Vec<String>)> {
    let gone = |related: &&RelatedContainer| {
        related.project == project && matches!(related.why, RelationReason::FolderGone(_))
    };
    let names: Vec<_> = evaluation
        .actual
        .related
        .iter()
        .filter(gone)
        .map(|related| related.container.name.as_str())
        .collect();
    let what = format!("if {project} was another stack, remove its containers; its volumes stay");
    (!names.is_empty()).then(|| (what, vec![format!("docker rm --force {}", names.join(" "))]))
}
