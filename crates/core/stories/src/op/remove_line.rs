//! `remove-line`: a line of a file goes.

use compose_edit::Path;
use serde::{Deserialize, Serialize};

use super::{EnsureLine, Found, NodePath, Operate, Operation};
use crate::refusal::Refusal;
use crate::{FileState, Workspace};

/// The last such line of a file goes, and the file where it was made for that line and is empty
/// then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveLine {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The line, without its end.
    pub line: String,
    /// Whether the file was made for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub created: bool,
}

impl RemoveLine {
    /// The text without the line; none where it does not have it.
    fn without(&self, text: &str) -> Option<String> {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let is_it = |line: &&str| line.trim_end_matches(['\r', '\n']) == self.line;
        lines.remove(lines.iter().rposition(is_it)?);
        Some(lines.concat())
    }
}

impl Operate for RemoveLine {
    fn node(&self) -> NodePath {
        NodePath {
            file: self.file.clone(),
            path: Path::root(),
        }
    }

    fn item(&self) -> Option<&str> {
        Some(&self.line)
    }

    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        let text = workspace.known(&self.file)?.text();
        let Some(left) = text.and_then(|text| self.without(text)) else {
            return Ok(());
        };
        let is_needless = self.created && left.is_empty();
        let state = if is_needless {
            FileState::Absent
        } else {
            FileState::of(&self.file, left)
        };
        workspace.put(&self.file, state);
        Ok(())
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        let text = workspace.known(&self.file)?.text();
        let ensured = EnsureLine {
            file: self.file.clone(),
            line: self.line.clone(),
        };
        Ok(text
            .and_then(|text| self.without(text))
            .map(|_| ensured.into()))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        match workspace
            .text(&self.file)
            .and_then(|text| self.without(text))
        {
            Some(_) => Found::AsExpected,
            None => Found::Done,
        }
    }

    fn describe(&self) -> String {
        format!("no {} in {}", self.line, self.file)
    }
}
