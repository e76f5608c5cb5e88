//! `recover`: completes what an interrupted run had begun.

use anyhow::Result;
use serde_json::json;

use super::Session;
use crate::cli::Recover;
use crate::commit::{Settle, recover};
use crate::exit::Exit;
use crate::report;

/// Runs the command.
///
/// # Errors
/// Files that were changed since and are neither kept nor taken; why a file cannot be written.
pub fn run(session: &Session, flags: &Recover) -> Result<Exit> {
    let settle = Settle { keep: flags.keep.clone(), take: flags.take.clone() };
    let recovered = recover(&session.root()?, session.patience(), &settle)?;
    session.screen.json(&report::document("recover", json!({ "recovered": recovered.is_some() })));
    match recovered {
        Some(recovered) => session.screen.say(recovered),
        None => session.screen.say("Nothing to recover."),
    }
    Ok(Exit::Done)
}
