//! `insert`: before and after, byte for byte.
#![allow(missing_docs, clippy::unwrap_used)]

use compose_edit::{Document, NewScalar, NewValue, Path};

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn health_check() -> NewValue {
    let test = ["CMD", "curl"]
        .map(|word| NewScalar::quoted(word).into())
        .to_vec();
    NewValue::Map(vec![
        (
            "test".into(),
            NewValue::List {
                items: test,
                flow: true,
            },
        ),
        ("interval".into(), NewScalar::plain("30s").into()),
    ])
}

#[track_caller]
fn check(before: &str, at: &str, key: &str, value: &NewValue, after: &str) {
    let document = Document::parse(before).unwrap();
    let mut edit = document.edit();
    edit.insert(&path(at), key, value, None).unwrap();
    assert_eq!(edit.finish().unwrap().text(), after);
}

#[test]
fn below_the_last_entry_in_its_column() {
    check(
        "services:\n  a:\n    image: x  # c\n\n  b: {}\n",
        "services.a",
        "healthcheck",
        &health_check(),
        "services:\n  a:\n    image: x  # c\n    healthcheck:\n      test: [\"CMD\", \"curl\"]\n      interval: 30s\n\n  b: {}\n",
    );
}

#[test]
fn below_deeper_comments_and_above_others() {
    check(
        "a:\n  b:\n  - 1\n    # deeper\n  # beside\n# above c\nc: 1\n",
        "a",
        "m",
        &"v".into(),
        "a:\n  b:\n  - 1\n    # deeper\n  m: v\n  # beside\n# above c\nc: 1\n",
    );
}

#[test]
fn into_null_braces_and_nothing() {
    check(
        "volumes:\nx: 1\n",
        "volumes",
        "data",
        &NewValue::Null,
        "volumes:\n  data:\nx: 1\n",
    );
    check(
        "volumes: {} # c\nx: 1\n",
        "volumes",
        "data",
        &NewValue::Null,
        "volumes: # c\n  data:\nx: 1\n",
    );
    check(
        "volumes: null",
        "volumes",
        "data",
        &NewValue::Null,
        "volumes:\n  data:",
    );
    check("", "", "data", &"x".into(), "data: x\n");
    check("# c\n", "", "data", &"x".into(), "# c\ndata: x\n");
    check("---\n", "", "data", &"x".into(), "---\ndata: x\n");
    check("a:\n- {}\n", "a[0]", "data", &"x".into(), "a:\n- data: x\n");
}

#[test]
fn line_endings_and_the_end_of_the_file_are_copied() {
    check(
        "a:\r\n  b: 1\r\n",
        "a",
        "c",
        &"x".into(),
        "a:\r\n  b: 1\r\n  c: x\r\n",
    );
    check(
        "a:\r\n  b: 1",
        "a",
        "c",
        &"x".into(),
        "a:\r\n  b: 1\r\n  c: x",
    );
    check("\u{feff}a: 1", "", "c", &"x".into(), "\u{feff}a: 1\nc: x");
    check("a: |\n  b", "", "c", &"x".into(), "a: |-\n  b\nc: x");
    check(
        "a: |+\n  b\n\nd: 1\n",
        "",
        "c",
        &"x".into(),
        "a: |+\n  b\n\nd: 1\nc: x\n",
    );
}

#[test]
fn blank_lines_as_between_the_neighbours() {
    check(
        "a:\n  x: 1\n\nb:\n  y: 1\n",
        "",
        "c",
        &NewValue::Null,
        "a:\n  x: 1\n\nb:\n  y: 1\n\nc:\n",
    );
    check(
        "a:\n  x: {}\n\n  y: {}\n",
        "",
        "c",
        &NewValue::Null,
        "a:\n  x: {}\n\n  y: {}\n\nc:\n",
    );
    check(
        "a: 1\nb: 1\n\n",
        "",
        "c",
        &NewValue::Null,
        "a: 1\nb: 1\nc:\n\n",
    );
}

#[test]
fn in_braces() {
    check("a: {b: 1}\n", "a", "c", &"x".into(), "a: {b: 1, c: x}\n");
    check(
        "a: { b: 1 }\n",
        "a",
        "c",
        &health_check(),
        "a: { b: 1, c: {test: [\"CMD\", \"curl\"], interval: 30s} }\n",
    );
    check(
        "{\n  \"a\": 1\n}\n",
        "",
        "c",
        &"x".into(),
        "{\n  \"a\": 1,\n  \"c\": \"x\"\n}\n",
    );
    check(
        "{\n  a: 1, # c\n}\n",
        "",
        "c",
        &"x".into(),
        "{\n  a: 1, # c\n  c: x,\n}\n",
    );
    check(
        "{\n  a: 1 # c\n}\n",
        "",
        "c",
        &"x".into(),
        "{\n  a: 1, # c\n  c: x\n}\n",
    );
}

#[test]
fn several_keep_their_order_and_a_banner_goes_above() {
    let document = Document::parse("a:\n  b:\nv: {}\n").unwrap();
    let mut edit = document.edit();
    edit.insert(
        &path("v"),
        "one",
        &NewValue::Null,
        Some("first line\nsecond"),
    )
    .unwrap();
    edit.insert(&path("a"), "x", &"1.5".into(), None).unwrap();
    edit.insert(&path("a.b"), "k", &"z".into(), None).unwrap();
    edit.insert(&path("v"), "two", &NewValue::Null, None)
        .unwrap();
    let after =
        "a:\n  b:\n    k: z\n  x: \"1.5\"\nv:\n  # first line\n  # second\n  one:\n  two:\n";
    assert_eq!(edit.finish().unwrap().text(), after);
}
