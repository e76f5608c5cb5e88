//! Edits of files, and how each is undone.

use std::collections::BTreeMap;

use compose_edit::{Document, Edit, EditError, NewScalar, NewValue, Node, Path, Sequence};
use compose_view::Files;

use super::additions::Additions;
use crate::change::{HEALTHY, STARTED};
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
}

/// Makes all edits of each file against one parse.
pub(super) fn write(stack: &Stack, steps: &[Step]) -> Result<(Files, BTreeMap<String, Vec<Undo>>), Refusal> {
    let mut by_file: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        by_file.entry(step.file()).or_default().push(step);
    }
    let (mut documents, mut undo) = (Files::new(), BTreeMap::new());
    for (file, steps) in by_file {
        let (document, undone) = write_file(file, &stack.files[file], &steps)?;
        documents.insert(file.to_owned(), document);
        undo.insert(file.to_owned(), undone);
    }
    Ok((documents, undo))
}

fn write_file(file: &str, document: &Document, steps: &[&Step]) -> Result<(Document, Vec<Undo>), Refusal> {
    let refuse = |source| Refusal::Edit { file: file.to_owned(), source };
    let mut edit = document.edit();
    let mut additions = Additions::to(file, document);
    let mut undone = Vec::new();
    for step in steps {
        match step {
            Step::Insert { at, value, .. } => undone.push(additions.insert(at, value)?),
            Step::Push { list, item, .. } => undone.push(match document.get(list) {
                Some(_) => push(&mut edit, list, item).map_err(refuse)?,
                None => additions.list(list, item)?,
            }),
            Step::Replace { node, value, old, .. } => {
                edit.set(node, value).map_err(refuse)?;
                undone.push(Undo::Set { path: node.to_string(), from: value.as_str().to_owned(), to: old.clone() });
            }
            Step::ListToMap { list, on, .. } => {
                edit.list_to_map(list, |item| (item.to_owned(), condition(if item == on { HEALTHY } else { STARTED })))
                    .map_err(refuse)?;
                undone.push(list_again(document, list, on));
            }
        }
    }
    additions.write(&mut edit).map_err(refuse)?;
    undone.reverse();
    let edited = edit.finish().map_err(refuse)?;
    Ok((add_unlisted(edited, &undone).map_err(refuse)?, undone))
}

fn push(edit: &mut Edit<'_>, list: &Path, item: &str) -> Result<Undo, EditError> {
    edit.push(list, &NewValue::from(item))?;
    Ok(Undo::RemoveItem { path: list.to_string(), item: item.to_owned(), created: None })
}

fn list_again(document: &Document, list: &Path, on: &str) -> Undo {
    let sequence = document.get(list).and_then(Node::as_sequence);
    let is_on = |item: Node<'_>| item.as_scalar().is_some_and(|item| item.value() == on);
    let added = !sequence.is_some_and(|items| items.items().any(is_on));
    let flow = sequence.is_some_and(Sequence::is_flow);
    Undo::ListAgain { path: list.to_string(), on: on.to_owned(), added, flow }
}

/// Adds the dependencies that lists did not name to the maps that these have become: a map of the edited text.
fn add_unlisted(document: Document, undone: &[Undo]) -> Result<Document, EditError> {
    let mut edit = document.edit();
    let mut any = false;
    for undo in undone {
        if let Undo::ListAgain { path, on, added: true, .. } = undo
            && let Ok(path) = path.parse()
        {
            edit.insert(&path, on, &healthy(), None)?;
            any = true;
        }
    }
    if any { edit.finish() } else { Ok(document) }
}
