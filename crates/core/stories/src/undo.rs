//! How an edit is undone without the bytes from before.

use serde::{Deserialize, Serialize};

/// The reverse of one edit of a file. Paths are those of the file, in text form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Undo {
    /// An entry was inserted: remove it, and what is then empty up to `created`.
    Remove {
        /// The entry.
        path: String,
        /// The outermost entry that was made for it, if another than `path`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created: Option<String>,
    },
    /// An item was appended: remove it, and the list if it was made for it.
    RemoveItem {
        /// The list.
        path: String,
        /// The item.
        item: String,
        /// The outermost entry that was made for it: the list or something above it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        created: Option<String>,
    },
    /// A scalar was replaced: put the old one back.
    Set {
        /// The scalar.
        path: String,
        /// What it says now.
        from: String,
        /// What it said before.
        to: String,
    },
    /// A list became a map: make it a list again.
    ListAgain {
        /// The map.
        path: String,
        /// The key that the story is about; what the others say is what the list meant.
        on: String,
        /// Whether the list did not have that key.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        added: bool,
        /// Whether the list stood in brackets.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        flow: bool,
    },
}

impl Undo {
    /// The place in the file that the edit is about.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Remove { path, .. }
            | Self::RemoveItem { path, .. }
            | Self::Set { path, .. }
            | Self::ListAgain { path, .. } => path,
        }
    }

    /// The outermost place that differs since the edit.
    #[must_use]
    pub fn outermost(&self) -> &str {
        match self {
            Self::Remove { created: Some(created), .. } | Self::RemoveItem { created: Some(created), .. } => created,
            _ => self.path(),
        }
    }

    /// Whether this step takes the place of another one, whose edit was gone when this one's was made.
    #[must_use]
    pub fn supersedes(&self, other: &Self) -> bool {
        let item = |step: &Self| match step {
            Self::RemoveItem { item, .. } => Some(item.clone()),
            _ => None,
        };
        self.path() == other.path() && item(self) == item(other)
    }
}
