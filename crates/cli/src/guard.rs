//! Data first: no story is applied while a container holds data that the story's volume would hide;
//! others are.

pub mod living;

use std::collections::BTreeSet;

use compose_model::Environment;
use docker::Docker;
use docker::engine::{Engine, EngineError, Held};
use stories::{Context, PlaceState, Story, StoryId};

use crate::pipeline::{Failure, Run};

/// Whether the guard looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// It does.
    On,
    /// A person allowed the loss.
    Off,
}

/// A path in a container that a story would cover with a new volume.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CoveredPath {
    story: StoryId,
    environment: String,
    project: String,
    /// Where the story has others, which this one does not stop.
    place: Option<stories::Place>,
    service: String,
    target: String,
}

/// What was seen.
#[derive(Debug)]
pub enum Seen {
    /// There was nothing to look at.
    Nothing,
    /// No engine answers; what could not be looked at.
    NoEngine(Vec<CoveredPath>),
    /// What the containers hold, or why an engine that answers did not tell.
    Held(Vec<(CoveredPath, Result<Held, EngineError>)>),
}

/// The paths in containers that the pending stories would cover.
#[must_use]
pub fn covered_paths(run: &Run, stories: &[Story], guard: Guard) -> Vec<CoveredPath> {
    if guard == Guard::Off {
        return Vec::new();
    }
    let mut places = Vec::new();
    let environments = run.environments();
    for story in stories {
        let has_several = run.has_several(story);
        for Environment {
            name: environment,
            project,
            ..
        } in &environments
        {
            let cx = Context::new(&run.checkout.stack, environment);
            for PlaceState { place, state } in run.places(story, environment) {
                let Some(service) = place.service().filter(|_| run.applies(&state)) else {
                    continue;
                };
                let changes = story.changes_at(&cx, &place);
                let covered = changes.filter_map(|change| change.covers(&cx, &place));
                places.extend(covered.map(|target| CoveredPath {
                    story: story.id.clone(),
                    environment: environment.clone(),
                    project: project.name.clone(),
                    place: has_several.then(|| place.clone()),
                    service: service.to_owned(),
                    target,
                }));
            }
        }
    }
    places
}

/// Looks into the containers.
#[must_use]
pub fn look(places: Vec<CoveredPath>) -> Seen {
    if places.is_empty() {
        return Seen::Nothing;
    }
    let engine = match Engine::reach(Docker::new()) {
        Ok(engine) => engine,
        // What may be there and was not looked into is not known to be safe.
        Err(error) if error.may_hide_data() => {
            let first = places.into_iter().next();
            return Seen::Held(first.map(|place| (place, Err(error))).into_iter().collect());
        }
        Err(_) => return Seen::NoEngine(places),
    };
    let mut looked_at = BTreeSet::new();
    let mut places = places;
    // Each story is stopped by what it would cover itself.
    places.retain(|one| {
        let key = (
            one.story.clone(),
            one.project.clone(),
            one.service.clone(),
            one.target.clone(),
        );
        looked_at.insert(key)
    });
    let look = |place: CoveredPath| {
        let held = engine.data_at(&place.project, &place.service, &place.target);
        (place, held)
    };
    Seen::Held(places.into_iter().map(look).collect())
}

/// What the guard says before the first story.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The stories that would hide data, each with what it would hide first.
    pub at_risk: Vec<Failure>,
    /// What could not be looked at and stops nothing, as `redis at /data`; none where everything
    /// was.
    pub not_looked_at: BTreeSet<String>,
}

/// Decides from what was seen.
///
/// # Errors
/// [`Failure`] where an engine that answers does not tell: what it keeps back may be any story's.
pub fn judge(stories: &[Story], seen: Seen) -> Result<Judgement, Failure> {
    match seen {
        Seen::Nothing => Ok(Judgement::default()),
        Seen::NoEngine(places) => {
            let named = places
                .iter()
                .map(|place| format!("{} at {}", place.service, place.target));
            Ok(Judgement {
                not_looked_at: named.collect(),
                ..Judgement::default()
            })
        }
        Seen::Held(held) => Ok(Judgement {
            at_risk: at_risk(stories, held)?,
            ..Judgement::default()
        }),
    }
}

fn at_risk(
    stories: &[Story],
    held: Vec<(CoveredPath, Result<Held, EngineError>)>,
) -> Result<Vec<Failure>, Failure> {
    let mut risks: Vec<Failure> = Vec::new();
    for (place, held) in held
        .into_iter()
        .filter(|(_, held)| held.as_ref().map_or(true, Held::is_at_risk))
    {
        let Some(story) = stories.iter().find(|story| story.id == place.story) else {
            continue;
        };
        let is_unseen = held.is_err();
        let failure = Failure::data(story, &place.environment, place.service, place.target, held)
            .at(place.place);
        if is_unseen {
            return Err(failure);
        }
        let is_known = |known: &Failure| known.is_of(&story.id) && known.place == failure.place;
        if !risks.iter().any(is_known) {
            risks.push(failure);
        }
    }
    Ok(risks)
}
