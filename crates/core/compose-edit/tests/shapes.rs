//! Shapes that are easily got wrong: before and after, byte for byte.
#![allow(missing_docs, clippy::unwrap_used)]

use compose_edit::{Document, Edit, EditError, NewScalar, NewValue, Path};

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

/// One change of an edit, as its kind and where it goes.
#[derive(Clone, Copy)]
enum Do {
    /// Inserts `t` under a key.
    Insert(&'static str, &'static str),
    /// Sets `i`.
    Set(&'static str),
    /// Pushes `t`.
    Push(&'static str),
    Remove(&'static str),
    ListToMap(&'static str),
}

fn ask(edit: &mut Edit<'_>, change: Do) -> Result<(), EditError> {
    match change {
        Do::Insert(at, key) => edit.insert(&path(at), key, &NewValue::from("t"), None),
        Do::Set(at) => edit.set(&path(at), &NewScalar::from("i")),
        Do::Push(at) => edit.push(&path(at), &NewValue::from("t")),
        Do::Remove(at) => edit.remove(&path(at)),
        Do::ListToMap(at) => {
            edit.list_to_map(&path(at), |item| (item.to_owned(), NewValue::from("t")))
        }
    }
}

#[track_caller]
fn check(before: &str, changes: &[Do], after: &str) {
    let document = Document::parse(before).unwrap();
    let mut edit = document.edit();
    for change in changes {
        ask(&mut edit, *change).unwrap();
    }
    assert_eq!(edit.finish().unwrap().text(), after);
}

#[test]
fn nothing_in_braces() {
    check(
        "x: {c: }\n",
        &[Do::Insert("x", "k"), Do::Set("x.c")],
        "x: {c: i, k: t}\n",
    );
    check(
        "x: {c: }\n",
        &[Do::Set("x.c"), Do::Insert("x", "k")],
        "x: {c: i, k: t}\n",
    );
    check("x: { c: }\n", &[Do::Set("x.c")], "x: { c: i }\n");
    check("x: {c: , d: 1}\n", &[Do::Set("x.c")], "x: {c: i, d: 1}\n");
    check(
        "volumes: { p: }\n",
        &[Do::Insert("volumes", "k")],
        "volumes: { p: , k: t }\n",
    );
    check(
        "volumes: {p: }\n",
        &[Do::Insert("volumes", "k")],
        "volumes: {p: , k: t}\n",
    );
    check(
        "x: {\n  p:\n}\n",
        &[Do::Insert("x", "k")],
        "x: {\n  p: ,\n  k: t\n}\n",
    );
    check(
        "x: {C}\n",
        &[Do::Insert("x", "k"), Do::Set("x.C")],
        "x: {C: i, k: t}\n",
    );
    check(
        "x: {C}\n",
        &[Do::Insert("x", "k"), Do::Push("x.C")],
        "x: {C: [t], k: t}\n",
    );
}

/// A bracket or a comma right behind a tag or an anchor belongs to its name to some parsers.
#[test]
fn nothing_behind_a_tag_or_an_anchor() {
    check("x: [!!str , a]\n", &[Do::Remove("x[1]")], "x: [!!str ]\n");
    check("x: [&n , a]\n", &[Do::Remove("x[1]")], "x: [&n ]\n");
    check(
        "x: {c: !!str , d: 1}\n",
        &[Do::Remove("x.d")],
        "x: {c: !!str }\n",
    );
    check("x: [!!str ]\n", &[Do::Push("x")], "x: [!!str , t ]\n");
    check(
        "x: [\n  &n\n]\n",
        &[Do::Push("x")],
        "x: [\n  &n ,\n  t\n]\n",
    );
    check(
        "x: {c: &n }\n",
        &[Do::Insert("x", "k")],
        "x: {c: &n , k: t }\n",
    );
}

/// A tab right behind a dash would indent what comes to stand there.
#[test]
fn a_tab_behind_empty_brackets() {
    check(
        "x:\n  - [ ]\t# c\n",
        &[Do::Push("x[0]")],
        "x:\n  - # c\n    - t\n",
    );
    check(
        "x:\n  - {}\t# c\n",
        &[Do::Insert("x[0]", "k")],
        "x:\n  - # c\n    k: t\n",
    );
    check("x:\n  - []\t\n", &[Do::Push("x[0]")], "x:\n  - - t\n");
    check(
        "x:\n  - [ ] # c\n",
        &[Do::Push("x[0]")],
        "x:\n  - # c\n    - t\n",
    );
}

/// What Compose reads, and `config` shows, is in each comment.
#[test]
fn a_colon_before_a_brace_is_a_part_of_the_word() {
    // {"c:": null}
    let document = Document::parse("x: {c:}\n").unwrap();
    assert!(
        document.get(&path("x").join("c")).is_none()
            && document.get(&path("x").join("c:")).is_some()
    );
    // {"c:": null, "d": 1}, ["http://x:"] and {"a": "b:", "c": 1}
    check("x: {c:, d: 1}\n", &[Do::Remove("x.d")], "x: {c:}\n");
    check("x: {c:}\n", &[Do::Insert("x", "c")], "x: {c:, c: t}\n");
    check("x: [http://x:]\n", &[Do::Push("x")], "x: [http://x:, t]\n");
    check("x: [http://x:]\n", &[Do::Set("x[0]")], "x: [i]\n");
    check(
        "x: {a: b:}\n",
        &[Do::Insert("x", "k")],
        "x: {a: b:, k: t}\n",
    );
    check("x: {a: b:, c: 1}\n", &[Do::Remove("x.c")], "x: {a: b:}\n");
    check("x: {c: &a }\n", &[Do::Set("x.c")], "x: {c: &a i }\n");
    let mut edit = document.edit();
    edit.set(&path("x").join("c:"), &NewScalar::from("i"))
        .unwrap();
    assert_eq!(edit.finish().unwrap().text(), "x: {c:: i}\n");
}

/// The independent parser refuses such a colon; what proves an edit reads the text as Compose does
/// all the same.
#[test]
fn a_colon_before_a_brace_can_be_proved() {
    let found = |before: &str, after: &str| {
        let paths = compose_edit::differences(before, after).unwrap();
        paths.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(found("x: {c:, d: 1}\n", "x: {c:, d: 2}\n"), ["x.d"]);
    assert_eq!(found("x: {c:}\n", "x: {\"c:\": }\n"), [""; 0]);
    assert_eq!(found("x: [http://x:]\n", "x: [http://y:]\n"), ["x[0]"]);
    assert_eq!(
        found("x: {a: b:}\ny: !t [c:, 1]\n", "x: {a: b:}\ny: !t [c:, 2]\n"),
        ["y[1]"]
    );
    let json =
        |number: u8| format!("x: {{c:, \"a\":[1], 'b':{{\"k\":{number}}}, \"w\": \"u:, v:]\"}}\n");
    assert_eq!(found(&json(1), &json(2)), ["x.b.k"]);
    assert_eq!(found("x: [cat, -]\n", "x: [dog, -]\n"), ["x[0]"]);
    assert_eq!(
        found(
            "x: [#c\n a,#d\n {#e\n b: 1}#f\n]\ny: 'z'#g\n",
            "x: [a, {b: 2}]\ny: 'z'\n"
        ),
        ["x[1].b"]
    );
    // What neither reading takes is told with its place.
    let refused = compose_edit::differences("y: 1\nx: |\n \t# c\n", "")
        .unwrap_err()
        .to_string();
    assert!(
        refused.starts_with("3:2: the old text is not read by the independent parser"),
        "{refused}"
    );
}

#[test]
fn a_comment_is_no_part_of_the_word_before_it() {
    let document = Document::parse("x: [#c\n ]\n").unwrap();
    let mut edit = document.edit();
    edit.push(&path("x"), &NewValue::from("say \"x\"")).unwrap();
    let after = edit.finish().unwrap();
    assert_eq!(after.text(), "x: [say \"x\" #c\n ]\n");
    assert_eq!(
        after
            .get(&path("x[0]"))
            .unwrap()
            .as_scalar()
            .unwrap()
            .value(),
        "say \"x\""
    );
    let document = Document::parse("x: {}# c\n").unwrap();
    let mut edit = document.edit();
    edit.map_to_list(&path("x"), true).unwrap();
    assert_eq!(edit.finish().unwrap().text(), "x: []# c\n");
}

#[test]
fn a_tab_that_opens_a_block_scalar_is_content() {
    check(
        "z: 1\na: |\n  \t# text\n",
        &[Do::Remove("z")],
        "a: |\n  \t# text\n",
    );
    check(
        "a: |\n  \t\n  x\nz: 1\n",
        &[Do::Set("z")],
        "a: |\n  \t\n  x\nz: i\n",
    );
    for comment in ["a: 1\n\t# c\nz: 1\n", "a: |\n  x\n\t# c\nz: 1\n"] {
        let document = Document::parse(comment).unwrap();
        let refused = document.edit().remove(&path("z")).unwrap_err();
        assert!(
            matches!(refused, EditError::TabIndentation { .. }),
            "{comment:?}: {refused}"
        );
    }
}

/// Whatever was written in between, a refusal names places of the text that the edit started from.
#[test]
fn refusals_name_places_of_the_first_text() {
    let text = "a: 1\nb: 2\nx: {c: 1}\nä: &ä {d: 1}\ny: *ä\nz: {e: 1}\n";
    let document = Document::parse(text).unwrap();
    let mut edit = document.edit();
    edit.remove(&path("a")).unwrap();
    edit.insert(&path("x"), "k", &NewValue::from("t"), None)
        .unwrap();
    edit.remove(&path("x.c")).unwrap();
    let refused = |result: Result<(), EditError>| result.unwrap_err().to_string();
    assert_eq!(
        refused(edit.remove(&path("ä"))),
        "4:4: `ä` holds &ä, which is used at 5:4"
    );
    assert_eq!(
        refused(edit.set(&path("ä.d"), &"1".into())),
        "4:4: `ä.d` is shared: &ä is used again at 5:4"
    );
    assert_eq!(
        refused(edit.push(&path("b"), &NewValue::from("t"))),
        "2:4: `b` is no list"
    );
    assert_eq!(
        refused(edit.rename(&path("z"), "b")),
        "2:1: the key `b` is there already"
    );
    // What is new is where it was put.
    assert_eq!(
        refused(edit.insert(&path("x"), "k", &NewValue::from("t"), None)),
        "3:9: the key `k` is there already"
    );
    edit.remove(&path("z.e")).unwrap();
    edit.insert(&path("z"), "k", &NewValue::from("t"), None)
        .unwrap();
    edit.insert(&path("z"), "m", &NewValue::from("t"), None)
        .unwrap();
    assert_eq!(
        refused(edit.push(&path("z"), &NewValue::from("t"))),
        "6:10: `z` is no list"
    );
    assert_eq!(
        edit.finish().unwrap().text(),
        "b: 2\nx: {k: t}\nä: &ä {d: 1}\ny: *ä\nz:\n  k: t\n  m: t\n"
    );
}

#[test]
fn a_dash_is_a_word_in_brackets() {
    check("x: [cat, -]\n", &[Do::Push("x")], "x: [cat, -, t]\n");
    check("x: {a: -}\n", &[Do::Insert("x", "k")], "x: {a: -, k: t}\n");
    check("x: [-, b]\n", &[Do::Remove("x[1]")], "x: [-]\n");
}

#[test]
fn one_comes_and_another_goes() {
    check(
        "x: {a: 1}\n",
        &[Do::Insert("x", "k"), Do::Remove("x.a")],
        "x: {k: t}\n",
    );
    let all = [Do::Remove("x.a"), Do::Insert("x", "k"), Do::Remove("x.b")];
    check("x: {a: 1, b: 2}\n", &all, "x: {k: t}\n");
    check("x: [a]\n", &[Do::Push("x"), Do::Remove("x[0]")], "x: [t]\n");
    check("x: [a]", &[Do::Push("x"), Do::Remove("x[0]")], "x: [t]");
    check(
        "x: [a,\n  b]\n",
        &[Do::Push("x"), Do::Remove("x[1]")],
        "x: [a,\n  t]\n",
    );
    check("x: [a, b,\n  c]\n", &[Do::Remove("x[1]")], "x: [a,\n  c]\n");
    let all = [Do::Insert("", "k"), Do::Remove("s"), Do::Insert("", "m")];
    check("s:\n  i: a", &all, "k: t\nm: t");
}

#[test]
fn paths_are_those_of_the_first_text() {
    let all = [
        Do::Remove("x[0]"),
        Do::Push("x"),
        Do::Set("x[1]"),
        Do::Remove("x[2]"),
        Do::Set("x[3]"),
    ];
    check("x:\n- a\n- b\n- c\n", &all, "x:\n- i\n- i\n");
}

#[test]
fn comments_behind_a_dash_stay() {
    check(
        "p:\n  -   # behind a dash\n    # below\n    web\n  - db # beside\n",
        &[Do::ListToMap("p")],
        "p:\n  # behind a dash\n  # below\n  web: t\n  db: t # beside\n",
    );
    check(
        "- - # c\n    a\n",
        &[Do::ListToMap("[0]")],
        "- # c\n  a: t\n",
    );
}

/// What `docker compose config` reads as keys.
#[test]
fn an_item_of_several_lines_becomes_a_key() {
    check(
        "p:\n- |  # c\n  one\n  two\n- \"a\\nb\" # d\n- >-\n  e\n\n  f\n\n- 'g\n\n  h'\nz: 1\n",
        &[Do::ListToMap("p")],
        "p:\n  # c\n  \"one\\ntwo\\n\": t\n  \"a\\nb\": t # d\n  \"e\\nf\": t\n\n  \"g\\nh\": t\nz: 1\n",
    );
    check(
        "p:\n- |\n  a\n  b",
        &[Do::ListToMap("p")],
        "p:\n  \"a\\nb\": t",
    );
    check(
        "p:\n- |+\n  a\n\nz: 1\n",
        &[Do::ListToMap("p")],
        "p:\n  \"a\\n\\n\": t\nz: 1\n",
    );
    check(
        "p: [\"a\\nb\", 'c\n\n  d']\n",
        &[Do::ListToMap("p")],
        "p:\n  \"a\\nb\": t\n  \"c\\nd\": t\n",
    );
    check(
        "- [\"a\\nb\"]\n",
        &[Do::ListToMap("[0]")],
        "- {\"a\\nb\": t}\n",
    );
    check(
        "p: [a]\n",
        &[Do::Push("p"), Do::ListToMap("p")],
        "p:\n  a: t\n  t: t\n",
    );
}

#[test]
fn an_item_keeps_its_value_as_a_key() {
    check(
        "p:\n- !!str\n- a\n",
        &[Do::ListToMap("p")],
        "p:\n  !!str \"\": t\n  a: t\n",
    );
    check(
        "- [!!str , a]\n",
        &[Do::ListToMap("[0]")],
        "- {!!str \"\": t , a: t}\n",
    );
    // What would be a merge.
    check(
        "p:\n- <<\n- '<<'\n",
        &[Do::Remove("p[1]"), Do::ListToMap("p")],
        "p:\n  \"<<\": t\n",
    );
    check(
        "p: [cat, -, c:]\n",
        &[Do::ListToMap("p")],
        "p:\n  cat: t\n  -: t\n  c:: t\n",
    );
}

/// It is the key that has to be one, not the item that it comes from.
#[test]
fn an_item_may_be_longer_than_a_key() {
    let long = "v".repeat(2000);
    let document = Document::parse(format!("e:\n- A=one\n  two\n- \"B={long}\\nx\"\n")).unwrap();
    let mut edit = document.edit();
    let variable = |item: &str| {
        let (name, value) = item.split_once('=').unwrap();
        (name.to_owned(), NewValue::from(value))
    };
    edit.list_to_map(&path("e"), variable).unwrap();
    assert_eq!(
        edit.finish().unwrap().text(),
        format!("e:\n  A: one two\n  B: \"{long}\\nx\"\n")
    );
}

/// YAML wants a key's `:` within 1,024 characters, and so does Compose, in braces too; an anchor
/// counts.
#[test]
fn a_key_has_at_most_1024_characters() {
    let refused = |text: String| {
        let document = Document::parse(text.as_str()).unwrap();
        let mut edit = document.edit();
        match ask(&mut edit, Do::ListToMap("[0]")) {
            Ok(()) => edit.finish().map(|_| false).unwrap(),
            Err(refusal) => matches!(refusal, EditError::ItemIsNoKey { .. }),
        }
    };
    for (longest, around) in [(1024, ""), (1022, "'"), (1022, "\"")] {
        for word in ["k", "漢"] {
            let item = |length: usize| format!("{around}{}{around}", word.repeat(length));
            assert!(
                !refused(format!("- - {}\n", item(longest)))
                    && refused(format!("- - {}\n", item(longest + 1)))
            );
            assert!(
                !refused(format!("- [{}]\n", item(longest)))
                    && refused(format!("- [{}]\n", item(longest + 1)))
            );
        }
    }
    let anchored = |length: usize| format!("- - &a {}\n", "k".repeat(length));
    assert!(!refused(anchored(1021)) && refused(anchored(1022)));
}

#[test]
fn comments_inside_of_an_item_stay() {
    // What looks like one in a text of several lines is none.
    check(
        "p:\n- |\n  # t\n  u\n- b\nz:\n  a: 1\n",
        &[Do::ListToMap("p")],
        "p:\n  \"# t\\nu\\n\": t\n  b: t\nz:\n  a: 1\n",
    );
    check(
        "p:\n-   # x\n  # y\n  web\n# v\n- b\nz:\n  a: 1\n",
        &[Do::ListToMap("p")],
        "p:\n  # x\n  # y\n  web: t\n  # v\n  b: t\nz:\n  a: 1\n",
    );
    check(
        "p:\n- &a # c\n  web\n- &b#b db\n",
        &[Do::ListToMap("p")],
        "p:\n  # c\n  &a web: t\n  &b#b db: t\n",
    );
    check(
        "p:\n- &a |-  # c\n  web\n",
        &[Do::ListToMap("p")],
        "p:\n  # c\n  &a web: t\n",
    );
    check(
        "p: [&a # c\n  'b', c]\n",
        &[Do::ListToMap("p")],
        "p:\n  # c\n  &a 'b': t\n  c: t\n",
    );
    check(
        "- [&a\n  b, c]\n",
        &[Do::ListToMap("[0]")],
        "- {&a b: t, c: t}\n",
    );
    let document = Document::parse("- [&a # c\n  b, c]\n").unwrap();
    let refused = ask(&mut document.edit(), Do::ListToMap("[0]")).unwrap_err();
    assert!(
        matches!(refused, EditError::ItemIsNoKey { .. }),
        "{refused}"
    );
}

/// Behind the list's own key one comment has room.
#[test]
fn the_comments_of_both_brackets_stay_two() {
    check(
        "p: [ # a\n  b ] # c\n",
        &[Do::ListToMap("p")],
        "p: # c\n  # a\n  b: t\n",
    );
    check(
        "p: [# a\n  # b\n  b, # d\n  ]# c\n",
        &[Do::ListToMap("p")],
        "p: # c\n  # a\n  # b\n  b: t # d\n",
    );
    check(
        "p: [ # a\n  b ]\n",
        &[Do::ListToMap("p")],
        "p: # a\n  b: t\n",
    );
}

#[test]
fn what_cannot_be_written_is_refused() {
    let document = Document::parse("a: 1\nb: {c: 1}\n&k d: 1\np: [a]\n").unwrap();
    let (fits, long) = ("k".repeat(1022), "k".repeat(1025));
    let nested = |key: &str| NewValue::List {
        items: vec![NewValue::Map(vec![(key.into(), "t".into())])],
        flow: false,
    };
    let mut edit = document.edit();
    let mut refused = |change: &dyn Fn(&mut Edit<'_>) -> Result<(), EditError>| {
        let refusal = change(&mut edit).unwrap_err();
        assert!(matches!(refusal, EditError::Unwritable { .. }), "{refusal}");
    };
    refused(&|edit| edit.insert(&Path::root(), &long, &"t".into(), None));
    refused(&|edit| edit.insert(&path("b"), "k", &nested(&long), None));
    refused(&|edit| edit.rename(&path("b.c"), &long));
    refused(&|edit| edit.rename(&path("d"), &fits));
    // The one would be read as `a`, the other not at all.
    for value in ["a #b", "a: b"] {
        refused(&|edit| {
            edit.list_to_map(&path("p"), |item| {
                (item.to_owned(), NewScalar::plain(value).into())
            })
        });
    }
    edit.insert(&Path::root(), &fits, &nested(&fits), None)
        .unwrap();
    edit.rename(&path("b.c"), &fits).unwrap();
    edit.finish().unwrap();
}

/// In braces a line may start anywhere, below a key or a dash it may not.
#[test]
fn a_word_of_several_lines_leaves_braces() {
    let moved = |text: &str, from: &str, to: &str| {
        let document = Document::parse(text).unwrap();
        let mut edit = document.edit();
        let taken = edit.take(&path(from)).unwrap();
        edit.put(&path(to), &taken).unwrap();
        edit.finish().unwrap().text().to_owned()
    };
    let quoted = "x:\n  a: {b: 1, c: \"d\n\n    e\n  f\"}\ny:\n  k: t\n";
    assert_eq!(
        moved(quoted, "x.a.c", "y"),
        "x:\n  a: {b: 1}\ny:\n  k: t\n  c: \"d\n\n      e\n    f\"\n"
    );
    let plain = "x: [\n    a\n    b,\n    c\n  ]\ny:\n- t\n";
    assert_eq!(
        moved(plain, "x[0]", "y"),
        "x: [\n    c\n  ]\ny:\n- t\n- a\n  b\n"
    );
}

/// A key that is there already is none that has to be written.
#[test]
fn what_is_taken_keeps_its_key() {
    for key in ["\"\"", "\"a\\nb\"", &"k".repeat(1024)] {
        let text = format!("a:\n  {key}: 1\nb:\n  c: 1\n");
        let document = Document::parse(text.as_str()).unwrap();
        let name = document
            .get(&path("a"))
            .unwrap()
            .as_mapping()
            .unwrap()
            .entries()
            .next()
            .unwrap()
            .0;
        let mut edit = document.edit();
        let taken = edit
            .take(&path("a").join(name.as_scalar().unwrap().value()))
            .unwrap();
        edit.put(&path("b"), &taken).unwrap();
        assert_eq!(
            edit.finish().unwrap().text(),
            format!("a: {{}}\nb:\n  c: 1\n  {key}: 1\n")
        );
    }
}

#[test]
fn the_comment_of_a_block_scalar_stays() {
    check(
        "a: |   # header\n  text\n",
        &[Do::Set("a")],
        "a: i   # header\n",
    );
    check(
        "a: >-   # header\n\n\nb: 1\n",
        &[Do::Set("a")],
        "a: i   # header\n\n\nb: 1\n",
    );
    check("a: |\n  text\n", &[Do::Set("a")], "a: i\n");
    let document = Document::parse("a: |  # header\n  one\n  two\n").unwrap();
    let mut edit = document.edit();
    edit.set(&path("a"), &"three\nfour\n".into()).unwrap();
    assert_eq!(
        edit.finish().unwrap().text(),
        "a: |  # header\n  three\n  four\n"
    );
}

/// What `docker compose config --format json` of 5.0 reads.
#[test]
fn a_block_scalar_without_an_end_of_line() {
    let all = [
        ("|\n  x", "x"),
        ("|\n  x\n", "x\n"),
        ("|+\n  x", "x"),
        ("|\n  x\n  ", "x\n"),
        ("|\n  x\n ", "x\n"),
        ("|+\n  x\n  ", "x\n"),
        (">\n  x\n   y", "x\n y"),
        ("|2\n    x", "  x"),
        ("|\n  x\n\n  ", "x\n"),
        ("|+\n  x\n\n  ", "x\n\n"),
        ("|\n\n  ", ""),
        ("|\r\n  x", "x"),
    ];
    for (text, value) in all {
        let document = Document::parse(format!("a: {text}")).unwrap();
        let node = document.get(&path("a")).unwrap();
        assert_eq!(node.as_scalar().unwrap().value(), value, "{text:?}");
    }
}

/// A `#` where a new token could start is a comment to Compose, blank or not.
#[test]
fn comments_right_behind() {
    let text = "a: {b: 1}# one\nc: [x,# two\n  y]# three\nd: \"q\"# four\ne: 'q'# five\nf: {# six\n  g: |# seven\n}\n";
    let text = &text.replace("g: |# seven", "g: 1");
    let document = Document::parse(text.as_str()).unwrap();
    let comments: Vec<_> = document
        .comments()
        .iter()
        .map(|comment| comment.text.to_owned())
        .collect();
    assert_eq!(
        comments,
        ["# one", "# two", "# three", "# four", "# five", "# six"]
    );
    assert_eq!(document.get(&path("d")).unwrap().text(), "\"q\"");
    check(
        "a: {b: 1}# c\n",
        &[Do::Insert("a", "k"), Do::Set("a.b")],
        "a: {b: i, k: t}# c\n",
    );
    check("a: 'b'# c\n", &[Do::Set("a")], "a: 'i'# c\n");
    check(
        "a: [b]# c\nd: 1\n",
        &[Do::ListToMap("a")],
        "a: # c\n  b: t\nd: 1\n",
    );
    check("a: |# c\n  t\n", &[Do::Set("a")], "a: i # c\n");
    assert!(Document::parse("a: b#c\n").unwrap().comments().is_empty());
}
