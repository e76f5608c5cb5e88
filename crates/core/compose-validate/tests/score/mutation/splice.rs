//! Crude edits of text, for files that need not stay valid.

use compose_edit::{Document, Node, Span};

/// The text with a span replaced.
pub fn replace(document: &Document, span: Span, with: &str) -> String {
    let text = document.text();
    format!("{}{with}{}", &text[..span.start], &text[span.end..])
}

/// The text with something put in at an offset.
pub fn insert(document: &Document, offset: usize, what: &str) -> String {
    replace(document, Span::new(offset, offset), what)
}

/// The text with a key of a mapping set to a value in flow style; a new key comes first.
pub fn set(document: &Document, mapping: Node<'_>, key: &str, value: &str) -> Option<String> {
    let entries = mapping.as_mapping()?;
    if let Some((name, old)) = entries.entry(key) {
        return Some(set_value(document, name, old, value));
    }
    let start = mapping.span().start;
    if entries.is_flow() {
        let comma = if entries.is_empty() { "" } else { ", " };
        return Some(insert(
            document,
            start + 1,
            &format!("{key}: {value}{comma}"),
        ));
    }
    let indent = " ".repeat(mapping.position().column - 1);
    Some(insert(
        document,
        start,
        &format!("{key}: {value}\n{indent}"),
    ))
}

/// The text with an entry's value replaced, anchor, tag and all.
pub fn set_value(document: &Document, key: Node<'_>, old: Node<'_>, value: &str) -> String {
    let span = Span::new(key.span().end, old.span().end.max(key.span().end + 1));
    let ends_line = document.text()[span.range()].ends_with('\n');
    replace(
        document,
        span,
        &format!(": {value}{}", if ends_line { "\n" } else { "" }),
    )
}

/// The lines of an entry, whole, where it is in block style.
pub fn lines(document: &Document, key: Node<'_>, value: Node<'_>) -> Span {
    let text = document.text();
    let start = text[..key.span().start].rfind('\n').map_or(0, |at| at + 1);
    let end = value.span().end.max(key.span().end);
    Span::new(
        start,
        text[end..].find('\n').map_or(text.len(), |at| end + at + 1),
    )
}
