//! The screen of `verify`.

use std::io;

use ::live::Live;
use docker::engine::container::now;
use serde_json::{Value, json};
use stories::waits::{Wait, unchecked};

use super::live::{self, Entry};
use super::{Row, count, data, document, listed, reach, status};
use crate::checker::{Accepted, Checker, NotAccepted, Passed};
use crate::checkout::Checkout;
use crate::cli::Format;
use crate::commands::Session;
use crate::doctor::still_placeholders;
use crate::guard::living::Looked;
use crate::screen::{Screen, Tone};

/// What Compose said of each environment, what an engine holds, and what was proved on running containers.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'s> {
    /// What Compose said, environment by environment.
    pub checks: &'s [Result<Passed, NotAccepted>],
    /// What the engine holds; none where no engine answers.
    pub looked: Option<&'s [Looked]>,
    /// What was proved, where that was asked for.
    pub proved: Option<&'s Live>,
}

/// Shows what was proved and what was not.
///
/// # Errors
/// None but of memory.
pub fn verify(
    session: &Session,
    checkout: &Checkout,
    checker: &Checker,
    rows: &[Row],
    seen: Seen<'_>,
) -> io::Result<()> {
    let Seen { checks, looked, proved } = seen;
    let screen = &session.screen;
    match screen.format {
        Format::Junit => screen.document(&live::junit::junit(&entries(checker, rows, checks, looked), proved)?),
        Format::Markdown => {
            let entries = entries(checker, rows, checks, looked);
            screen.document(&live::markdown::markdown(&entries, proved, now()));
        }
        Format::Human | Format::Json => {}
    }
    let notes = [waits(checkout, checks), placeholders(checkout, checks)].concat();
    screen.json(&document("verify", json(checkout, &notes, checker, rows, seen)));
    for_people(session, &notes, checker, rows, seen);
    Ok(())
}

fn json(checkout: &Checkout, notes: &[String], checker: &Checker, rows: &[Row], seen: Seen<'_>) -> Value {
    let Seen { checks, looked, proved } = seen;
    let stories: Vec<_> = rows.iter().map(Row::json).collect();
    let config: Vec<_> = checks.iter().map(|check| check_json(checker, check)).collect();
    let data = looked.map(|looked| looked.iter().map(looked_json).collect::<Vec<_>>());
    let mut body = json!({ "root": checkout.root.to_string_lossy(), "stories": stories, "checks": config, "data": data, "notes": notes });
    if let Some(proved) = proved {
        body["live"] = live::json(proved);
    }
    body
}

fn for_people(session: &Session, notes: &[String], checker: &Checker, rows: &[Row], seen: Seen<'_>) {
    let Seen { checks, looked, proved } = seen;
    let screen = &session.screen;
    status::table(screen, rows);
    checks.iter().for_each(|check| checked(screen, checker, check));
    let at_risk = match looked {
        Some(looked) => looked.iter().map(|one| living(screen, one)).sum(),
        None => {
            screen.say("note  no Docker engine answers here; data that it may hold was not looked at");
            0
        }
    };
    notes.iter().for_each(|line| screen.say_behind("note  ", line));
    status::unproved(rows, &session.root_flag()).iter().for_each(|line| screen.say(line));
    open(rows, &session.root_flag()).iter().for_each(|line| screen.say_behind("note  ", line));
    let to_settle = rows.iter().filter(|row| !row.holds()).count();
    let rejected = checks.iter().filter(|check| check.is_err()).count();
    let findings = count(to_settle + rejected + at_risk, "finding", "findings");
    let root = session.root_flag();
    screen.say(match (to_settle, rejected + at_risk) {
        (0, 0) => verified(rows),
        (0, _) => findings,
        _ => status::with_next(&format!("{findings}."), &format!("cargo xtask migrate --dry-run{root}")),
    });
    proved.iter().for_each(|proved| live::live(screen, proved));
}

/// What is not recorded and so not verified: `status` and `migrate --check` fail for it.
fn open(rows: &[Row], root: &str) -> Option<String> {
    let mut found: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    for row in rows.iter().filter(|row| row.holds() && !row.is_up_to_date()) {
        let open = row.open();
        match found.iter_mut().find(|(known, _)| *known == open) {
            Some((_, ids)) => ids.push(&row.id),
            None => found.push((open, vec![&row.id])),
        }
    }
    let words: Vec<_> = found.iter().map(|(open, ids)| format!("{}: {}", listed(ids), listed(open))).collect();
    (!found.is_empty()).then(|| format!("not recorded: {}. See: cargo xtask status{root}", words.join("; ")))
}

fn verified(rows: &[Row]) -> String {
    let applying = rows.iter().filter(|row| row.applies()).count();
    let open = rows.iter().filter(|row| !row.is_up_to_date()).count();
    match (applying, open) {
        (0, _) => "Verified: no story applies here, and the files are accepted.".to_owned(),
        (_, 0) => format!("Verified: {}, files and ledger agree.", reach::stories(applying, rows.len())),
        _ => format!("Verified: files and ledger agree; {} open.", count(open, "story is", "stories are")),
    }
}

