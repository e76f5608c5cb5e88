//! `insert`: a new entry of a mapping, with the mappings that are missing above it.

use compose_edit::{Document, Edit, EditError, Fragment, NewValue, Path, Segment};
use serde::{Deserialize, Serialize};

use super::missing::{outermost, refuse_hidden, wrapped};
use super::{
    EditDocument, Found, Need, NodePath, Operate, Operation, Remove, Target, copied, displayed,
    entry_line, line,
};
use crate::Workspace;
use crate::refusal::Refusal;

/// A new entry of a mapping, which is made where it is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Insert {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The entry.
    #[serde(with = "displayed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub path: Path,
    /// Its value as one line of YAML; none where the file from before has it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "line")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub value: Option<NewValue>,
    /// Git's id of the file from before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
}

impl Insert {
    /// A new entry with this value.
    #[must_use]
    pub fn new(file: impl Into<String>, path: Path, value: NewValue) -> Self {
        Self {
            file: file.into(),
            path,
            value: Some(value),
            blob: None,
        }
    }

    /// Takes another new entry in, where one of the two lies at or below the other; whether it
    /// does.
    pub(crate) fn join(&mut self, more: &Self) -> bool {
        let (own, other) = (self.path.clone(), more.path.clone());
        let (is_same_file, is_related) = (
            self.file == more.file,
            own.starts_with(&other) || other.starts_with(&own),
        );
        let (Some(value), Some(more)) = (self.value.clone(), &more.value) else {
            return false;
        };
        if !is_related || !is_same_file {
            return false;
        }
        let top = if own.starts_with(&other) {
            other.clone()
        } else {
            own.clone()
        };
        let mut all = wrapped(&own, &top, value);
        join(&mut all, wrapped(&other, &top, more.clone()));
        (self.path, self.value) = (top, Some(all));
        true
    }

    /// Whether a document says just that already.
    fn is_said(&self, document: &Document) -> bool {
        let said = document.get(&self.path).and_then(copied);
        said.is_some_and(|said| {
            self.value
                .as_ref()
                .is_some_and(|value| line::same(value, &said))
        })
    }

    /// Puts the entry there as it was written.
    fn put(
        &self,
        edit: &mut Edit<'_>,
        outermost: &Path,
        written: &Fragment,
    ) -> Result<(), EditError> {
        let parent = self.path.parent().unwrap_or_default();
        if let (Some(above), Some(Segment::Key(key))) = (outermost.parent(), outermost.last())
            && *outermost != self.path
        {
            edit.insert(
                &above,
                key,
                &wrapped(&parent, outermost, NewValue::Map(Vec::new())),
                None,
            )?;
        }
        edit.put(&parent, written)
    }

    /// Writes the value that is recorded.
    fn write(
        &self,
        edit: &mut Edit<'_>,
        outermost: &Path,
        target: &Target<'_>,
    ) -> Result<(), Refusal> {
        let value = self.value.clone().unwrap_or(NewValue::Null);
        insert(
            edit,
            outermost,
            &wrapped(&self.path, outermost, value),
            target,
        )
    }
}

impl Operate for Insert {
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
        let outermost = self.touches(document);
        let created = (outermost != self.path).then_some(outermost);
        Ok(Some(
            Remove {
                file: self.file.clone(),
                path: self.path.clone(),
                item: None,
                created,
            }
            .into(),
        ))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        match workspace.document(&self.file) {
            Ok(document) if document.get(&self.path).is_some() => Found::Done,
            Ok(_) => Found::AsExpected,
            Err(_) => Found::Gone(format!("{} is gone", self.file)),
        }
    }

    fn describe(&self) -> String {
        entry_line(
            &self.path,
            &self.value.as_ref().map(line::shown).unwrap_or_default(),
        )
    }

    fn addition(&self) -> Option<NewValue> {
        self.value.clone()
    }

    fn need(&self) -> Option<Need<'_>> {
        self.value.is_none().then_some(Need {
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

impl EditDocument for Insert {
    fn touches(&self, document: &Document) -> Path {
        outermost(document, &self.path)
    }

    fn edit(&self, target: &Target<'_>, edit: &mut Edit<'_>) -> Result<(), Refusal> {
        if self.is_said(target.document) {
            return Ok(());
        }
        let outermost = self.touches(target.document);
        let whole = self
            .value
            .clone()
            .map(|value| wrapped(&self.path, &outermost, value));
        refuse_hidden(target, &self.path, &outermost, whole.as_ref())?;
        // As it was written, with its comments, where that is known and is what is recorded.
        let before = target
            .before
            .filter(|before| self.value.is_none() || self.is_said(before));
        let written = before.and_then(|before| before.edit().take(&self.path).ok());
        match (written, &self.value) {
            (Some(written), value) => match self.put(edit, &outermost, &written) {
                // It may not fit where it goes now, such as a comment into braces.
                Err(_) if value.is_some() && outermost == self.path => {
                    self.write(edit, &outermost, target)
                }
                put => put.map_err(|source| target.refuse(source)),
            },
            (None, Some(_)) => self.write(edit, &outermost, target),
            (None, None) => Err(Refusal::Forgotten {
                file: self.file.clone(),
                path: self.path.clone(),
            }),
        }
    }
}

/// Inserts an entry of a mapping that is there.
pub(super) fn insert(
    edit: &mut Edit<'_>,
    path: &Path,
    value: &NewValue,
    target: &Target<'_>,
) -> Result<(), Refusal> {
    let (Some(parent), Some(Segment::Key(key))) = (path.parent(), path.last()) else {
        return Ok(());
    };
    edit.insert(&parent, key, value, None)
        .map_err(|source| target.refuse(source))
}

/// Puts a value into another one of its kind.
pub(crate) fn join(value: &mut NewValue, more: NewValue) {
    match (value, more) {
        (NewValue::Map(entries), NewValue::Map(more)) => {
            for (key, value) in more {
                match entries.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, known)) => join(known, value),
                    None => entries.push((key, value)),
                }
            }
        }
        (NewValue::List { items, .. }, NewValue::List { items: more, .. }) => items.extend(more),
        (value, more) => *value = more,
    }
}
