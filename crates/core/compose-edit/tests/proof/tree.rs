//! What an edit means: the same change made to the oracle's tree.

use compose_edit::{Path, Segment};
use serde_yaml::{Mapping, Value};

/// What the oracle reads. It takes a byte order mark for a part of the first key.
pub fn read(text: &str) -> Option<Value> {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// The text of a key, as a path spells it.
pub fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null => "null".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The node at a path; tags are looked through.
pub fn at_mut<'v>(tree: &'v mut Value, path: &[Segment]) -> Option<&'v mut Value> {
    let node = untagged(tree);
    let Some((first, rest)) = path.split_first() else {
        return Some(node);
    };
    let next = match (first, node) {
        (Segment::Key(name), Value::Mapping(mapping)) => mapping
            .iter_mut()
            .find(|(key, _)| key_text(key) == *name)
            .map(|(_, value)| value),
        (Segment::Index(index), Value::Sequence(items)) => items.get_mut(*index),
        _ => None,
    }?;
    at_mut(next, rest)
}

fn untagged(tree: &mut Value) -> &mut Value {
    match tree {
        Value::Tagged(tagged) => untagged(&mut tagged.value),
        other => other,
    }
}

/// Rebuilds the mapping at a path entry by entry; `None` drops one.
pub fn rewrite(
    tree: &mut Value,
    path: &Path,
    each: impl Fn(&Value, Value) -> Option<(Value, Value)>,
) -> Option<()> {
    let Value::Mapping(mapping) = at_mut(tree, path.segments())? else {
        return None;
    };
    let old = std::mem::take(mapping);
    *mapping = old
        .into_iter()
        .filter_map(|(key, value)| each(&key, value))
        .collect::<Mapping>();
    Some(())
}

/// Whether two trees are equal, the order of keys included.
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Mapping(one), Value::Mapping(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|((key, value), (key2, value2))| same(key, key2) && same(value, value2))
        }
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(item, item2)| same(item, item2))
        }
        (Value::Tagged(one), Value::Tagged(other)) => {
            one.tag == other.tag && same(&one.value, &other.value)
        }
        _ => one == other,
    }
}
