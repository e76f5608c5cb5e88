//! Where every story stands in every environment: the table behind `status`, `verify` and `migrate --check`.

use std::cell::LazyCell;

use serde_json::{Value, json};
use stories::assessment::Note;
use stories::{Context, Drift, State, Story};

use crate::checkout::Checkout;
use crate::pipeline::secrets;
use crate::probe;
use crate::screen::printable;

/// A story and where it stands.
#[derive(Debug)]
pub struct Row {
    /// The story's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One for each environment.
    pub cells: Vec<Cell>,
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
}

/// The table for stories and environments.
#[must_use]
pub fn rows(checkout: &Checkout, stories: &[Story], scope: &[String]) -> Vec<Row> {
    let proofs = checkout.memory.proofs();
    // Most tables quote nothing.
    let secrets = LazyCell::new(|| secrets(checkout));
    let cell = |story: &Story, environment: &String| {
        let state = checkout.checklist().state(story, environment).redacted(&|text| secrets.redact(text));
        let cx = Context::new(&checkout.stack, environment);
        let holds = matches!(state, State::Applied | State::Adopted { .. });
        let mut notes = if holds { story.notes(&cx) } else { Vec::new() };
        notes.retain(|note| !probe::is_proved(note, &proofs));
        Cell { environment: environment.clone(), state, notes }
    };
    let row = |story: &Story| Row {
        id: story.id.to_string(),
        title: story.title.clone(),
        cells: scope.iter().map(|environment| cell(story, environment)).collect(),
    };
    stories.iter().map(row).collect()
}

impl Row {
    /// Whether `migrate` would have nothing to do or to record.
    #[must_use]
    pub fn is_up_to_date(&self) -> bool {
        let settled =
            |cell: &Cell| !matches!(cell.state, State::Adopted { recorded: false, .. }) && cell.state.is_settled();
        self.cells.iter().all(settled)
    }

    /// Whether what is recorded still holds, and nothing is left to do.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.cells.iter().all(|cell| cell.state.is_settled())
    }

    /// The row for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let cells: serde_json::Map<_, _> =
            self.cells.iter().map(|cell| (cell.environment.clone(), cell.json())).collect();
        json!({ "id": self.id, "title": self.title, "environments": cells })
    }
}

impl Cell {
    /// What is behind the state, one line each.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
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
                vec![format!("recorded as {}, the story is now {}", short(recorded), short(current))]
            }
            State::Conflict(conflict) => vec![
                place(&format!("{} stands there", conflict.stands), &conflict.at),
                format!("wanted there: {}", conflict.wanted),
            ],
        }
    }

    fn json(&self) -> Value {
        let mut cell = json!({ "state": self.state.name(), "details": self.details() });
        match &self.state {
            State::Pending(paths) => cell["paths"] = strings(paths),
            State::Adopted { evidence, recorded } => {
                cell["evidence"] = strings(evidence);
                cell["recorded"] = json!(recorded);
            }
            State::Drifted(drifts) => cell["drifts"] = super::drifts_json(drifts),
            State::Edited { recorded, current } => cell["edited"] = json!({ "recorded": recorded, "current": current }),
            State::Conflict(conflict) => {
                cell["conflict"] = json!({ "at": conflict.at, "stands": conflict.stands, "wanted": conflict.wanted, "why": conflict.why });
            }
            _ => {}
        }
        cell["unproved"] = self.notes.iter().any(|note| matches!(note, Note::Unproved(_))).into();
        cell
    }
}

fn strings(paths: &[compose_edit::Path]) -> Value {
    paths.iter().map(ToString::to_string).collect::<Vec<_>>().into()
}

fn drifted(drift: &Drift) -> Vec<String> {
    let expected = drift.expected.as_ref().map(|expected| format!("expected there: {expected}"));
    [place(&drift.what, &drift.at)].into_iter().chain(expected).collect()
}

fn place(what: &str, at: &str) -> String {
    if at.is_empty() { what.to_owned() } else { format!("{what} ({at})") }
}

/// The beginning of a checksum.
pub(super) fn short(checksum: &str) -> &str {
    checksum.get(..19).unwrap_or(checksum)
}
