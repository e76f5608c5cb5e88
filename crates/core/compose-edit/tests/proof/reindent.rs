//! The same document with other indentation.

use std::collections::BTreeMap;

use compose_edit::{Content, Document, Node};

use crate::tree;

/// Keys `step` columns deeper than the key above, dashes `offset` deeper; `None` where that would
/// change the document.
pub fn reindent(text: &str, step: usize, offset: usize) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let mut columns = BTreeMap::new();
    place(
        &document,
        document.root()?,
        0,
        &mut Nested {
            step,
            offset,
            columns: &mut columns,
        },
    );
    let mut out = String::new();
    let mut delta = 0_isize;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let opens = columns.get(&(at + indent)).copied();
        let below = || next_start(&columns, at).filter(|_| line[indent..].starts_with('#'));
        let column = match opens.or_else(below) {
            Some((old, new)) if old == indent => {
                delta = isize::try_from(new).ok()? - isize::try_from(old).ok()?;
                new
            }
            _ => usize::try_from(isize::try_from(indent).ok()? + delta).unwrap_or(0),
        };
        if !line.trim().is_empty() {
            out.push_str(&" ".repeat(column));
        }
        out.push_str(if line.trim().is_empty() {
            line
        } else {
            &line[indent..]
        });
        at += line.len();
    }
    (out != text && tree::read(&out)? == tree::read(text)?).then_some(out)
}

/// The old and the new column of what starts next below an offset.
fn next_start(columns: &BTreeMap<usize, (usize, usize)>, at: usize) -> Option<(usize, usize)> {
    columns.range(at..).next().map(|(_, columns)| *columns)
}

struct Nested<'c> {
    step: usize,
    offset: usize,
    /// Old and new column by the offset of a key or a dash.
    columns: &'c mut BTreeMap<usize, (usize, usize)>,
}

fn place(document: &Document, node: Node<'_>, column: usize, nested: &mut Nested<'_>) {
    let old = |offset| document.position(offset).column - 1;
    match node.content() {
        Content::Mapping(mapping) if !mapping.is_flow() => {
            for (key, value) in mapping.entries() {
                nested
                    .columns
                    .insert(key.span().start, (old(key.span().start), column));
                let list = value.as_sequence().is_some();
                place(
                    document,
                    value,
                    column + if list { nested.offset } else { nested.step },
                    nested,
                );
            }
        }
        Content::Sequence(list) if !list.is_flow() => {
            for item in list.items() {
                let text = &document.text()[..item.span().start];
                if let Some(dash) = text
                    .rfind('-')
                    .filter(|dash| text[*dash + 1..].trim().is_empty())
                {
                    nested.columns.insert(dash, (old(dash), column));
                }
                place(document, item, column + 2, nested);
            }
        }
        _ => {}
    }
}
