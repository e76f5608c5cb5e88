//! A map in a file that people write: a key that stands there twice is an error, where the reader
//! would take the last one and lose the first.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

/// The entries in the order in which they stand there, each key once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unique<V>(IndexMap<String, V>);

impl<V> Default for Unique<V> {
    fn default() -> Self {
        Self(IndexMap::new())
    }
}

impl<V> IntoIterator for Unique<V> {
    type Item = (String, V);
    type IntoIter = indexmap::map::IntoIter<String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// For a field that is any other map.
///
/// # Errors
/// What the reader says, and a key that is given twice.
pub(crate) fn map<'de, D, V, M>(deserializer: D) -> Result<M, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
    M: FromIterator<(String, V)>,
{
    Unique::deserialize(deserializer).map(|unique| unique.into_iter().collect())
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Unique<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
    type Value = Unique<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let known = RefCell::default();
        let mut entries = IndexMap::new();
        while let Some(key) = map.next_key_seed(Key(&known))? {
            entries.insert(key, map.next_value()?);
        }
        Ok(Unique(entries))
    }
}

/// A key, which is refused while the reader still knows its place.
struct Key<'k>(&'k RefCell<BTreeSet<String>>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        if self.0.borrow_mut().insert(key.to_owned()) {
            Ok(key.to_owned())
        } else {
            Err(E::custom(format!("{key} is given twice")))
        }
    }
}
