//! The screen of `explain`: what a story does, why, how it is undone, and where it stands here.

use std::collections::BTreeMap;

use serde::Serialize;
use stories::{Change, Story};

use super::standings::StandingDocument;
use super::{Row, SCHEMA, listed, value};
use crate::commands::Session;
use crate::screen::Tone;

/// The document of `explain`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "explain"))]
pub(super) struct ExplainDocument<'s> {
    schema: u32,
    command: &'static str,
    /// The story's id, as `5.1`.
    id: String,
    /// Its title.
    title: &'s str,
    /// What it is good for.
    why: &'s str,
    /// The version of the tool that brought it.
    since: String,
    /// The checksum of its text.
    checksum: &'s str,
    /// The ids of the stories that come first.
    needs: Vec<String>,
    /// What it wants to be true of a stack.
    changes: Vec<ChangeDocument>,
    /// Where it stands in each environment, by the environment's name; empty without a checkout.
    environments: BTreeMap<&'s str, StandingDocument<'s>>,
}

/// A change of a story.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ChangeDocument {
    /// What it does.
    what: String,
    /// How that is undone.
    undone: String,
    /// How existing configuration is handled.
    compatibility: Vec<CompatibilityDocument>,
}

/// What may stand there already, and what then happens.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct CompatibilityDocument {
    /// What stands there.
    found: &'static str,
    /// What then happens.
    then: &'static str,
}

/// Shows a story, and where it stands where there is a checkout.
pub fn explain(session: &Session, story: &Story, row: Option<&Row>) {
    session.screen.json(&value(&document(story, row)));
    tell(session, story);
    let Some(row) = row else { return };
    session.screen.say("\nHere");
    for cell in &row.cells {
        let details = cell.details();
        let details = if details.is_empty() {
            String::new()
        } else {
            format!(": {}", details.join("; "))
        };
        session.screen.say_behind(
            "  ",
            &format!("{} {}{details}", cell.environment, cell.state.name()),
        );
    }
}

fn tell(session: &Session, story: &Story) {
    let screen = &session.screen;
    screen.say(format_args!(
        "{}  {}   (since {})",
        story.id,
        screen.tone(Tone::Strong, &story.title),
        story.since
    ));
    screen.say_behind("", &story.why);
    if !story.needs.is_empty() {
        let needs: Vec<_> = story.needs.iter().map(ToString::to_string).collect();
        screen.say(format_args!("Needs {} first.", listed(&needs)));
    }
    for change in &story.changes {
        screen.say("");
        screen.say_behind("What    ", &change.describe());
        screen.say_behind("Undone  ", &change.describe_undo());
        screen.say("\nHow existing configuration is handled");
        for (stands, then) in change.compatibility() {
            screen.say_behind("  ", stands);
            screen.say_behind("      ", then);
        }
    }
}

fn document<'s>(story: &'s Story, row: Option<&'s Row>) -> ExplainDocument<'s> {
    ExplainDocument {
        schema: SCHEMA,
        command: "explain",
        id: story.id.to_string(),
        title: &story.title,
        why: &story.why,
        since: story.since.to_string(),
        checksum: story.checksum(),
        needs: story.needs.iter().map(ToString::to_string).collect(),
        changes: story.changes.iter().map(ChangeDocument::of).collect(),
        environments: row
            .map(|row| row.document().environments)
            .unwrap_or_default(),
    }
}

impl ChangeDocument {
    fn of(change: &Change) -> Self {
        let rows = change.compatibility().iter();
        let one =
            |(found, then): &(&'static str, &'static str)| CompatibilityDocument { found, then };
        Self {
            what: change.describe(),
            undone: change.describe_undo(),
            compatibility: rows.map(one).collect(),
        }
    }
}
