//! One change: how it is asked for, and what it does to a tree.

use compose_edit::{Content, Document, Edit, EditError, NewValue, Node, Path, Segment};

use serde_yaml::Value;

use crate::model::{Entry, Tree};

#[derive(Clone, Debug)]
pub enum Change {
    Set(Path, &'static str),
    Insert(Path, &'static str),
    Push(Path),
    Remove(Path),
    Rename(Path, &'static str),
    ListToMap(Path),
    MapToList(Path, bool),
    Move(Path, Path),
}

/// What can be asked for in a document, and some of what cannot.
pub fn changes(document: &Document) -> Vec<Change> {
    let mut all = Vec::new();
    below(document.root(), Path::root(), &mut all);
    all.push(Change::Set(Path::from(["x", "k"]), "i"));
    all.push(Change::Remove(Path::from(["x", "k"])));
    if document
        .get(&Path::from(["x"]))
        .is_some_and(|node| node.as_sequence().is_some())
    {
        all.push(Change::Set(Path::from(["x"]).join(2), "i"));
    }
    all
}

fn below(node: Option<Node<'_>>, path: Path, all: &mut Vec<Change>) {
    let Some(node) = node else {
        return all.extend([Change::Insert(path.clone(), "k"), Change::Push(path)]);
    };
    if node.is_null() || node.as_mapping().is_some() {
        all.extend(["k", "m"].map(|key| Change::Insert(path.clone(), key)));
    }
    if node.is_null() || node.as_sequence().is_some() {
        all.push(Change::Push(path.clone()));
    }
    if let Some(last) = path.last() {
        all.push(Change::Remove(path.clone()));
        let far = path.segments().len() > 1;
        if matches!(last, Segment::Key(_)) && far {
            all.push(Change::Rename(path.clone(), "k"));
        }
        if path.segments().len() == 2 && path.segments()[0] == Segment::from("x") {
            all.push(Change::Move(path.clone(), path.parent().unwrap()));
        }
    }
    match node.content() {
        Content::Scalar(_) | Content::Alias(_) => all.push(Change::Set(path, "i")),
        Content::Mapping(mapping) => {
            all.extend([true, false].map(|flow| Change::MapToList(path.clone(), flow)));
            for (key, value) in mapping.entries() {
                below(
                    Some(value),
                    path.join(key.as_scalar().unwrap().value()),
                    all,
                );
            }
        }
        Content::Sequence(list) => {
            all.push(Change::ListToMap(path.clone()));
            for (index, item) in list.items().enumerate() {
                below(Some(item), path.join(index), all);
            }
        }
    }
}

impl Change {
    /// Whether it is one of those that a third change is drawn from.
    pub fn is_common(&self) -> bool {
        !matches!(self, Self::Move(..) | Self::MapToList(_, true))
    }

    pub fn ask(&self, edit: &mut Edit<'_>) -> Result<(), EditError> {
        match self {
            Self::Set(path, text) => edit.set(path, &(*text).into()),
            Self::Insert(path, key) => edit.insert(path, key, &NewValue::from("t"), None),
            Self::Push(path) => edit.push(path, &NewValue::from("t")),
            Self::Remove(path) => edit.remove(path),
            Self::Rename(path, key) => edit.rename(path, key),
            Self::ListToMap(path) => {
                edit.list_to_map(path, |item| (item.to_owned(), NewValue::from("v")))
            }
            Self::MapToList(path, flow) => edit.map_to_list(path, *flow),
            Self::Move(from, to) => {
                let fragment = edit.take(from)?;
                edit.put(to, &fragment)
            }
        }
    }

    /// Makes the change, or nothing of it where the tree cannot take it.
    pub fn apply(&self, tree: &mut Tree) -> Option<()> {
        let text = |text: &str| Value::String(text.to_owned());
        match self {
            Self::Set(path, new) => tree.at(path)?.set(&text(new)),
            Self::Insert(path, key) => tree
                .at(path)?
                .insert(Entry::new(&text(key), Tree::of(&text("t")))),
            Self::Push(path) => tree.at(path)?.push(Tree::of(&text("t"))),
            Self::Remove(path) => tree.take(path).map(drop),
            Self::Rename(path, new) => tree.rename(path, new),
            Self::ListToMap(path) => tree.at(path)?.list_to_map(&text("v")),
            Self::MapToList(path, _) => tree.at(path)?.map_to_list(),
            Self::Move(from, to) => tree.take(from)?.put(tree.at(to)?),
        }
    }
}
