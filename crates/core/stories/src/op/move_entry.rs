//! `move`: an entry of a mapping goes into another mapping, of this file or of another one, as it
//! is written.

use compose_edit::{Document, EditError, Kind, NewValue, Node, Path, Segment};
use serde::{Deserialize, Serialize};

use super::insert::insert;
use super::missing::{outermost, refuse_hidden, wrapped};
use super::remove::{optional_path, outermost_lone};
use super::{Found, NodePath, Operate, Operation, Target, displayed};
use crate::refusal::Refusal;
use crate::{FileState, Workspace};

/// An entry goes into another mapping with its comments; the mappings above its new place are made
/// where they are missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The file that it leaves.
    pub file: String,
    /// The entry there.
    #[serde(with = "displayed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub path: Path,
    /// The file that it goes to.
    pub to_file: String,
    /// The mapping there that takes it.
    #[serde(with = "displayed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub into: Path,
    /// The outermost node that was made for it where it is: what is empty there goes up to that.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "optional_path"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub created: Option<Path>,
}

impl Move {
    fn moved(&self) -> Option<Path> {
        Some(self.into.join(self.path.last()?.clone()))
    }

    /// The source without the entry.
    fn without(&self, source: &Document) -> Result<Document, EditError> {
        let mut edit = source.edit();
        edit.remove(&outermost_lone(
            source,
            self.path.clone(),
            self.created.as_ref(),
        ))?;
        edit.finish()
    }

    /// The receiving file with the entry.
    fn with(&self, source: &Document, target: &Target<'_>) -> Result<Document, Refusal> {
        let refuse = |error| Refusal::Edit {
            file: self.file.clone(),
            source: error,
        };
        let written = source.edit().take(&self.path).map_err(refuse)?;
        let mut edit = target.document.edit();
        let moved = self.moved().unwrap_or_default();
        let outermost = outermost(target.document, &moved);
        refuse_hidden(target, &moved, &outermost, None)?;
        if outermost != moved {
            insert(
                &mut edit,
                &outermost,
                &wrapped(&self.into, &outermost, NewValue::Map(Vec::new())),
                target,
            )?;
        }
        edit.put(&self.into, &written)
            .map_err(|error| target.refuse(error))?;
        edit.finish().map_err(|error| target.refuse(error))
    }

    /// Refuses an item, which has no name under which it could be found again, and an entry that
    /// would go into itself or is there.
    fn refuse_impossible(&self, source: &Document) -> Result<(), Refusal> {
        let at = source
            .get(&self.path)
            .map(Node::position)
            .unwrap_or_default();
        let is_one_file = self.file == self.to_file;
        let error = match self.path.last() {
            Some(Segment::Key(_)) if is_one_file && self.into.starts_with(&self.path) => {
                EditError::NotFound {
                    at,
                    path: self.into.clone(),
                }
            }
            Some(Segment::Key(key))
                if is_one_file && self.path.parent().as_ref() == Some(&self.into) =>
            {
                EditError::KeyExists {
                    at,
                    key: key.clone(),
                }
            }
            Some(Segment::Key(_)) => return Ok(()),
            _ => EditError::WrongKind {
                at,
                path: self.path.parent().unwrap_or_default(),
                wanted: Kind::Mapping,
            },
        };
        Err(Refusal::Edit {
            file: self.file.clone(),
            source: error,
        })
    }
}

impl Operate for Move {
    fn node(&self) -> NodePath {
        NodePath {
            file: self.file.clone(),
            path: self.path.clone(),
        }
    }

    fn files(&self) -> Vec<String> {
        let mut files = vec![self.file.clone()];
        files.extend((self.to_file != self.file).then(|| self.to_file.clone()));
        files
    }

    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        let source = workspace.document(&self.file)?.clone();
        self.refuse_impossible(&source)?;
        let left = self.without(&source).map_err(|error| Refusal::Edit {
            file: self.file.clone(),
            source: error,
        })?;
        let is_one_file = self.file == self.to_file;
        let document = if is_one_file {
            &left
        } else {
            workspace.document(&self.to_file)?
        };
        let received = self.with(
            &source,
            &Target {
                file: &self.to_file,
                document,
                before: None,
            },
        )?;
        if !is_one_file {
            workspace.put(&self.file, FileState::yaml(left));
        }
        workspace.put(&self.to_file, FileState::yaml(received));
        Ok(())
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        let Some(moved) = self.moved() else {
            return Ok(None);
        };
        let outermost = outermost(workspace.document(&self.to_file)?, &moved);
        let created = (outermost != moved).then_some(outermost);
        let into = self.path.parent().unwrap_or_default();
        let (file, to_file) = (self.to_file.clone(), self.file.clone());
        Ok(Some(
            Self {
                file,
                path: moved,
                to_file,
                into,
                created,
            }
            .into(),
        ))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        let is_there = |file: &str, path: &Path| {
            workspace
                .document(file)
                .is_ok_and(|own| own.get(path).is_some())
        };
        let moved = self.moved().unwrap_or_default();
        match (
            is_there(&self.file, &self.path),
            is_there(&self.to_file, &moved),
        ) {
            (false, true) => Found::Done,
            (true, false) => Found::AsExpected,
            (true, true) => Found::Different(format!("{moved} is in {} too", self.to_file)),
            (false, false) => Found::Gone(format!("{} is gone", self.path)),
        }
    }

    fn declared_paths(&self) -> Vec<NodePath> {
        let left = self.created.clone().unwrap_or_else(|| self.path.clone());
        let moved = self.moved().unwrap_or_default();
        vec![
            NodePath {
                file: self.file.clone(),
                path: left,
            },
            NodePath {
                file: self.to_file.clone(),
                path: moved,
            },
        ]
    }

    fn describe(&self) -> String {
        format!(
            "{} of {} goes into {} of {}",
            self.path, self.file, self.into, self.to_file
        )
    }
}
