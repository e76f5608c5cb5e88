//! One edit: how to ask for it, and what it must do to the tree.

use compose_edit::{Content, Document, Edit, EditError, NewScalar, NewValue, Node, Path, Segment};
use serde_yaml::Value;

use crate::tree;

pub struct Case {
    pub path: Path,
    pub change: Change,
}

pub enum Change {
    Set(NewScalar, Value),
    Insert {
        key: String,
        value: NewValue,
        read: Value,
        banner: Option<String>,
    },
    Push(NewValue, Value),
    Remove,
    Rename(String),
    ListToMap,
    /// Whether into brackets.
    MapToList(bool),
    /// `take` and `put`.
    Move(Path),
}

impl Case {
    pub fn operation(&self) -> &'static str {
        match self.change {
            Change::Set(..) => "set",
            Change::Insert { .. } => "insert",
            Change::Push(..) => "push",
            Change::Remove => "remove",
            Change::Rename(_) => "rename",
            Change::ListToMap => "list_to_map",
            Change::MapToList(_) => "map_to_list",
            Change::Move(_) => "take/put",
        }
    }

    /// Makes the edit; the paths in `allow` may be shared.
    pub fn run(&self, document: &Document, allow: &[&Path]) -> Result<String, EditError> {
        let mut edit = document.edit();
        allow.iter().for_each(|path| edit.allow_shared(path));
        self.ask(&mut edit)?;
        edit.finish().map(|document| document.text().to_owned())
    }

    pub fn ask(&self, edit: &mut Edit<'_>) -> Result<(), EditError> {
        match &self.change {
            Change::Set(value, _) => edit.set(&self.path, value),
            Change::Insert {
                key, value, banner, ..
            } => edit.insert(&self.path, key, value, banner.as_deref()),
            Change::Push(value, _) => edit.push(&self.path, value),
            Change::Remove => edit.remove(&self.path),
            Change::Rename(key) => edit.rename(&self.path, key),
            Change::ListToMap => {
                edit.list_to_map(&self.path, |item| (item.to_owned(), condition()))
            }
            Change::MapToList(flow) => edit.map_to_list(&self.path, *flow),
            Change::Move(to) => {
                let fragment = edit.take(&self.path)?;
                edit.put(to, &fragment)
            }
        }
    }

    /// The tree that the oracle must find afterwards, in the node itself and wherever aliases show
    /// it again.
    pub fn expected(&self, document: &Document, before: &Value) -> Option<Value> {
        let mut after = before.clone();
        let strictly = matches!(
            self.change,
            Change::Remove | Change::Rename(_) | Change::Move(_)
        );
        let places = all_places(document, &self.path, strictly);
        if let Change::Move(to) = &self.change {
            let taken: Vec<_> = places
                .iter()
                .filter_map(|place| take(&mut after, place))
                .collect();
            for to in all_places(document, to, false) {
                put(&mut after, &moved_up(&to, &places), taken.first()?.clone())?;
            }
            return Some(after);
        }
        for place in places {
            self.apply(&mut after, &place)?;
            if matches!(self.change, Change::ListToMap) && is_json(document) {
                tree::rewrite(&mut after, &place, |key, value| {
                    Some((Value::String(tree::key_text(key)), value))
                })?;
            }
        }
        Some(after)
    }

    pub fn apply(&self, tree: &mut Value, path: &Path) -> Option<()> {
        match &self.change {
            Change::Set(_, read) => *tree::at_mut(tree, path.segments())? = read.clone(),
            Change::Insert { key, read, .. } => {
                add_entry(tree, path, Value::String(key.clone()), read.clone())?
            }
            Change::Push(_, read) => add_item(tree, path, read.clone())?,
            Change::Remove => drop(take(tree, path)?),
            Change::Rename(new) => {
                let Some(Segment::Key(old)) = path.last() else {
                    return None;
                };
                tree::rewrite(tree, &path.parent()?, |key, value| {
                    let key = if tree::key_text(key) == *old {
                        Value::String(new.clone())
                    } else {
                        key.clone()
                    };
                    Some((key, value))
                })?;
            }
            Change::ListToMap => {
                let list = tree::at_mut(tree, path.segments())?;
                let Value::Sequence(items) = list else {
                    return None;
                };
                let condition: Value =
                    serde_yaml::from_str("{condition: service_started}").unwrap();
                *list = Value::Mapping(
                    items
                        .drain(..)
                        .map(|item| (item, condition.clone()))
                        .collect(),
                );
            }
            Change::MapToList(_) => {
                let map = tree::at_mut(tree, path.segments())?;
                let Value::Mapping(entries) = map else {
                    return None;
                };
                *map = Value::Sequence(entries.keys().cloned().collect());
            }
            Change::Move(to) => {
                let taken = take(tree, path)?;
                put(tree, to, taken)?;
            }
        }
        Some(())
    }
}

