//! `status`: where every story stands.

use anyhow::Result;

use super::Session;
use crate::cli::Selection;
use crate::exit::Exit;
use crate::report;

/// Runs the command. Starts no process and writes nothing.
///
/// # Errors
/// What kept it from looking at everything.
pub fn run(session: &Session, selection: &Selection) -> Result<Exit> {
    let checkout = session.checkout()?;
    let scope = checkout.select(&selection.environments)?;
    let stories: Vec<_> = checkout.catalog.in_order().into_iter().cloned().collect();
    let rows = report::rows(&checkout, &stories, &scope);
    report::status(session, &checkout, &rows);
    Ok(if rows.iter().all(report::Row::is_up_to_date) { Exit::Done } else { Exit::Findings })
}
