//! The screens of `migrate`.

use std::io;
use std::path::Path;
use std::time::Duration;

use diagnostics::render::json::DiagnosticDocument;
use diagnostics::shell_quote::quoted_path;
use serde::Serialize;
use serde_json::{Value, json};
use stories::assessment::Note;
use stories::{Outcome, Story};

use super::impact::EnvironmentImpact;
use super::probes::unproved;
use super::standings::{AbsenceDocument, Reach, StoryDocument};
use super::{
    Row, SCHEMA, count, document, formats, impact, listed, not_applied, reach, rows, status, value,
};
use crate::checker::{Accepted, Checker};
use crate::checkout::{Checkout, LEDGER};
use crate::commands::Session;
use crate::pipeline::{FileChange, Progress, Report, Run};
use crate::screen::{Screen, Tone};

/// What a run of `migrate` came to.
#[derive(Debug)]
pub struct Summary<'a> {
    /// The run.
    pub run: &'a Run,
    /// The stories that it looked at.
    pub stories: &'a [Story],
    /// What became of them.
    pub progress: &'a Progress,
    /// How long it took.
    pub took: Duration,
    /// Whether each story was committed.
    pub committed: bool,
    /// Where the plan was saved, if it was.
    pub plan: Option<&'a Path>,
    /// What `up` would do to the environments that run.
    pub impact: &'a [EnvironmentImpact],
}

/// Tells what the first checks found, where there is something to tell.
pub fn start(session: &Session, checkout: &Checkout, checks: &[Accepted]) {
    for one in checks {
        let known =
            |missing: &&crate::checkout::MissingEnvFile| missing.environment == one.environment;
        if let Some(why) = one
            .shape_only
            .as_ref()
            .filter(|_| !checkout.missing.iter().any(|missing| known(&missing)))
        {
            session.screen.warn(format_args!(
                "{}: checked in shape only: {why}",
                one.environment
            ));
        }
        for warning in &one.warnings {
            session
                .screen
                .warn(format_args!("{}: {warning}", one.environment));
        }
    }
}

