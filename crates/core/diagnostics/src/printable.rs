//! Words of a file, a program or a person as a terminal may show them. What would steer it, or turn
//! the order of what is read, is shown as `\x1b` or `\u{202e}` instead: a checkout is a stranger's,
//! and so are the names in it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A meaning that colour underlines and never carries alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A title.
    Strong,
    /// An added line, something that is well.
    Good,
    /// A removed line, an error.
    Bad,
    /// Something to look at.
    Warn,
    /// Less important.
    Faint,
}

/// Where a tone ends. It and the characters behind it stand for no letter and are exchanged at the
/// very end, so that the colours of this tool can be told from those that a file asks for.
const END: char = '\u{fdd0}';

/// The tones by the character that begins each, with their codes.
const TONES: [(char, Tone, &str); 5] = [
    ('\u{fdd1}', Tone::Strong, "1"),
    ('\u{fdd2}', Tone::Good, "32"),
    ('\u{fdd3}', Tone::Bad, "31"),
    ('\u{fdd4}', Tone::Warn, "33"),
    ('\u{fdd5}', Tone::Faint, "2"),
];

/// A text in a tone, to be written by [`shown`].
pub fn toned(tone: Tone, text: &str) -> String {
    let begin = TONES
        .iter()
        .find(|(_, own, _)| *own == tone)
        .map_or(END, |(begin, ..)| *begin);
    format!("{begin}{text}{END}")
}

/// Whether a character is not shown as itself.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let is_bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_line = matches!(c, '\u{2028}' | '\u{2029}');
    c.is_control()
        || is_bidi
        || is_line
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
}

/// Words that are to stay on one line.
#[must_use]
pub fn printable(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    words.chars().for_each(|c| push(&mut text, c));
    text
}

fn push(text: &mut String, c: char) {
    let written = match c {
        '\n' | '\r' | '\t' => write!(text, "{}", c.escape_default()),
        _ if !is_hidden(c) => {
            text.push(c);
            Ok(())
        }
        _ if u32::from(c) < 0x100 => write!(text, "\\x{:02x}", u32::from(c)),
        _ => write!(text, "{}", c.escape_unicode()),
    };
    debug_assert!(written.is_ok(), "a string takes everything");
}

/// A text as it is written: its lines, tabs and tones stay.
pub fn shown(text: &str, colour: bool) -> Cow<'_, str> {
    let is_layout = |c: char| matches!(c, '\n' | '\t');
    if !text.contains(|c| is_hidden(c) && !is_layout(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, code(c)) {
            // The line ends of a file from Windows, in a diff.
            ('\r', _) if matches!(rest.peek(), None | Some('\n')) => shown.push(c),
            (_, Some(code)) if colour => shown.extend(["\u{1b}[", code, "m"]),
            _ if is_layout(c) => shown.push(c),
            _ => push(&mut shown, c),
        }
    }
    Cow::Owned(shown)
}

fn code(c: char) -> Option<&'static str> {
    let begins = TONES
        .iter()
        .find(|(begin, ..)| *begin == c)
        .map(|(_, _, code)| *code);
    if c == END { Some("0") } else { begins }
}

/// A JSON document as it is written: the same values, with what would steer a terminal as `\u009b`.
pub fn shown_json(document: &str) -> Cow<'_, str> {
    // A document has no control characters outside its strings but line ends, and none of those
    // below U+0020 in them.
    let hides = |c: char| is_hidden(c) && c != '\n';
    if !document.contains(hides) {
        return Cow::Borrowed(document);
    }
    let one = |c: char| {
        if hides(c) {
            format!("\\u{:04x}", u32::from(c))
        } else {
            c.to_string()
        }
    };
    Cow::Owned(document.chars().map(one).collect())
}

/// What a program says that a person looks on at: its colours stay.
#[must_use]
pub fn shown_with_colours(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        let (before, escape) = rest.split_at(at);
        let digits = escape[2..]
            .find(|c: char| !c.is_ascii_digit() && c != ';')
            .map_or(escape.len(), |end| end + 2);
        let end = if escape[digits..].starts_with('m') {
            digits + 1
        } else {
            2
        };
        all.push_str(&shown(before, false));
        match end {
            2 => all.push_str("\\x1b["),
            _ => all.push_str(&escape[..end]),
        }
        rest = &escape[end..];
    }
    all + &shown(rest, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown() {
        let text = "a\u{1b}[2Jb\u{7f}\u{9b}31m\u{202e}c\td\nè\u{0}";
        assert_eq!(
            shown(text, true),
            "a\\x1b[2Jb\\x7f\\x9b31m\\u{202e}c\td\nè\\x00"
        );
        assert_eq!(printable("a\tb\r\nc\u{1b}"), "a\\tb\\r\\nc\\x1b");
        assert_eq!(shown("one\r\ntwo\rthree\r", false), "one\r\ntwo\\rthree\r");
    }

    #[test]
    fn only_the_colours_of_this_tool_are_colours() {
        let text = toned(Tone::Bad, "\u{1b}[32mred");
        assert_eq!(shown(&text, true), "\u{1b}[31m\\x1b[32mred\u{1b}[0m");
        assert_eq!(shown(&text, false), "\\u{fdd3}\\x1b[32mred\\u{fdd0}");
        let text = "\u{1b}[1;32mok\u{1b}[0m \u{1b}[2J\u{1b}]0;title\u{7}";
        assert_eq!(
            shown_with_colours(text),
            "\u{1b}[1;32mok\u{1b}[0m \\x1b[2J\\x1b]0;title\\x07"
        );
        assert_eq!(shown_with_colours("\u{1b}[31"), "\\x1b[31");
    }

    #[test]
    fn json_keeps_its_values() {
        let value = serde_json::json!({ "a\u{1b}": ["\u{85}\u{7f}\u{202e}\u{2028}\n", "é"] });
        let text = format!("{value:#}");
        let shown = shown_json(&text);
        assert!(!shown.contains(|c| is_hidden(c) && c != '\n'), "{shown}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
    }
}
