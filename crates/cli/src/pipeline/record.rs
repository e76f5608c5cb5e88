//! The record of a story: where it lies, and what is remembered of what was written.

use stories::{Story, Undo};
use transaction::Write;

use crate::checkout::{Checkout, LEDGER};

/// The record's path in the checkout.
pub(crate) fn path(story: &Story) -> String {
    format!("{LEDGER}/{}", story.file_name())
}

/// Takes what was written into the checkout's memory of its files.
pub(super) fn remember(checkout: &mut Checkout, writes: &[Write]) {
    for write in writes {
        match write.after() {
            Some(after) => checkout.digests.insert(write.path.clone(), after),
            None => checkout.digests.remove(&write.path),
        };
    }
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
