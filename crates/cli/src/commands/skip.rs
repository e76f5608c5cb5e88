//! `skip`: records that the team does not want a story.

use anyhow::{Result, bail};
use diagnostics::shell_quote::quoted;
use serde_json::json;
use stories::{Record, State, Story};
use transaction::Write;

use super::Session;
use crate::checkout::{Checkout, names};
use crate::cli::Skip;
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
    let scope = names(&checkout.select(&flags.environments.named)?);
    let Some(story) = checkout.catalog.get(&flags.id) else {
        return Err(session.unknown_story(&flags.id));
    };
    let reason = flags.reason.trim().to_owned();
    if reason.is_empty() {
        bail!("--reason is empty; say why, for those who come later");
    }
    refuse_applied(session, &checkout, story, &scope, &reason)?;
    let known = checkout.ledger.get(&story.id);
    let record = known.cloned().unwrap_or_else(|| Record::of(story)).skipped(
        &checkout.stack,
        &scope,
        &reason,
    );
    let path = record_path(story);
    if known != Some(&record) {
        let before = checkout.digests.get(&path).cloned();
        let write = Write {
            path: path.clone(),
            before,
            text: Some(record.text()?),
        };
        let mut log = checkout.memory.begin(Start::now("skip", None, &scope));
        log.note(Event::Write {
            story: story.id.to_string(),
            files: vec![FileHashes::of(&write)],
        });
        let written = session
            .writer()?
            .commit(&format!("the record of {}", story.id), &[write]);
        if written.is_ok() {
            log.note(Event::Done {
                story: story.id.to_string(),
                checks: Vec::new(),
            });
        }
        log.end(written.as_ref().err().map(ToString::to_string));
        written?;
    }
    let environments = report::listed(&scope);
    session.screen.json(&report::document(
        "skip",
        json!({ "id": story.id.to_string(), "environments": scope, "record": path }),
    ));
    session.screen.say(format_args!(
        "Skipped {} {} in {environments}.\nRecorded in {path}: commit it.",
        story.id, story.title
    ));
    Ok(Exit::Done)
}

/// What this tool applied and what stands is taken back, not skipped: nothing would know any more
/// how to undo it.
fn refuse_applied(
    session: &Session,
    checkout: &Checkout,
    story: &Story,
    scope: &[String],
    reason: &str,
) -> Result<()> {
    let is_applied = |name: &&String| checkout.checklist().state(story, name) == State::Applied;
    let applied: Vec<_> = scope.iter().filter(is_applied).cloned().collect();
    if applied.is_empty() {
        return Ok(());
    }
    let (id, title, root) = (&story.id, &story.title, session.root_flag());
    bail!(
        "{id} {title} is applied in {}; to take it back and keep it out: cargo xtask revert {id} \
         --skip {}{root}",
        report::listed(&applied),
        quoted(reason)
    )
}
