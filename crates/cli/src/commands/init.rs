//! `init`: writes `compose/stack.yaml` from what is here, and says what was guessed.

use anyhow::{Result, bail};
use stories::Stack;
use stories::layout::{environments, plain_or_quoted};
use stories::role::is_called;
use transaction::{Digest, Write};

use super::Session;
use crate::checkout::{Checkout, LayoutSource, Unreadable, read_text};
use crate::cli::Init;
use crate::exit::Exit;
use crate::report::{self, Layout};
use crate::root::STACK_FILE;

/// Names by which services of a role are usually called, the likeliest first.
const ROLES: [(&str, &[&str]); 2] = [
    ("backend", &["backend", "api", "server", "app"]),
    ("frontend", &["frontend", "web", "client", "ui"]),
];

/// Runs the command.
///
/// # Errors
/// When the file is there already, or the layout is in doubt.
pub fn run(session: &Session, flags: &Init) -> Result<Exit> {
    let inside = session.at(&session.root_to_write_down()?);
    let checkout = inside.checkout_to_write_down()?;
    if checkout.layout_source == LayoutSource::Written {
        bail!("{STACK_FILE} is there already; edit it, or remove it and run init again");
    }
    let before = match read_text(&checkout.root, STACK_FILE) {
        Ok(text) => Some(text),
        Err(Unreadable::Missing(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let (text, guesses) = written(&checkout);
    // What stands there already, such as an answer to a question, stays.
    let text = match &before {
        Some(before) => format!("{}\n\n{text}", before.trim_end()),
        None => text,
    };
    let layout = Layout {
        text: &text,
        guesses: &guesses,
    };
    report::layout(session, layout);
    if !flags.dry_run {
        let write = Write {
            path: STACK_FILE.to_owned(),
            before: before.map(Digest::of),
            text: Some(text.clone()),
        };
        inside.writer()?.commit(STACK_FILE, &[write])?;
    }
    report::laid_out(session, layout, !flags.dry_run);
    Ok(Exit::Done)
}

/// The text of the layout's file, and what was guessed for it.
fn written(checkout: &Checkout) -> (String, Vec<String>) {
    let layout = &checkout.stack.layout;
    let mut notes: Vec<_> = layout
        .environments
        .iter()
        .map(|(name, own)| match own.env_files.as_slice() {
            [] => format!("{name} is {}", own.files.join(" + ")),
            env_files => format!(
                "{name} is {} with {}",
                own.files.join(" + "),
                env_files.join(", ")
            ),
        })
        .collect();
    let mut text = format!(
        "# Which files make an environment, in the order in which Compose merges them.\n{}",
        environments(layout)
    );
    let roles = match layout.roles.is_empty() {
        true => roles(&checkout.stack),
        false => Vec::new(),
    };
    if !roles.is_empty() {
        text.push_str("\n# Which service plays which role in the stories.\nroles:\n");
    }
    for (role, service) in roles {
        text.push_str(&format!("  {role}: {}\n", plain_or_quoted(&service)));
        notes.push(format!("the {role} is the service {service}"));
    }
    (text, notes)
}

/// The likeliest service for each role, if it is in every environment.
pub(crate) fn roles(stack: &Stack) -> Vec<(&'static str, String)> {
    let environments = || stack.layout.environments.keys();
    let everywhere = |name: &str| environments().all(|own| stack.view(own).service(name).is_some());
    let services = || environments().flat_map(|own| stack.view(own).services());
    let called = |name: &&str| {
        let mut services = services().map(|service| service.name);
        services.find(|service| is_called(service, name) && everywhere(service))
    };
    let likeliest = |names: &[&str]| {
        let exact = names.iter().copied().find(|name| everywhere(name));
        exact
            .or_else(|| names.iter().find_map(called))
            .map(str::to_owned)
    };
    ROLES
        .into_iter()
        .filter_map(|(role, names)| Some((role, likeliest(names)?)))
        .collect()
}
