//! Where every story stands in every environment: the table behind `status`, `verify` and `migrate
//! --check`.

use std::cell::LazyCell;

use diagnostics::printable::printable;
use stories::assessment::Note;
use stories::{Context, Drift, PassedOver, State, Story, passed_over};

use super::standings::{
    ConflictDocument, DriftDocument, EditedDocument, LeftOutDocument, StandingDocument,
    StoryDocument,
};
use crate::checkout::Checkout;
use crate::pipeline::{apart, secrets};
use crate::probe;

/// A story and where it stands.
#[derive(Debug)]
pub struct Row {
    /// The story's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One for each environment.
    pub cells: Vec<Cell>,
    /// The environments in which it could be applied by itself, where it conflicts in another.
    pub apart: Vec<String>,
}

/// Where a story stands in one environment.
#[derive(Debug)]
pub struct Cell {
    /// The environment.
    pub environment: String,
    /// Where it stands.
    pub state: State,
    /// What to tell beside: an unproved probe.
    pub notes: Vec<Note>,
    /// Services that it could be about as well.
    pub passed_over: Vec<PassedOver>,
}

/// The table for stories and environments.
#[must_use]
pub fn rows(checkout: &Checkout, stories: &[Story], scope: &[String]) -> Vec<Row> {
    let proofs = checkout.memory.proofs();
    // Most tables quote nothing.
    let secrets = LazyCell::new(|| secrets(checkout));
    let cell = |story: &Story, environment: &String| {
        let state = checkout
            .checklist()
            .state(story, environment)
            .redacted(&|text| secrets.redact(text));
        let cx = Context::new(&checkout.stack, environment);
        let holds = matches!(state, State::Applied | State::Adopted { .. });
        let mut notes = if holds { story.notes(&cx) } else { Vec::new() };
        notes.retain(|note| !probe::is_proved(note, &proofs));
        let passed_over = passed_over(&checkout.stack, story, environment);
        Cell {
            environment: environment.clone(),
            state,
            notes,
            passed_over,
        }
    };
    let row = |story: &Story| {
        let cells: Vec<_> = scope
            .iter()
            .map(|environment| cell(story, environment))
            .collect();
        let is_in_conflict = cells
            .iter()
            .any(|cell| matches!(cell.state, State::Conflict(_)));
        let apart = is_in_conflict.then(|| apart(checkout, story, scope));
        Row {
            id: story.id.to_string(),
            title: story.title.clone(),
            cells,
            apart: apart.unwrap_or_default(),
        }
    };
    stories.iter().map(row).collect()
}

impl Row {
    /// Whether `migrate` would have nothing to do or to record.
    #[must_use]
    pub fn is_up_to_date(&self) -> bool {
        self.cells.iter().all(Cell::is_up_to_date)
    }

    /// `pending in local`, `conflict in prod`: what keeps it from being up to date.
    pub(super) fn open(&self) -> Vec<String> {
        let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
        for cell in self.cells.iter().filter(|cell| !cell.is_up_to_date()) {
            let word = if cell.state.is_settled() {
                "to be recorded"
            } else {
                cell.state.name()
            };
            match found.iter_mut().find(|(known, _)| *known == word) {
                Some((_, environments)) => environments.push(&cell.environment),
                None => found.push((word, vec![&cell.environment])),
            }
        }
        found
            .iter()
            .map(|(word, environments)| format!("{word} in {}", super::listed(environments)))
            .collect()
    }

    /// Whether a person decides before `migrate` can do anything about it.
    pub(super) fn is_blocked(&self) -> bool {
        let is_blocked = |state: &State| {
            matches!(
                state,
                State::Conflict(_) | State::Drifted(_) | State::Edited { .. }
            )
        };
        self.cells.iter().any(|cell| is_blocked(&cell.state))
    }

    /// Whether what is recorded still holds; what is not recorded may be open.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.cells.iter().all(Cell::holds)
    }

    /// Whether the story is about something somewhere.
    #[must_use]
    pub fn applies(&self) -> bool {
        self.cells
            .iter()
            .any(|cell| !matches!(cell.state, State::NotApplicable(_)))
    }

    /// The row for programs.
    pub(super) fn document(&self) -> StoryDocument<'_> {
        let environments = self
            .cells
            .iter()
            .map(|cell| (cell.environment.as_str(), cell.document()))
            .collect();
        StoryDocument {
            id: &self.id,
            title: &self.title,
            environments,
        }
    }
}

