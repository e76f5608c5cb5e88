//! Where every story stands in every environment: the table behind `status`, `verify` and `migrate
//! --check`.

use std::cell::LazyCell;

use diagnostics::printable::printable;
use stories::assessment::Note;
use stories::{Context, Drift, PassedOver, Place, PlaceState, State, Story, passed_over};

use super::standings::{
    ConflictDocument, DriftDocument, EditedDocument, LeftOutDocument, PlaceDocument,
    StandingDocument, StoryDocument,
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
    /// Where it stands: the sum of its places, which says the worst.
    pub state: State,
    /// Where it stands at each place.
    pub places: Vec<PlaceState>,
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
        let places = checkout.checklist().places(story, environment);
        let places: Vec<_> = places
            .into_iter()
            .map(|own| own.redacted(&|text| secrets.redact(text)))
            .collect();
        let state = State::sum(places.clone());
        let cx = Context::new(&checkout.stack, environment);
        let mut notes = Vec::new();
        for own in &places {
            if matches!(own.state, State::Applied | State::Adopted { .. }) {
                notes.extend(story.notes_at(&cx, &own.place));
            }
        }
        notes.retain(|note| !probe::is_proved(note, &proofs));
        let passed_over = passed_over(&checkout.stack, story, environment);
        Cell {
            environment: environment.clone(),
            state,
            places,
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
            .any(|cell| matches!(cell.state, State::Conflict(_) | State::Question(_)));
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
                State::Conflict(_) | State::Question(_) | State::Drifted(_) | State::Edited { .. }
            )
        };
        let places = || self.cells.iter().flat_map(|cell| &cell.places);
        let blocked: Vec<_> = places()
            .filter(|own| is_blocked(&own.state))
            .map(|own| &own.place)
            .collect();
        // A place that is blocked somewhere stops itself in every environment, and no other.
        let is_free = |own: &PlaceState| {
            let is_pending = matches!(own.state, State::Pending(_));
            is_pending && !blocked.contains(&&own.place) && !blocked.contains(&&Place::Stack)
        };
        !blocked.is_empty() && !places().any(is_free)
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
        let mut details: Vec<_> = match self.has_several() {
            false => of_state(&self.state),
            true => self.places.iter().flat_map(of_place).collect(),
        };
        details.extend(self.passed_over.iter().map(left_out));
        details
    }

    fn has_several(&self) -> bool {
        self.places.len() > 1
    }

    /// The place that makes it stand as it does, where it has several.
    pub(super) fn worst(&self) -> Option<&Place> {
        let is_worst = |own: &&PlaceState| own.state.id() == self.state.id();
        let worst = self.places.iter().find(is_worst)?;
        self.has_several().then_some(&worst.place)
    }

    fn document(&self) -> StandingDocument<'_> {
        let mut document = StandingDocument {
            state: self.state.id(),
            details: self.details(),
            places: self
                .places
                .iter()
                .map(|own| (own.place.to_string(), place_document(own)))
                .collect(),
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
            question: None,
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
            State::Question(question) => {
                document.question = Some(super::question::document(question))
            }
            State::Conflict(conflict) => {
                document.conflict = Some(ConflictDocument::of(conflict));
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

fn place_document(own: &PlaceState) -> PlaceDocument {
    PlaceDocument {
        state: own.state.id(),
        details: of_state(&own.state),
    }
}

/// What is behind a place's state, one line each, the place first.
fn of_place(own: &PlaceState) -> Vec<String> {
    let (place, name) = (&own.place, own.state.name());
    match of_state(&own.state) {
        none if none.is_empty() => vec![format!("{place} {name}")],
        lines => lines
            .iter()
            .map(|line| format!("{place} {name}: {line}"))
            .collect(),
    }
}

/// What is behind a state, one line each.
fn of_state(state: &State) -> Vec<String> {
    match state {
        State::Pending(_) | State::Applied | State::Adopted { recorded: true, .. } => Vec::new(),
        State::Waiting(needed) => {
            let needed: Vec<_> = needed.iter().map(ToString::to_string).collect();
            vec![format!("after {}", super::listed(&needed))]
        }
        State::Adopted { evidence, .. } => {
            let paths: Vec<_> = evidence.iter().map(ToString::to_string).collect();
            vec![format!("found done by hand: {}", paths.join(", "))]
        }
        State::NotApplicable(why) => vec![why.clone()],
        State::Skipped(reason) => vec![format!("skipped: {}", printable(reason))],
        State::Drifted(drifts) => drifts.iter().flat_map(drifted).collect(),
        State::Edited { recorded, current } => vec![format!(
            "recorded as {}, the story is now {}",
            short(recorded),
            short(current)
        )],
        State::Question(question) => vec![
            question.asks.clone(),
            format!("say it in compose/stack.yaml: {}", question.settle()),
        ],
        State::Conflict(conflict) => vec![
            place(&format!("found: {}", conflict.stands), &conflict.at),
            format!("expected: {}", conflict.wanted),
        ],
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
