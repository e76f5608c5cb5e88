//! What a story changes in one file, as it is shown: redacted.

use diagnostics::redact::Secrets;
use diffy::{DiffOptions, Hunk, Line, PatchFormatter};
use serde::Serialize;

/// What a story changes in one file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "FileDocument"))]
pub struct FileChange {
    /// The path of the file, from the root of the checkout.
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
    pub fn between(
        path: &str,
        before: &str,
        after: &str,
        paths: Vec<String>,
        secrets: &Secrets,
    ) -> Self {
        let patch = DiffOptions::new()
            .set_original_filename(format!("a/{path}"))
            .set_modified_filename(format!("b/{path}"))
            .create_patch(before, after);
        let lines = || patch.hunks().iter().flat_map(Hunk::lines);
        let added = lines()
            .filter(|line| matches!(line, Line::Insert(_)))
            .count();
        let removed = lines()
            .filter(|line| matches!(line, Line::Delete(_)))
            .count();
        // Where nothing differs there is no header either; an empty line keeps its space, as git
        // writes it.
        let differs = !patch.hunks().is_empty();
        let written = PatchFormatter::new().suppress_blank_empty(false);
        let text = if differs {
            written.fmt_patch(&patch).to_string()
        } else {
            String::new()
        };
        Self {
            path: path.to_owned(),
            added,
            removed,
            paths,
            diff: secrets.redact(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(before: &str, after: &str) -> FileChange {
        FileChange::between(
            "compose.yaml",
            before,
            after,
            Vec::new(),
            &Secrets::default(),
        )
    }

    #[test]
    fn a_diff_is_as_git_writes_it() {
        let change = between(
            "a: 1\n\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6",
            "a: 1\n\nb: 7\nx: 8\nc: 3\nd: 4\ne: 5\nf: 6",
        );
        let text = "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -1,6 +1,7 @@\n a: 1\n \n-b: 2\n+b: 7\n+x: 8\n c: 3\n d: 4\n e: 5\n";
        assert_eq!(
            (change.diff.as_str(), change.added, change.removed),
            (text, 2, 1)
        );
    }

    #[test]
    fn a_last_line_without_its_end_is_told() {
        let text = "--- a/compose.yaml\n+++ b/compose.yaml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n\\ No newline at end of file\n+b: 3\n\
                    \\ No newline at end of file\n";
        assert_eq!(between("a: 1\nb: 2", "a: 1\nb: 3").diff, text);
    }

    #[test]
    fn what_is_the_same_has_no_diff() {
        let change = between("a: 1\n", "a: 1\n");
        assert_eq!(
            (change.diff.as_str(), change.added, change.removed),
            ("", 0, 0)
        );
    }
}
