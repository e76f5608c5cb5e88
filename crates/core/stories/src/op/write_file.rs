//! `write-file`: a file that is not there is written.

use compose_edit::Path;
use serde::{Deserialize, Serialize};

use super::{Found, Need, NodePath, Operate, Operation, RemoveFile};
use crate::digest::sha256;
use crate::refusal::Refusal;
use crate::{FileState, Workspace};

/// A new file. One that is there and says something else is somebody's, and never written over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteFile {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// Its text; none where the file from before has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Git's id of the file from before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
}

impl WriteFile {
    /// A file with this text.
    #[must_use]
    pub fn new(file: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            content: Some(content.into()),
            blob: None,
        }
    }

    fn content<'a>(&'a self, workspace: &'a Workspace<'_>) -> Result<&'a str, Refusal> {
        let content = self
            .content
            .as_deref()
            .or_else(|| workspace.text_before(&self.file));
        content.ok_or_else(|| Refusal::Forgotten {
            file: self.file.clone(),
            path: Path::root(),
        })
    }
}

impl Operate for WriteFile {
    fn node(&self) -> NodePath {
        NodePath {
            file: self.file.clone(),
            path: Path::root(),
        }
    }

    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        let content = self.content(workspace)?.to_owned();
        match workspace.known(&self.file)?.text() {
            Some(text) if text == content => Ok(()),
            Some(_) => Err(Refusal::InTheWay {
                file: self.file.clone(),
            }),
            None => {
                workspace.put(&self.file, FileState::of(&self.file, content));
                Ok(())
            }
        }
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        if workspace.known(&self.file)?.text().is_some() {
            return Ok(None);
        }
        let digest = Some(sha256(self.content(workspace)?));
        Ok(Some(
            RemoveFile {
                file: self.file.clone(),
                digest,
            }
            .into(),
        ))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        match (workspace.text(&self.file), self.content(workspace)) {
            (None, _) => Found::AsExpected,
            (Some(text), Ok(content)) if text != content => {
                Found::Different(format!("{} is there and says something else", self.file))
            }
            (Some(_), _) => Found::Done,
        }
    }

    fn describe(&self) -> String {
        self.file.clone()
    }

    fn need(&self) -> Option<Need<'_>> {
        self.content.is_none().then_some(Need {
            file: &self.file,
            blob: self.blob.as_deref(),
        })
    }

    fn blob_mut(&mut self) -> Option<&mut Option<String>> {
        Some(&mut self.blob)
    }
}
