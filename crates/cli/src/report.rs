//! What the commands show. One file each kind of screen; every screen says what comes next.

mod data;
mod doctor;
mod explain;
mod facts;
mod failure;
mod findings;
mod first_password;
mod formats;
mod impact;
mod init;
mod last;
mod ledger;
mod leftovers;
mod live;
mod migrate;
mod not_applied;
mod not_done;
mod not_run;
mod onboard;
mod probes;
mod question;
mod reach;
mod recover;
mod revert;
mod rows;
#[cfg(feature = "schema")]
pub mod schema;
mod stack;
mod standings;
mod status;
mod verify;

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use crate::git;

pub use data::at_risk;
pub use doctor::{doctor, findings_for_people, looked_at};
pub use explain::explain;
pub use facts::{facts, judged};
pub(crate) use failure::{headline, way_on};
pub(crate) use findings::skip_in;
pub use impact::{EnvironmentImpact, before};
pub use init::{Layout, LayoutNote, laid_out, layout};
pub use last::{LastRun, Stands, last};
pub use ledger::{RecordChange, Skipped, rebuild, rebuilt, skipped};
pub use leftovers::{forgotten, leftover};
pub use live::tally;
pub use migrate::{Summary, check, diff, finish, start, story};
pub use not_applied::reason;
pub use not_done::{
    InTheWay, Other, again, failed, in_the_way, losses, nothing_to_restart, rejected, vanished,
    whose,
};
pub(crate) use not_run::not_run;
pub use onboard::{Step, env_file, onboarded, step};
pub use question::tell as question;
pub use recover::recovered;
pub use revert::{RevertSummary, revert, reverted};
pub use rows::{Cell, Row, rows};
pub use stack::{Started, containers, down, restarted, up};
pub use status::status;
pub use verify::{Seen, verify};

/// The version of every JSON document that a command prints.
pub const SCHEMA: u32 = 1;

/// A JSON document of a command.
pub(crate) fn document(command: &str, body: Value) -> Value {
    let mut document = json!({ "schema": SCHEMA, "command": command });
    if let (Value::Object(document), Value::Object(body)) = (&mut document, body) {
        document.extend(body);
    }
    document
}

/// Why a command did nothing, for programs.
#[must_use]
pub fn error(words: &str) -> Value {
    value(&ErrorDocument {
        schema: SCHEMA,
        error: words,
    })
}

/// The document of a command that did nothing.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "error"))]
struct ErrorDocument<'w> {
    schema: u32,
    /// Why.
    error: &'w str,
}

/// A document as it is printed: keys in the order of the alphabet.
pub(crate) fn value(document: &impl Serialize) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

/// `   or   git diff`, where there is a git to take it.
fn or_git(root: &Path, verb: &str) -> String {
    git::offered(root, verb)
        .map(|command| format!("   or   {command}"))
        .unwrap_or_default()
}

/// `1 story`, `2 stories`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<_> = head.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", head.join(", "), last.as_ref())
        }
    }
}
