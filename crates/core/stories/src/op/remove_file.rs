//! `remove-file`: a file goes.

use compose_edit::Path;
use serde::{Deserialize, Serialize};

use super::{Found, NodePath, Operate, Operation, WriteFile, line};
use crate::digest::sha256;
use crate::refusal::Refusal;
use crate::{FileState, Workspace};

/// A file goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveFile {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The sha256 of the text that it is expected to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl Operate for RemoveFile {
    fn node(&self) -> NodePath {
        NodePath {
            file: self.file.clone(),
            path: Path::root(),
        }
    }

    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        workspace.known(&self.file)?;
        workspace.put(&self.file, FileState::Absent);
        Ok(())
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        let Some(text) = workspace.known(&self.file)?.text() else {
            return Ok(None);
        };
        let content = line::is_recordable(&self.file, text).then(|| text.to_owned());
        Ok(Some(
            WriteFile {
                file: self.file.clone(),
                content,
                blob: None,
            }
            .into(),
        ))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        match (workspace.text(&self.file), &self.digest) {
            (None, _) => Found::Done,
            (Some(text), Some(digest)) if sha256(text) != *digest => {
                Found::Different(format!("{} was changed", self.file))
            }
            (Some(_), _) => Found::AsExpected,
        }
    }

    fn describe(&self) -> String {
        format!("no {}", self.file)
    }
}