impl Cell {
    fn is_up_to_date(&self) -> bool {
        !matches!(
            self.state,
            State::Adopted {
                recorded: false,
                ..
            }
        ) && self.state.is_settled()
    }

    /// Whether what is recorded still holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        !matches!(self.state, State::Drifted(_) | State::Edited { .. })
    }

    /// What is behind the state, one line each.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        let left_out = |one: &PassedOver| {
            format!(
                "{} is left out, for roles in compose/stack.yaml say {}: {}",
                one.service,
                one.chosen,
                one.state.name()
            )
        };
        let mut details = self.of_the_state();
        details.extend(self.passed_over.iter().map(left_out));
        details
    }

    fn of_the_state(&self) -> Vec<String> {
        match &self.state {
            State::Pending(_) | State::Applied => Vec::new(),
            State::Waiting(needed) => {
                let needed: Vec<_> = needed.iter().map(ToString::to_string).collect();
                vec![format!("after {}", super::listed(&needed))]
            }
            State::Adopted { recorded: true, .. } => Vec::new(),
            State::Adopted { evidence, .. } => {
                let paths: Vec<_> = evidence.iter().map(ToString::to_string).collect();
                vec![format!("found done by hand: {}", paths.join(", "))]
            }
            State::NotApplicable(why) => vec![why.clone()],
            State::Skipped(reason) => vec![format!("skipped: {}", printable(reason))],
            State::Drifted(drifts) => drifts.iter().flat_map(drifted).collect(),
            State::Edited { recorded, current } => {
                vec![format!(
                    "recorded as {}, the story is now {}",
                    short(recorded),
                    short(current)
                )]
            }
            State::Conflict(conflict) => vec![
                place(&format!("found: {}", conflict.stands), &conflict.at),
                format!("expected: {}", conflict.wanted),
            ],
        }
    }

    fn document(&self) -> StandingDocument<'_> {
        let mut document = StandingDocument {
            state: self.state.id(),
            details: self.details(),
            left_out: self.passed_over.iter().map(left_out_document).collect(),
            unproved: self
                .notes
                .iter()
                .any(|note| matches!(note, Note::Unproved(_))),
            paths: None,
            evidence: None,
            recorded: None,
            drifts: None,
            edited: None,
            conflict: None,
        };
        match &self.state {
            State::Pending(paths) => document.paths = Some(strings(paths)),
            State::Adopted { evidence, recorded } => {
                document.evidence = Some(strings(evidence));
                document.recorded = Some(*recorded);
            }
            State::Drifted(drifts) => {
                document.drifts = Some(drifts.iter().map(DriftDocument::of).collect());
            }
            State::Edited { recorded, current } => {
                document.edited = Some(EditedDocument { recorded, current });
            }
            State::Conflict(conflict) => {
                document.conflict = Some(ConflictDocument {
                    at: &conflict.at,
                    found: &conflict.stands,
                    wanted: &conflict.wanted,
                    why: &conflict.why,
                });
            }
            _ => {}
        }
        document
    }
}

fn left_out_document(one: &PassedOver) -> LeftOutDocument<'_> {
    LeftOutDocument {
        service: &one.service,
        state: one.state.id(),
    }
}

fn strings(paths: &[compose_edit::Path]) -> Vec<String> {
    paths.iter().map(ToString::to_string).collect()
}

fn drifted(drift: &Drift) -> Vec<String> {
    let expected = drift
        .expected
        .as_ref()
        .map(|expected| format!("expected there: {expected}"));
    [place(&drift.what, &drift.at)]
        .into_iter()
        .chain(expected)
        .collect()
}

fn place(what: &str, at: &str) -> String {
    if at.is_empty() {
        what.to_owned()
    } else {
        format!("{what} ({at})")
    }
}

/// The beginning of a checksum.
pub(super) fn short(checksum: &str) -> &str {
    checksum.get(..19).unwrap_or(checksum)
}
