//! The record of a story: where it lies, and what is remembered of what was written.

use stories::Story;
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
