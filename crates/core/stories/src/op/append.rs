//! `append`: a new item at the end of a list, which is made where it is missing.

use compose_edit::{Document, Edit, Fragment, NewValue, Path};
use serde::{Deserialize, Serialize};

use super::insert::insert;
use super::missing::{outermost, refuse_hidden, wrapped};
use super::remove;
use super::{
    EditDocument, Found, Need, NodePath, Operate, Operation, Remove, Target, copied, displayed,
    line,
};
use crate::Workspace;
use crate::refusal::Refusal;

/// A new item at the end of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Append {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The list.
    #[serde(with = "displayed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub path: Path,
    /// The item as one line of YAML; none where the file from before has it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "line")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub item: Option<NewValue>,
    /// Where the item stood in the file from before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Git's id of the file from before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
}

impl Append {
    /// A new item.
    #[must_use]
    pub fn new(file: impl Into<String>, path: Path, item: NewValue) -> Self {
        Self {
            file: file.into(),
            path,
            item: Some(item),
            index: None,
            blob: None,
        }
    }

    /// Whether a document has the item already.
    fn is_said(&self, document: &Document) -> bool {
        let item = self.item.as_ref().map(remove::item_text);
        item.is_some_and(|item| remove::index_as_written(document.get(&self.path), &item).is_some())
    }

    /// The item as it was written in the file from before, if that is what is recorded.
    fn written(&self, before: Option<&Document>) -> Option<Fragment> {
        let (before, path) = (before?, self.path.join(self.index?));
        let said = before.get(&path).and_then(copied);
        let is_it = self
            .item
            .as_ref()
            .is_none_or(|item| said.is_some_and(|said| line::same(item, &said)));
        before.edit().take(&path).ok().filter(|_| is_it)
    }
}

impl Operate for Append {
    fn node(&self) -> NodePath {
        NodePath {
            file: self.file.clone(),
            path: self.path.clone(),
        }
    }

    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        workspace.edit(&self.file, &[self])
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        let document = workspace.document(&self.file)?;
        if self.is_said(document) {
            return Ok(None);
        }
        let created = document
            .get(&self.path)
            .is_none()
            .then(|| outermost(document, &self.path));
        let item = self.item.as_ref().map(remove::item_text);
        Ok(Some(
            Remove {
                file: self.file.clone(),
                path: self.path.clone(),
                item,
                created,
            }
            .into(),
        ))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        let Ok(document) = workspace.document(&self.file) else {
            return Found::Gone(format!("{} is gone", self.file));
        };
        if self.is_said(document) {
            Found::Done
        } else {
            Found::AsExpected
        }
    }

    fn describe(&self) -> String {
        format!(
            "- {}",
            self.item.as_ref().map(line::shown).unwrap_or_default()
        )
    }

    fn addition(&self) -> Option<NewValue> {
        Some(NewValue::List {
            items: vec![self.item.clone()?],
            flow: false,
        })
    }

    fn need(&self) -> Option<Need<'_>> {
        self.item.is_none().then_some(Need {
            file: &self.file,
            blob: self.blob.as_deref(),
        })
    }

    fn blob_mut(&mut self) -> Option<&mut Option<String>> {
        Some(&mut self.blob)
    }

    fn in_document(&self) -> Option<&dyn EditDocument> {
        Some(self)
    }
}

impl EditDocument for Append {
    fn touches(&self, document: &Document) -> Path {
        outermost(document, &self.path)
    }

    fn edit(&self, target: &Target<'_>, edit: &mut Edit<'_>) -> Result<(), Refusal> {
        if self.is_said(target.document) {
            return Ok(());
        }
        let is_there = target.document.get(&self.path).is_some();
        let outermost = self.touches(target.document);
        if !is_there {
            refuse_hidden(target, &self.path, &outermost, None)?;
        }
        let written = self.written(target.before);
        if let Some(written) = written.filter(|_| is_there || self.item.is_none()) {
            if !is_there {
                let list = NewValue::List {
                    items: Vec::new(),
                    flow: true,
                };
                insert(
                    edit,
                    &outermost,
                    &wrapped(&self.path, &outermost, list),
                    target,
                )?;
            }
            match edit.put(&self.path, &written) {
                // It may not fit where it goes now, such as a comment into brackets.
                Err(_) if self.item.is_some() => {}
                put => return put.map_err(|source| target.refuse(source)),
            }
        }
        let forgotten = || Refusal::Forgotten {
            file: self.file.clone(),
            path: self.path.clone(),
        };
        let item = self.item.clone().ok_or_else(forgotten)?;
        if is_there {
            return edit
                .push(&self.path, &item)
                .map_err(|source| target.refuse(source));
        }
        let list = NewValue::List {
            items: vec![item],
            flow: false,
        };
        insert(
            edit,
            &outermost,
            &wrapped(&self.path, &outermost, list),
            target,
        )
    }
}
