//! The committed schemas are those of this build, and the stories and a record have their form.
//!
//! `BLESS=1 cargo test -p stories --test schema` writes them anew.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read what is committed"
)]

#[path = "support/conforms.rs"]
mod conforms;

use std::fs;
use std::path::PathBuf;

use conforms::conforms;
use serde_json::Value;

fn compose() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../compose")
}

fn is_committed(name: &str, schema: &Value) {
    let path = compose().join("schema").join(format!("{name}.schema.json"));
    let text = format!("{schema:#}\n");
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        committed,
        text,
        "{}: write it anew with BLESS=1",
        path.display()
    );
}

#[test]
fn the_committed_schemas_are_those_of_this_build() {
    is_committed("story", &stories::schema::story());
    is_committed("stack", &stories::schema::stack());
    is_committed("record", &stories::schema::record());
}

#[test]
fn stories_and_the_stack_conform() {
    let schema = stories::schema::story();
    for entry in fs::read_dir(compose().join("stories")).unwrap() {
        let path = entry.unwrap().path();
        let value: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert!(conforms(&schema, &schema, &value), "{}", path.display());
    }
    let schema = stories::schema::stack();
    let value: Value =
        serde_yaml::from_str(&fs::read_to_string(compose().join("stack.yaml")).unwrap()).unwrap();
    assert!(conforms(&schema, &schema, &value));
}

#[test]
fn records_conform() {
    let schema = stories::schema::record();
    let mut records = 0;
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut folders = vec![golden];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.parent().unwrap().ends_with("compose/ledger") {
                let value: Value =
                    serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
                assert!(conforms(&schema, &schema, &value), "{}", path.display());
                records += 1;
            }
        }
    }
    assert!(records > 50, "{records}");
}

#[test]
fn other_forms_do_not_conform() {
    let schema = stories::schema::story();
    let text = fs::read_to_string(compose().join("stories/5.1-redis-data-volume.yaml")).unwrap();
    for (from, to) in [
        ("mount-volume", "mount-volumes"),
        ("id: \"5.1\"", "id: 5.1"),
        ("title:", "titel:"),
        ("target:", "to:"),
    ] {
        let value: Value = serde_yaml::from_str(&text.replace(from, to)).unwrap();
        assert!(!conforms(&schema, &schema, &value), "{to}");
    }
}
