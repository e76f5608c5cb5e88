//! The screens of `ledger rebuild`.

use diagnostics::redact::Secrets;
use serde_json::json;

use super::{count, diff, document};
use crate::checkout::LEDGER;
use crate::commands::Session;
use crate::pipeline::FileChange;

/// A record that the files give another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// The story.
    pub story: String,
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
    let one = |change: &RecordChange| json!({ "story": change.story, "path": change.path, "change": change.verb(), "diff": change.diff().diff });
    let records: Vec<_> = changes.iter().map(one).collect();
    screen.json(&document(
        "ledger",
        json!({ "agrees": changes.is_empty(), "written": written, "records": records }),
    ));
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
