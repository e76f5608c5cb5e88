//! Several changes in one edit: every pair and every triple of them in small documents, where they
//! meet. What is read afterwards must be what the changes make of a plain tree of values, one after
//! the other; a change that such a tree cannot take must be refused, and none else.
#![allow(missing_docs, clippy::disallowed_macros, clippy::unwrap_used)]

mod change;
mod model;

use std::collections::BTreeMap;

use compose_edit::{Document, EditError};

use change::{Change, changes};
use model::Tree;
use serde_yaml::Value;

/// Collections in braces and brackets.
const FLOW: [&str; 30] = [
    "x: {c: }\n",
    "x: { c: }\n",
    "x: {C}\n",
    "x: {a: 1}\n",
    "x: {a: 1, b: 2}\n",
    "x: { a: 1, b: 2 } # c\n",
    "x: {a: , b: }\n",
    "x: {a: , b: 2}",
    "x: {A, b: 2}\n",
    "x: {a: {b: 1}}\n",
    "x: {a: {b: }, c: }\n",
    "x: {a: [b]}\n",
    "x: {}\n",
    "x: {a: ~}\ny: 1\n",
    "x: {a: 1,\n  b: 2}\n",
    "x: {a: 1, b: 2,\n  c: 3}\n",
    "x: {\n  a: 1,\n  b: 2\n}\n",
    "x: {\n  a: ,\n  b:\n}\n",
    "x: {\n  a: 1, # a\n  b: 2, # b\n}\n",
    "x: [a]\n",
    "x: [a]",
    "x: [a, b]\r\ny: 1\r\n",
    "x: [ a, b, ]\n",
    "x: [a,\n  b]\n",
    "x: [a, b,\n  c]\n",
    "x: [\n  a,\n  b,\n]",
    "x: []\n",
    "x: [{a: 1}, ]\n",
    "x: [\"a\\nb\", 'c\n\n  d']\n",
    "{\"x\": {\"a\": 1, \"b\": null}}\n",
];

/// Collections of lines.
const BLOCK: [&str; 27] = [
    "x:\n  a: 1\n",
    "x:\n  a: 1",
    "x:\n  a: 1\n  b: 2\n",
    "x:\n  a:\n  b:",
    "x:\n    a: 1\n\n    b: 2\n\ny: 1\n",
    "x:\r\n  a: 1\r\n  b:\r\n",
    "x:\n  # a\n  a: 1 # b\n  # c\n  b: 2\n# d\ny: 1\n",
    "x:\n- a\n",
    "x:\n  - a\n  - b",
    "x:\n- a\n-\ny: 1\n",
    "x:\n  - a: 1\n    b: 2\n",
    "x:\n  - # a\n    a: 1\n  - b\n",
    "x:\n  a:\n    b: 1\n",
    "x:\n  a:\n  - b\n",
    "x:\n",
    "x: {}\n",
    "x: []\ny:\n",
    "x:\n- |\n  a\n  b\n- \"a\\nb\"\n",
    "s:\n  i: a",
    "a: 1\n",
    "a: 1",
    "- a\n- b\n",
    "x:\n  a: |\n    t\n  b: 1\n",
    "x:\n  a: 1\n  b: |\n    t",
    "x:\n  a: |+\n    t\n\n  b: |+\n    u\n\n",
    "x:\n  a: >-\n    t\n\n\ny: 1\n",
    "# c\nx:\n  a: {b: 1}\n  c: [d]\n",
];

#[test]
fn pairs_and_triples_in_braces() {
    all(&FLOW);
}

#[test]
fn pairs_and_triples_of_lines() {
    all(&BLOCK);
}

#[test]
fn in_a_text_without_content() {
    all(&["", "# c\n", "---\n", "\u{feff}", "{}\n", "~\n", "[]"]);
}

