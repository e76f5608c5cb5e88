//! A place at which what two states of files say differs.

use std::fmt;

use compose_edit::Path;

/// A place at which two views, or two models that Compose resolved, differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where. An item of a list is named by its place in the view that has it.
    pub path: Path,
    /// How.
    pub kind: DifferenceKind,
}

/// How two views differ at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// Only the later one says something.
    Added,
    /// Only the earlier one says something.
    Removed,
    /// Both say something, not the same.
    Changed,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            DifferenceKind::Added => "added",
            DifferenceKind::Removed => "removed",
            DifferenceKind::Changed => "changed",
        };
        write!(f, "{} ({kind})", self.path)
    }
}