/// Tells what became of a story.
pub fn story(session: &Session, run: &Run, report: &Report) {
    let screen = &session.screen;
    screen.say(format_args!(
        "{}  {}",
        report.id,
        screen.tone(Tone::Strong, &report.title)
    ));
    for (environment, outcomes) in &report.outcomes {
        let held = |outcome: &Outcome| match outcome {
            Outcome::Held(paths) => paths.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        let paths: Vec<_> = outcomes.values().flat_map(held).collect();
        if !paths.is_empty() {
            screen.say_labelled(
                "adopted",
                &format!("{environment}: {} says so already", paths.join(", ")),
            );
        }
    }
    files(screen, &report.files);
    if !report.files.is_empty() {
        screen.say_labelled(
            "proved",
            "nothing else changed, a second apply changes nothing",
        );
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
    let width = files
        .iter()
        .map(|file| file.path.chars().count())
        .max()
        .unwrap_or(0);
    for file in files {
        let counts = [("+", file.added), ("-", file.removed)];
        let counts: Vec<_> = counts
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(sign, n)| format!("{sign}{n}"))
            .collect();
        screen.say(format_args!(
            "     {:width$}  {:6}  {}",
            file.path,
            counts.join(" "),
            file.paths.join(", ")
        ));
    }
}

/// `docker compose 2.40.3: local 31 ms, prod 33 ms (shape only)`.
pub(super) fn checked(checker: &Checker, checks: &[Accepted]) -> String {
    let one = |check: &Accepted| {
        let shape = if check.shape_only.is_some() {
            " (shape only)"
        } else {
            ""
        };
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
    let (run, progress) = (summary.run, summary.progress);
    let rows = rows(&run.checkout, summary.stories, &run.scope);
    screen.json(&document("migrate", json(session, summary, &rows)));
    if progress.ended.is_none() && !progress.reports.is_empty() {
        screen.say(done(summary, &listed(&run.scope)));
        let notes = progress.reports.iter().flat_map(|report| &report.notes);
        unproved(session, notes)
            .iter()
            .for_each(|line| screen.say(line));
        reach::beside(&rows)
            .iter()
            .for_each(|line| screen.say_behind("", line));
        impact::tell(screen, summary.impact);
    }
    not_applied::tell(session, progress, run.dry);
    if progress.is_complete() && progress.reports.is_empty() {
        screen.say_behind(
            "",
            &format!("{} Nothing written.", reach::up_to_date(&rows)),
        );
        reach::beside(&rows)
            .iter()
            .for_each(|line| screen.say_behind("", line));
    } else if let Some(next) = next(session, summary) {
        screen.say(next);
    }
}

fn done(summary: &Summary<'_>, environments: &str) -> String {
    let seconds = summary.took.as_secs_f32();
    if summary.run.dry {
        let stories = count(summary.progress.reports.len(), "story", "stories");
        return format!(
            "Would apply {stories} to {environments}. Nothing written ({seconds:.1} s)."
        );
    }
    let applies = |report: &&Report| {
        report
            .outcomes
            .values()
            .flatten()
            .any(|(_, outcome)| matches!(outcome, Outcome::Applied(_)))
    };
    let applied = summary.progress.reports.iter().filter(applies).count();
    let number = |number| count(number, "story", "stories");
    let did = match (applied, summary.progress.reports.len() - applied) {
        (applied, 0) => format!("Applied {} to {environments}", number(applied)),
        (0, adopted) => format!("Adopted {} in {environments}", number(adopted)),
        (applied, adopted) => format!(
            "Applied {} to {environments} and adopted {adopted}",
            number(applied)
        ),
    };
    let then = match (summary.committed, applied) {
        (true, _) => "committed, each story by itself.",
        (false, 0) => "commit it.",
        (false, _) => "commit it with the files.",
    };
    format!("{did} in {seconds:.1} s.\nRecorded in {LEDGER}/: {then}")
}

/// Where something was not applied, what mends it comes next, and that is told already; a plan
/// without it can be applied.
fn next(session: &Session, summary: &Summary<'_>) -> Option<String> {
    if let Some(plan) = summary.plan {
        let path = plan.display().to_string();
        // A file, whatever its name begins with, and no flag.
        let path = if path.starts_with('-') {
            format!("./{path}")
        } else {
            path
        };
        let commit = summary.committed.then_some("--commit");
        let words: Vec<_> = ["migrate", "--apply", &path]
            .into_iter()
            .chain(commit)
            .collect();
        return Some(format!(
            "Saved in {}.\nNext: {}",
            quoted_path(plan),
            session.command(&words)
        ));
    }
    if !summary.progress.is_complete() {
        return None;
    }
    if summary.run.dry {
        return Some(format!("Next: {}", session.for_real("migrate", None)));
    }
    let git = super::or_git(
        &summary.run.checkout.root,
        if summary.committed { "log" } else { "diff" },
    );
    Some(format!("Next: {}{git}", session.narrowed(&["verify"])))
}

fn json(session: &Session, summary: &Summary<'_>, rows: &[Row]) -> Value {
    let stories: Vec<_> = summary
        .progress
        .reports
        .iter()
        .map(|report| story_json(summary.run, report))
        .collect();
    let reach = reach::document(rows);
    // A dry run leaves to do what it would do.
    let is_left = summary.run.dry && !summary.progress.reports.is_empty();
    let mut body = json!({
        "root": summary.run.checkout.root.to_string_lossy(),
        "environments": summary.run.scope,
        "checker": summary.run.checker.to_string(),
        "dry_run": summary.run.dry,
        "stories": stories,
        "up_to_date": reach.up_to_date && !is_left,
        "applicable": reach.applicable,
        "not_applicable": reach.not_applicable,
        "impact": impact::json(summary.impact),
    });
    if let (Value::Object(body), Value::Object(more)) =
        (&mut body, not_applied::json(session, summary.progress))
    {
        body.extend(more);
    }
    body
}

fn story_json(run: &Run, report: &Report) -> Value {
    let outcomes: serde_json::Map<_, _> = report
        .outcomes
        .iter()
        .map(|(name, places)| {
            let own: serde_json::Map<_, _> = places
                .iter()
                .map(|(place, outcome)| (place.to_string(), outcome_json(outcome)))
                .collect();
            let mut sum = outcome_json(&Outcome::sum(places.values()));
            sum["places"] = own.into();
            (name.clone(), sum)
        })
        .collect();
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
    let strings =
        |paths: &[compose_edit::Path]| paths.iter().map(ToString::to_string).collect::<Vec<_>>();
    match outcome {
        Outcome::Applied(paths) => json!({ "state": "applied", "paths": strings(paths) }),
        Outcome::Held(paths) => json!({ "state": "adopted", "evidence": strings(paths) }),
        Outcome::NotApplicable(why) => json!({ "state": "not-applicable", "why": why }),
    }
}

/// The document of `migrate --check`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "migrate-check"))]
pub(super) struct CheckDocument<'r> {
    schema: u32,
    command: &'static str,
    /// True: nothing was to be written.
    check: bool,
    /// Every story, as released.
    stories: Vec<StoryDocument<'r>>,
    /// Whether every story is up to date.
    up_to_date: bool,
    /// How many stories apply somewhere.
    applicable: usize,
    /// Where stories have no object.
    not_applicable: Vec<AbsenceDocument<'r>>,
    /// What is not up to date.
    findings: Vec<DiagnosticDocument>,
}

/// The screen of `migrate --check`.
///
/// # Errors
/// None but of memory.
pub fn check(session: &Session, checkout: &Checkout, rows: &[Row]) -> io::Result<()> {
    let screen = &session.screen;
    let groups = status::write(session, checkout, &["migrate", "--check"], rows)?;
    let Reach {
        up_to_date,
        applicable,
        not_applicable,
    } = reach::document(rows);
    screen.json(&value(&CheckDocument {
        schema: SCHEMA,
        command: "migrate",
        check: true,
        stories: rows.iter().map(Row::document).collect(),
        up_to_date,
        applicable,
        not_applicable,
        findings: formats::member(session, &groups),
    }));
    if rows.iter().all(Row::is_up_to_date) {
        screen.say_behind("", &reach::up_to_date(rows));
        reach::beside(rows)
            .iter()
            .for_each(|line| screen.say_behind("", line));
        return Ok(());
    }
    for row in rows.iter().filter(|row| !row.is_up_to_date()) {
        let head = format!("{}  ", row.id);
        screen.say_behind(&head, &format!("{}: {}", row.title, listed(&row.open())));
    }
    let next = if rows.iter().any(Row::is_blocked) {
        session.narrowed(&["status"])
    } else {
        session.for_real("migrate", None)
    };
    screen.say(format_args!("Next: {next}"));
    Ok(())
}