fn all(texts: &[&str]) {
    let mut faults = Faults::default();
    for text in texts {
        let document = Document::parse(*text).unwrap();
        let changes = changes(&document);
        for first in &changes {
            for second in &changes {
                faults.judge(&document, &[first, second]);
                for third in changes.iter().filter(|change| change.is_common()) {
                    faults.judge(&document, &[first, second, third]);
                }
            }
        }
    }
    faults.assert_none();
}

#[derive(Default)]
struct Faults {
    tried: usize,
    refused: usize,
    all: BTreeMap<&'static str, Vec<String>>,
}

impl Faults {
    fn judge(&mut self, document: &Document, changes: &[&Change]) {
        if changes.len() > 2 && !fits(document, changes) {
            return;
        }
        self.tried += 1;
        let mut tree = Tree::of(&read(document.text()).unwrap());
        let mut edit = document.edit();
        for change in changes {
            let expected = change.apply(&mut tree);
            let asked = change.ask(&mut edit);
            self.refused += usize::from(expected.is_none());
            let fault = match (&expected, &asked) {
                (Some(()), Ok(())) | (None, Err(_)) => continue,
                // What is moved has blank lines or comments that cannot stand there.
                (
                    Some(()),
                    Err(EditError::KeptBlankLines { .. } | EditError::BlockInFlow { .. }),
                ) => return,
                (Some(()), Err(_)) => "refused",
                (None, Ok(())) => "not refused",
            };
            return self.add(fault, document, changes, &format!("{change:?}: {asked:?}"));
        }
        match edit.finish() {
            Err(error) => self.add("unreadable", document, changes, &format!("{error:?}")),
            Ok(after) => {
                if let Some(fault) = fault(document.text(), after.text(), &tree) {
                    self.add(fault, document, changes, after.text());
                }
            }
        }
    }

    fn add(&mut self, fault: &'static str, document: &Document, changes: &[&Change], what: &str) {
        let shown = format!("{:?} {changes:?}\n    {what:?}", document.text());
        self.all.entry(fault).or_default().push(shown);
    }

    fn assert_none(&self) {
        println!(
            "{} edits, {} of their changes rightly refused",
            self.tried, self.refused
        );
        for (fault, all) in &self.all {
            println!("{fault}: {}", all.len());
            all.iter().take(12).for_each(|shown| println!("  {shown}"));
        }
        assert!(self.all.is_empty());
        assert!(self.refused > 0, "the tree must refuse some");
    }
}

/// Whether a tree can take all of the changes.
fn fits(document: &Document, changes: &[&Change]) -> bool {
    let mut tree = Tree::of(&read(document.text()).unwrap());
    changes
        .iter()
        .all(|change| change.apply(&mut tree).is_some())
}

/// What an independent parser reads.
fn read(text: &str) -> Option<Value> {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// Whether two values are equal, the order of keys included.
fn same(one: &Value, other: &Value) -> bool {
    format!("{one:?}") == format!("{other:?}")
}

/// What is wrong with an edited text.
fn fault(before: &str, after: &str, tree: &Tree) -> Option<&'static str> {
    let Some(read) = read(after) else {
        return Some("no YAML");
    };
    let trailing = |text: &str| {
        text.lines()
            .filter(|line| line.ends_with([' ', '\t']))
            .count()
    };
    let blank = |text: &str| text.lines().filter(|line| line.trim().is_empty()).count();
    let lone_comma = after.lines().any(|line| line.trim() == ",");
    let block = before.contains(['|', '>']);
    let ended = before.is_empty() || before == "\u{feff}" || before.ends_with('\n');
    match () {
        () if !same(&tree.value(), &read) => Some("wrong value"),
        () if lone_comma => Some("a comma alone on a line"),
        () if trailing(after) > trailing(before) => Some("a blank at the end of a line"),
        () if blank(after) > blank(before) && !before.contains("\n\n") => Some("a blank line"),
        () if !block && before != after && ended != after.ends_with('\n') => {
            Some("another end of the text")
        }
        () if before.contains("\r\n")
            && after.matches('\n').count() != after.matches("\r\n").count() =>
        {
            Some("another end of a line")
        }
        () => None,
    }
}
