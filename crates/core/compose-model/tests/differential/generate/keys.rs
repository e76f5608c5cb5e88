//! Every key of a Compose file that has a rule, with values that its schema allows, as YAML in flow
//! style.

mod sections;
mod service;

pub use sections::SECTIONS;
pub use service::{PLAIN, RICH};

use Form::{Entries, Items, One};

/// A way to write a key's value.
#[derive(Debug)]
pub enum Form {
    /// One of these.
    One(&'static [&'static str]),
    /// A list of some of these.
    Items(&'static [&'static str]),
    /// A map of some of these.
    Entries(&'static [&'static str]),
}

/// A key and the ways to write its value.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub forms: &'static [Form],
}

const fn key(name: &'static str, forms: &'static [Form]) -> Key {
    Key { name, forms }
}

const LABELS: &[Form] = &[
    Items(&["a=1", "a=2", "b", "c=x=y", "d="]),
    Entries(&["a: 1", "b: true", "c: text", "d: ", "e: 1.50"]),
];
/// Labels of volumes are not freed of duplicates, and the schema wants none.
const SEPARATE_LABELS: &[Form] = &[One(&[
    "[a=1, b]",
    "[a=2]",
    "[a=3, c=]",
    "[d]",
    "{a: 4, e: 1}",
    "{f: , a: text}",
    "{g: true}",
])];
const MAP_OF_LABELS: &[Form] = &[Entries(&["a: 1", "b: text", "c: true"])];
const SWITCH: &[Form] = &[One(&["true", "false"])];
const BYTES: &[Form] = &[One(&["64m", "1g", "1048576"])];
const NUMBER: &[Form] = &[One(&["1", "2", "3"])];
