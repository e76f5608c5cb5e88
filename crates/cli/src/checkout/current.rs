//! Whether a checkout still is what was read: nobody waits for a reader.

use std::path::Path;

use transaction::Digest;

use super::read::{Unreadable, read_text_or_nothing};
use super::{Checkout, LEDGER, ledger};

impl Checkout {
    /// Whether everything that was read was there at one and the same moment, and is there still.
    /// Files that a run has just written beside others that it is about to write are no such
    /// moment.
    #[must_use]
    pub fn is_current(&self) -> bool {
        // In this order: while a commit is half done there is a journal, and when that has gone the
        // files are others.
        !transaction::is_pending(&self.root)
            && self.files_are_the_same()
            && self.records_are_the_same()
    }

    /// Whether another run has written here since this was read: it is not done yet, or there are
    /// other records.
    #[must_use]
    pub fn is_overtaken(&self) -> bool {
        // In this order: a run removes its journal when its record is there.
        transaction::is_pending(&self.root) || !self.records_are_the_same()
    }

    fn files_are_the_same(&self) -> bool {
        let holds = |(path, digest): (&String, &Digest)| {
            read_text_or_nothing(&self.root, path).is_ok_and(|text| Digest::of(text) == *digest)
        };
        let is_absent = |path: &String| {
            matches!(
                read_text_or_nothing(&self.root, path),
                Err(Unreadable::Missing(_))
            )
        };
        self.digests
            .iter()
            .filter(|(path, _)| !is_record(path))
            .all(holds)
            && self.stack.absent.iter().all(is_absent)
    }

    fn records_are_the_same(&self) -> bool {
        let Ok(now) = ledger::digests(&self.root) else {
            return false;
        };
        now.iter()
            .eq(self.digests.iter().filter(|(path, _)| is_record(path)))
    }
}

fn is_record(path: &str) -> bool {
    Path::new(path).parent() == Some(Path::new(LEDGER))
}
