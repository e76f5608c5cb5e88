//! The independent proof: another parser says what differs between two texts.

use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::{Path, Segment};

/// A text that the independent parser cannot read.
#[derive(Debug, thiserror::Error)]
#[error(
    "{at}the {which} text is not read by the independent parser that proves every edit ({source})"
)]
pub struct OracleError {
    /// `line:column: `, where the parser says it.
    at: String,
    which: &'static str,
    source: serde_yaml::Error,
}

impl OracleError {
    fn of(which: &'static str, source: serde_yaml::Error) -> Self {
        let at = source
            .location()
            .map(|place| format!("{}:{}: ", place.line(), place.column()));
        Self {
            at: at.unwrap_or_default(),
            which,
            source,
        }
    }
}

/// Where the trees of two texts differ, read by a parser that shares no code with this crate's own.
///
/// The paths are as deep as they can be. An entry that is there in one text only is its own path,
/// an item that is there in one only is `list[index]`, a value that changed is its path, and so is
/// a node that changed its kind or its tag.
///
/// # Errors
/// [`OracleError`] for a text that it cannot read, one of several documents included.
pub fn differences(before: &str, after: &str) -> Result<Vec<Path>, OracleError> {
    let read = |which, text| read(text).map_err(|source| OracleError::of(which, source));
    let mut paths = Vec::new();
    compare(
        &read("old", before)?,
        &read("new", after)?,
        &Path::root(),
        &mut paths,
    );
    Ok(paths)
}

/// What a text says; the parser takes a byte order mark for a part of the first key.
fn read(text: &str) -> Result<Value, serde_yaml::Error> {
    let text = text.trim_start_matches('\u{feff}');
    serde_yaml::from_str(text).or_else(|error| read_as_compose(text).ok_or(error))
}

/// What a text says where the parser refuses what Compose reads: to it a colon before a comma, a
/// brace or a bracket is a fault, to Compose a part of the word, as in `{c:}`. Another character
/// stands in for such colons while it reads.
fn read_as_compose(text: &str) -> Option<Value> {
    let stand_in = ('\u{e000}'..='\u{f8ff}').find(|private| !text.contains(*private))?;
    let mut stood_in = String::with_capacity(text.len());
    let (mut before, mut rest) = (None, text.chars().peekable());
    while let Some(c) = rest.next() {
        // Behind a quoted key and what is in brackets a colon ends it, as in JSON.
        let in_word = before.is_some_and(|before| !matches!(before, '"' | '\'' | ']' | '}'));
        let is_colon =
            c == ':' && in_word && rest.peek().is_some_and(|next| ",[]{}".contains(*next));
        stood_in.push(if is_colon { stand_in } else { c });
        before = Some(c);
    }
    serde_yaml::from_str(&stood_in)
        .ok()
        .map(|value| with_colons(value, stand_in))
}

fn with_colons(value: Value, stand_in: char) -> Value {
    let again = |value| with_colons(value, stand_in);
    match value {
        Value::String(text) => Value::String(text.replace(stand_in, ":")),
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(again).collect()),
        Value::Mapping(map) => Value::Mapping(
            map.into_iter()
                .map(|(key, value)| (again(key), again(value)))
                .collect(),
        ),
        Value::Tagged(mut tagged) => {
            tagged.value = again(tagged.value);
            Value::Tagged(tagged)
        }
        other => other,
    }
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
            paths.extend(
                after
                    .keys()
                    .filter(|key| !before.contains_key(*key))
                    .map(|key| path.join(key.clone())),
            );
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
    mapping
        .iter()
        .map(|(key, value)| (Segment::Key(key_text(key)), value))
        .collect()
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
