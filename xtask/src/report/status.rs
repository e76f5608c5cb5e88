//! The screen of `status`.

use serde_json::json;
use stories::State;

use super::{Row, count, document, listed, probes};
use crate::checkout::Checkout;
use crate::commands::Session;
use crate::screen::{Screen, Tone};

/// Shows where every story stands, and what comes next.
pub fn status(session: &Session, checkout: &Checkout, rows: &[Row]) {
    let screen = &session.screen;
    let stories: Vec<_> = rows.iter().map(Row::json).collect();
    screen.json(&document("status", json!({ "root": checkout.root.to_string_lossy(), "stories": stories })));
    screen.say(heading(checkout));
    table(screen, rows);
    for note in unproved(rows, &session.root_flag()) {
        screen.say(note);
    }
    screen.say(next(rows, &session.root_flag()));
}

fn heading(checkout: &Checkout) -> String {
    let own = |(name, own): (&String, &stories::EnvironmentFiles)| format!("{name}: {}", own.files.join(" + "));
    let environments: Vec<_> = checkout.stack.layout.environments.iter().map(own).collect();
    format!("checkout  {}\n          {}", checkout.root.display(), environments.join("   "))
}

/// One line a story, with what is behind its states below it.
pub(super) fn table(screen: &Screen, rows: &[Row]) {
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let id = width(&mut rows.iter().map(|row| row.id.len()));
    let title = width(&mut rows.iter().map(|row| row.title.chars().count()));
    let state = width(&mut rows.iter().flat_map(|row| &row.cells).map(|cell| cell.state.name().len()));
    for row in rows {
        let cell = |cell: &super::Cell| {
            let name = format!("{:state$}", cell.state.name());
            format!("{} {}", cell.environment, screen.tone(tone(&cell.state), &name))
        };
        let cells: Vec<_> = row.cells.iter().map(cell).collect();
        let line = format!("{:id$}  {:title$}  {}", row.id, row.title, cells.join("  "));
        screen.say(line.trim_end());
        for (environments, detail) in details(row) {
            screen.say_behind(&format!("{:id$}  ", ""), &format!("{}: {detail}", listed(&environments)));
        }
    }
}

/// The details of a row, each once with the environments that it is true for.
fn details(row: &Row) -> Vec<(Vec<&str>, String)> {
    let mut found: Vec<(Vec<&str>, String)> = Vec::new();
    for cell in &row.cells {
        for detail in cell.details() {
            match found.iter_mut().find(|(_, known)| *known == detail) {
                Some((environments, _)) => environments.push(&cell.environment),
                None => found.push((vec![&cell.environment], detail)),
            }
        }
    }
    found
}

fn tone(state: &State) -> Tone {
    match state {
        State::Applied | State::Adopted { .. } => Tone::Good,
        State::NotApplicable(_) | State::Skipped(_) => Tone::Faint,
        State::Pending(_) | State::Waiting(_) => Tone::Warn,
        State::Drifted(_) | State::Edited { .. } | State::Conflict(_) => Tone::Bad,
    }
}

/// A line for each probe that nothing has run yet, with the command that proves it.
pub(super) fn unproved(rows: &[Row], root: &str) -> Vec<String> {
    probes::unproved(rows.iter().flat_map(|row| row.cells.iter().flat_map(|cell| &cell.notes)), root)
}

fn next(rows: &[Row], root: &str) -> String {
    let with =
        |wanted: fn(&State) -> bool| rows.iter().filter(|row| row.cells.iter().any(|cell| wanted(&cell.state))).count();
    let parts: Vec<_> = [
        (with(|state| matches!(state, State::Pending(_) | State::Waiting(_))), "to apply"),
        (with(|state| matches!(state, State::Adopted { recorded: false, .. })), "to record"),
        (with(|state| matches!(state, State::Drifted(_))), "drifted"),
        (with(|state| matches!(state, State::Edited { .. })), "edited"),
        (with(|state| matches!(state, State::Conflict(_))), "in conflict"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{} {what}", count(number, "story", "stories")))
    .collect();
    if parts.is_empty() {
        return format!("Up to date: {}. Next: cargo xtask verify{root}", count(rows.len(), "story", "stories"));
    }
    format!("{}. Next: cargo xtask migrate --dry-run{root}", listed(&parts))
}
