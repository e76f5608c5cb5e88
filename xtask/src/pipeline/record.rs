//! The record of a story: what a draft adds to it, and where it lies.

use stories::{Draft, Entry, Outcome, Record, Story, Undo};

use crate::checkout::{Checkout, LEDGER};
use crate::commit::{Digest, Write};

/// The record's path in the checkout.
pub(crate) fn path(story: &Story) -> String {
    format!("{LEDGER}/{}", story.file_name())
}

/// The record with what a draft found and did; none where that is nothing to record.
pub(super) fn updated(known: Option<&Record>, story: &Story, draft: &Draft) -> Option<Record> {
    let mut record = known.cloned().unwrap_or_else(|| Record::of(story));
    for (environment, outcome) in &draft.outcomes {
        let entry = match outcome {
            Outcome::Applied(_) => Entry::Applied,
            Outcome::Held(paths) => Entry::Adopted { evidence: paths.iter().map(ToString::to_string).collect() },
            Outcome::NotApplicable(_) => continue,
        };
        record.environments.insert(environment.clone(), entry);
    }
    for (file, steps) in &draft.undo {
        // What was done last is undone first.
        let own = record.undo.entry(file.clone()).or_default();
        own.splice(0..0, steps.iter().cloned());
    }
    (!record.environments.is_empty() && known != Some(&record)).then_some(record)
}

/// Takes what was written into the checkout's memory.
pub(crate) fn remember(checkout: &mut Checkout, story: &Story, record: Record, writes: &[Write]) {
    for write in writes {
        checkout.digests.insert(write.path.clone(), Digest::of(&write.text));
    }
    checkout.ledger.insert(story.id.clone(), record);
}

/// The path in the file that an edit changes.
pub(super) fn changed_path(undo: &Undo) -> String {
    match undo {
        Undo::Remove { path, .. }
        | Undo::RemoveItem { path, .. }
        | Undo::Set { path, .. }
        | Undo::ListAgain { path, .. } => path.clone(),
    }
}
