//! Volumes with a datastore's data that nobody uses any more: no risk, and a thing to know. What an
//! earlier rule told of is not told again, nor what the team has said that it knows.

use engine_facts::{Content, Signature};

use crate::evaluation::{Evaluation, Leftover};
use crate::{Observation, Query, Source};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let (desired, actual) = (evaluation.desired, evaluation.actual);
    // They may be another environment's, which has other files.
    if desired.other_projects.contains(&desired.project) {
        return;
    }
    let is_held = |name: &str| {
        let mut mounts = actual.containers.iter().flat_map(|one| &one.mounts);
        mounts.any(|mount| mount.name == name)
    };
    let is_named = |name: &str| desired.volumes.values().any(|volume| volume.name == name);
    let is_forgotten = |name: &str| desired.forgotten.contains(name);
    for volume in actual.volumes.values() {
        let (name, key) = (volume.name.as_str(), volume.key());
        if volume.project() != Some(&desired.project)
            || is_named(name)
            || is_held(name)
            || is_forgotten(name)
            || key.is_some_and(is_forgotten)
            || evaluation.is_told(name)
        {
            continue;
        }
        let query = Query::Content(Source::Volume(name.to_owned()));
        let Some(Observation::Content(Content::Data(data))) = evaluation.observe(query) else {
            continue;
        };
        let Some(found) = data.families.first() else {
            continue;
        };
        let leftover = Leftover {
            volume: name.to_owned(),
            holds: title(found),
            forget: format!("{} {name} --reason 'WHY'", desired.forget),
        };
        evaluation.leftover(leftover);
    }
}

/// `PostgreSQL 15`.
fn title(found: &Signature) -> String {
    let mut known = datastores::DATASTORES.iter();
    let family = known.find(|family| family.id == found.family);
    let title = family.map_or(found.family.as_str(), |family| family.title);
    found
        .version
        .as_ref()
        .map_or_else(|| title.to_owned(), |version| format!("{title} {version}"))
}
