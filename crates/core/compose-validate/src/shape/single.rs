//! Single values: texts, numbers and the like.

use compose_model::{Data, Size, Value};

use crate::grammar::{Kind, Number, NumberText};

/// Whether a value is of the type that a kind is about, whatever it says.
pub(super) fn takes(kind: Kind, data: &Data) -> bool {
    match kind {
        Kind::Anything => true,
        Kind::Null => matches!(data, Data::Null),
        Kind::Text | Kind::Formatted(_) | Kind::Words(_) => matches!(data, Data::String(_)),
        Kind::Bool => matches!(data, Data::Bool(_)),
        Kind::Flag => matches!(data, Data::Bool(_) | Data::String(_)),
        Kind::Number(number) => match data {
            Data::Int(_) | Data::Float(_) => true,
            Data::String(_) => number.text != NumberText::Refused,
            _ => false,
        },
        Kind::List(_) => matches!(data, Data::List(_)),
        Kind::Map(_) | Kind::Object(_) => matches!(data, Data::Map(_)),
        Kind::OneOf(kinds) => kinds.iter().any(|kind| takes(*kind, data)),
    }
}

/// Whether a single value is what a kind asks for.
pub(super) fn is_right(kind: Kind, data: &Data) -> bool {
    match (kind, data) {
        (Kind::Formatted(format), Data::String(text)) => format.accepts(text),
        (Kind::Words(words), Data::String(text)) => words.contains(&text.as_str()),
        (Kind::Flag, Data::String(text)) => is_flag(text),
        (Kind::Number(number), data) => is_number(number, data),
        (kind, data) => takes(kind, data),
    }
}

/// Whether a number or a boolean would be right as text.
pub(super) fn is_right_in_quotes(kind: Kind, value: &Value) -> bool {
    if !matches!(value.data, Data::Int(_) | Data::Float(_) | Data::Bool(_)) {
        return false;
    }
    let text = Data::String(value.scalar_text().unwrap_or_default());
    match kind {
        Kind::OneOf(kinds) => kinds.iter().any(|kind| is_right_in_quotes(*kind, value)),
        kind => takes(kind, &text) && is_right(kind, &text),
    }
}

/// YAML 1.1's booleans without its `1` and `0`.
fn is_flag(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "true" | "false" | "y" | "yes" | "on" | "n" | "no" | "off"
    )
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bounds are small, and so are sizes"
)]
fn is_number(wanted: Number, data: &Data) -> bool {
    let value = match data {
        Data::Int(number) => *number as f64,
        Data::Float(number) => *number,
        Data::String(text) => match read(wanted.text, text) {
            Some(number) => number,
            None => return false,
        },
        _ => return false,
    };
    let is_whole = !wanted.whole
        || matches!(data, Data::String(_)) && wanted.text == NumberText::Size
        || value.fract() == 0.0;
    is_whole
        && wanted.min.is_none_or(|min| value >= min as f64)
        && wanted.max.is_none_or(|max| value <= max as f64)
}

/// The number that a text stands for.
#[expect(
    clippy::cast_precision_loss,
    reason = "bounds are small, and so are sizes"
)]
fn read(form: NumberText, text: &str) -> Option<f64> {
    match form {
        NumberText::Refused => None,
        NumberText::Whole => text.parse::<i64>().ok().map(|number| number as f64),
        // Go also reads underscores and hexadecimal digits; the latter are let through unread.
        NumberText::Real if text.to_lowercase().contains("0x") => Some(0.0),
        NumberText::Real => text.replace('_', "").parse().ok(),
        NumberText::Size => Size::parse(text).map(|size| size.bytes() as f64),
    }
}

/// Equality as JSON schema has it: `1` is `1.0`, and not `"1"`.
#[expect(clippy::cast_precision_loss, reason = "as JSON schema does")]
pub(super) fn is_equal(one: &Data, other: &Data) -> bool {
    match (one, other) {
        (Data::String(one), Data::String(other)) => one == other,
        (Data::Bool(one), Data::Bool(other)) => one == other,
        (Data::Int(one), Data::Int(other)) => one == other,
        (Data::Int(int), Data::Float(float)) | (Data::Float(float), Data::Int(int)) => {
            *int as f64 == *float
        }
        (Data::Float(one), Data::Float(other)) => one == other,
        _ => false,
    }
}
