//! `explain`: what a story does, why, where, and how it is undone.

use anyhow::Result;
use stories::Catalog;
use transaction::TransactionError;

use super::Session;
use crate::checkout::names;
use crate::cli::Explain;
use crate::embedded::STORIES;
use crate::exit::Exit;
use crate::report;

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
    let row = checkout.as_ref().ok().and_then(|checkout| {
        let scope = names(&checkout.environments());
        report::rows(checkout, std::slice::from_ref(story), &scope).pop()
    });
    report::explain(session, story, row.as_ref());
    Ok(Exit::Done)
}
