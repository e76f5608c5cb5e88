//! Where a story stands in an environment.

use std::cmp::Ordering;

use compose_edit::Path;

use crate::assessment::Assessment;
use crate::conflict::Conflict;
use crate::context::Context;
use crate::drift::Drift;
use crate::ledger::{Entry, Record};
use crate::refusal::Refusal;
use crate::{Draft, Found, Place, Places, Question, Stack, Story, StoryId};

/// Where a story stands in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// To be applied; the paths that would be added or changed.
    Pending(Vec<Path>),
    /// To be applied once these stories hold, which it needs.
    Waiting(Vec<StoryId>),
    /// Recorded as applied, and the view says so.
    Applied,
    /// Found already done; the paths that say so.
    Adopted {
        /// The paths that say so.
        evidence: Vec<Path>,
        /// Whether the ledger says so too.
        recorded: bool,
    },
    /// There is nothing it could be about; why. Never recorded.
    NotApplicable(String),
    /// The team does not want it here; why.
    Skipped(String),
    /// Recorded, but the view no longer says so; what is gone, and where it was expected.
    Drifted(Vec<Drift>),
    /// Recorded with another checksum.
    Edited {
        /// The record's checksum.
        recorded: String,
        /// The story's checksum.
        current: String,
    },
    /// Something else stands where the story's part would go.
    Conflict(Conflict),
    /// To be applied once a person has answered.
    Question(Box<Question>),
}

/// Where a story stands at one place of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceState {
    /// The place.
    pub place: Place,
    /// Where the story stands there.
    pub state: State,
}

impl PlaceState {
    /// Where a story stands at each place, from its record and from what is found. A place that the
    /// record does not know is pending, one whose service is gone counts no more.
    pub(crate) fn all(
        stack: &Stack,
        story: &Story,
        record: Option<&Record>,
        environment: &str,
        found: Vec<Found>,
    ) -> Vec<Self> {
        let recorded = record.filter(|record| record.environments.contains_key(environment));
        if let Some(record) = recorded.filter(|record| record.checksum != story.checksum()) {
            let (recorded, current) = (record.checksum.clone(), story.checksum().to_owned());
            return vec![Self::of_stack(State::Edited { recorded, current })];
        }
        let cx = Context::of_team(stack, environment);
        let at = |found: Found| {
            let Found { place, assessment } = found;
            let mut entry = recorded.and_then(|record| record.entry(environment, &place));
            // What it was about is still there, and it is about that no more.
            if let (Assessment::NotApplicable(_), Place::Stack, None) = (&assessment, &place, entry)
            {
                entry = recorded.and_then(|record| record.left_behind(&cx));
            }
            let state = Self::state(&cx, story, &place, assessment, entry);
            Self { place, state }
        };
        found.into_iter().map(at).collect()
    }

    /// Where a story stands all of whose places other stories own; which, in words.
    pub(crate) fn of_others(record: Option<&Record>, environment: &str, why: String) -> Vec<Self> {
        let entry = record.and_then(|record| record.entry(environment, &Place::Stack));
        let state = match entry {
            Some(Entry::Skipped { reason }) => State::Skipped(reason.clone()),
            _ => State::NotApplicable(why),
        };
        vec![Self::of_stack(state)]
    }

    fn of_stack(state: State) -> Self {
        let place = Place::Stack;
        Self { place, state }
    }

    fn state(
        cx: &Context<'_>,
        story: &Story,
        place: &Place,
        assessment: Assessment,
        entry: Option<&Entry>,
    ) -> State {
        if let Some(Entry::Skipped { reason }) = entry {
            return State::Skipped(reason.clone());
        }
        match (assessment, entry) {
            (Assessment::Satisfied(_), Some(Entry::Applied)) => State::Applied,
            (Assessment::Satisfied(evidence), entry) => State::Adopted {
                evidence,
                recorded: entry.is_some(),
            },
            (Assessment::Wanted(wants), None) => match private_conflict(cx, story, place) {
                Some(conflict) => State::Conflict(conflict),
                None => State::Pending(wants.into_iter().map(|want| want.at).collect()),
            },
            (Assessment::Wanted(wants), Some(_)) => {
                State::Drifted(wants.iter().map(|want| Drift::gone(cx, want)).collect())
            }
            (Assessment::Conflict(conflict), Some(_)) if *place != Place::Stack => {
                State::Drifted(vec![Drift::replaced(conflict)])
            }
            // A second candidate takes nothing from what the first one was given.
            (Assessment::Conflict(conflict), _) => State::Conflict(conflict),
            (Assessment::Question(question), None) => State::Question(question),
            (Assessment::Question(question), Some(_)) => {
                State::Drifted(vec![Drift::unanswered(&question)])
            }
            (Assessment::NotApplicable(why), None) => State::NotApplicable(why),
            (Assessment::NotApplicable(why), Some(_)) => {
                State::Drifted(vec![Drift::without_object(why)])
            }
        }
    }

