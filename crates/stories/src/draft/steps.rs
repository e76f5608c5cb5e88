//! Edits of files, and how each is undone.

use std::collections::BTreeMap;

use compose_edit::{Document, Edit, EditError, NewScalar, NewValue, Path, Segment};
use compose_view::Files;

use crate::refusal::Refusal;
use crate::{Stack, Undo};

/// One edit of one file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// An entry; the maps above it are made where they are missing.
    Insert { file: String, at: Path, value: NewValue },
    /// An item; the list is made where it is missing.
    Push { file: String, list: Path, item: String },
    /// Another scalar.
    Replace { file: String, node: Path, value: NewScalar, old: String },
    /// A list of dependencies becomes a map in which `on` is waited for until it is healthy.
    ListToMap { file: String, list: Path, on: String },
}

/// What the other dependencies of a list mean.
const STARTED: &str = "service_started";
const HEALTHY: &str = "service_healthy";

/// The long form of a dependency that is waited for.
pub(super) fn healthy() -> NewValue {
    condition(HEALTHY)
}

fn condition(name: &str) -> NewValue {
    NewValue::Map(vec![("condition".to_owned(), NewValue::from(name))])
}

impl Step {
    fn file(&self) -> &str {
        match self {
            Self::Insert { file, .. }
            | Self::Push { file, .. }
            | Self::Replace { file, .. }
            | Self::ListToMap { file, .. } => file,
        }
    }

    fn write(&self, document: &Document, edit: &mut Edit<'_>) -> Result<Undo, EditError> {
        match self {
            Self::Insert { at, value, .. } => insert(document, edit, at, value),
            Self::Push { list, item, .. } => {
                let value = NewValue::from(item.as_str());
                let created = document.get(list).is_none();
                if created {
                    insert(document, edit, list, &NewValue::List { items: vec![value], flow: false })?;
                } else {
                    edit.push(list, &value)?;
                }
                Ok(Undo::RemoveItem { path: list.to_string(), item: item.clone(), created })
            }
            Self::Replace { node, value, old, .. } => {
                edit.set(node, value)?;
                Ok(Undo::Set { path: node.to_string(), from: value.as_str().to_owned(), to: old.clone() })
            }
            Self::ListToMap { list, on, .. } => list_to_map(document, edit, list, on),
        }
    }
}

/// Makes all edits of each file against one parse.
pub(super) fn write(stack: &Stack, steps: &[Step]) -> Result<(Files, BTreeMap<String, Vec<Undo>>), Refusal> {
    let mut by_file: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        by_file.entry(step.file()).or_default().push(step);
    }
    let (mut documents, mut undo) = (Files::new(), BTreeMap::new());
    for (file, steps) in by_file {
        let document = &stack.files[file];
        let refuse = |source| Refusal::Edit { file: file.to_owned(), source };
        let mut edit = document.edit();
        let mut undone = Vec::new();
        for step in steps {
            undone.push(step.write(document, &mut edit).map_err(refuse)?);
        }
        undone.reverse();
        documents.insert(file.to_owned(), edit.finish().map_err(refuse)?);
        undo.insert(file.to_owned(), undone);
    }
    Ok((documents, undo))
}

/// Inserts an entry, and the maps above it that are missing, as one entry of the nearest map that is there.
fn insert(document: &Document, edit: &mut Edit<'_>, at: &Path, value: &NewValue) -> Result<Undo, EditError> {
    let mut at = at.clone();
    let (path, mut value) = (at.to_string(), value.clone());
    while let Some((parent, Segment::Key(key))) = at.parent().zip(at.last().cloned()) {
        if parent.segments().is_empty() || document.get(&parent).is_some() {
            edit.insert(&parent, &key, &value, None)?;
            break;
        }
        value = NewValue::Map(vec![(key, value)]);
        at = parent;
    }
    let created = at.to_string();
    Ok(Undo::Remove { created: (created != path).then_some(created), path })
}

fn list_to_map(document: &Document, edit: &mut Edit<'_>, list: &Path, on: &str) -> Result<Undo, EditError> {
    let sequence = document.get(list).and_then(compose_edit::Node::as_sequence);
    let listed =
        sequence.is_some_and(|items| items.items().any(|item| item.as_scalar().is_some_and(|item| item.value() == on)));
    edit.list_to_map(list, |item| (item.to_owned(), condition(if item == on { HEALTHY } else { STARTED })))?;
    if !listed {
        edit.insert(list, on, &healthy(), None)?;
    }
    let flow = sequence.is_some_and(compose_edit::Sequence::is_flow);
    Ok(Undo::ListAgain { path: list.to_string(), flow, added: (!listed).then(|| on.to_owned()) })
}
