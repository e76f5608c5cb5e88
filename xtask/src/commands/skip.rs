//! `skip`: records that the team does not want a story.

use anyhow::{Result, bail};
use serde_json::json;
use stories::{Entry, Record};

use super::Session;
use crate::cli::Skip;
use crate::commit::Write;
use crate::exit::Exit;
use crate::pipeline::record_path;
use crate::report;
use crate::state::runs::{Event, FileHashes, Start};

/// Runs the command: writes the record and nothing else.
///
/// # Errors
/// For an unknown story or environment, an empty reason, and a record that cannot be written.
pub fn run(session: &Session, flags: &Skip) -> Result<Exit> {
    let checkout = session.checkout()?;
    let scope = checkout.select(&flags.selection.environments)?;
    let Some(story) = checkout.catalog.get(&flags.id) else {
        bail!("there is no story {}; list them: cargo xtask status", flags.id);
    };
    let reason = flags.reason.trim().to_owned();
    if reason.is_empty() {
        bail!("--reason is empty; say why, for those who come later");
    }
    let known = checkout.ledger.get(&story.id);
    let mut record = known.cloned().unwrap_or_else(|| Record::of(story));
    for environment in &scope {
        record.environments.insert(environment.clone(), Entry::Skipped { reason: reason.clone() });
    }
    let path = record_path(story);
    if known != Some(&record) {
        let before = checkout.digests.get(&path).cloned();
        let write = Write { path: path.clone(), before, text: Some(record.text()?) };
        let mut log = checkout.memory.begin(Start::now("skip", None, &scope));
        log.note(Event::Write { story: story.id.to_string(), files: vec![FileHashes::of(&write)] });
        let written = session.pen()?.commit(&format!("the record of {}", story.id), &[write]);
        if written.is_ok() {
            log.note(Event::Done { story: story.id.to_string(), checks: Vec::new() });
        }
        log.end(written.as_ref().err().map(ToString::to_string));
        written?;
    }
    let environments = report::listed(&scope);
    session
        .screen
        .json(&report::document("skip", json!({ "id": story.id.to_string(), "environments": scope, "record": path })));
    session
        .screen
        .say(format_args!("Skipped {} {} in {environments}.\nRecorded in {path}: commit it.", story.id, story.title));
    Ok(Exit::Done)
}
