//! Values as texts, flags and numbers.

use std::collections::BTreeMap;

use super::{Resolved, Text};
use crate::merge::go_text;
use crate::{Data, Duration, Size, Value, template};

/// What a text says, read; none where it is empty or not understood.
pub(super) fn read<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Resolved<T>> {
    match template::unset(text) {
        Some(variable) => Some(Resolved::Unresolved(variable.to_owned())),
        None => read(text).map(Resolved::Known),
    }
}

/// A scalar as text; null is none.
pub(super) fn text(value: &Value) -> Option<Text> {
    if matches!(value.data, Data::List(_) | Data::Map(_)) {
        return None;
    }
    read(&go_text(&value.data)?, |text| Some(text.to_owned()))
}

/// A text that says something.
pub(super) fn filled(value: Option<&Value>) -> Option<Text> {
    text(value?).filter(|text| text.text() != Some(""))
}

/// A scalar, read from its text.
pub(super) fn parsed<T>(
    value: Option<&Value>,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<Resolved<T>> {
    let text = value.filter(|value| !matches!(value.data, Data::List(_) | Data::Map(_)))?;
    read(&go_text(&text.data)?, parse)
}

/// A length of time.
pub(super) fn duration(value: Option<&Value>) -> Option<Resolved<Duration>> {
    parsed(value, Duration::parse)
}

/// A size; one without a unit is in bytes.
pub(super) fn size(value: Option<&Value>) -> Option<Resolved<Size>> {
    parsed(value, Size::parse)
}

/// A whole number from nothing on.
pub(super) fn number(value: Option<&Value>) -> Option<Resolved<u64>> {
    parsed(value, |text| text.parse().ok())
}

/// Whether a flag is set; as text it is what Compose takes for yes.
pub(super) fn flag(value: Option<&Value>) -> bool {
    let text = value
        .and_then(Value::scalar_text)
        .unwrap_or_default()
        .to_lowercase();
    matches!(text.as_str(), "true" | "y" | "yes" | "on")
}

/// The items of a list.
pub(super) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or_default()
}

/// The texts of a list.
pub(super) fn texts(value: Option<&Value>) -> Vec<Text> {
    items(value).iter().filter_map(text).collect()
}

/// The entries of a map.
pub(super) fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_map).into_iter().flatten()
}

/// A map of texts; null in it is the empty text.
pub(super) fn texts_by_key(value: Option<&Value>) -> BTreeMap<String, Text> {
    let text = |value: &Value| text(value).unwrap_or(Resolved::Known(String::new()));
    entries(value)
        .map(|(key, value)| (key.clone(), text(value)))
        .collect()
}
