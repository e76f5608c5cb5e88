//! One file's edits undone one by one, as the record says.

use compose_edit::{Document, Edit, EditError, Mapping, NewScalar, Node, Path};

use super::Edited;
use crate::Undo;
use crate::change::{HEALTHY, STARTED};
use crate::refusal::Refusal;

/// A file without a story's edits.
pub(super) struct Undone {
    /// The file.
    pub document: Document,
    /// What was not as the record says, and passed over.
    pub edited: Vec<Edited>,
}

/// Undoes a file's edits in order.
pub(super) fn undo_all(file: &str, document: &Document, steps: &[Undo]) -> Result<Undone, Refusal> {
    let (mut document, mut edited) = (document.clone(), Vec::new());
    for step in steps {
        let Ok(path) = step.path().parse::<Path>() else { continue };
        if let Some(what) = step.disagrees_with(&document, &path) {
            edited.push(Edited { what, at: locate(file, &document, &path) });
        }
        let undone = step.undo(&document, &path).map_err(|source| Refusal::Edit { file: file.to_owned(), source })?;
        document = undone.unwrap_or(document);
    }
    Ok(Undone { document, edited })
}

fn locate(file: &str, document: &Document, path: &Path) -> String {
    let mut nearest = std::iter::successors(Some(path.clone()), Path::parent);
    let there = nearest.find_map(|path| document.get(&path));
    there.map_or_else(|| file.to_owned(), |node| format!("{file}:{}", node.position()))
}

impl Undo {
    /// What is not as the edit left it, so far as the record knows.
    fn disagrees_with(&self, document: &Document, path: &Path) -> Option<String> {
        let node = document.get(path);
        match self {
            _ if self.is_undone_in(document) => None,
            _ if node.is_none() => Some(format!("{path} is gone")),
            Self::RemoveItem { item, .. } => {
                let Found { index, .. } = index_of(node, item).filter(|found| !found.as_written)?;
                Some(format!("{path}[{index}] was changed from {item}"))
            }
            Self::Set { from, .. } if scalar(node) != Some(from) => Some(format!("{path} was changed from {from}")),
            Self::ListAgain { on, .. } if node.and_then(|node| entry(node, on)).is_none() => {
                Some(format!("{path}.{on} is gone"))
            }
            _ => None,
        }
    }

    /// The document without the edit; none where it is not there.
    fn undo(&self, document: &Document, path: &Path) -> Result<Option<Document>, EditError> {
        let Some(node) = document.get(path) else { return Ok(None) };
        match self {
            Self::Remove { created, .. } => remove(document, path.clone(), created.as_deref()).map(Some),
            Self::RemoveItem { item, created, .. } => {
                let Some(Found { index, .. }) = index_of(Some(node), item) else { return Ok(None) };
                remove(document, path.join(index), created.as_deref()).map(Some)
            }
            Self::Set { to, .. } => set(document, path, to).map(Some),
            Self::ListAgain { on, added, flow, .. } => {
                let Some(map) = node.as_mapping() else { return Ok(None) };
                list_again(document, path, (map, on), (*added, *flow)).map(Some)
            }
        }
    }

    /// Whether nothing of the edit is left in a document.
    pub(super) fn is_undone_in(&self, document: &Document) -> bool {
        let Ok(path) = self.path().parse::<Path>() else { return false };
        let node = document.get(&path);
        match self {
            Self::Remove { .. } => node.is_none(),
            Self::RemoveItem { item, .. } => index_of(node, item).is_none(),
            Self::Set { to, .. } => scalar(node) == Some(to),
            Self::ListAgain { .. } => node.is_some_and(|node| node.as_sequence().is_some()),
        }
    }
}

fn edit(
    document: &Document,
    change: impl FnOnce(&mut Edit<'_>) -> Result<(), EditError>,
) -> Result<Document, EditError> {
    let mut edit = document.edit();
    change(&mut edit)?;
    edit.finish()
}

fn set(document: &Document, path: &Path, to: &str) -> Result<Document, EditError> {
    edit(document, |edit| edit.set(path, &NewScalar::from(to)))
}

/// Removes a member and what would be empty without it, up to what was made for it.
fn remove(document: &Document, mut path: Path, created: Option<&str>) -> Result<Document, EditError> {
    let created = created.and_then(|created| created.parse::<Path>().ok());
    let is_lone = |parent: &Path| {
        let node = document.get(parent);
        let entries = node.and_then(Node::as_mapping).map(Mapping::len);
        entries.or_else(|| node.and_then(Node::as_sequence).map(|items| items.len())) == Some(1)
    };
    let may_go = |parent: &Path| created.as_ref().is_some_and(|created| parent.starts_with(created));
    while let Some(parent) = path.parent().filter(|parent| may_go(parent) && is_lone(parent)) {
        path = parent;
    }
    edit(document, |edit| edit.remove(&path))
}

/// The list again, where the others still say what a list means; else the dependency alone is as it was.
fn list_again(
    document: &Document,
    path: &Path,
    (map, on): (Mapping<'_>, &str),
    (added, flow): (bool, bool),
) -> Result<Document, EditError> {
    let own = path.join(on);
    let others = map.entries().filter(|(key, _)| key.as_scalar().is_none_or(|key| key.value() != on));
    let is_list = others.into_iter().all(|(_, value)| says_started(value));
    let there = document.get(&own).is_some();
    let rest = if added && there { edit(document, |edit| edit.remove(&own))? } else { document.clone() };
    let condition = own.join("condition");
    match is_list {
        true => edit(&rest, |edit| edit.map_to_list(path, flow)),
        false if !added && scalar(rest.get(&condition)) == Some(HEALTHY) => set(&rest, &condition, STARTED),
        false => Ok(rest),
    }
}

/// Whether a dependency says nothing but that the other service has started.
fn says_started(value: Node<'_>) -> bool {
    let mut entries = value.as_mapping().into_iter().flat_map(Mapping::entries);
    let lone = entries.next().filter(|_| entries.next().is_none());
    let is = |node: Node<'_>, text: &str| scalar(Some(node)) == Some(text);
    lone.is_some_and(|(key, value)| is(key, "condition") && is(value, STARTED))
}

fn entry<'d>(node: Node<'d>, key: &str) -> Option<Node<'d>> {
    node.as_mapping()?.get(key)
}

fn scalar<'d>(node: Option<Node<'d>>) -> Option<&'d str> {
    Some(node?.as_scalar()?.value())
}

/// An item of a list.
struct Found {
    index: usize,
    /// Whether it says what the edit wrote, letter for letter.
    as_written: bool,
}

/// The item that an edit appended; else the one that is still about the same source, in whatever form.
fn index_of(list: Option<Node<'_>>, item: &str) -> Option<Found> {
    let items: Vec<Node<'_>> = list?.as_sequence()?.items().collect();
    let as_written = items.iter().position(|node| scalar(Some(*node)) == Some(item));
    let (source, _) = item.split_once(':').unwrap_or((item, ""));
    let index = as_written.or_else(|| items.iter().position(|node| source_of(*node) == Some(source)))?;
    Some(Found { index, as_written: as_written.is_some() })
}

/// The source of a mount in its short or its long form.
fn source_of(node: Node<'_>) -> Option<&str> {
    match scalar(Some(node)) {
        Some(own) => own.split_once(':').map(|(source, _)| source),
        None => scalar(node.as_mapping()?.get("source")),
    }
}
