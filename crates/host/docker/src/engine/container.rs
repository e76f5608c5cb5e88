//! A project's containers, as [`engine_facts`] has them, and this machine's clock in the same form.

use std::time::{SystemTime, UNIX_EPOCH};

pub use engine_facts::container::*;
pub use engine_facts::{Mount, MountKind, Timestamp};

/// By this machine's clock, which counts from 1970.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::after_epoch(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default(),
    )
}
