//! Volumes with data that nothing uses.

use data_safety::Leftover;
use serde::Serialize;

use super::{SCHEMA, value};
use crate::commands::Session;
use crate::root::STACK_FILE;
use crate::screen::Screen;

/// A volume with data that nothing uses, for programs.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct LeftoverDocument<'l> {
    /// Its real name.
    volume: &'l str,
    /// What it holds, such as `PostgreSQL 15`.
    holds: &'l str,
    /// The command that silences it; its reason is to be filled in.
    forget: &'l str,
}

impl<'l> From<&'l Leftover> for LeftoverDocument<'l> {
    fn from(leftover: &'l Leftover) -> Self {
        Self {
            volume: &leftover.volume,
            holds: &leftover.holds,
            forget: &leftover.forget,
        }
    }
}

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
pub fn leftover(environment: &str, leftover: &Leftover, line: &mut dyn FnMut(String)) {
    let Leftover { volume, holds, .. } = leftover;
    let words = format!(
        "{environment}: the volume {volume} holds data of {holds}, and nothing uses it. \
         If that is meant:"
    );
    Screen::wrap_behind("note  ", &words)
        .into_iter()
        .for_each(&mut *line);
    line(format!("        {}", leftover.forget));
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
