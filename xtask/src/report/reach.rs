//! How far the stories are about a checkout at all: "up to date" alone would say too much where they are not.

use serde_json::{Value, json};
use stories::State;

use super::{Row, count, listed};
use crate::checkout::{Checkout, LayoutSource};
use crate::commands::{Session, init};

/// Where stories have no object, and why.
#[derive(Debug, PartialEq, Eq)]
struct Absence<'r> {
    why: &'r str,
    environments: Vec<&'r str>,
    stories: Vec<&'r str>,
}

/// `Up to date: 4 stories, local and prod.`; of stories that are not about this checkout, how many and why, first where it
/// is all of them.
pub(super) fn up_to_date(session: &Session, checkout: &Checkout, rows: &[Row]) -> Vec<String> {
    let applying = rows.iter().filter(|row| row.applies()).count();
    let mut lines = Vec::new();
    if applying == 0 && !rows.is_empty() {
        lines.push("No story applies here.".to_owned());
    } else {
        lines.push(format!("Up to date: {}{}.", stories(applying, rows.len()), places(rows)));
    }
    lines.extend(without_object(session, checkout, rows));
    lines
}

/// `4 stories`, `2 of 4 stories apply`.
pub(super) fn stories(applying: usize, all: usize) -> String {
    if applying == all {
        count(all, "story", "stories")
    } else {
        format!("{applying} of {} apply", count(all, "story", "stories"))
    }
}

fn places(rows: &[Row]) -> String {
    let environments: Vec<_> = rows.iter().take(1).flat_map(|row| &row.cells).map(|cell| &cell.environment).collect();
    if environments.is_empty() { String::new() } else { format!(", {}", listed(&environments)) }
}

/// A line for each reason for which stories are not about this checkout, and how to say that they are.
pub(super) fn without_object(session: &Session, checkout: &Checkout, rows: &[Row]) -> Vec<String> {
    let all = rows.first().map_or(0, |row| row.cells.len());
    let line = |absence: &Absence<'_>| {
        let place = if absence.environments.len() == all {
            String::new()
        } else {
            format!(" in {}", listed(&absence.environments))
        };
        let verb = if absence.stories.len() == 1 { "does" } else { "do" };
        format!("{} {verb} not apply{place}: {}", listed(&absence.stories), absence.why)
    };
    let mut lines: Vec<_> = absences(rows).iter().map(line).collect();
    if !lines.is_empty() {
        lines.extend(alike(session, checkout));
    }
    lines
}

/// Services that look like those that a role is looked for by, where no file says which they are.
fn alike(session: &Session, checkout: &Checkout) -> Option<String> {
    if checkout.layout_source == LayoutSource::Written {
        return None;
    }
    let guessed = init::roles(&checkout.stack).into_iter().filter(|(role, service)| role != service);
    let guessed: Vec<_> = guessed.map(|(role, service)| format!("{service} like the {role}")).collect();
    let looks = if guessed.len() == 1 { "looks" } else { "look" };
    (!guessed.is_empty()).then(|| format!("{} {looks}: cargo xtask init{}", listed(&guessed), session.root_flag()))
}

fn absences(rows: &[Row]) -> Vec<Absence<'_>> {
    let mut found: Vec<Absence<'_>> = Vec::new();
    for row in rows {
        let mut own: Vec<Absence<'_>> = Vec::new();
        for cell in &row.cells {
            let State::NotApplicable(why) = &cell.state else { continue };
            match own.iter_mut().find(|known| known.why == why) {
                Some(known) => known.environments.push(&cell.environment),
                None => own.push(Absence { why, environments: vec![&cell.environment], stories: vec![&row.id] }),
            }
        }
        for one in own {
            let same = |known: &&mut Absence<'_>| known.why == one.why && known.environments == one.environments;
            match found.iter_mut().find(same) {
                Some(known) => known.stories.push(&row.id),
                None => found.push(one),
            }
        }
    }
    found
}

/// The same for programs.
pub(super) fn json(rows: &[Row]) -> Value {
    let one = |absence: &Absence<'_>| json!({ "stories": absence.stories, "environments": absence.environments, "why": absence.why });
    json!({
        "up_to_date": rows.iter().all(Row::is_up_to_date),
        "applicable": rows.iter().filter(|row| row.applies()).count(),
        "not_applicable": absences(rows).iter().map(one).collect::<Vec<_>>(),
    })
}
