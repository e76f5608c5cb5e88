//! Kinds and values in words.

use compose_model::Data;

use crate::grammar::{Keys, Kind, Number, NumberText};

/// What a kind asks for, to follow "must be".
pub(super) fn kind(kind: Kind) -> String {
    match kind {
        Kind::Anything => "anything".to_owned(),
        Kind::Null => "nothing".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Formatted(format) => format.description().to_owned(),
        Kind::Words(words) => alternatives(words.iter().map(|word| format!("`{word}`"))),
        Kind::Bool => "`true` or `false` without quotes".to_owned(),
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Number(wanted) => number(wanted),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(_) | Kind::Object(_) => "a mapping".to_owned(),
        Kind::OneOf(kinds) => alternatives(kinds.iter().map(|kind| self::kind(*kind))),
    }
}

fn number(wanted: Number) -> String {
    let sort = if wanted.whole {
        "a whole number"
    } else {
        "a number"
    };
    let bounds = match (wanted.min, wanted.max) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) => format!(" from {min}"),
        (None, Some(max)) => format!(" up to {max}"),
        (None, None) => String::new(),
    };
    let size = if wanted.text == NumberText::Size {
        " of bytes, or a size as in `512m`"
    } else {
        ""
    };
    format!("{sort}{bounds}{size}")
}

/// What keys a mapping takes, as a sentence.
pub(super) fn keys(keys: Keys) -> &'static str {
    match keys {
        Keys::Filled => "it must not be empty",
        Keys::Name => "it must consist of letters, digits, `.`, `_` and `-`",
        Keys::Lowercase => "it must consist of small letters",
    }
}

/// What sort of value this is, to follow "not". Texts are not shown: where another type belongs
/// they may be secrets.
pub(super) fn value(data: &Data) -> String {
    match data {
        Data::Null => "nothing".to_owned(),
        Data::Bool(value) => format!("`{value}`"),
        Data::Int(number) => format!("the number {number}"),
        Data::Float(number) => format!("the number {number}"),
        Data::String(_) => "text".to_owned(),
        Data::List(_) => "a list".to_owned(),
        Data::Map(_) => "a mapping".to_owned(),
    }
}

/// `a`, `b` or `c`
fn alternatives(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.collect();
    let last = words.pop().unwrap_or_default();
    if words.is_empty() {
        last
    } else {
        format!("{} or {last}", words.join(", "))
    }
}
