//! `explain`: what a story does, why, where, and how it is undone.

use anyhow::Result;
use serde_json::json;
use stories::{Catalog, Story};
use transaction::TransactionError;

use super::Session;
use crate::checkout::names;
use crate::cli::Explain;
use crate::embedded::STORIES;
use crate::exit::Exit;
use crate::report;
use crate::screen::Tone;

/// Runs the command. Works without a checkout too, on this build's stories.
///
/// # Errors
/// For an id that there is no story for.
pub fn run(session: &Session, flags: &Explain) -> Result<Exit> {
    let checkout = match session.root().and_then(|_| session.checkout()) {
        Err(error) if error.is::<TransactionError>() => return Err(error),
        read => read,
    };
    let embedded = Catalog::new(STORIES, &[])?;
    let catalog = checkout
        .as_ref()
        .map_or(&embedded, |checkout| &checkout.catalog);
    let Some(story) = catalog.get(&flags.id) else {
        return Err(session.unknown_story(&flags.id));
    };
    session
        .screen
        .json(&report::document("explain", json(story)));
    tell(session, story);
    if let Ok(checkout) = &checkout {
        let scope = names(&checkout.environments());
        session.screen.say("\nHere");
        for cell in report::rows(checkout, std::slice::from_ref(story), &scope)
            .iter()
            .flat_map(|row| &row.cells)
        {
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
    Ok(Exit::Done)
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
        screen.say(format_args!("Needs {} first.", report::listed(&needs)));
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

fn json(story: &Story) -> serde_json::Value {
    let change = |change: &stories::Change| {
        let table: Vec<_> = change
            .compatibility()
            .iter()
            .map(|(stands, then)| json!({ "found": stands, "then": then }))
            .collect();
        json!({ "what": change.describe(), "undone": change.describe_undo(), "compatibility": table })
    };
    json!({
        "id": story.id.to_string(),
        "title": story.title,
        "why": story.why,
        "since": story.since.to_string(),
        "needs": story.needs.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "checksum": story.checksum(),
        "changes": story.changes.iter().map(change).collect::<Vec<_>>(),
    })
}