/// Whether a document is JSON, whose keys are strings.
fn is_json(document: &Document) -> bool {
    serde_json::from_str::<serde_json::Value>(document.text()).is_ok()
}

/// What `list_to_map` makes of each item.
pub fn condition() -> NewValue {
    NewValue::Map(vec![("condition".into(), "service_started".into())])
}

fn add_entry(tree: &mut Value, path: &Path, key: Value, value: Value) -> Option<()> {
    let node = tree::at_mut(tree, path.segments())?;
    if node.is_null() {
        *node = Value::Mapping(serde_yaml::Mapping::new());
    }
    node.as_mapping_mut()?
        .insert(key, value)
        .is_none()
        .then_some(())
}

fn add_item(tree: &mut Value, path: &Path, value: Value) -> Option<()> {
    let node = tree::at_mut(tree, path.segments())?;
    if node.is_null() {
        *node = Value::Sequence(Vec::new());
    }
    node.as_sequence_mut()?.push(value);
    Some(())
}

fn take(tree: &mut Value, path: &Path) -> Option<(Option<Value>, Value)> {
    let holder = tree::at_mut(tree, path.parent()?.segments())?;
    match (path.last()?, holder) {
        (Segment::Index(index), Value::Sequence(items)) => Some((None, items.remove(*index))),
        (Segment::Key(name), Value::Mapping(mapping)) => {
            let key = mapping
                .keys()
                .find(|key| tree::key_text(key) == *name)?
                .clone();
            let value = mapping.shift_remove(&key)?;
            Some((Some(key), value))
        }
        _ => None,
    }
}

fn put(tree: &mut Value, to: &Path, (key, value): (Option<Value>, Value)) -> Option<()> {
    match key {
        Some(key) => add_entry(tree, to, key, value),
        None => add_item(tree, to, value),
    }
}

/// A path after items were taken: those behind them have moved up.
fn moved_up(path: &Path, taken: &[Path]) -> Path {
    let mut segments = path.segments().to_vec();
    for gone in taken {
        let depth = gone.segments().len() - 1;
        let beside = segments.len() > depth && segments[..depth] == gone.segments()[..depth];
        if let (true, Some(Segment::Index(index)), Segment::Index(gone)) =
            (beside, segments.get_mut(depth), &gone.segments()[depth])
            && *index > *gone
        {
            *index -= 1;
        }
    }
    segments.into_iter().collect()
}

/// A path and all others at which aliases show the same place.
fn all_places(document: &Document, path: &Path, strictly: bool) -> Vec<Path> {
    let mut all = vec![path.clone()];
    let mut next = 0;
    while let Some(place) = all.get(next).cloned() {
        all.extend(shown_again(document, &place, strictly));
        next += 1;
    }
    all
}

/// The other paths of a place: aliases of a node that holds it show it again.
fn shown_again(document: &Document, path: &Path, strictly: bool) -> Vec<Path> {
    let mut places = Vec::new();
    let depth = path.segments().len() - usize::from(strictly);
    for length in 0..=depth {
        let holder: Path = path.segments()[..length].iter().cloned().collect();
        let Some(node) = document.get(&holder).filter(|node| node.anchor().is_some()) else {
            continue;
        };
        let rest = &path.segments()[length..];
        for alias in aliases(document)
            .into_iter()
            .filter(|(_, target)| *target == node)
        {
            places.push(alias.0.segments().iter().chain(rest).cloned().collect());
        }
    }
    places
}

fn aliases(document: &Document) -> Vec<(Path, Node<'_>)> {
    let mut all = Vec::new();
    let mut open: Vec<(Path, Node<'_>)> = document
        .root()
        .map(|root| (Path::root(), root))
        .into_iter()
        .collect();
    while let Some((path, node)) = open.pop() {
        match node.content() {
            Content::Alias(alias) => all.push((path, alias.target())),
            Content::Mapping(mapping) => open.extend(
                mapping
                    .entries()
                    .filter_map(|(key, value)| Some((path.join(key.as_scalar()?.value()), value))),
            ),
            Content::Sequence(sequence) => {
                open.extend(
                    sequence
                        .items()
                        .enumerate()
                        .map(|(index, item)| (path.join(index), item)),
                );
            }
            Content::Scalar(_) => {}
        }
    }
    all
}
