//! When a string must be quoted, and how.

/// Where a scalar is going to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a line of its own, behind a dash or behind a key.
    Block,
    /// In braces or brackets.
    Flow,
}

/// The two ways to quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Quote {
    Single,
    Double,
}

/// How the strings of a place are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quoting {
    /// The quotes that all of them get.
    pub(crate) always: Option<Quote>,
    /// The quotes that those get that need some.
    pub(crate) needed: Quote,
}

/// A string as it is written at a place.
pub(crate) fn write(text: &str, place: Place, quoting: Quoting) -> String {
    let safe = is_plain(text, place) && reads_as_string(text);
    match quoting.always {
        None if safe => text.to_owned(),
        wanted => quoted(text, wanted.unwrap_or_else(|| needed(text, quoting.needed))),
    }
}

/// A string as YAML text for one line, in braces or not: plain where YAML reads it back as the same
/// string, else quoted.
#[must_use]
pub fn flow_scalar(text: &str) -> String {
    write(
        text,
        Place::Flow,
        Quoting {
            always: None,
            needed: Quote::Double,
        },
    )
}

/// Whether a key, as it is written and with what stands before it, is one to every parser: its `:`
/// has to come within 1,024 characters (YAML 1.2.2, chapter 7.4; Compose holds to it in braces,
/// too).
pub(crate) fn fits_as_key(written: &str) -> bool {
    written.len() <= LONGEST_KEY || written.chars().count() <= LONGEST_KEY
}

const LONGEST_KEY: usize = 1024;

/// The quotes that spare escapes, else the usual ones.
fn needed(text: &str, usual: Quote) -> Quote {
    let costly = text.contains(['"', '\\']) && !text.contains('\'');
    if costly { Quote::Single } else { usual }
}

pub(crate) fn quoted(text: &str, quote: Quote) -> String {
    let escaped = text.chars().any(|c| !is_printable(c) || c == '\u{feff}');
    match quote {
        Quote::Single if !escaped => format!("'{}'", text.replace('\'', "''")),
        _ => double_quoted(text),
    }
}

fn double_quoted(text: &str) -> String {
    let stands = |c| is_printable(c) && c != '\u{feff}';
    in_double_quotes(text, |c| (!stands(c)).then(|| escape(u32::from(c))))
}

/// A text in double quotes with the escapes that YAML and JSON have in common; `escape` gives that
/// of any other character that cannot stand for itself.
pub(crate) fn in_double_quotes(text: &str, escape: impl Fn(char) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => match escape(c) {
                Some(escaped) => out.push_str(&escaped),
                None => out.push(c),
            },
        }
    }
    out.push('"');
    out
}

fn escape(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// Characters that may stand unescaped on one line: YAML's printable ones less its line breaks.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Whether the text can stand without quotes and gives itself back, whatever type it is read as.
pub(crate) fn is_plain(text: &str, place: Place) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let indicator = match first {
        '-' | '?' | ':' => text[1..]
            .chars()
            .next()
            .is_none_or(|next| next == ' ' || ",[]{}".contains(next)),
        _ => ",[]{}#&*!|>'\"%@`".contains(first),
    };
    !indicator
        && text.trim() == text
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|c| is_printable(c) && c != '\u{feff}')
        && (place == Place::Block || is_flow_plain(text))
}

fn is_flow_plain(text: &str) -> bool {
    !text.contains([',', '[', ']', '{', '}']) && !text.starts_with([':', '?'])
}

/// Whether YAML 1.1 and YAML 1.2 both read the plain text as a string.
///
/// Sources: the types of <https://yaml.org/type/> (1.1) and the core schema of YAML 1.2.2, chapter
/// 10.3.
pub(crate) fn reads_as_string(text: &str) -> bool {
    !(is_word(text) || is_integer(text) || is_float(text) || is_sexagesimal(text) || is_date(text))
}

fn is_word(text: &str) -> bool {
    const WORDS: [&str; 11] = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n",
    ];
    let lower = text.to_ascii_lowercase();
    let unsigned = lower.trim_start_matches(['+', '-']);
    WORDS.contains(&lower.as_str())
        || matches!(unsigned, ".inf" | ".nan")
        || matches!(text, "=" | "<<")
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_integer(text: &str) -> bool {
    let digits = unsigned(text);
    let with_base = |prefix: &str, radix: u32| {
        let rest = digits.strip_prefix(prefix);
        rest.is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix) || c == '_')
        })
    };
    let decimal = digits.starts_with(|c: char| c.is_ascii_digit());
    decimal && digits.chars().all(|c| c.is_ascii_digit() || c == '_')
        || with_base("0x", 16)
        || with_base("0o", 8)
        || with_base("0b", 2)
}

