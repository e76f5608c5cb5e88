//! Volumes with data that nothing uses.

use data_safety::Leftover;
use diagnostics::render::text;
use serde::Serialize;

use super::{SCHEMA, value};
use crate::commands::Session;
use crate::root::STACK_FILE;
use crate::screen::Screen;

/// What `volumes forget` wrote.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct ForgetDocument<'f> {
    schema: u32,
    command: &'static str,
    /// The volume as it was named.
    volume: &'f str,
    /// Why it stays.
    reason: &'f str,
    /// The file that says so now.
    path: &'static str,
}

/// The lines about one, each with at most the width of a terminal; the command is whole.
pub fn leftover(
    session: &Session,
    environment: &str,
    leftover: &Leftover,
    line: &mut dyn FnMut(String),
) {
    let told = &leftover.diagnostic;
    Screen::wrap_behind("note  ", &format!("{environment}: {}", told.message))
        .into_iter()
        .for_each(&mut *line);
    text::remedies(&told.remedies, "      ", &session.invocation())
        .iter()
        .for_each(|one| line(one.to_string()));
}

/// Tells that a volume is not told of any more.
pub fn forgotten(session: &Session, volume: &str, reason: &str) {
    session.screen.json(&value(&ForgetDocument {
        schema: SCHEMA,
        command: "volumes-forget",
        volume,
        reason,
        path: STACK_FILE,
    }));
    session.screen.say(format_args!(
        "{volume} stays where it is and is not told of any more.\n\
         Written into {STACK_FILE}; commit it."
    ));
}
