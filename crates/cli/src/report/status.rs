//! The screen of `status`.

use std::collections::BTreeSet;
use std::io;

use diagnostics::{Group, Severity};
use stories::State;

use super::findings::{self, apply_in};
use super::formats::{self, Findings};
use super::standings::{Reach, StandingsDocument};
use super::{Row, SCHEMA, count, listed, probes, reach, value};
use crate::checkout::Checkout;
use crate::commands::Session;
use crate::screen::{Screen, Tone, WIDTH};

/// Shows where every story stands, and what comes next.
///
/// # Errors
/// None but of memory.
pub fn status(session: &Session, checkout: &Checkout, rows: &[Row]) -> io::Result<()> {
    let screen = &session.screen;
    let groups = write(session, checkout, &["status"], rows)?;
    screen.json(&value(&document(session, checkout, rows, &groups)));
    heading(screen, checkout);
    table(screen, rows);
    unproved(session, rows)
        .iter()
        .for_each(|note| screen.say(note));
    next(session, rows);
    Ok(())
}

/// The same for programs.
pub(super) fn document<'r>(
    session: &Session,
    checkout: &Checkout,
    rows: &'r [Row],
    groups: &[Group],
) -> StandingsDocument<'r> {
    let Reach {
        up_to_date,
        applicable,
        not_applicable,
    } = reach::document(rows);
    StandingsDocument {
        schema: SCHEMA,
        command: "status",
        check: None,
        root: checkout.root.to_string_lossy().into_owned(),
        stories: rows.iter().map(Row::document).collect(),
        up_to_date,
        applicable,
        not_applicable,
        findings: formats::member(session, groups),
    }
}

/// Writes where stories stand in the form for another program that was asked for; whatever is not
/// up to date fails.
pub(super) fn write(
    session: &Session,
    checkout: &Checkout,
    command: &[&str],
    rows: &[Row],
) -> io::Result<[Group; 1]> {
    let groups = [formats::group(
        "stories",
        "Stories",
        findings::of_rows(rows, Severity::Error, &session.choice()),
    )];
    let report = Findings {
        command,
        title: "Where the stories stand",
        checkout: Some(checkout),
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
        let mut line = format!("{:id$}  {:title$}  ", row.id, row.title);
        let begin = line.chars().count();
        let mut end = begin;
        for cell in &row.cells {
            let width = cell.environment.chars().count() + 1 + state;
            let is_last = std::ptr::eq(cell, &row.cells[row.cells.len() - 1]);
            // Nothing stands behind the last one.
            let shown = width
                - if is_last {
                    state - cell.state.name().len()
                } else {
                    0
                };
            if end > begin && end + shown > WIDTH {
                screen.say(line.trim_end());
                (line, end) = (" ".repeat(begin), begin);
            }
            let name = format!("{:state$}", cell.state.name());
            let name = screen.tone(tone(&cell.state), &name);
            line.push_str(&format!("{} {name}  ", cell.environment));
            end += width + 2;
        }
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
        State::Pending(_) | State::Waiting(_) | State::Question(_) => Tone::Warn,
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

fn next(session: &Session, rows: &[Row]) {
    let screen = &session.screen;
    let parts = open(rows);
    if !parts.is_empty() {
        return to_do(session, rows, &format!("{}.", listed(&parts)));
    }
    // Why the others do not apply stands in the table.
    let verify = session.narrowed(&["verify"]);
    screen.say(with_next(&reach::up_to_date(rows), &verify));
}

/// The dry run, and for a story that conflicts in some environments alone how the others get it;
/// that comes first where `migrate` could do nothing else.
fn to_do(session: &Session, rows: &[Row], text: &str) {
    let screen = &session.screen;
    let mut apart: Vec<_> = rows
        .iter()
        .filter(|row| !row.apart.is_empty())
        .map(|row| (row, session.command(&apply_in(&row.id, &row.apart))))
        .collect();
    let is_all_stopped = rows
        .iter()
        .filter(|row| !row.is_up_to_date())
        .all(Row::is_blocked);
    let next = if is_all_stopped && !apart.is_empty() {
        apart.remove(0).1
    } else {
        session.narrowed(&["migrate", "--dry-run"])
    };
    screen.say(with_next(text, &next));
    for (row, command) in apart {
        let places = listed(&row.apart);
        screen.say(format_args!("{} in {places} alone: {command}", row.id));
    }
}

/// `2 stories to apply`, `1 story drifted`: how many are not up to date, by why; each counts once,
/// as it stands where it stands worst.
pub(super) fn open(rows: &[Row]) -> Vec<String> {
    let worst = |row: &&Row| {
        row.cells
            .iter()
            .filter_map(|cell| openness(&cell.state))
            .max()
    };
    let found: Vec<_> = rows.iter().filter_map(|row| worst(&row)).collect();
    let number = |(badness, what)| {
        let number = found.iter().filter(|(own, _)| *own == badness).count();
        (number > 0).then(|| format!("{} {what}", count(number, "story", "stories")))
    };
    let kinds: BTreeSet<_> = found.iter().copied().collect();
    kinds.into_iter().filter_map(number).collect()
}

/// How bad it is that a story is not up to date, and why it is not; none where it is.
fn openness(state: &State) -> Option<(u8, &'static str)> {
    match state {
        State::Adopted {
            recorded: false, ..
        } => Some((0, "to record")),
        State::Pending(_) | State::Waiting(_) => Some((1, "to apply")),
        State::Question(_) => Some((2, "waiting for an answer")),
        State::Drifted(_) => Some((3, "drifted")),
        State::Edited { .. } => Some((4, "edited")),
        State::Conflict(_) => Some((5, "in conflict")),
        _ => None,
    }
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