fn is_float(text: &str) -> bool {
    let number = unsigned(text);
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent = unsigned(exponent);
    let has_digit = mantissa.contains(|c: char| c.is_ascii_digit());
    has_digit
        && !mantissa.starts_with('_')
        && mantissa
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '_'))
        && mantissa.matches('.').count() <= 1
        && !exponent.is_empty()
        && exponent.chars().all(|c| c.is_ascii_digit())
}

/// YAML 1.1 reads `22:22` as 22 sixties and 22.
fn is_sexagesimal(text: &str) -> bool {
    let mut groups = unsigned(text).split(':');
    let first = groups.next().is_some_and(|group| {
        !group.is_empty()
            && group.chars().all(|c| c.is_ascii_digit() || c == '_')
            && !group.starts_with('_')
    });
    let below_sixty = |group: &str| {
        let whole = group.split_once('.').map_or(group, |(whole, _)| whole);
        whole.len() <= 2 && whole.parse::<u8>().is_ok_and(|number| number < 60)
    };
    let mut rest = groups.peekable();
    first && rest.peek().is_some() && rest.all(below_sixty)
}

/// A date or a time stamp: it starts with `2001-12-14`.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, least: usize, most: usize| {
        part.is_some_and(|part| {
            (least..=most).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit())
        })
    };
    digits(parts.next(), 4, 4)
        && digits(parts.next(), 1, 2)
        && parts
            .next()
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AS_NEEDED: Quoting = Quoting {
        always: None,
        needed: Quote::Double,
    };

    #[test]
    fn other_types_are_quoted() {
        let others = [
            "",
            "~",
            "null",
            "True",
            "yes",
            "ON",
            "n",
            "5",
            "-5",
            "+1_000",
            "0x1f",
            "0o17",
            "0644",
            "0b1",
            "1.5",
            ".5",
            "5.",
            "1e3",
            "-1.5E-3",
            ".inf",
            "-.INF",
            ".NaN",
            "22:22",
            "1:30:00",
            "2001-12-14",
            "2001-12-14T21:59:43Z",
            "=",
            "<<",
        ];
        for text in others {
            assert!(
                write(text, Place::Block, AS_NEEDED).starts_with('"'),
                "{text}"
            );
        }
    }

    #[test]
    fn strings_stay_plain() {
        let strings = [
            "redis:7-alpine",
            "30s",
            "8080:80",
            "1.2.3",
            "./data:/data",
            "$X",
            "${A:-b}x",
            "a b",
            "-x",
            "é",
            "7.4-alpine",
            "key:value",
            "a#b",
            "0x",
            "e5",
            "127.0.0.1:80:80",
            "1-2-3",
            "_1",
            "a-b?c",
        ];
        for text in strings {
            assert_eq!(write(text, Place::Block, AS_NEEDED), text);
        }
    }

    #[test]
    fn syntax_is_quoted() {
        for text in [
            "a: b", "a #b", "- a", "-", "? x", "*a", "&a", "!a", "[a]", "{a}", "%a", "@a", "`a",
            "a:", " a", "a ",
        ] {
            assert_eq!(write(text, Place::Block, AS_NEEDED), format!("\"{text}\""));
        }
        assert_eq!(write("a,b", Place::Flow, AS_NEEDED), "\"a,b\"");
        assert_eq!(write("a,b", Place::Block, AS_NEEDED), "a,b");
    }

    #[test]
    fn escapes() {
        assert_eq!(write("a\nb\u{7}", Place::Block, AS_NEEDED), r#""a\nb\x07""#);
        assert_eq!(write("say: \"x\"", Place::Block, AS_NEEDED), "'say: \"x\"'");
        let single = Quoting {
            always: Some(Quote::Single),
            needed: Quote::Double,
        };
        assert_eq!(write("it's", Place::Block, single), "'it''s'");
        assert_eq!(write("a\tb", Place::Block, single), "\"a\\tb\"");
    }
}
