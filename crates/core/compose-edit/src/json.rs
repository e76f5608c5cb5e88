//! Documents that are JSON, and how they stay so.

use crate::node::{Node, ScalarStyle, Shape};
use crate::quote::in_double_quotes;
use crate::{Content, Document};

/// How the members of a JSON collection are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Json {
    /// The column of the members; 0 on one line.
    pub(crate) indent: usize,
    /// Columns from a collection's own line to its members; 0 where all stand on one line.
    pub(crate) step: usize,
    /// Whether columns are tabs.
    pub(crate) tabs: bool,
    /// Whether lists of scalars have a line for each item, too.
    pub(crate) long_lists: bool,
}

/// Whether a document is JSON: so it must stay.
pub(crate) fn is_json(document: &Document) -> bool {
    let text = document.text();
    let opens = text.trim_start().starts_with(['{', '[']);
    opens && document.documents().len() == 1 && has_json_nodes(document) && has_json_gaps(document)
}

fn has_json_nodes(document: &Document) -> bool {
    (0..document.nodes.len())
        .map(|index| document.node(index))
        .all(|node| {
            let bare = node.record().properties().next().is_none();
            let fits = match (&node.record().shape, node.as_scalar()) {
                (
                    Shape::Scalar {
                        style: ScalarStyle::DoubleQuoted,
                        ..
                    },
                    _,
                ) => !node.text().contains('\n'),
                (
                    Shape::Scalar {
                        style: ScalarStyle::Plain,
                        ..
                    },
                    _,
                ) => !is_key(node) && is_literal(node.text()),
                (Shape::Mapping { flow, .. } | Shape::Sequence { flow, .. }, _) => {
                    *flow && node.text().starts_with(['{', '['])
                }
                _ => false,
            };
            bare && fits
        })
}

fn is_key(node: Node<'_>) -> bool {
    let mapping = node.parent().and_then(Node::as_mapping);
    mapping.is_some_and(|mapping| mapping.entries().any(|(key, _)| key == node))
}

/// Between the words stand the signs of JSON alone, and no comma before a closing brace.
fn has_json_gaps(document: &Document) -> bool {
    let mut gaps = String::new();
    let mut from = 0;
    for node in (0..document.nodes.len()).map(|index| document.node(index)) {
        if matches!(node.content(), Content::Scalar(_)) {
            gaps.push_str(&document.text()[from..node.span().start.max(from)]);
            gaps.push('0');
            from = node.span().end.max(from);
        }
    }
    gaps.push_str(&document.text()[from..]);
    gaps.retain(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'));
    gaps.chars().all(|c| "{}[]:,0".contains(c)) && !gaps.contains(",}") && !gaps.contains(",]")
}

/// Whether a text is a number, a truth or null in JSON.
pub(crate) fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false" | "null") || is_number(text)
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) = unsigned
        .split_once(['e', 'E'])
        .map_or((unsigned, None), |(n, e)| (n, Some(e)));
    let (whole, fraction) = number
        .split_once('.')
        .map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// A string in JSON.
pub(crate) fn string(text: &str) -> String {
    // YAML lets fewer characters stand for themselves than JSON.
    let stands = |c: char| {
        !c.is_control()
            && !matches!(
                c,
                '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
            )
    };
    in_double_quotes(text, |c| {
        (!stands(c)).then(|| format!("\\u{:04x}", u32::from(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_known() {
        let is = |text: &str| is_json(&Document::parse(text).unwrap());
        for text in [
            "{\"a\": 1}",
            "[1, \"x\", null, -1.5e3, {}]\n",
            "{\r\n\t\"a\": [\n]\n}",
            "{\"a\": {\"b\": \"#,}\"}}",
        ] {
            assert!(is(text), "{text}");
        }
        for text in [
            "a: 1",
            "{a: 1}",
            "{\"a\": b}",
            "{\"a\": 'b'}",
            "{\"a\": 1} # c",
            "{\"a\": 1,}",
            "{\"a\": 01}",
            "\"a\"",
            "",
            "{\"a\": }",
        ] {
            assert!(!is(text), "{text}");
        }
    }
}
