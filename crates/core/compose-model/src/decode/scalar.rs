//! How Compose's YAML reader types a scalar.

use compose_edit::{Node, Scalar, ScalarStyle};

use crate::Data;

/// The value of a scalar with its tag: YAML 1.2's core schema with YAML 1.1's integers, as
/// `go-yaml` 3 reads it. Dates stay as they are written.
pub(super) fn typed(node: Node<'_>, scalar: Scalar<'_>) -> Data {
    let text = scalar.value();
    match node.tag() {
        Some("!!int" | "!!float" | "!!bool" | "!!null") => plain(text),
        None | Some("!") if scalar.style() == ScalarStyle::Plain => plain(text),
        _ => Data::String(text.to_owned()),
    }
}

/// The value of a scalar without quotes and tag.
fn plain(text: &str) -> Data {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Data::Null,
        "true" | "True" | "TRUE" => return Data::Bool(true),
        "false" | "False" | "FALSE" => return Data::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Data::Float(f64::NAN),
        _ => {}
    }
    number(text).unwrap_or_else(|| Data::String(text.to_owned()))
}

fn number(text: &str) -> Option<Data> {
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) {
        return None;
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    if text.len() - unsigned.len() > 1 {
        return None;
    }
    let negative = text.starts_with('-');
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(Data::Float(if negative {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        }));
    }
    let digits = unsigned.replace('_', "");
    whole(&digits, negative).or_else(|| fraction(&digits, negative))
}

/// A whole number in any of the notations; one that is too big becomes a float.
fn whole(digits: &str, negative: bool) -> Option<Data> {
    let (digits, radix) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (&digits[2..], 16),
        Some("0o") => (&digits[2..], 8),
        Some("0b") => (&digits[2..], 2),
        Some(_) if digits.starts_with('0') && digits.bytes().all(|b| matches!(b, b'0'..=b'7')) => {
            (&digits[1..], 8)
        }
        _ => (digits, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let signed = if negative {
        format!("-{digits}")
    } else {
        digits.to_owned()
    };
    Some(match i64::from_str_radix(&signed, radix) {
        Ok(number) => Data::Int(number),
        Err(_) => Data::Float(signed.parse().unwrap_or(f64::INFINITY)),
    })
}

fn fraction(digits: &str, negative: bool) -> Option<Data> {
    let well_formed = digits
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    let number: f64 = if well_formed {
        digits.parse().ok()?
    } else {
        return None;
    };
    Some(Data::Float(if negative { -number } else { number }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_many_notations() {
        for (text, value) in [
            ("0", 0),
            ("-7", -7),
            ("+7", 7),
            ("0x10", 16),
            ("0o17", 15),
            ("0440", 288),
            ("0b11", 3),
            ("1_000", 1000),
            ("-0x1F", -31),
        ] {
            assert_eq!(plain(text), Data::Int(value), "{text}");
        }
        for (text, value) in [
            ("1.50", 1.5),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("-2.", -2.0),
            ("099", 99.0),
        ] {
            let number = plain(text);
            assert!(
                number == Data::Float(value) || number == Data::Int(value as i64),
                "{text}: {number:?}"
            );
        }
    }

    #[test]
    fn what_looks_like_a_number_may_be_text() {
        for text in [
            "1.2.3",
            "80:80",
            "0x",
            "1g",
            "--1",
            "-",
            ".",
            "+",
            "yes",
            "no",
            "on",
            "2024-01-01",
            "1e",
            "6.2-alpine",
        ] {
            assert_eq!(plain(text), Data::String(text.to_owned()));
        }
    }
}
