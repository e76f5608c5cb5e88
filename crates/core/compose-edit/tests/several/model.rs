//! A plain tree of values whose members keep their first addresses.

use compose_edit::{Path, Segment};
use serde_yaml::Value;
use serde_yaml::value::{Tag, TaggedValue};

#[derive(Clone, Debug)]
pub enum Tree {
    Leaf(Value),
    Map(Vec<Entry>),
    /// Items with the number that they keep, and the next one's.
    List(Vec<(usize, Tree)>, usize),
    Tagged(Tag, Box<Tree>),
}

#[derive(Clone, Debug)]
pub struct Entry {
    key: Value,
    former: Vec<Value>,
    value: Tree,
}

impl Tree {
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Mapping(map) => Self::Map(
                map.iter()
                    .map(|(key, value)| Entry::new(key, Self::of(value)))
                    .collect(),
            ),
            Value::Sequence(items) => Self::list(items.iter().map(Self::of)),
            Value::Tagged(tagged) => {
                Self::Tagged(tagged.tag.clone(), Box::new(Self::of(&tagged.value)))
            }
            other => Self::Leaf(other.clone()),
        }
    }

    fn list(items: impl Iterator<Item = Self>) -> Self {
        let items: Vec<_> = items.enumerate().collect();
        let next = items.len();
        Self::List(items, next)
    }

    pub fn value(&self) -> Value {
        match self {
            Self::Leaf(value) => value.clone(),
            Self::Map(all) => Value::Mapping(
                all.iter()
                    .map(|entry| (entry.key.clone(), entry.value.value()))
                    .collect(),
            ),
            Self::List(items, _) => {
                Value::Sequence(items.iter().map(|(_, item)| item.value()).collect())
            }
            Self::Tagged(tag, below) => Value::Tagged(Box::new(TaggedValue {
                tag: tag.clone(),
                value: below.value(),
            })),
        }
    }

    /// The same with addresses as if it had been there from the start: what is put somewhere is new
    /// there.
    pub fn anew(self) -> Self {
        Self::of(&self.value())
    }

    pub fn at(&mut self, path: &Path) -> Option<&mut Self> {
        path.segments()
            .iter()
            .try_fold(self.untagged(), |tree, segment| {
                let below = match (tree, segment) {
                    (Self::Map(entries), Segment::Key(key)) => {
                        let position = position(entries, key)?;
                        &mut entries[position].value
                    }
                    (Self::List(items, _), Segment::Index(index)) => items
                        .iter_mut()
                        .find(|(own, _)| own == index)
                        .map(|(_, item)| item)?,
                    _ => return None,
                };
                Some(below.untagged())
            })
    }

    fn untagged(&mut self) -> &mut Self {
        match self {
            Self::Tagged(_, below) => below.untagged(),
            other => other,
        }
    }

    pub fn set(&mut self, value: &Value) -> Option<()> {
        let Self::Leaf(own) = self else { return None };
        own.clone_from(value);
        Some(())
    }

    pub fn insert(&mut self, entry: Entry) -> Option<()> {
        match self {
            Self::Map(entries) if entries.iter().all(|other| !other.is_called(&entry.name())) => {
                entries.push(entry)
            }
            Self::Leaf(value) if value.is_null() => *self = Self::Map(vec![entry]),
            _ => return None,
        }
        Some(())
    }

    pub fn push(&mut self, item: Self) -> Option<()> {
        match self {
            Self::List(items, next) => {
                items.push((*next, item));
                *next += 1;
            }
            Self::Leaf(value) if value.is_null() => *self = Self::list([item].into_iter()),
            _ => return None,
        }
        Some(())
    }

    /// Takes the entry or the item at a path.
    pub fn take(&mut self, path: &Path) -> Option<Taken> {
        match (self.at(&path.parent()?)?, path.last()?) {
            (Self::Map(entries), Segment::Key(key)) => {
                Some(Taken::Entry(entries.remove(position(entries, key)?)))
            }
            (Self::List(items, _), Segment::Index(index)) => {
                let position = items.iter().position(|(own, _)| own == index)?;
                Some(Taken::Item(items.remove(position).1))
            }
            _ => None,
        }
    }

    pub fn rename(&mut self, path: &Path, new: &str) -> Option<()> {
        let (Self::Map(entries), Segment::Key(old)) = (self.at(&path.parent()?)?, path.last()?)
        else {
            return None;
        };
        if entries.iter().any(|entry| entry.is_called(new)) {
            return None;
        }
        let entry = position(entries, old)?;
        let former = std::mem::replace(&mut entries[entry].key, Value::String(new.to_owned()));
        entries[entry].former.push(former);
        Some(())
    }

    pub fn list_to_map(&mut self, value: &Value) -> Option<()> {
        let Self::List(items, _) = self else {
            return None;
        };
        let mut entries: Vec<Entry> = Vec::new();
        for (_, item) in items {
            let Self::Leaf(key) = item else { return None };
            let entry = Entry::new(key, Self::of(value));
            if key.is_null()
                || is_long(key)
                || entries.iter().any(|other| other.is_called(&entry.name()))
            {
                return None;
            }
            entries.push(entry);
        }
        *self = Self::Map(entries);
        Some(())
    }

    pub fn map_to_list(&mut self) -> Option<()> {
        let Self::Map(entries) = self else {
            return None;
        };
        *self = Self::list(entries.iter().map(|entry| Self::Leaf(entry.key.clone())));
        Some(())
    }
}

/// What was taken out of a tree.
pub enum Taken {
    Entry(Entry),
    Item(Tree),
}

impl Taken {
    pub fn put(self, to: &mut Tree) -> Option<()> {
        match self {
            Self::Entry(entry) => to.insert(Entry::new(&entry.key, entry.value.anew())),
            Self::Item(item) => to.push(item.anew()),
        }
    }
}

impl Entry {
    pub fn new(key: &Value, value: Tree) -> Self {
        Self {
            key: key.clone(),
            former: Vec::new(),
            value,
        }
    }

    fn name(&self) -> String {
        text(&self.key)
    }

    fn is_called(&self, name: &str) -> bool {
        text(&self.key) == name
    }
}

/// The entry that has a key; else the one that had it.
fn position(entries: &[Entry], name: &str) -> Option<usize> {
    let now = entries.iter().position(|entry| entry.is_called(name));
    now.or_else(|| {
        entries
            .iter()
            .position(|entry| entry.former.iter().any(|former| text(former) == name))
    })
}

/// Whether a key's `:` would not come within the 1,024 characters that YAML wants it in.
fn is_long(key: &Value) -> bool {
    format!("{:?}", text(key)).chars().count() > 1024
}

/// A key as a path spells it.
fn text(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null => "null".to_owned(),
        other => format!("{other:?}"),
    }
}
