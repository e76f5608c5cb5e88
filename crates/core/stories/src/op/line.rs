//! Values as one line of YAML, which is how a record holds them, and which of them it may hold.

use compose_edit::{
    Content, Document, Mapping, NewScalar, NewValue, Node, Path, ScalarStyle, Segment, flow_scalar,
};
use diagnostics::redact::{looks_secret, password_in_url};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a record may hold of a node: a value of one line without anchors, tags and secrets.
/// Comments are none of it.
pub(crate) fn recordable(document: &Document, path: &Path) -> Option<NewValue> {
    let node = document.get(path)?;
    let may_be_told = !node.text().contains('\n') && !is_secret(path, node);
    if may_be_told { copied(node) } else { None }
}

/// Whether a record may hold what a node means, be it by an alias.
pub(crate) fn may_be_told(path: &Path, node: Node<'_>) -> bool {
    let resolved = node.resolved();
    !resolved.text().contains('\n') && !is_secret(path, resolved) && meant(resolved).is_some()
}

/// Whether a record may hold the text of a file: one line that is no secret.
pub(crate) fn is_recordable(file: &str, text: &str) -> bool {
    text.lines().count() <= 1
        && !looks_secret(file)
        && !tells_secret(text)
        && password_in_url(text).is_none()
}

/// Whether a value is a secret by its own name, by the name of something in it, or as `NAME=value`.
fn is_secret(path: &Path, node: Node<'_>) -> bool {
    let named = path
        .segments()
        .iter()
        .skip(2)
        .any(|segment| matches!(segment, Segment::Key(key) if looks_secret(key)));
    named || holds_secret(node)
}

fn holds_secret(node: Node<'_>) -> bool {
    match node.content() {
        Content::Mapping(mapping) => mapping.entries().any(|(key, value)| {
            key.as_scalar().is_some_and(|key| looks_secret(key.value())) || holds_secret(value)
        }),
        Content::Sequence(items) => items.items().any(holds_secret),
        Content::Scalar(scalar) => {
            password_in_url(scalar.value()).is_some() || tells_secret(scalar.value())
        }
        Content::Alias(_) => false,
    }
}

/// Whether a word gives a secret by its name: `NAME=value`, or a flag such as `--requirepass`.
fn tells_secret(text: &str) -> bool {
    let mut words = text.split([' ', '\t', ',', '"', '\'', '[', ']']);
    words.any(|word| match word.split_once('=') {
        Some((name, _)) => looks_secret(name),
        None => word.starts_with('-') && looks_secret(word),
    })
}

/// A node as it may be written elsewhere; none for what has aliases, anchors or tags of its own.
pub(crate) fn copied(node: Node<'_>) -> Option<NewValue> {
    if node.anchor().is_some() || node.tag().is_some() {
        return None;
    }
    Some(match node.content() {
        Content::Scalar(_) if node.is_null() => NewValue::Null,
        Content::Scalar(scalar) if scalar.style() == ScalarStyle::Plain => {
            NewValue::Scalar(NewScalar::plain(scalar.value()))
        }
        Content::Scalar(scalar) => NewValue::from(scalar.value()),
        Content::Sequence(list) => NewValue::List {
            items: list.items().map(copied).collect::<Option<_>>()?,
            flow: list.is_flow(),
        },
        Content::Mapping(mapping) => {
            let entry = |(key, value): (Node<'_>, Node<'_>)| {
                Some((key.as_scalar()?.value().to_owned(), copied(value)?))
            };
            NewValue::Map(mapping.entries().map(entry).collect::<Option<_>>()?)
        }
        Content::Alias(_) => return None,
    })
}

