//! The screen of `status`.

use std::io;

use diagnostics::{Group, Severity};
use serde_json::{Value, json};
use stories::State;

use super::formats::{self, Findings};
use super::{Row, count, document, findings, listed, probes, reach};
use crate::checkout::Checkout;
use crate::commands::Session;
use crate::screen::{Screen, Tone, WIDTH};

/// Shows where every story stands, and what comes next.
///
/// # Errors
/// None but of memory.
pub fn status(session: &Session, checkout: &Checkout, rows: &[Row]) -> io::Result<()> {
    let screen = &session.screen;
    let groups = write(session, &["status"], rows)?;
    let stories: Vec<_> = rows.iter().map(Row::json).collect();
    let mut body = json!({ "root": checkout.root.to_string_lossy(), "stories": stories });
    if let (Value::Object(body), Value::Object(reach)) = (&mut body, reach::json(rows)) {
        body.extend(reach);
    }
    body["findings"] = formats::member(session, &groups);
    screen.json(&document("status", body));
    heading(screen, checkout);
    table(screen, rows);
    unproved(session, rows)
        .iter()
        .for_each(|note| screen.say(note));
    next(session, checkout, rows);
    Ok(())
}

/// Writes where stories stand in the form for another program that was asked for; whatever is not
/// up to date fails.
pub(super) fn write(session: &Session, command: &[&str], rows: &[Row]) -> io::Result<[Group; 1]> {
    let groups = [formats::group(
        "stories",
        "Stories",
        findings::of_rows(rows, Severity::Error, &session.choice()),
    )];
    let report = Findings {
        command,
        title: "Where the stories stand",
        groups: &groups,
        ending: "",
    };
    formats::write(session, &report)?;
    Ok(groups)
}

fn heading(screen: &Screen, checkout: &Checkout) {
    let own = |(name, own): (&String, &stories::EnvironmentFiles)| {
        format!("{name}: {}", own.files.join(" + "))
    };
    let environments: Vec<_> = checkout.stack.layout.environments.iter().map(own).collect();
    let line = format!("          {}", environments.join("   "));
    screen.say(format_args!("checkout  {}", checkout.root.display()));
    // Side by side where that is not too long, else one below the other.
    if line.chars().count() <= WIDTH {
        return screen.say(line);
    }
    environments
        .iter()
        .for_each(|one| screen.say_behind("          ", one));
}

/// One line a story, with what is behind its states below it.
pub(super) fn table(screen: &Screen, rows: &[Row]) {
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let id = width(&mut rows.iter().map(|row| row.id.len()));
    let title = width(&mut rows.iter().map(|row| row.title.chars().count()));
    let state = width(
        &mut rows
            .iter()
            .flat_map(|row| &row.cells)
            .map(|cell| cell.state.name().len()),
    );
    for row in rows {
        let cell = |cell: &super::Cell| {
            let name = format!("{:state$}", cell.state.name());
            format!(
                "{} {}",
                cell.environment,
                screen.tone(tone(&cell.state), &name)
            )
        };
        let cells: Vec<_> = row.cells.iter().map(cell).collect();
        let line = format!("{:id$}  {:title$}  {}", row.id, row.title, cells.join("  "));
        screen.say(line.trim_end());
        for (environments, detail) in details(row) {
            screen.say_behind(
                &format!("{:id$}  ", ""),
                &format!("{}: {detail}", listed(&environments)),
            );
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
pub(super) fn unproved(session: &Session, rows: &[Row]) -> Vec<String> {
    probes::unproved(
        session,
        rows.iter()
            .flat_map(|row| row.cells.iter().flat_map(|cell| &cell.notes)),
    )
}

fn next(session: &Session, checkout: &Checkout, rows: &[Row]) {
    let screen = &session.screen;
    let parts = open(rows);
    if !parts.is_empty() {
        let dry = session.narrowed(&["migrate", "--dry-run"]);
        return screen.say(with_next(&format!("{}.", listed(&parts)), &dry));
    }
    // Why the others do not apply stands in the table.
    let verify = session.narrowed(&["verify"]);
    match reach::alike(session, checkout, rows) {
        None => screen.say(with_next(&reach::up_to_date(rows), &verify)),
        Some(alike) => {
            screen.say(reach::up_to_date(rows));
            screen.say_behind("", &alike);
            screen.say(format_args!("Next: {verify}"));
        }
    }
}

/// `2 stories to apply`, `1 story drifted`: how many are not up to date, by why.
pub(super) fn open(rows: &[Row]) -> Vec<String> {
    let with = |wanted: fn(&State) -> bool| {
        rows.iter()
            .filter(|row| row.cells.iter().any(|cell| wanted(&cell.state)))
            .count()
    };
    let parts = [
        (
            with(|state| matches!(state, State::Pending(_) | State::Waiting(_))),
            "to apply",
        ),
        (
            with(|state| {
                matches!(
                    state,
                    State::Adopted {
                        recorded: false,
                        ..
                    }
                )
            }),
            "to record",
        ),
        (with(|state| matches!(state, State::Drifted(_))), "drifted"),
        (
            with(|state| matches!(state, State::Edited { .. })),
            "edited",
        ),
        (
            with(|state| matches!(state, State::Conflict(_))),
            "in conflict",
        ),
    ];
    let there = parts.into_iter().filter(|(number, _)| *number > 0);
    there
        .map(|(number, what)| format!("{} {what}", count(number, "story", "stories")))
        .collect()
}

/// What comes next, on the same line where that is not too long: a command that is broken over two
/// lines cannot be copied.
pub(super) fn with_next(text: &str, command: &str) -> String {
    let line = format!("{text} Next: {command}");
    if line.chars().count() <= WIDTH {
        line
    } else {
        format!("{text}\nNext: {command}")
    }
}
