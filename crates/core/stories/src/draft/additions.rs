//! New entries of one file. What several of them need above them and is missing is made once.

use compose_edit::{Document, Edit, EditError, Mapping, NewValue, Node, Path, Segment};

use crate::Undo;
use crate::refusal::Refusal;

/// New entries of one file, each with the nearest mapping that is there for its parent.
#[derive(Debug)]
pub(super) struct Additions<'d> {
    file: &'d str,
    document: &'d Document,
    entries: Vec<(Path, NewValue)>,
}

impl<'d> Additions<'d> {
    pub(super) fn to(file: &'d str, document: &'d Document) -> Self {
        Self { file, document, entries: Vec::new() }
    }

    /// Adds an entry.
    pub(super) fn insert(&mut self, at: &Path, value: &NewValue) -> Result<Undo, Refusal> {
        let outermost = self.add(at, value)?;
        let created = (outermost != *at).then(|| outermost.to_string());
        Ok(Undo::Remove { path: at.to_string(), created })
    }

    /// Adds a list with an item.
    pub(super) fn list(&mut self, at: &Path, item: &str) -> Result<Undo, Refusal> {
        let list = NewValue::List { items: vec![NewValue::from(item)], flow: false };
        let created = Some(self.add(at, &list)?.to_string());
        Ok(Undo::RemoveItem { path: at.to_string(), item: item.to_owned(), created })
    }

    /// Adds a value and what is missing above it; the outermost entry that is made.
    fn add(&mut self, at: &Path, value: &NewValue) -> Result<Path, Refusal> {
        self.refuse_reset(at)?;
        let (mut at, mut value) = (at.clone(), value.clone());
        while let Some((parent, Segment::Key(key))) = at.parent().zip(at.last().cloned()) {
            if parent.segments().is_empty() || self.document.get(&parent).is_some() {
                self.refuse_merged(&parent, &key)?;
                break;
            }
            value = NewValue::Map(vec![(key, value)]);
            at = parent;
        }
        match self.entries.iter_mut().find(|(known, _)| *known == at) {
            Some((_, known)) => join(known, value),
            None => self.entries.push((at.clone(), value)),
        }
        Ok(at)
    }

    /// Refuses a place that is taken out on purpose, or is below one.
    fn refuse_reset(&self, at: &Path) -> Result<(), Refusal> {
        let is_reset = |path: &Path| self.document.get(path).is_some_and(|node| node.tag() == Some("!reset"));
        let Some(path) = std::iter::successors(Some(at.clone()), Path::parent).find(is_reset) else { return Ok(()) };
        let at = self.document.get(&path).map(Node::position).unwrap_or_default();
        Err(Refusal::Reset { file: self.file.to_owned(), at, path })
    }

    /// Refuses a key that a merge key brings: YAML would take the new one instead of it, not beside it.
    fn refuse_merged(&self, parent: &Path, key: &str) -> Result<(), Refusal> {
        let mapping = self.document.get(parent).and_then(Node::as_mapping);
        let Some((merged, _)) = mapping.and_then(|mapping| merged(mapping, key)) else { return Ok(()) };
        Err(Refusal::Merged {
            file: self.file.to_owned(),
            at: merged.position(),
            path: parent.join(key),
            parts: Vec::new(),
        })
    }

    pub(super) fn write(&self, edit: &mut Edit<'_>) -> Result<(), EditError> {
        for (at, value) in &self.entries {
            if let Some((parent, Segment::Key(key))) = at.parent().zip(at.last()) {
                edit.insert(&parent, key, value, None)?;
            }
        }
        Ok(())
    }
}

/// The entry that `<<` brings under a key.
pub(super) fn merged<'d>(mapping: Mapping<'d>, key: &str) -> Option<(Node<'d>, Node<'d>)> {
    let source = mapping.get("<<")?.resolved();
    let sources = source.as_sequence().map_or_else(|| vec![source], |items| items.items().collect());
    let mut mappings = sources.into_iter().filter_map(|source| source.resolved().as_mapping());
    mappings.find_map(|source| source.entry(key).or_else(|| merged(source, key)))
}

/// Puts a value into another one of its kind.
pub(super) fn join(value: &mut NewValue, more: NewValue) {
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
