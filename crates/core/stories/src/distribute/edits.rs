//! From what a file says at a place to what it shall say, with as few edits as that takes: what
//! stays keeps its comments.

use compose_edit::{Document, NewValue, Path};

use super::{entries, items as items_of};
use crate::Operation;
use crate::op::append::Append;
use crate::op::copied;
use crate::op::insert::Insert;
use crate::op::line::same;
use crate::op::list_to_map::{ListToMap, Meaning};
use crate::op::remove::{Remove, item_text};
use crate::op::set::Set;

/// The operations on one file; none where it says that already.
pub(super) fn between(
    file: &str,
    document: &Document,
    at: &Path,
    wanted: Option<&NewValue>,
) -> Vec<Operation> {
    let Some(node) = document.get(at) else {
        return wanted
            .map(|wanted| Insert::new(file, at.clone(), wanted.clone()).into())
            .into_iter()
            .collect();
    };
    let Some(wanted) = wanted else {
        return vec![Remove::entry(file, at.clone()).into()];
    };
    let said = copied(node);
    if said.as_ref().is_some_and(|said| same(said, wanted)) {
        return Vec::new();
    }
    match (said, wanted) {
        (Some(NewValue::Scalar(_)), NewValue::Scalar(to)) => {
            let set = Set {
                plain: to.is_plain(),
                ..Set::new(file, at.clone(), to.as_str())
            };
            vec![set.into()]
        }
        (Some(NewValue::Map(said)), NewValue::Map(_)) => {
            by_entry(&Edited { file, document, at }, &said, wanted)
        }
        (Some(NewValue::List { items, .. }), NewValue::Map(_))
            if Meaning::at(at) == Meaning::Assignment =>
        {
            converted(file, at, &items, wanted)
        }
        (Some(said @ NewValue::List { .. }), NewValue::List { .. }) => {
            by_item(file, at, &said, wanted).unwrap_or_else(|| replaced(file, at, wanted))
        }
        _ => replaced(file, at, wanted),
    }
}

fn replaced(file: &str, at: &Path, wanted: &NewValue) -> Vec<Operation> {
    vec![
        Remove::entry(file, at.clone()).into(),
        Insert::new(file, at.clone(), wanted.clone()).into(),
    ]
}

/// What is edited.
struct Edited<'a> {
    file: &'a str,
    document: &'a Document,
    at: &'a Path,
}

fn by_entry(edited: &Edited<'_>, said: &[(String, NewValue)], wanted: &NewValue) -> Vec<Operation> {
    let Edited { file, document, at } = *edited;
    let wanted_of = |key: &String| {
        entries(wanted)
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    };
    let known = said
        .iter()
        .flat_map(|(key, _)| between(file, document, &at.join(key.as_str()), wanted_of(key)));
    let is_new = |(key, _): &&(String, NewValue)| !said.iter().any(|(name, _)| name == key);
    let new = entries(wanted).iter().filter(is_new);
    let new =
        new.map(|(key, value)| Insert::new(file, at.join(key.as_str()), value.clone()).into());
    known.chain(new).collect()
}

/// A list of `NAME=value` becomes a mapping first: its entries can then be told apart.
fn converted(file: &str, at: &Path, items: &[NewValue], wanted: &NewValue) -> Vec<Operation> {
    let said: Vec<_> = items
        .iter()
        .map(|item| Meaning::Assignment.entry(&item_text(item)))
        .collect();
    let wanted_of = |key: &String| {
        entries(wanted)
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    };
    let list_to_map = ListToMap {
        file: file.to_owned(),
        path: at.clone(),
        key: None,
        value: None,
    };
    let mut operations: Vec<Operation> = vec![list_to_map.into()];
    for (key, value) in &said {
        let entry = at.join(key.as_str());
        match wanted_of(key) {
            None => operations.push(Remove::entry(file, entry).into()),
            Some(wanted) if same(wanted, value) => {}
            Some(NewValue::Scalar(to)) => {
                operations.push(Set::new(file, entry, to.as_str()).into())
            }
            Some(wanted) => operations.extend(replaced(file, &entry, wanted)),
        }
    }
    let is_new = |(key, _): &&(String, NewValue)| !said.iter().any(|(name, _)| name == key);
    let new = entries(wanted).iter().filter(is_new);
    operations.extend(
        new.map(|(key, value)| Insert::new(file, at.join(key.as_str()), value.clone()).into()),
    );
    operations
}

/// Items that go, then those that are new; none where that does not give the order that is wanted.
fn by_item(file: &str, at: &Path, said: &NewValue, wanted: &NewValue) -> Option<Vec<Operation>> {
    let is_wanted = |item: &&NewValue| items_of(wanted).iter().any(|other| same(item, other));
    let (left, gone): (Vec<_>, Vec<_>) = items_of(said).iter().partition(is_wanted);
    let is_in_order = left
        .iter()
        .zip(items_of(wanted))
        .all(|(item, other)| same(item, other));
    if !is_in_order || left.is_empty() {
        return None;
    }
    let gone = gone
        .into_iter()
        .map(|item| Remove::item(file, at.clone(), item_text(item)).into());
    let new = items_of(wanted).iter().skip(left.len());
    let new = new.map(|item| Append::new(file, at.clone(), item.clone()).into());
    Some(gone.chain(new).collect())
}