    /// The state with what it quotes from the files passed through `redact`.
    #[must_use]
    pub fn redacted(self, redact: &dyn Fn(&str) -> String) -> Self {
        let state = self.state.redacted(redact);
        Self { state, ..self }
    }
}

impl State {
    /// Where a story stands, from its record and from what the environment says, other stories left
    /// out. Never [`Self::Waiting`]: see [`Checklist::state`](crate::Checklist::state).
    #[must_use]
    pub fn of(stack: &Stack, story: &Story, record: Option<&Record>, environment: &str) -> Self {
        let found = story.assess(&Context::of_team(stack, environment));
        Self::sum(PlaceState::all(stack, story, record, environment, found))
    }

    /// Where a story stands as a whole: the worst of its places, with what all of those say that
    /// stand as badly; of conflicts the first.
    #[must_use]
    pub fn sum(places: Vec<PlaceState>) -> Self {
        let states = places.into_iter().map(|found| found.state);
        let sum = states.reduce(|sum, state| match sum.badness().cmp(&state.badness()) {
            Ordering::Less => state,
            Ordering::Greater => sum,
            Ordering::Equal => sum.and(state),
        });
        sum.unwrap_or_else(|| Self::NotApplicable("it is about nothing".to_owned()))
    }

    /// How far it is from being settled; among settled ones, that which says most of the story.
    fn badness(&self) -> u8 {
        match self {
            Self::NotApplicable(_) => 0,
            Self::Skipped(_) => 1,
            Self::Adopted { recorded: true, .. } => 2,
            Self::Applied => 3,
            Self::Adopted { .. } => 4,
            Self::Waiting(_) => 5,
            Self::Pending(_) => 6,
            Self::Question(_) => 7,
            Self::Drifted(_) => 8,
            Self::Edited { .. } => 9,
            Self::Conflict(_) => 10,
        }
    }

    /// Two states of one badness as one.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Pending(mut paths), Self::Pending(more)) => {
                paths.extend(more);
                Self::Pending(paths)
            }
            (Self::Drifted(mut drifts), Self::Drifted(more)) => {
                drifts.extend(more);
                Self::Drifted(drifts)
            }
            (
                Self::Adopted {
                    mut evidence,
                    recorded,
                },
                Self::Adopted { evidence: more, .. },
            ) => {
                evidence.extend(more);
                Self::Adopted { evidence, recorded }
            }
            (Self::NotApplicable(why), Self::NotApplicable(more)) if why != more => {
                Self::NotApplicable(format!("{why}; {more}"))
            }
            (Self::Skipped(why), Self::Skipped(more)) if why != more => {
                Self::Skipped(format!("{why}; {more}"))
            }
            (state, _) => state,
        }
    }

    /// The state with what it quotes from the files passed through `redact`.
    #[must_use]
    pub fn redacted(self, redact: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Conflict(conflict) => Self::Conflict(Conflict {
                stands: redact(&conflict.stands),
                why: redact(&conflict.why),
                ..conflict
            }),
            Self::Drifted(drifts) => Self::Drifted(
                drifts
                    .into_iter()
                    .map(|drift| Drift {
                        what: redact(&drift.what),
                        ..drift
                    })
                    .collect(),
            ),
            other => other,
        }
    }

    /// Its name as it is shown.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending(_) | Self::Waiting(_) => "pending",
            Self::Applied => "applied",
            Self::Adopted { .. } => "adopted",
            Self::NotApplicable(_) => "not applicable",
            Self::Skipped(_) => "skipped",
            Self::Drifted(_) => "drifted",
            Self::Edited { .. } => "edited",
            Self::Conflict(_) => "conflict",
            Self::Question(_) => "waiting",
        }
    }

    /// Its name for programs.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::NotApplicable(_) => "not-applicable",
            other => other.name(),
        }
    }

    /// Whether the story was recorded, what it brought is gone, and it can bring all of that again.
    #[must_use]
    pub fn can_return(&self) -> bool {
        matches!(self, Self::Drifted(drifts) if drifts.iter().all(|drift| drift.can_return))
    }

    /// Whether a story that needs this one may go ahead.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Applied | Self::Adopted { .. } | Self::NotApplicable(_) | Self::Skipped(_) => {
                true
            }
            Self::Pending(_)
            | Self::Waiting(_)
            | Self::Drifted(_)
            | Self::Edited { .. }
            | Self::Conflict(_)
            | Self::Question(_) => false,
        }
    }
}

/// What would stand in the way here of a story that the team's own files want: something in a file
/// that git ignores.
fn private_conflict(cx: &Context<'_>, story: &Story, place: &Place) -> Option<Conflict> {
    let (stack, environment) = (cx.stack, cx.environment);
    if !stack.has_private_files(environment) {
        return None;
    }
    let places = Places::from([(environment.to_owned(), [place.clone()].into())]);
    let draft = Draft::make_at(stack, story, &places, &[environment]).ok()?;
    match draft.prove_private(stack, story, environment) {
        Err(Refusal::Conflict { conflict, .. }) => Some(*conflict),
        _ => None,
    }
}
