//! Edits of files, and how each is undone.

use std::collections::BTreeMap;

use compose_edit::{Document, Edit, EditError, NewScalar, NewValue, Node, Path, Sequence};
use compose_model::Files;

use super::additions::Additions;
use super::by_hand;
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
    /// A list of dependencies becomes a map in which `on` is waited for until it is healthy; `restart` where it is new
    /// there and the service is restarted with it.
    ListToMap { file: String, list: Path, on: String, restart: bool },
}

/// The long form of a dependency that is waited for.
pub(super) fn healthy(restart: bool) -> NewValue {
    let mut entries = vec![("condition".to_owned(), NewValue::from(HEALTHY))];
    entries.extend(restart.then(|| ("restart".to_owned(), NewValue::Scalar(NewScalar::bool(true)))));
    NewValue::Map(entries)
}

pub(super) fn condition(name: &str) -> NewValue {
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

    /// Where in the file.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Insert { at: path, .. }
            | Self::Push { list: path, .. }
            | Self::Replace { node: path, .. }
            | Self::ListToMap { list: path, .. } => path,
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
        let written = write_file(file, document, &steps, Sharing::Refused);
        let (document, undone) = written.map_err(|refusal| by_hand::told(file, document, &steps, refusal))?;
        documents.insert(file.to_owned(), document);
        undo.insert(file.to_owned(), undone);
    }
    Ok((documents, undo))
}

/// Whether an edit may change what aliases share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    Refused,
    Allowed,
}

impl Sharing {
    fn edit(self, document: &Document) -> Edit<'_> {
        let mut edit = document.edit();
        if self == Self::Allowed {
            edit.allow_shared(&Path::root());
        }
        edit
    }
}

/// The file with the edits, and how each is undone.
pub(super) fn write_file(
    file: &str,
    document: &Document,
    steps: &[&Step],
    sharing: Sharing,
) -> Result<(Document, Vec<Undo>), Refusal> {
    let refuse = |source| Refusal::Edit { file: file.to_owned(), source };
    let mut edit = sharing.edit(document);
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
    let unlisted = add_unlisted(&edited, steps, sharing).map_err(refuse)?;
    Ok((unlisted.unwrap_or(edited), undone))
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
fn add_unlisted(document: &Document, steps: &[&Step], sharing: Sharing) -> Result<Option<Document>, EditError> {
    let mut edit = sharing.edit(document);
    let mut any = false;
    for step in steps {
        let Step::ListToMap { list, on, restart, .. } = step else { continue };
        if document.get(&list.join(on.as_str())).is_none() {
            edit.insert(list, on, &healthy(*restart), None)?;
            any = true;
        }
    }
    if any { edit.finish().map(Some) } else { Ok(None) }
}