/// What Compose takes and what may never start all the same.
fn waits(checkout: &Checkout, checks: &[Result<Passed, NotAccepted>]) -> Vec<String> {
    let of = |environment: &str| {
        let found = unchecked(&checkout.stack, environment).into_iter();
        let words = move |Wait { service, on, at }| {
            format!(
                "{environment}: {service} waits until {on} is healthy ({at}), and the files do not check that; it never \
                 starts unless {on}'s image does"
            )
        };
        found.map(words).collect::<Vec<_>>()
    };
    environments(checks).flat_map(of).collect()
}

/// What stands in the env files of this machine and is no value.
fn placeholders(checkout: &Checkout, checks: &[Result<Passed, NotAccepted>]) -> Vec<String> {
    let all = checkout.environments();
    let checked = all.iter().filter(|own| environments(checks).any(|name| name == own.name));
    let mut found: Vec<_> = checked.flat_map(|environment| still_placeholders(checkout, environment)).collect();
    found.dedup();
    found
}

fn environments(checks: &[Result<Passed, NotAccepted>]) -> impl Iterator<Item = &str> {
    checks.iter().map(|check| check.as_ref().map_or_else(|not| not.environment.as_str(), Passed::environment))
}

/// What a checker says of an environment.
fn checked(screen: &Screen, checker: &Checker, check: &Result<Passed, NotAccepted>) {
    match check {
        Ok(one) => screen.say(format_args!("{}  {}", screen.tone(Tone::Good, "ok  "), accepted(checker, one))),
        Err(not) => {
            let did = if not.judged { "rejects" } else { "gave no answer about" };
            screen.say(format_args!("{}  {checker} {did} {}", screen.tone(Tone::Bad, "FAIL"), not.environment));
            not.words.lines().for_each(|line| screen.say(format_args!("      {line}")));
        }
    }
}

/// What was looked at beside running containers, for a report.
fn entries(
    checker: &Checker,
    rows: &[Row],
    checks: &[Result<Passed, NotAccepted>],
    looked: Option<&[Looked]>,
) -> Vec<Entry> {
    let of_row = |row: &Row| -> Vec<_> {
        let cell = |cell: &super::Cell| Entry {
            environment: Some(cell.environment.clone()),
            what: format!("{} {}", row.id, row.title),
            seen: [vec![cell.state.name().to_owned()], cell.details()].concat().join("\n"),
            holds: cell.holds(),
        };
        row.cells.iter().map(cell).collect()
    };
    let of_check = |check: &Result<Passed, NotAccepted>| {
        let (environment, seen) = match check {
            Ok(one) => (one.environment(), accepted(checker, one)),
            Err(not) => (not.environment.as_str(), not.words.clone()),
        };
        let what = format!("{checker} accepts the files");
        Entry { environment: Some(environment.to_owned()), what, seen, holds: check.is_ok() }
    };
    let of_data = |one: &Looked| {
        let (seen, holds) = match &one.verdict {
            Ok(verdict) => (count(verdict.risks.len(), "risk", "risks"), verdict.risks.is_empty()),
            Err(words) => (words.clone(), false),
        };
        Entry { environment: Some(one.environment.clone()), what: "no data here is at risk".to_owned(), seen, holds }
    };
    let files = rows.iter().flat_map(of_row).chain(checks.iter().map(of_check));
    files.chain(looked.into_iter().flatten().map(of_data)).collect()
}

/// How many findings there are.
fn living(screen: &Screen, looked: &Looked) -> usize {
    let environment = &looked.environment;
    match &looked.verdict {
        Ok(verdict) => {
            verdict
                .unknown
                .iter()
                .chain(&verdict.notes)
                .for_each(|note| screen.say_behind("note  ", &format!("{environment}: {note}")));
            verdict.risks.iter().for_each(|risk| data::finding(screen, environment, risk));
            if verdict.is_safe() {
                screen.say(format_args!("{}  {environment}: no data here is at risk", screen.tone(Tone::Good, "ok  ")));
            }
            verdict.risks.len()
        }
        Err(words) => {
            let word = screen.tone(Tone::Bad, "FAIL");
            screen.say(format_args!("{word}  {environment}: whether data is at risk could not be seen"));
            words.lines().for_each(|line| screen.say(format_args!("      {line}")));
            1
        }
    }
}

fn looked_json(looked: &Looked) -> Value {
    match &looked.verdict {
        Ok(verdict) => {
            let risks: Vec<_> = verdict.risks.iter().map(data::json).collect();
            json!({ "environment": looked.environment, "looked": true, "risks": risks, "unknown": verdict.unknown, "notes": verdict.notes })
        }
        Err(words) => json!({ "environment": looked.environment, "looked": false, "reason": words }),
    }
}

fn accepted(checker: &Checker, passed: &Passed) -> String {
    let how = match passed {
        Passed::Checked(Accepted { shape_only: Some(why), .. }) => format!(" in shape only: {why}"),
        Passed::Checked(one) => format!(" ({} ms)", one.took.as_millis()),
        Passed::Remembered(_) => ", as it did before: the same bytes".to_owned(),
    };
    format!("{checker} accepts {}{how}", passed.environment())
}

fn check_json(checker: &Checker, check: &Result<Passed, NotAccepted>) -> Value {
    match check {
        Ok(one) => json!({
            "environment": one.environment(), "checker": checker.to_string(), "accepted": true, "shape_only": one.shape_only(),
        }),
        Err(not) => json!({
            "environment": not.environment, "checker": checker.to_string(), "accepted": false, "said": not.words,
        }),
    }
}
