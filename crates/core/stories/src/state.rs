//! Where a story stands in an environment.

use compose_edit::Path;

use crate::assessment::Assessment;
use crate::conflict::Conflict;
use crate::context::Context;
use crate::drift::Drift;
use crate::ledger::{Entry, Record};
use crate::refusal::Refusal;
use crate::{Draft, Question, Stack, Story, StoryId};

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

impl State {
    /// Where a story stands, from its record and from what the environment says. Never
    /// [`Self::Waiting`]: see [`Checklist::state`](crate::Checklist::state).
    #[must_use]
    pub fn of(stack: &Stack, story: &Story, record: Option<&Record>, environment: &str) -> Self {
        let entry = record.and_then(|record| record.environments.get(environment));
        if let (Some(record), Some(_)) = (record, entry) {
            let current = story.checksum();
            if record.checksum != current {
                return Self::Edited {
                    recorded: record.checksum.clone(),
                    current: current.to_owned(),
                };
            }
        }
        if let Some(Entry::Skipped { reason }) = entry {
            return Self::Skipped(reason.clone());
        }
        let cx = Context::of_team(stack, environment);
        match (story.assess(&cx), entry) {
            (Assessment::Satisfied(_), Some(Entry::Applied)) => Self::Applied,
            (Assessment::Satisfied(evidence), entry) => Self::Adopted {
                evidence,
                recorded: entry.is_some(),
            },
            (Assessment::Wanted(wants), None) => {
                match private_conflict(stack, story, environment) {
                    Some(conflict) => Self::Conflict(conflict),
                    None => Self::Pending(wants.into_iter().map(|want| want.at).collect()),
                }
            }
            (Assessment::Wanted(wants), Some(_)) => {
                Self::Drifted(wants.iter().map(|want| Drift::gone(&cx, want)).collect())
            }
            (Assessment::Conflict(conflict), None) => Self::Conflict(conflict),
            (Assessment::Conflict(conflict), Some(_)) => {
                Self::Drifted(vec![Drift::replaced(conflict)])
            }
            (Assessment::Question(question), None) => Self::Question(question),
            (Assessment::Question(question), Some(_)) => {
                Self::Drifted(vec![Drift::unanswered(&question)])
            }
            (Assessment::NotApplicable(why), None) => Self::NotApplicable(why),
            (Assessment::NotApplicable(why), Some(_)) => {
                Self::Drifted(vec![Drift::without_object(why)])
            }
        }
    }

    /// The same with what it quotes from the files passed through `redact`.
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
fn private_conflict(stack: &Stack, story: &Story, environment: &str) -> Option<Conflict> {
    if !stack.has_private_files(environment) {
        return None;
    }
    let draft = Draft::make(stack, story, &[environment]).ok()?;
    match draft.prove_private(stack, story, environment) {
        Err(Refusal::Conflict { conflict, .. }) => Some(*conflict),
        _ => None,
    }
}
