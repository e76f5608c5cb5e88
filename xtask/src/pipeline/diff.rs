//! What a story changes in one file, as it is shown: redacted.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::check::Secrets;

/// What a story changes in one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileChange {
    /// The file.
    pub path: String,
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
    /// The paths in the file that change.
    pub paths: Vec<String>,
    /// A unified diff with three lines of context; secrets are replaced by `***`.
    pub diff: String,
}

impl FileChange {
    /// What differs between two texts of a file; `paths` are the nodes that change.
    #[must_use]
    pub fn between(path: &str, (before, after): (&str, &str), paths: Vec<String>, secrets: &Secrets) -> Self {
        let diff = TextDiff::from_lines(before, after);
        let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
        let (added, removed) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
        let names = (format!("a/{path}"), format!("b/{path}"));
        let text = diff.unified_diff().context_radius(3).header(&names.0, &names.1).to_string();
        Self { path: path.to_owned(), added, removed, paths, diff: secrets.redact(&text) }
    }
}
