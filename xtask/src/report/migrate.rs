//! The screens of `migrate`.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use stories::assessment::Note;
use stories::{Outcome, State};

use super::probes::unproved;
use super::{Row, count, document, failure, listed};
use crate::checker::{Accepted, Checker};
use crate::checkout::{Checkout, LEDGER};
use crate::commands::Session;
use crate::pipeline::{Failure, FileChange, Report, Run};
use crate::screen::{Screen, Tone};
use crate::shell_word::quoted_path;

/// What a run of `migrate` came to.
#[derive(Debug)]
pub struct Summary<'a> {
    /// The run.
    pub run: &'a Run,
    /// How many stories it looked at.
    pub stories: usize,
    /// Those that it applied or recorded.
    pub reports: &'a [Report],
    /// Why it stopped.
    pub failure: Option<&'a Failure>,
    /// How long it took.
    pub took: Duration,
    /// Whether each story was committed.
    pub committed: bool,
    /// Where the plan was saved, if it was.
    pub plan: Option<&'a Path>,
}

/// Tells what the first checks found, where there is something to tell.
pub fn start(session: &Session, checkout: &Checkout, checks: &[Accepted]) {
    for one in checks {
        let known = |missing: &&crate::checkout::MissingEnvFile| missing.environment == one.environment;
        if let Some(why) = one.shape_only.as_ref().filter(|_| !checkout.missing.iter().any(|missing| known(&missing))) {
            session.screen.warn(format_args!("{}: checked in shape only: {why}", one.environment));
        }
        for warning in &one.warnings {
            session.screen.warn(format_args!("{}: {warning}", one.environment));
        }
    }
}

/// Tells what became of a story.
pub fn story(session: &Session, run: &Run, report: &Report) {
    let screen = &session.screen;
    screen.say(format_args!("{}  {}", report.id, screen.tone(Tone::Strong, &report.title)));
    for (environment, outcome) in &report.outcomes {
        if let Outcome::Held(paths) = outcome {
            let paths: Vec<_> = paths.iter().map(ToString::to_string).collect();
            screen.say_labelled("adopted", &format!("{environment}: {} says so already", paths.join(", ")));
        }
    }
    files(screen, &report.files);
    if !report.files.is_empty() {
        screen.say_labelled("proved", "nothing else changed, a second apply changes nothing");
        screen.say_labelled("checked", &checked(&run.checker, &report.checks));
    }
    for note in &report.notes {
        match note {
            Note::Source(text) => screen.say_labelled("found", text),
            Note::Guess(text) => screen.say_labelled("guessed", text),
            Note::OneWay(text) => screen.say_labelled("one way", text),
            Note::Unproved(_) => {}
        }
    }
    if run.dry {
        report.files.iter().for_each(|file| diff(screen, file));
    }
}

pub(super) fn files(screen: &Screen, files: &[FileChange]) {
    let width = files.iter().map(|file| file.path.chars().count()).max().unwrap_or(0);
    for file in files {
        let counts = [("+", file.added), ("-", file.removed)];
        let counts: Vec<_> = counts.iter().filter(|(_, n)| *n > 0).map(|(sign, n)| format!("{sign}{n}")).collect();
        screen.say(format_args!("     {:width$}  {:6}  {}", file.path, counts.join(" "), file.paths.join(", ")));
    }
}

/// `docker compose 2.40.3: local 31 ms, prod 33 ms (shape only)`.
pub(super) fn checked(checker: &Checker, checks: &[Accepted]) -> String {
    let one = |check: &Accepted| {
        let shape = if check.shape_only.is_some() { " (shape only)" } else { "" };
        format!("{} {} ms{shape}", check.environment, check.took.as_millis())
    };
    let checks: Vec<_> = checks.iter().map(one).collect();
    format!("{checker}: {}", checks.join(", "))
}

/// A diff, coloured where colour is wanted.
pub fn diff(screen: &Screen, file: &FileChange) {
    for line in file.diff.lines() {
        let tone = match line.as_bytes().first() {
            Some(b'+') => Tone::Good,
            Some(b'-') => Tone::Bad,
            Some(b'@') => Tone::Faint,
            _ => {
                screen.say(format_args!("     {line}"));
                continue;
            }
        };
        screen.say(format_args!("     {}", screen.tone(tone, line)));
    }
}

/// Tells what the run came to, and what comes next.
pub fn finish(session: &Session, summary: &Summary<'_>) {
    let screen = &session.screen;
    screen.json(&document("migrate", json(summary)));
    if let Some(failure) = summary.failure {
        failure::tell(session, failure, summary.reports);
        return;
    }
    let environments = listed(&summary.run.scope);
    if summary.reports.is_empty() {
        let stories = count(summary.stories, "story", "stories");
        screen.say(format_args!("Up to date: {stories}, {environments}. Nothing written."));
        return;
    }
    screen.say(done(summary, &environments));
    let notes = summary.reports.iter().flat_map(|report| &report.notes);
    unproved(notes, &session.root_flag()).iter().for_each(|line| screen.say(line));
    screen.say(next(session, summary));
}

