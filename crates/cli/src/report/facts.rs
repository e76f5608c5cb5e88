//! Facts of an engine, and what would become of the data among them.

use std::path::Path;

use anyhow::Result;
use data_safety::Facts;
use serde_json::json;

use super::leftovers::{LeftoverDocument, leftover};
use super::{data, document};
use crate::commands::Session;
use crate::guard::living::{Desired, Verdict};
use crate::screen::Tone;

/// Shows what lives on an engine.
///
/// # Errors
/// Where the document cannot be made.
pub fn facts(session: &Session, facts: &Facts) -> Result<()> {
    let screen = &session.screen;
    screen.json(&document("facts", serde_json::to_value(facts)?));
    screen.say(format_args!(
        "{} is the project {} here.",
        facts.environment, facts.project
    ));
    for volume in &facts.volumes {
        let users = match &volume.users[..] {
            [] => "no container has it".to_owned(),
            users => format!("in {}", users.join(", ")),
        };
        screen.say_behind(
            "volume  ",
            &format!("{}: {}; {users}", volume.name, volume.content),
        );
    }
    for bind in &facts.binds {
        screen.say_behind("folder  ", &format!("{}: {}", bind.path, bind.content));
    }
    if facts.volumes.is_empty() && facts.binds.is_empty() {
        screen.say("No volume and no folder here may hold data of it.");
    }
    Ok(())
}

/// Shows what the files would do to the data of a document.
pub fn judged(session: &Session, desired: &Desired, verdict: &Verdict, file: &Path) {
    let (screen, environment) = (&session.screen, &desired.environment);
    let risks: Vec<_> = verdict.risks.iter().map(data::json).collect();
    let leftovers: Vec<_> = verdict
        .leftovers
        .iter()
        .map(LeftoverDocument::from)
        .collect();
    screen.json(&document(
        "facts",
        json!({
            "environment": environment, "project": desired.project, "judged": file.to_string_lossy(),
            "leftovers": leftovers, "risks": risks, "unknown": verdict.unknown, "notes": verdict.notes,
        }),
    ));
    verdict
        .risks
        .iter()
        .for_each(|risk| data::finding(screen, environment, risk));
    for left in &verdict.leftovers {
        leftover(environment, left, &mut |line| screen.say(line));
    }
    verdict
        .unknown
        .iter()
        .chain(&verdict.notes)
        .for_each(|note| screen.say_behind("note  ", &format!("{environment}: {note}")));
    if verdict.is_safe() {
        screen.say(format_args!(
            "{}  {environment}: no data of {} is at risk",
            screen.tone(Tone::Good, "ok  "),
            file.display()
        ));
    }
}
