//! The screen of `recover`.

use serde::Serialize;
use transaction::Recovered;

use super::{SCHEMA, value};
use crate::commands::Session;

/// The document of `recover`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "recover"))]
pub(super) struct RecoverDocument {
    schema: u32,
    command: &'static str,
    /// Whether there was something to recover.
    recovered: bool,
    /// What was done, in a sentence.
    message: String,
}

/// Tells what an interrupted run had left, and what became of it.
pub fn recovered(session: &Session, recovered: Option<&Recovered>) {
    let message = recovered.map_or_else(|| "Nothing to recover.".to_owned(), ToString::to_string);
    session.screen.json(&value(&RecoverDocument {
        schema: SCHEMA,
        command: "recover",
        recovered: recovered.is_some(),
        message: message.clone(),
    }));
    message
        .lines()
        .for_each(|line| session.screen.say_behind("", line));
}