fn done(summary: &Summary<'_>, environments: &str) -> String {
    let seconds = summary.took.as_secs_f32();
    if summary.run.dry {
        let stories = count(summary.reports.len(), "story", "stories");
        return format!("Would apply {stories} to {environments}. Nothing written ({seconds:.1} s).");
    }
    let applies = |report: &&Report| report.outcomes.values().any(|outcome| matches!(outcome, Outcome::Applied(_)));
    let applied = summary.reports.iter().filter(applies).count();
    let number = |number| count(number, "story", "stories");
    let did = match (applied, summary.reports.len() - applied) {
        (applied, 0) => format!("Applied {} to {environments}", number(applied)),
        (0, adopted) => format!("Adopted {} in {environments}", number(adopted)),
        (applied, adopted) => format!("Applied {} to {environments} and adopted {adopted}", number(applied)),
    };
    let then = match (summary.committed, applied) {
        (true, _) => "committed, each story by itself.",
        (false, 0) => "commit it.",
        (false, _) => "commit it with the files.",
    };
    format!("{did} in {seconds:.1} s.\nRecorded in {LEDGER}/: {then}")
}

fn next(session: &Session, summary: &Summary<'_>) -> String {
    let root = session.root_flag();
    let commit = if summary.committed { " --commit" } else { "" };
    if let Some(plan) = summary.plan {
        let plan = quoted_path(plan);
        return format!("Saved in {plan}.\nNext: cargo xtask migrate --apply {plan}{commit}{root}");
    }
    if summary.run.dry {
        return format!("Next: {}", session.for_real("migrate", None));
    }
    let git = if summary.committed { "git log" } else { "git diff" };
    format!("Next: cargo xtask verify{root}   or   {git}")
}

fn json(summary: &Summary<'_>) -> Value {
    let stories: Vec<_> = summary.reports.iter().map(|report| story_json(summary.run, report)).collect();
    json!({
        "root": summary.run.checkout.root.to_string_lossy(),
        "environments": summary.run.scope,
        "checker": summary.run.checker.to_string(),
        "dry_run": summary.run.dry,
        "stories": stories,
        "failure": summary.failure.map(failure::json),
    })
}

fn story_json(run: &Run, report: &Report) -> Value {
    let outcomes: serde_json::Map<_, _> =
        report.outcomes.iter().map(|(name, outcome)| (name.clone(), outcome_json(outcome))).collect();
    let check = |check: &Accepted| {
        json!({
            "environment": check.environment,
            "checker": run.checker.to_string(),
            "milliseconds": check.took.as_millis() as u64,
            "shape_only": check.shape_only,
        })
    };
    json!({
        "id": report.id.to_string(),
        "title": report.title,
        "environments": outcomes,
        "files": report.files,
        "checks": report.checks.iter().map(check).collect::<Vec<_>>(),
        "unproved": report.notes.iter().any(|note| matches!(note, Note::Unproved(_))),
    })
}

fn outcome_json(outcome: &Outcome) -> Value {
    let strings = |paths: &[compose_edit::Path]| paths.iter().map(ToString::to_string).collect::<Vec<_>>();
    match outcome {
        Outcome::Applied(paths) => json!({ "state": "applied", "paths": strings(paths) }),
        Outcome::Held(paths) => json!({ "state": "adopted", "evidence": strings(paths) }),
        Outcome::NotApplicable(why) => json!({ "state": "not applicable", "why": why }),
    }
}

/// The screen of `migrate --check`.
pub fn check(session: &Session, rows: &[Row]) {
    let screen = &session.screen;
    let stories: Vec<_> = rows.iter().map(Row::json).collect();
    let up_to_date = rows.iter().all(Row::is_up_to_date);
    screen.json(&document("migrate", json!({ "check": true, "up_to_date": up_to_date, "stories": stories })));
    if up_to_date {
        screen.say(format_args!("Up to date: {}.", count(rows.len(), "story", "stories")));
        return;
    }
    let open = |row: &&Row| !row.is_up_to_date();
    for row in rows.iter().filter(open) {
        let pending = |cell: &&super::Cell| matches!(cell.state, State::Pending(_) | State::Waiting(_));
        let environments: Vec<_> = row.cells.iter().filter(pending).map(|cell| cell.environment.as_str()).collect();
        if !environments.is_empty() {
            screen.say(format_args!("{}  {}: pending in {}", row.id, row.title, listed(&environments)));
        }
    }
    let rest: Vec<_> = rows
        .iter()
        .filter(open)
        .filter(|row| !row.cells.iter().any(|cell| matches!(cell.state, State::Pending(_) | State::Waiting(_))))
        .collect();
    if !rest.is_empty() {
        let rest = rest.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        screen.say(format_args!("{}: not as recorded, see: cargo xtask status", listed(&rest)));
    }
    screen.say(format_args!("Next: cargo xtask migrate{}", session.root_flag()));
}
