//! The screens of `revert`.

use std::time::Duration;

use serde::Serialize;

use super::failure::FailureDocument;
use super::findings::skip_in;
use super::impact::{EnvironmentImpact, ImpactDocument};
use super::ledger::RecordDocument;
use super::migrate::{checked, diff, files};
use super::{SCHEMA, count, failure, impact, listed, value};
use crate::commands::Session;
use crate::pipeline::{Failure, FileChange, Reverted, Run};
use crate::screen::Tone;

/// The document of `revert`, and of its dry run.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "revert"))]
pub(super) struct RevertDocument<'r> {
    schema: u32,
    command: &'static str,
    /// The checkout's folder.
    root: String,
    /// Who checks, with its version.
    checker: String,
    /// Whether nothing was to be written.
    dry_run: bool,
    /// The stories that were taken back, or would be, the last one first.
    stories: Vec<RevertedDocument<'r>>,
    /// What the next `up` does to each environment that runs.
    impact: Vec<ImpactDocument<'r>>,
    /// Why it stopped; null where it did not.
    failure: Option<FailureDocument<'r>>,
}

/// A story that was taken back.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct RevertedDocument<'r> {
    /// The story's id, as `5.1`.
    id: String,
    /// Its title.
    title: &'r str,
    /// The environments that it was applied in.
    environments: &'r [String],
    /// The files that changed.
    files: &'r [FileChange],
    /// Whether all of them are byte for byte as before the story.
    exact: bool,
    /// What the story made and that stays, with why.
    kept: &'r [String],
    /// What cannot be taken back in the data.
    one_way: &'r [String],
    /// What became of its record.
    record: RecordDocument<'r>,
}

/// What a run of `revert` came to.
#[derive(Debug)]
pub struct RevertSummary<'a> {
    /// The run.
    pub run: &'a Run,
    /// The stories that were taken back.
    pub reverted: &'a [Reverted],
    /// Why it stopped.
    pub failure: Option<&'a Failure>,
    /// How long it took.
    pub took: Duration,
    /// What `up` would do to the environments that run.
    pub impact: &'a [EnvironmentImpact],
}

/// Tells what became of a story.
pub fn revert(session: &Session, run: &Run, reverted: &Reverted) {
    let screen = &session.screen;
    screen.say(format_args!(
        "{}  {}",
        reverted.id,
        screen.tone(Tone::Strong, &reverted.title)
    ));
    files(screen, &reverted.files);
    if !reverted.files.is_empty() {
        screen.say_labelled("undone", how(reverted));
        screen.say_labelled("proved", "nothing else changed");
        screen.say_labelled("checked", &checked(&run.checker, &reverted.checks));
    }
    reverted
        .kept
        .iter()
        .for_each(|words| screen.say_labelled("kept", words));
    reverted
        .one_way
        .iter()
        .for_each(|words| screen.say_labelled("one way", words));
    screen.say_labelled("record", &record(run, reverted));
    if run.dry {
        reverted.files.iter().for_each(|file| diff(screen, file));
    }
}

fn how(reverted: &Reverted) -> &'static str {
    if reverted.exact {
        return "byte for byte as before";
    }
    "by the record: it says what it said before, the layout may differ (the file has changed since, or another machine \
     applied the story)"
}

fn record(run: &Run, reverted: &Reverted) -> String {
    let path = &reverted.record_path;
    match (&reverted.record, run.dry) {
        (Some(_), false) => format!("{path} says skipped"),
        (Some(_), true) => format!("{path} would say skipped"),
        (None, false) => format!("{path} is removed"),
        (None, true) => format!("{path} would be removed"),
    }
}

/// Tells what the run came to, and what comes next.
pub fn reverted(session: &Session, summary: &RevertSummary<'_>) {
    let screen = &session.screen;
    screen.json(&value(&document(session, summary)));
    let ids: Vec<_> = summary
        .reverted
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    if let Some(failed) = summary.failure {
        failure::tell_what(session, failed);
        let standing = if ids.is_empty() {
            "Nothing was written.".to_owned()
        } else {
            standing(&ids)
        };
        return screen.talk(format_args!("  {standing}"));
    }
    if ids.is_empty() {
        return screen.say("Nothing to revert: no such story is applied. Nothing written.");
    }
    let (stories, seconds) = (
        count(ids.len(), "story", "stories"),
        summary.took.as_secs_f32(),
    );
    if summary.run.dry {
        screen.say(format_args!(
            "Would revert {stories}. Nothing written ({seconds:.1} s)."
        ));
        impact::tell(screen, summary.impact);
        let is_one_way = summary.reverted.iter().any(|one| !one.one_way.is_empty());
        let flag = is_one_way.then_some("--accept-irreversible");
        return screen.say(format_args!("Next: {}", session.for_real("revert", flag)));
    }
    screen.say(format_args!(
        "Reverted {stories} in {seconds:.1} s: commit the files and the ledger together."
    ));
    impact::tell(screen, summary.impact);
    let back = summary.reverted.iter().filter(|one| one.comes_back);
    let back: Vec<_> = back.map(|one| (one.id.to_string(), one)).collect();
    if !back.is_empty() {
        let ids: Vec<_> = back.iter().map(|(id, _)| id).collect();
        screen.say(format_args!(
            "The next migrate applies {} again; to keep it out:",
            listed(&ids)
        ));
        let layout = &summary.run.checkout.stack.layout;
        for (id, one) in &back {
            let environments = layout.unless_all(&one.environments);
            let words = skip_in(id, environments.iter().map(String::as_str), None);
            screen.say(format_args!("  {}", session.command(&words)));
        }
    }
    let diff = super::or_git(&summary.run.checkout.root, "diff");
    screen.say(format_args!("Next: {}{diff}", session.command(&["status"])));
}

/// Where files and ledger stand after some of the stories.
fn standing(ids: &[String]) -> String {
    format!(
        "Before that, {} {} reverted.",
        listed(ids),
        if ids.len() == 1 { "was" } else { "were" }
    )
}

fn document<'r>(session: &Session, summary: &RevertSummary<'r>) -> RevertDocument<'r> {
    RevertDocument {
        schema: SCHEMA,
        command: "revert",
        root: summary.run.checkout.root.to_string_lossy().into_owned(),
        checker: summary.run.checker.to_string(),
        dry_run: summary.run.dry,
        stories: summary.reverted.iter().map(RevertedDocument::of).collect(),
        impact: impact::documents(summary.impact),
        failure: summary
            .failure
            .map(|failure| failure::document(session, failure)),
    }
}

impl<'r> RevertedDocument<'r> {
    fn of(one: &'r Reverted) -> Self {
        let change = if one.record.is_some() {
            "changed"
        } else {
            "removed"
        };
        Self {
            id: one.id.to_string(),
            title: &one.title,
            environments: &one.environments,
            files: &one.files,
            exact: one.exact,
            kept: &one.kept,
            one_way: &one.one_way,
            record: RecordDocument {
                path: &one.record_path,
                change,
            },
        }
    }
}
