//! The screen of `init`.

use serde::Serialize;

use super::{SCHEMA, value};
use crate::commands::Session;
use crate::root::STACK_FILE;

/// The document of `init`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "init"))]
pub(super) struct InitDocument<'l> {
    schema: u32,
    command: &'static str,
    /// The layout's file.
    path: &'static str,
    /// What it holds.
    text: &'l str,
    /// How that is known.
    notes: &'l [LayoutNote],
    /// Whether it was written.
    written: bool,
}

/// A layout that was made of what is there.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'l> {
    /// The text of its file.
    pub text: &'l str,
    /// How it is known.
    pub notes: &'l [LayoutNote],
}

/// How a part of a layout is known.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LayoutNote {
    /// `found`, `guessed` or `open`.
    #[serde(rename = "grade")]
    pub label: &'static str,
    /// What, in a sentence.
    pub text: String,
}

/// Shows the layout before it is written.
pub fn layout(session: &Session, layout: Layout<'_>) {
    let screen = &session.screen;
    screen.say(layout.text.trim_end());
    for note in layout.notes {
        screen.say_behind(&format!("{:8} ", note.label), &note.text);
    }
}

/// Tells what became of it.
pub fn laid_out(session: &Session, layout: Layout<'_>, written: bool) {
    let screen = &session.screen;
    screen.json(&value(&InitDocument {
        schema: SCHEMA,
        command: "init",
        path: STACK_FILE,
        text: layout.text,
        notes: layout.notes,
        written,
    }));
    if !written {
        return screen.say("Nothing written.");
    }
    screen.say(format_args!(
        "Wrote {STACK_FILE}. Look at it, commit it. Next: {}",
        session.command(&["status"])
    ));
}
