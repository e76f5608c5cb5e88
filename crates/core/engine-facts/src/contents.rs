//! How much a folder of a container holds.

use std::fmt;

/// What a folder of a container holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Files and folders in it.
    pub entries: u64,
    /// The size of the files.
    pub bytes: u64,
    /// Whether there is more: only the beginning was looked at.
    pub at_least: bool,
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let more = if self.at_least { "at least " } else { "" };
        let entries = if self.entries == 1 {
            "entry"
        } else {
            "entries"
        };
        write!(f, "{more}{} {entries}, {} bytes", self.entries, self.bytes)
    }
}

impl Contents {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }
}
