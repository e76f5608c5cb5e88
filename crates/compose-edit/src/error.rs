//! What the editor refuses, by name and place.

use crate::{Path, Position};

/// Why a text could not be read or an edit was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The text is not YAML.
    #[error("{at}: not YAML: {reason}")]
    Syntax {
        /// Where the parser stopped.
        at: Position,
        /// The parser's words.
        reason: String,
    },
    /// A mapping has the same key twice; Compose refuses such a file too.
    #[error("{at}: duplicate key `{key}` (first at {first})")]
    DuplicateKey {
        /// The second key.
        at: Position,
        /// The first key.
        first: Position,
        /// The key.
        key: String,
    },
}

impl EditError {
    /// Where in the text the refusal is about, if it is about a place.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Syntax { at, .. } | Self::DuplicateKey { at, .. } => Some(*at),
        }
    }
}

// Keeps the import in use until the edits name paths in their refusals.
const _: fn(&Path) = |_| ();
