//! Merged values, each with its origin.

use compose_edit::{Path, Segment};
use indexmap::IndexMap;

use crate::Origin;

/// A value of the resolved model and the text that gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it says.
    pub data: Data,
    /// Which text says so; a merged map or list names the last file that adds to it.
    pub origin: Origin,
}

/// What a [`Value`] says, typed as Compose's YAML reader types it.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, in any of YAML's notations.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text, variables not replaced.
    String(String),
    /// Items in order.
    List(Vec<Value>),
    /// Entries in the order in which they were first said.
    Map(IndexMap<String, Value>),
}

impl Value {
    /// The value under a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// The value at a path below this one.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<&Self> {
        path.segments()
            .iter()
            .try_fold(self, |value, segment| match segment {
                Segment::Key(key) => value.get(key),
                Segment::Index(index) => value.as_list()?.get(*index),
            })
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Data::String(text) = &self.data {
            Some(text)
        } else {
            None
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Data::Bool(value) = self.data {
            Some(value)
        } else {
            None
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Data::List(items) = &self.data {
            Some(items)
        } else {
            None
        }
    }

    /// The entries of a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&IndexMap<String, Self>> {
        if let Data::Map(entries) = &self.data {
            Some(entries)
        } else {
            None
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.data == Data::Null
    }

    /// A scalar as text (`3000`, `true`, the empty text for null); none for lists and maps.
    #[must_use]
    pub fn scalar_text(&self) -> Option<String> {
        match &self.data {
            Data::Null => Some(String::new()),
            Data::Bool(value) => Some(value.to_string()),
            Data::Int(value) => Some(value.to_string()),
            Data::Float(value) => Some(value.to_string()),
            Data::String(text) => Some(text.clone()),
            Data::List(_) | Data::Map(_) => None,
        }
    }

    /// It where it is a scalar, else all scalars below it, in their order.
    #[must_use]
    pub fn scalars(&self) -> Vec<&Self> {
        match &self.data {
            Data::List(items) => items.iter().flat_map(Self::scalars).collect(),
            Data::Map(entries) => entries.values().flat_map(Self::scalars).collect(),
            _ => vec![self],
        }
    }

    /// What it says and its origin; a null stays behind.
    pub(crate) fn take(&mut self) -> Self {
        Self {
            data: std::mem::replace(&mut self.data, Data::Null),
            origin: self.origin.clone(),
        }
    }
}
