//! How this tool takes the lock of a checkout.

use std::time::Duration;

use transaction::LockOptions;

use crate::git::{self, Tracked};
use crate::screen::talk;

/// Waits up to 10 s, told on stderr; git is asked whether it has the journal.
#[must_use]
pub fn options() -> LockOptions {
    LockOptions {
        limit: Duration::from_secs(10),
        tell: |line| talk(line),
        is_tracked: |root, path| git::tracked(root, path) == Tracked::Yes,
    }
}
