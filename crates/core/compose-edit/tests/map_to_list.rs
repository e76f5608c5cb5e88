//! `map_to_list`: before and after, byte for byte, and there and back again over the corpus.
#![allow(
    missing_docs,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used
)]

use std::path::{Path as File, PathBuf};

use compose_edit::{Content, Document, EditError, NewValue, Node, Path, differences};

fn condition() -> NewValue {
    NewValue::Map(vec![("condition".into(), "service_started".into())])
}

fn convert(text: &str, at: &str, flow: bool) -> Result<String, EditError> {
    let document = Document::parse(text).unwrap();
    let mut edit = document.edit();
    edit.map_to_list(&at.parse().unwrap(), flow)?;
    edit.finish().map(|document| document.text().to_owned())
}

#[track_caller]
fn check(before: &str, flow: bool, after: &str) {
    assert_eq!(convert(before, "d", flow).unwrap(), after);
}

#[test]
fn keys_become_items() {
    check(
        "d:\n  a:\n    condition: x\n  b:\n    condition: y\ne: 1\n",
        false,
        "d:\n  - a\n  - b\ne: 1\n",
    );
    check(
        "d:\n  a: {condition: x}\n  \"b\":\nl:\n- 1\n",
        false,
        "d:\n- a\n- \"b\"\nl:\n- 1\n",
    );
    check("d:\r\n    a:\r\n        c: x", false, "d:\r\n  - a");
}

/// A word may be a key that is no item: in brackets a comma ends it, and behind a dash a colon or
/// another dash.
#[test]
fn keys_that_are_no_items_get_quotes() {
    check(
        "d:\n  a:\n  b,c: 1\n  f]: 2\n  ${A:-b}: 3\n  \"[x\": 4\n",
        true,
        "d: [a, \"b,c\", \"f]\", \"${A:-b}\", \"[x\"]\n",
    );
    check(
        "d:\n  b,c: 1\n  a:: 1\n  -: 2\n  ?x: 3\n  1: 4\n",
        false,
        "d:\n  - b,c\n  - \"a:\"\n  - \"-\"\n  - ?x\n  - 1\n",
    );
    check(
        "d:\n  a:: 1\n  -: 2\n  1: 3\n",
        true,
        "d: [\"a:\", \"-\", 1]\n",
    );
}

#[test]
fn a_key_that_is_nothing_becomes_a_null() {
    check("d:\n  : 1\n  a: 2\n", false, "d:\n  - null\n  - a\n");
    check("d:\n  : 1\n  a: 2\n", true, "d: [null, a]\n");
    check("d: {: 1, a: 2}\n", true, "d: [null, a]\n");
}

#[test]
fn comments_stay() {
    check(
        "d: # d\n  # above\n  a: # beside\n    # own\n    condition: x # last\n  # between\n  b:\n    c: y\n",
        false,
        "d: # d\n  # above\n  - a # beside\n  # own\n  # last\n  # between\n  - b\n",
    );
    check("d: # d\n  a:\n    c: x\n  b:\n", true, "d: [a, b] # d\n");
    check("d:\n  a: # why\n    c: x\n", true, "d:\n  - a # why\n");
}

#[test]
fn a_comment_right_behind_a_brace_stays() {
    check("d:\n  a: {#x\n    c: 1\n  }\n", false, "d:\n  - a #x\n");
    check(
        "d:\n  a: [1,#x\n    2,#y\n  ]#z\n  b: 1\n",
        false,
        "d:\n  - a\n  #x\n  #y\n  #z\n  - b\n",
    );
    check("d:\n  a: {c: [1]#x\n    }\n", false, "d:\n  - a\n  #x\n");
}

#[test]
fn braces_become_brackets() {
    check("d: {a: {c: x}, b: {c: y}} # d\n", false, "d: [a, b] # d\n");
    check("d: {}\n", true, "d: []\n");
    check("d: {a: null}\n", true, "d: [a]\n");
    check("d: {a: &a {c: 1}, b: *a}\n", true, "d: [a, b]\n");
}

#[test]
fn what_is_no_item_is_refused() {
    let refused = |text: &str| convert(text, "d", false).unwrap_err().to_string();
    assert_eq!(
        refused("x: &x {a: 1}\nd:\n  <<: *x\n"),
        "3:3: \"<<\" cannot be written as an item of a list"
    );
    assert_eq!(
        refused("d:\n  a: &a {c: 1}\ne: *a\n"),
        "2:6: `d` holds &a, which is used at 3:4"
    );
    assert_eq!(refused("d: [a]\n"), "1:4: `d` is no mapping");
}

/// Every list of names in the corpus becomes a map and a list again. The tree is as before; of the
/// bytes, the quotes and the brackets of one line are too.
#[test]
fn there_and_back_over_the_corpus() {
    let (mut lists, mut equal) = (0, 0);
    for file in corpus() {
        let text = std::fs::read_to_string(&file).unwrap();
        let Ok(document) = Document::parse(text) else {
            continue;
        };
        let mut found = Vec::new();
        document
            .root()
            .into_iter()
            .for_each(|root| names(root, &Path::root(), &mut found));
        for path in found {
            let Some(back) = there_and_back(&document, &path) else {
                continue;
            };
            lists += 1;
            let place = format!("{} {path}", file.display());
            assert_eq!(
                differences(document.text(), &back).unwrap(),
                Vec::<Path>::new(),
                "{place}\n{back}"
            );
            assert_eq!(comments(document.text()), comments(&back), "{place}");
            equal += usize::from(back == document.text());
        }
    }
    println!("{lists} lists there and back, {equal} of them byte for byte");
    assert!(
        lists > 0 && equal * 10 >= lists * 9,
        "{equal} of {lists} are byte for byte as before"
    );
}

fn there_and_back(document: &Document, path: &Path) -> Option<String> {
    let flow = document.get(path)?.as_sequence()?.is_flow();
    let mut edit = document.edit();
    edit.list_to_map(path, |item| (item.to_owned(), condition()))
        .ok()?;
    let there = edit.finish().unwrap();
    let mut edit = there.edit();
    edit.map_to_list(path, flow)
        .unwrap_or_else(|error| panic!("{error}\n{}", there.text()));
    Some(edit.finish().unwrap().text().to_owned())
}

/// The paths of all lists of strings.
fn names(node: Node<'_>, path: &Path, found: &mut Vec<Path>) {
    match node.content() {
        Content::Mapping(map) => {
            let keyed = map
                .entries()
                .filter_map(|(key, value)| Some((key.as_scalar()?.value(), value)));
            keyed.for_each(|(key, value)| names(value, &path.join(key), found));
        }
        Content::Sequence(list) => {
            let is_name = |item: Node<'_>| item.as_scalar().is_some() && !item.is_null();
            if list.items().all(is_name) {
                found.push(path.clone());
            }
            list.items()
                .enumerate()
                .for_each(|(index, item)| names(item, &path.join(index), found));
        }
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

fn comments(text: &str) -> usize {
    text.matches('#').count()
}

fn corpus() -> Vec<PathBuf> {
    let root = File::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let shared = std::env::var_os("COMPOSE_CORPUS")
        .map_or_else(|| root.join("../shared/corpus"), PathBuf::from);
    let folder = [shared, root.join("corpus"), root.join("compose")]
        .into_iter()
        .find(|folder| folder.is_dir());
    let entries = folder
        .unwrap()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yml" || extension == "yaml")
        })
        .collect()
}
