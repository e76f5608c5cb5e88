//! A compose file that is JSON stays JSON: a strict parser reads what every edit writes.
#![allow(missing_docs, clippy::unwrap_used)]

use compose_edit::{Content, Document, EditError, NewScalar, NewValue, Node, Path};
use serde_json::{Value, json};

const PRETTY: &str = r#"{
  "services": {
    "web": {
      "image": "nginx:1.27",
      "ports": ["80:80"],
      "environment": {},
      "command": null,
      "mem_limit": 512,
      "depends_on": ["db", "redis"]
    },
    "db": {
      "image": "postgres:17"
    }
  },
  "volumes": {}
}
"#;

const TABBED: &str = "{\r\n    \"services\": {\r\n        \"web\": {\r\n            \"ports\": [\r\n                \"80:80\"\r\n            ],\r\n            \"tty\": true\r\n        }\r\n    }\r\n}";

const ONE_LINE: &str =
    r#"{"services":{"web":{"image":"nginx","ports":["80:80"],"x":null}},"volumes":{ }}"#;

fn value() -> NewValue {
    let words = ["CMD", "say \"hi\"\u{7}"].map(NewValue::from).to_vec();
    NewValue::Map(vec![
        (
            "test".into(),
            NewValue::List {
                items: words,
                flow: true,
            },
        ),
        ("interval".into(), NewScalar::plain("30s").into()),
        ("retries".into(), NewScalar::int(3).into()),
        ("mode".into(), NewScalar::plain("0644").into()),
        ("off".into(), NewScalar::bool(false).into()),
        ("none".into(), NewValue::Null),
        ("empty".into(), NewValue::Map(vec![])),
    ])
}

fn read() -> Value {
    json!({"test": ["CMD", "say \"hi\"\u{7}"], "interval": "30s", "retries": 3, "mode": "0644", "off": false,
        "none": null, "empty": {}})
}

fn nodes(document: &Document) -> Vec<Path> {
    let mut all = Vec::new();
    let mut open = vec![(Path::root(), document.root().unwrap())];
    while let Some((path, node)) = open.pop() {
        let below: Vec<(Path, Node<'_>)> = match node.content() {
            Content::Mapping(map) => map
                .entries()
                .map(|(key, value)| (path.join(key.as_scalar().unwrap().value()), value))
                .collect(),
            Content::Sequence(list) => list
                .items()
                .enumerate()
                .map(|(index, item)| (path.join(index), item))
                .collect(),
            _ => Vec::new(),
        };
        open.extend(below);
        all.push(path);
    }
    all
}

fn pointer(path: &Path) -> String {
    path.segments()
        .iter()
        .fold(String::new(), |pointer, segment| match segment {
            compose_edit::Segment::Key(key) => format!("{pointer}/{key}"),
            compose_edit::Segment::Index(index) => format!("{pointer}/{index}"),
        })
}

/// Makes a change at a place where it can be made; gives back what was and what is there.
fn change(text: &str, path: &Path, turn: usize) -> Option<(String, Value)> {
    let document = Document::parse(text).unwrap();
    let mut edit = document.edit();
    let mut expected: Value = serde_json::from_str(text).unwrap();
    let place = expected.pointer_mut(&pointer(path)).unwrap();
    let made: Result<(), EditError> = match (turn, &mut *place) {
        (0, Value::Object(map)) => {
            map.insert("new".into(), read());
            edit.insert(path, "new", &value(), Some("a banner"))
        }
        (0, Value::Null) => {
            *place = json!({"new": read()});
            edit.insert(path, "new", &value(), None)
        }
        (1, Value::Array(items)) => {
            items.push(read());
            edit.push(path, &value())
        }
        (1, Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_)) => {
            *place = json!("30s");
            edit.set(path, &NewScalar::plain("30s"))
        }
        (2, Value::Array(items)) => {
            *place = Value::Object(
                items
                    .iter()
                    .map(|item| (item.as_str().unwrap().to_owned(), read()))
                    .collect(),
            );
            edit.list_to_map(path, |item| (item.to_owned(), value()))
        }
        (2, Value::Object(map)) if !map.is_empty() => {
            let keys = document
                .get(path)
                .unwrap()
                .as_mapping()
                .unwrap()
                .entries()
                .map(|(key, _)| key);
            assert_eq!(keys.len(), map.len());
            *place = Value::Array(
                keys.map(|key| json!(key.as_scalar().unwrap().value()))
                    .collect(),
            );
            edit.map_to_list(path, true)
        }
        (3, _) => {
            let parent = expected.pointer_mut(&pointer(&path.parent()?)).unwrap();
            match path.last()? {
                compose_edit::Segment::Key(key) => {
                    drop(parent.as_object_mut().unwrap().remove(key))
                }
                compose_edit::Segment::Index(index) => {
                    drop(parent.as_array_mut().unwrap().remove(*index))
                }
            }
            edit.remove(path)
        }
        (4, _) => {
            let parent = expected
                .pointer_mut(&pointer(&path.parent()?))
                .unwrap()
                .as_object_mut()?;
            let compose_edit::Segment::Key(key) = path.last()? else {
                return None;
            };
            let value = parent.remove(key).unwrap();
            parent.insert("new \"key\"".into(), value);
            edit.rename(path, "new \"key\"")
        }
        (5, _) => {
            let fragment = edit.take(path).ok()?;
            edit.put(&path.parent()?, &fragment)
        }
        _ => return None,
    };
    made.unwrap_or_else(|error| panic!("{path} {turn}: {error}\n{text}"));
    Some((edit.finish().unwrap().text().to_owned(), expected))
}

