//! `init`: writes `compose/stack.yaml` from what is here, and says what was guessed.

use anyhow::{Result, bail};
use serde_json::json;
use stories::Stack;

use super::Session;
use crate::checkout::{Checkout, LayoutSource};
use crate::cli::Init;
use crate::commit::Write;
use crate::exit::Exit;
use crate::report;
use crate::root::STACK_FILE;

/// Names by which services of a role are usually called, the likeliest first.
const ROLES: [(&str, &[&str]); 2] =
    [("backend", &["backend", "api", "server", "app"]), ("frontend", &["frontend", "web", "client", "ui"])];

/// Runs the command.
///
/// # Errors
/// When the file is there already, or the layout is in doubt.
pub fn run(session: &Session, flags: &Init) -> Result<Exit> {
    let checkout = session.checkout()?;
    if checkout.layout_source == LayoutSource::Written {
        bail!("{STACK_FILE} is there already; edit it, or remove it and run init again");
    }
    let (text, notes) = written(&checkout);
    session.screen.json(&report::document("init", json!({ "path": STACK_FILE, "text": text, "notes": notes })));
    session.screen.say(text.trim_end());
    notes.iter().for_each(|note| session.screen.say(format_args!("guessed  {note}")));
    if flags.dry_run {
        session.screen.say("Nothing written.");
        return Ok(Exit::Done);
    }
    let write = Write { path: STACK_FILE.to_owned(), before: None, text: Some(text) };
    session.pen()?.commit(STACK_FILE, &[write])?;
    session.screen.say(format_args!(
        "Wrote {STACK_FILE}. Look at it, commit it. Next: cargo xtask status{}",
        session.root_flag()
    ));
    Ok(Exit::Done)
}

fn written(checkout: &Checkout) -> (String, Vec<String>) {
    let layout = &checkout.stack.layout;
    let mut notes: Vec<_> = layout
        .environments
        .iter()
        .map(|(name, own)| format!("{name} is {} with {}", own.files.join(" + "), own.env_files.join(", ")))
        .collect();
    let mut text =
        "# Which files make an environment, in the order in which Compose merges them.\nenvironments:\n".to_owned();
    for (name, own) in &layout.environments {
        text.push_str(&format!(
            "  {name}: {{ files: [{}], env_files: [{}] }}\n",
            own.files.join(", "),
            own.env_files.join(", ")
        ));
    }
    let roles = roles(&checkout.stack);
    if !roles.is_empty() {
        text.push_str("\n# Which service plays which role in the stories.\nroles:\n");
    }
    for (role, service) in roles {
        text.push_str(&format!("  {role}: {service}\n"));
        notes.push(format!("the {role} is the service {service}"));
    }
    (text, notes)
}

/// The likeliest service for each role, if it is in every environment.
pub(crate) fn roles(stack: &Stack) -> Vec<(&'static str, &'static str)> {
    let everywhere = |name: &str| stack.layout.environments.keys().all(|own| stack.view(own).service(name).is_some());
    let likeliest = |names: &'static [&'static str]| names.iter().copied().find(|name| everywhere(name));
    ROLES.into_iter().filter_map(|(role, names)| Some((role, likeliest(names)?))).collect()
}
