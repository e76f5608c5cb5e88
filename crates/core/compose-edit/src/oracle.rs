//! The independent proof: another parser says what differs between two texts.

use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::{Path, Segment};

/// A text that the independent parser cannot read.
#[derive(Debug, thiserror::Error)]
#[error("the {which} text cannot be read by the independent parser: {source}")]
pub struct OracleError {
    which: &'static str,
    source: serde_yaml::Error,
}

/// Where the trees of two texts differ, read by a parser that shares no code with this crate's own.
///
/// The paths are as deep as they can be. An entry that is there in one text only is its own path, an item that is there
/// in one only is `list[index]`, a value that changed is its path, and so is a node that changed its kind or its tag.
///
/// # Errors
/// [`OracleError`] for a text that it cannot read, one of several documents included.
pub fn differences(before: &str, after: &str) -> Result<Vec<Path>, OracleError> {
    // The parser takes a byte order mark for a part of the first key.
    let read = |which, text: &str| {
        serde_yaml::from_str::<Value>(text.trim_start_matches('\u{feff}'))
            .map_err(|source| OracleError { which, source })
    };
    let mut paths = Vec::new();
    compare(&read("old", before)?, &read("new", after)?, &Path::root(), &mut paths);
    Ok(paths)
}

fn compare(before: &Value, after: &Value, path: &Path, paths: &mut Vec<Path>) {
    match (before, after) {
        (Value::Mapping(before), Value::Mapping(after)) => {
            let (before, after) = (by_key(before), by_key(after));
            for (key, value) in &before {
                let path = path.join(key.clone());
                match after.get(key) {
                    Some(other) => compare(value, other, &path, paths),
                    None => paths.push(path),
                }
            }
            paths.extend(after.keys().filter(|key| !before.contains_key(*key)).map(|key| path.join(key.clone())));
        }
        (Value::Sequence(before), Value::Sequence(after)) => {
            for (index, (old, new)) in before.iter().zip(after).enumerate() {
                compare(old, new, &path.join(index), paths);
            }
            let common = before.len().min(after.len());
            paths.extend((common..before.len().max(after.len())).map(|index| path.join(index)));
        }
        (Value::Tagged(before), Value::Tagged(after)) if before.tag == after.tag => {
            compare(&before.value, &after.value, path, paths);
        }
        _ if before == after => {}
        _ => paths.push(path.clone()),
    }
}

/// The entries by the text of their keys.
fn by_key(mapping: &serde_yaml::Mapping) -> BTreeMap<Segment, &Value> {
    mapping.iter().map(|(key, value)| (Segment::Key(key_text(key)), value)).collect()
}

fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null => "null".to_owned(),
        other => format!("{other:?}"),
    }
}
