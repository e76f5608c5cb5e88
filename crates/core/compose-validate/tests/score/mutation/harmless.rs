//! Changes of form, which change no meaning.

use compose_edit::{Document, Node, ScalarStyle};

use super::services::{entries, one, services};
use super::splice::{insert, lines, replace, set, set_value};
use super::{Changed, Kind};

pub const KINDS: &[Kind] = &[
    ("comments", comments),
    ("blank lines", blank_lines),
    ("Windows line ends", line_ends),
    ("document start", document_start),
    ("services in another order", reordered),
    ("keys in another order", reordered_keys),
    ("text in quotes", quoted),
    ("own keys", own_keys),
    ("long depends_on", long_depends_on),
    ("short depends_on", short_depends_on),
    ("service_healthy without a health check", healthy),
    ("merge key", merge_key),
];

fn comments(document: &Document, pick: usize) -> Changed {
    let entries = entries(document, pick);
    let (key, _) = entries.get(pick % entries.len().max(1))?;
    let indent = " ".repeat(key.position().column - 1);
    Some((
        key.text().to_owned(),
        insert(
            document,
            key.span().start,
            &format!("# a comment: ${{X\n{indent}"),
        ),
    ))
}

fn blank_lines(document: &Document, pick: usize) -> Changed {
    let (name, _) = one(document, pick)?;
    let line = document.text()[..name.span().start]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    Some((name.text().to_owned(), insert(document, line, "\n   \n")))
}

fn line_ends(document: &Document, _: usize) -> Changed {
    (!document.text().contains('\r'))
        .then(|| (String::new(), document.text().replace('\n', "\r\n")))
}

fn document_start(document: &Document, _: usize) -> Changed {
    (!document.text().contains("---")).then(|| (String::new(), format!("---\n{}", document.text())))
}

fn reordered(document: &Document, _: usize) -> Changed {
    moved_down(document, &services(document))
}

fn reordered_keys(document: &Document, pick: usize) -> Changed {
    moved_down(document, &entries(document, pick))
}

/// The first entry moved in front of the last; an anchor must stay in front of its aliases.
fn moved_down(document: &Document, entries: &[(Node<'_>, Node<'_>)]) -> Changed {
    let [(first, value), .., (last, _)] = entries else {
        return None;
    };
    let moved = lines(document, *first, *value);
    let text = document.text();
    let above = text[..last.span().start].rfind('\n').map_or(0, |at| at + 1);
    if moved.end > above || text.contains('&') {
        return None;
    }
    let changed = [
        &text[..moved.start],
        &text[moved.end..above],
        &text[moved.range()],
        &text[above..],
    ]
    .concat();
    Some((first.text().to_owned(), changed))
}

fn quoted(document: &Document, pick: usize) -> Changed {
    let plain = entries(document, pick)
        .into_iter()
        .filter_map(|(key, value)| {
            let scalar = value
                .as_scalar()
                .filter(|scalar| scalar.style() == ScalarStyle::Plain)?;
            (matches!(key.text(), "image" | "restart" | "hostname") && !value.is_null())
                .then_some((value, scalar.value()))
        });
    let plain: Vec<_> = plain.collect();
    let (value, text) = plain.get(pick % plain.len().max(1))?;
    Some((
        (*text).to_owned(),
        replace(document, value.span(), &format!("'{text}'")),
    ))
}

fn own_keys(document: &Document, pick: usize) -> Changed {
    let (_, body) = one(document, pick)?;
    let half = Document::parse(set(
        document,
        body,
        "x-owner",
        "{team: [a, b], since: 2024-01-31}",
    )?)
    .ok()?;
    Some((
        String::new(),
        set(&half, half.root()?, "x-anything", "[1, 2.5, true, null]")?,
    ))
}

fn long_depends_on(document: &Document, pick: usize) -> Changed {
    rewritten_depends_on(document, pick, |value| {
        let names = value
            .as_sequence()?
            .items()
            .filter_map(|item| Some(item.as_scalar()?.value()));
        let long: Vec<String> = names
            .map(|name| format!("{name}: {{condition: service_started}}"))
            .collect();
        Some(format!("{{{}}}", long.join(", ")))
    })
}

fn short_depends_on(document: &Document, pick: usize) -> Changed {
    rewritten_depends_on(document, pick, |value| {
        let names: Vec<&str> = value
            .as_mapping()?
            .entries()
            .map(|(name, _)| name.text())
            .collect();
        Some(format!("[{}]", names.join(", ")))
    })
}

fn rewritten_depends_on(
    document: &Document,
    pick: usize,
    rewrite: impl Fn(Node<'_>) -> Option<String>,
) -> Changed {
    let found = services(document).into_iter().filter_map(|(_, body)| {
        let (key, value) = body.as_mapping()?.entry("depends_on")?;
        Some((key, value, rewrite(value)?))
    });
    let found: Vec<_> = found.collect();
    let (key, value, rewritten) = found.get(pick % found.len().max(1))?;
    Some((
        rewritten.clone(),
        set_value(document, *key, *value, rewritten),
    ))
}

/// Where that makes a circle it is rejected, and rightly.
fn healthy(document: &Document, pick: usize) -> Changed {
    let services = services(document);
    let (name, _) = services.first()?;
    let (_, body) = services.get(1 + pick % services.len().saturating_sub(1).max(1))?;
    let value = format!("{{{}: {{condition: service_healthy}}}}", name.text());
    Some((value.clone(), set(document, *body, "depends_on", &value)?))
}

fn merge_key(document: &Document, pick: usize) -> Changed {
    let (_, body) = one(document, pick)?;
    Some((
        String::new(),
        set(document, body, "<<", "{labels: {merged: 'yes'}}")?,
    ))
}
