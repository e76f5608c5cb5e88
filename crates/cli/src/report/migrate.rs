//! The screens of `migrate`.

pub(super) mod document;

use std::io;
use std::path::Path;
use std::time::Duration;

use diagnostics::shell_quote::quoted_path;
use stories::assessment::Note;
use stories::{Outcome, Story, StoryId};

use self::document::document;
use super::impact::EnvironmentImpact;
use super::probes::unproved;
use super::standings::StandingsDocument;
use super::{Row, count, impact, listed, not_applied, reach, rows, status, value};
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

/// A diff, coloured where colour is wanted. It can be applied as it stands: `patch` takes the indent
/// off, and every line ends as the file's own does.
pub fn diff(screen: &Screen, file: &FileChange) {
    for line in file.diff.split_terminator('\n') {
        let (line, end) = match line.strip_suffix('\r') {
            Some(line) => (line, "\r"),
            None => (line, ""),
        };
        let tone = match line.as_bytes().first() {
            Some(b'+') => Tone::Good,
            Some(b'-') => Tone::Bad,
            Some(b'@') => Tone::Faint,
            _ => {
                screen.say(format_args!("     {line}{end}"));
                continue;
            }
        };
        screen.say(format_args!("     {}{end}", screen.tone(tone, line)));
    }
}

/// Tells what the run came to, and what comes next.
pub fn finish(session: &Session, summary: &Summary<'_>) {
    let screen = &session.screen;
    let (run, progress) = (summary.run, summary.progress);
    let rows = rows(&run.checkout, summary.stories, &run.scope);
    screen.json(&value(&document(session, summary, &rows)));
    if progress.ended.is_none() && !progress.reports.is_empty() {
        screen.say_behind("", &done(summary));
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

fn done(summary: &Summary<'_>) -> String {
    let seconds = summary.took.as_secs_f32();
    let reports = &summary.progress.reports;
    if summary.run.dry {
        let verbs = [
            "Would apply",
            "would apply",
            "Would adopt",
            "would adopt",
            "adopt",
        ];
        let would = became(reports, &summary.run.scope, verbs);
        return format!("{would}. Nothing written ({seconds:.1} s).");
    }
    let verbs = ["Applied", "applied", "Adopted", "adopted", "adopted"];
    let did = became(reports, &summary.run.scope, verbs);
    let is_applied = |outcome: &Outcome| matches!(outcome, Outcome::Applied(_));
    let mut outcomes = reports.iter().flat_map(|report| report.outcomes.values());
    let applies = outcomes.any(|places| places.values().any(is_applied));
    let then = match (summary.committed, applies) {
        (true, _) => "committed, each story by itself.",
        (false, false) => "commit it.",
        (false, true) => "commit it with the files.",
    };
    format!("{did} in {seconds:.1} s.\nRecorded in {LEDGER}/: {then}")
}

/// What became of the stories in an environment: those that were applied, and those that were found
/// done.
#[derive(Default, PartialEq, Eq)]
struct Became<'r> {
    applied: Vec<&'r StoryId>,
    adopted: Vec<&'r StoryId>,
}

/// `Applied 4 stories to local; applied 1 story to prod and adopted 3`. The verbs are those of
/// applied and adopted stories, each at the beginning and further on, and that of adopted ones
/// behind applied ones.
fn became(reports: &[Report], scope: &[String], verbs: [&str; 5]) -> String {
    let mut found: Vec<(Became<'_>, Vec<&str>)> = Vec::new();
    for environment in scope {
        let own = Became::of(reports, environment);
        match found.iter_mut().find(|(known, _)| *known == own) {
            Some((_, environments)) => environments.push(environment),
            None => found.push((own, vec![environment])),
        }
    }
    found.retain(|(own, _)| *own != Became::default());
    let [apply, applies, adopt, adopts, and_adopt] = verbs;
    let number = |stories: &[&StoryId]| count(stories.len(), "story", "stories");
    let words = |(at, (own, environments)): (usize, &(Became<'_>, Vec<&str>))| {
        let (apply, adopt) = if at == 0 {
            (apply, adopt)
        } else {
            (applies, adopts)
        };
        let (applied, adopted) = (number(&own.applied), number(&own.adopted));
        let places = listed(environments);
        match (own.applied.len(), own.adopted.len()) {
            (0, _) => format!("{adopt} {adopted} in {places}"),
            (_, 0) => format!("{apply} {applied} to {places}"),
            (_, more) => format!("{apply} {applied} to {places} and {and_adopt} {more}"),
        }
    };
    let parts: Vec<_> = found.iter().enumerate().map(words).collect();
    parts.join("; ")
}

impl<'r> Became<'r> {
    fn of(reports: &'r [Report], environment: &str) -> Self {
        let mut own = Self::default();
        for report in reports {
            let places = report.outcomes.get(environment).into_iter().flatten();
            match Outcome::sum(places.map(|(_, outcome)| outcome)) {
                Outcome::Applied(_) => own.applied.push(&report.id),
                Outcome::Held(_) => own.adopted.push(&report.id),
                Outcome::NotApplicable(_) => {}
            }
        }
        own
    }
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

/// The screen of `migrate --check`.
///
/// # Errors
/// None but of memory.
pub fn check(session: &Session, checkout: &Checkout, rows: &[Row]) -> io::Result<()> {
    let screen = &session.screen;
    let groups = status::write(session, checkout, &["migrate", "--check"], rows)?;
    screen.json(&value(&StandingsDocument {
        command: "migrate",
        check: Some(true),
        ..status::document(session, checkout, rows, &groups)
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