#[test]
fn every_edit_writes_json() {
    let mut made = 0;
    for text in [PRETTY, TABBED, ONE_LINE] {
        for path in nodes(&Document::parse(text).unwrap()) {
            for turn in 0..6 {
                let Some((after, expected)) = change(text, &path, turn) else {
                    continue;
                };
                let read: Value =
                    serde_json::from_str(&after).unwrap_or_else(|error| panic!("{error}\n{after}"));
                // Where an item goes to the end of its list.
                if turn != 5 {
                    assert_eq!(read, expected, "{path} {turn}\n{after}");
                }
                let lines = after
                    .lines()
                    .filter(|line| line.trim().is_empty() || line.ends_with(' '))
                    .count();
                assert_eq!(lines, 0, "{path} {turn}\n{after}");
                // What is moved goes on one line.
                assert!(
                    turn == 5
                        || after.trim() == "{}"
                        || after.contains('\n') == text.contains('\n'),
                    "{path} {turn}\n{after}"
                );
                assert_eq!(after.ends_with('\n'), text.ends_with('\n'));
                made += 1;
            }
        }
    }
    assert!(made > 100, "{made}");
}

#[track_caller]
fn check(
    before: &str,
    edit: impl Fn(&mut compose_edit::Edit<'_>) -> Result<(), EditError>,
    after: &str,
) {
    let document = Document::parse(before).unwrap();
    let mut changes = document.edit();
    edit(&mut changes).unwrap();
    assert_eq!(changes.finish().unwrap().text(), after);
}

#[test]
fn laid_out_as_the_neighbours() {
    let small = NewValue::Map(vec![
        ("b".into(), NewScalar::int(1).into()),
        ("c".into(), "x".into()),
    ]);
    let root = Path::root();
    check(
        "{\n  \"x\": {\n    \"a\": 1\n  }\n}\n",
        |edit| edit.insert(&root, "y", &small, None),
        "{\n  \"x\": {\n    \"a\": 1\n  },\n  \"y\": {\n    \"b\": 1,\n    \"c\": \"x\"\n  }\n}\n",
    );
    check(
        "{\n\t\"x\": {}\n}\n",
        |edit| edit.insert(&Path::from(["x"]), "y", &NewValue::Null, None),
        "{\n\t\"x\": {\n\t\t\"y\": null\n\t}\n}\n",
    );
    check(
        "{\"x\": {}}",
        |edit| edit.insert(&Path::from(["x"]), "y", &small, None),
        "{\"x\": {\"y\": {\"b\": 1, \"c\": \"x\"}}}",
    );
    check(
        "{\"x\": 1}\n",
        |edit| {
            edit.remove(&Path::from(["x"]))
                .and_then(|()| edit.insert(&root, "y", &NewValue::Null, None))
        },
        "{\"y\": null}\n",
    );
    check(
        "{\n  \"x\": [\n    1\n  ]\n}\n",
        |edit| edit.remove(&Path::from(["x"]).join(0)),
        "{\n  \"x\": []\n}\n",
    );
}
