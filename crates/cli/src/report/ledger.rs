//! The screens of what writes records alone: `ledger rebuild` and `skip`.

use diagnostics::redact::Secrets;
use serde::Serialize;
use stories::Story;

use super::{SCHEMA, count, diff, listed, value};
use crate::checkout::LEDGER;
use crate::commands::Session;
use crate::pipeline::FileChange;

/// The document of `ledger rebuild`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ledger"))]
pub(super) struct LedgerDocument<'l> {
    schema: u32,
    command: &'static str,
    /// Whether the records say what the files say.
    agrees: bool,
    /// Whether they were written anew.
    written: bool,
    /// The records that the files give another text.
    records: Vec<RebuiltDocument<'l>>,
}

/// A record that the files give another text.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct RebuiltDocument<'l> {
    /// The story; null for a file that is no story's record.
    story: Option<&'l str>,
    /// The record's file.
    path: &'l str,
    /// `added`, `changed` or `removed`.
    change: &'static str,
    /// A unified diff.
    diff: String,
}

/// The document of `skip`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "skip"))]
pub(super) struct SkipDocument<'l> {
    schema: u32,
    command: &'static str,
    /// The story.
    story: String,
    /// The environments in which the team does without it.
    environments: &'l [String],
    /// The service at which it does; null for all of them.
    service: Option<&'l str>,
    /// What became of its record.
    record: RecordDocument<'l>,
}

/// What became of a story's record.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct RecordDocument<'l> {
    /// The record's file.
    pub(super) path: &'l str,
    /// `added`, `changed`, `removed` or `unchanged`.
    pub(super) change: &'static str,
}

/// A story that the team does without.
#[derive(Clone, Copy, Debug)]
pub struct Skipped<'s> {
    /// The story.
    pub story: &'s Story,
    /// The environments.
    pub environments: &'s [String],
    /// The service, where it is skipped at one alone.
    pub service: Option<&'s str>,
    /// The record's file.
    pub path: &'s str,
    /// What became of it: `added`, `changed` or `unchanged`.
    pub change: &'static str,
}

/// A record that the files give another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// The story; none for a file that is no story's record.
    pub story: Option<String>,
    /// The record's file.
    pub path: String,
    /// What it says; none for a new one.
    pub before: Option<String>,
    /// What it would say; none where nothing is to be recorded.
    pub after: Option<String>,
}

impl RecordChange {
    fn verb(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        }
    }

    fn document(&self) -> RebuiltDocument<'_> {
        RebuiltDocument {
            story: self.story.as_deref(),
            path: &self.path,
            change: self.verb(),
            diff: self.diff().diff,
        }
    }

    fn diff(&self) -> FileChange {
        let text = |side: &Option<String>| side.clone().unwrap_or_default();
        let both = (text(&self.before), text(&self.after));
        FileChange::between(
            &self.path,
            &both.0,
            &both.1,
            Vec::new(),
            &Secrets::default(),
        )
    }
}

/// Shows the difference.
pub fn rebuild(session: &Session, changes: &[RecordChange]) {
    for change in changes {
        session
            .screen
            .say(format_args!("{}  {}", change.path, change.verb()));
        diff(&session.screen, &change.diff());
    }
}

/// Tells what became of it, and what comes next.
pub fn rebuilt(session: &Session, changes: &[RecordChange], written: bool) {
    let screen = &session.screen;
    screen.json(&value(&LedgerDocument {
        schema: SCHEMA,
        command: "ledger",
        agrees: changes.is_empty(),
        written,
        records: changes.iter().map(RecordChange::document).collect(),
    }));
    let records = count(changes.len(), "record", "records");
    screen.say(match (changes.is_empty(), written) {
        (true, _) => "The records say what the files say. Nothing written.".to_owned(),
        (_, true) => format!(
            "Wrote {records} anew in {LEDGER}/: commit them.\nNext: {}",
            session.command(&["status"])
        ),
        _ => {
            let next = session.command(&["ledger", "rebuild", "--yes"]);
            format!("{records} would change. Nothing written.\nNext: {next}")
        }
    });
}

/// Tells which story is skipped, and where that is recorded.
pub fn skipped(session: &Session, skipped: Skipped<'_>) {
    let Skipped {
        story,
        environments,
        service,
        path,
        change,
    } = skipped;
    session.screen.json(&value(&SkipDocument {
        schema: SCHEMA,
        command: "skip",
        story: story.id.to_string(),
        environments,
        service,
        record: RecordDocument { path, change },
    }));
    let at = service.map_or_else(String::new, |name| format!(" at {name}"));
    session.screen.say(format_args!(
        "Skipped {} {}{at} in {}.\nRecorded in {path}: commit it.",
        story.id,
        story.title,
        listed(environments)
    ));
}
