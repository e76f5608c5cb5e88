//! `ensure-line`: a file has a line, and is made where it is not there: an entry of `.gitignore`.

use compose_edit::Path;
use serde::{Deserialize, Serialize};

use super::{Found, NodePath, Operate, Operation, RemoveLine};
use crate::refusal::Refusal;
use crate::{FileState, Workspace};

/// A line at the end of a file that does not have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnsureLine {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The line, without its end.
    pub line: String,
}

impl EnsureLine {
    fn is_there(&self, text: Option<&str>) -> bool {
        text.is_some_and(|text| text.lines().any(|line| line == self.line))
    }
}

impl Operate for EnsureLine {
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
        if self.is_there(text) {
            return Ok(());
        }
        let text = text.unwrap_or_default();
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let before = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            end
        };
        let text = format!("{text}{before}{}{end}", self.line);
        workspace.put(&self.file, FileState::of(&self.file, text));
        Ok(())
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        let text = workspace.known(&self.file)?.text();
        let (file, line) = (self.file.clone(), self.line.clone());
        let removal = RemoveLine {
            file,
            line,
            created: text.is_none(),
        };
        Ok((!self.is_there(text)).then(|| removal.into()))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        if self.is_there(workspace.text(&self.file)) {
            Found::Done
        } else {
            Found::AsExpected
        }
    }

    fn describe(&self) -> String {
        format!("{}: {}", self.file, self.line)
    }
}