/// What a node means: aliases followed, what `<<` brings taken in, anchors left out; none for what
/// has tags.
pub(crate) fn meant(node: Node<'_>) -> Option<NewValue> {
    let node = node.resolved();
    if node.tag().is_some() {
        return None;
    }
    Some(match node.content() {
        Content::Sequence(list) => NewValue::List {
            items: list.items().map(meant).collect::<Option<_>>()?,
            flow: list.is_flow(),
        },
        Content::Mapping(mapping) => NewValue::Map(entries_meant(mapping)?),
        Content::Scalar(_) if node.is_null() => NewValue::Null,
        Content::Scalar(scalar) if scalar.style() == ScalarStyle::Plain => {
            NewValue::Scalar(NewScalar::plain(scalar.value()))
        }
        Content::Scalar(scalar) => NewValue::from(scalar.value()),
        Content::Alias(_) => return None,
    })
}

fn entries_meant(mapping: Mapping<'_>) -> Option<Vec<(String, NewValue)>> {
    let mut entries = Vec::new();
    for (key, value) in mapping.entries() {
        let key = key.as_scalar()?.value();
        if key != "<<" {
            entries.push((key.to_owned(), meant(value)?));
            continue;
        }
        let brought = match meant(value)? {
            NewValue::Map(brought) => vec![NewValue::Map(brought)],
            NewValue::List { items, .. } => items,
            _ => return None,
        };
        for one in brought {
            let NewValue::Map(one) = one else { return None };
            for (key, value) in one {
                // A key of its own wins over one that is brought, and of these the first.
                let is_said =
                    mapping.get(&key).is_some() || entries.iter().any(|(known, _)| *known == key);
                if !is_said {
                    entries.push((key, value));
                }
            }
        }
    }
    Some(entries)
}

/// A value on one line, as YAML reads it back.
pub(crate) fn line(value: &NewValue) -> String {
    match value {
        NewValue::Null => "null".to_owned(),
        NewValue::Scalar(scalar) if scalar.is_plain() => scalar.as_str().to_owned(),
        NewValue::Scalar(scalar) => flow_scalar(scalar.as_str()),
        NewValue::List { items, .. } => format!(
            "[{}]",
            items.iter().map(line).collect::<Vec<_>>().join(", ")
        ),
        NewValue::Map(entries) if entries.is_empty() => "{}".to_owned(),
        NewValue::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", flow_scalar(key), line(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// A value on one line for a person to read: without quotes.
pub(crate) fn shown(value: &NewValue) -> String {
    match value {
        NewValue::Null => String::new(),
        NewValue::Scalar(scalar) => scalar.as_str().to_owned(),
        NewValue::List { items, .. } => format!(
            "[{}]",
            items.iter().map(shown).collect::<Vec<_>>().join(", ")
        ),
        NewValue::Map(entries) if entries.is_empty() => "{}".to_owned(),
        NewValue::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{key}: {}", shown(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// Whether two values say the same, quotes and brackets apart.
pub(crate) fn same(one: &NewValue, other: &NewValue) -> bool {
    match (one, other) {
        (NewValue::Scalar(one), NewValue::Scalar(other)) => one.as_str() == other.as_str(),
        (NewValue::List { items: one, .. }, NewValue::List { items: other, .. }) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (NewValue::Map(one), NewValue::Map(other)) => {
            let is_in = |(key, value): &(String, NewValue)| {
                other
                    .iter()
                    .any(|(name, other)| name == key && same(value, other))
            };
            one.len() == other.len() && one.iter().all(is_in)
        }
        (one, other) => one == other,
    }
}

/// The value of such a line.
fn value(line: &str) -> Option<NewValue> {
    if line.contains('\n') {
        return None;
    }
    let document = Document::parse(format!("value: {line}\n")).ok()?;
    let root = document
        .root()?
        .as_mapping()
        .filter(|root| root.len() == 1)?;
    copied(root.get("value")?)
}

pub(crate) fn serialize<S: Serializer>(
    value: &Option<NewValue>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.as_ref().map(line).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NewValue>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    value(&text)
        .map(Some)
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no value of one line")))
}
