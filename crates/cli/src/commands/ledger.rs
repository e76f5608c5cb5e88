//! `ledger`: the team's records themselves.

use anyhow::{Context as _, Result};
use stories::Record;
use stories::ledger::sides;
use transaction::Write;

use super::Session;
use crate::ask::{self, Answer};
use crate::checkout::{Checkout, LEDGER};
use crate::cli::{Ledger, Rebuild};
use crate::exit::Exit;
use crate::pipeline::record_path;
use crate::report::{self, RecordChange};
use crate::state::runs::{Event, FileHashes, Start};

/// What is written as one, for people.
const RECORDS: &str = "the ledger's records";

/// Runs the command.
///
/// # Errors
/// What kept it from looking at everything.
pub fn run(session: &Session, verb: &Ledger) -> Result<Exit> {
    match verb {
        Ledger::Rebuild(flags) => rebuild(session, flags),
    }
}

/// Writes the records anew from what the files say; shows the difference first.
fn rebuild(session: &Session, flags: &Rebuild) -> Result<Exit> {
    let checkout = session.checkout_with_broken_records()?;
    let changes = changes(&checkout)?;
    let is_wanted = !changes.is_empty() && !flags.dry_run;
    report::rebuild(session, &changes);
    let question = format!("Write this to {LEDGER}/? (in scripts: --yes)");
    let may = is_wanted && (flags.yes || ask::confirm(&session.screen, question) == Answer::Yes);
    if may {
        write(session, &checkout, &changes)?;
    }
    report::rebuilt(session, &changes, may);
    Ok(if is_wanted && !may {
        Exit::Findings
    } else {
        Exit::Done
    })
}

/// What the records say and what they would say, where that differs; then the broken ones of no
/// story, which go.
fn changes(checkout: &Checkout) -> Result<Vec<RecordChange>> {
    let mut broken = checkout.broken.clone();
    let mut changes = Vec::new();
    for story in checkout.catalog.in_order() {
        let path = record_path(story);
        let known = checkout.ledger.get(&story.id).cloned();
        let text = broken.remove(&path);
        let sides = text
            .iter()
            .flat_map(|text| sides(text))
            .filter_map(|side| Record::parse(&path, &side).ok());
        let all: Vec<_> = known
            .iter()
            .cloned()
            .chain(sides.filter(|side| side.id == story.id))
            .collect();
        let after = Record::rebuilt(&checkout.stack, &checkout.catalog, story, &all);
        if after == known && text.is_none() {
            continue;
        }
        let in_words = |record: Record| record.text().context("a record has no text");
        let (before, after) = (
            known.map(in_words).transpose()?.or(text),
            after.map(in_words).transpose()?,
        );
        if before != after {
            changes.push(RecordChange {
                story: Some(story.id.to_string()),
                path,
                before,
                after,
            });
        }
    }
    let of_no_story = |(path, text)| RecordChange {
        story: None,
        path,
        before: Some(text),
        after: None,
    };
    changes.extend(broken.into_iter().map(of_no_story));
    Ok(changes)
}

/// All of them as one.
fn write(session: &Session, checkout: &Checkout, changes: &[RecordChange]) -> Result<()> {
    let write = |change: &RecordChange| {
        let before = checkout.digests.get(&change.path).cloned();
        Write {
            path: change.path.clone(),
            before,
            text: change.after.clone(),
        }
    };
    let writes: Vec<_> = changes.iter().map(write).collect();
    let mut log = checkout
        .memory
        .begin(Start::now("ledger rebuild", None, &[]));
    log.note(Event::Write {
        story: RECORDS.to_owned(),
        files: writes.iter().map(FileHashes::of).collect(),
    });
    let written = session.writer()?.commit(RECORDS, &writes);
    if written.is_ok() {
        log.note(Event::Done {
            story: RECORDS.to_owned(),
            checks: Vec::new(),
        });
    }
    log.end(written.as_ref().err().map(ToString::to_string));
    Ok(written?)
}
