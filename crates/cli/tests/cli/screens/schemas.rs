//! The committed schemas of the documents are those of this build, and refuse other forms.
//!
//! `BLESS=1 cargo test -p compose-stories --test cli screens::schemas` writes them anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Once;

use compose_stories::report::schema;
use serde_json::{Value, json};

use super::conforms::conforms;
use super::scenes::conflicting;
use crate::machine::Machine;

fn committed(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../compose/schema")
        .join(format!("output-{name}.schema.json"))
}

/// The commands whose documents have no schema yet, whole or in one of their forms. A document of any
/// other command that has none is an error.
const UNTYPED: [&str; 10] = [
    "down", "explain", "init", "ledger", "onboard", "recover", "revert", "skip", "status", "up",
];

/// The name of a document's schema; none for a document that has none yet.
fn name_of(document: &Value) -> Option<&'static str> {
    if document.get("error").is_some() {
        return Some("error");
    }
    match document["command"].as_str()? {
        "doctor" => Some("doctor"),
        "migrate" if document.get("check").is_some() => Some("standings"),
        "migrate" => Some("migrate"),
        "status" => document.get("stories").map(|_| "standings"),
        "verify" => Some("verify"),
        _ => None,
    }
}

/// Once, and before any is read: the tests run side by side.
fn write_where_asked_for() {
    static WRITTEN: Once = Once::new();
    WRITTEN.call_once(|| {
        let asked = std::env::var_os("BLESS").is_some();
        for (name, schema) in schema::all().into_iter().filter(|_| asked) {
            fs::write(committed(name), format!("{schema:#}\n")).unwrap();
        }
    });
}

/// Whether a document has the form of its schema.
pub(super) fn is_well_formed(document: &Value) -> bool {
    let Some(name) = name_of(document) else {
        return is_untyped(document);
    };
    write_where_asked_for();
    let text = fs::read_to_string(committed(name)).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    conforms(&schema, &schema, document)
}

fn is_untyped(document: &Value) -> bool {
    let command = document["command"].as_str();
    command.is_some_and(|command| UNTYPED.contains(&command))
}

/// Whoever gives a document its schema takes its command off the list.
#[test]
fn the_list_of_documents_without_a_schema_is_exact() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli/screens/json");
    let mut without = BTreeSet::new();
    for kept in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(kept.unwrap().path()).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        if name_of(&document).is_none() {
            without.insert(document["command"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(without, UNTYPED.map(str::to_owned).into());
    assert!(!is_well_formed(
        &json!({ "schema": 1, "command": "another" })
    ));
    assert!(!is_well_formed(&json!({ "schema": 1 })));
}

#[test]
fn the_committed_schemas_are_those_of_this_build() {
    write_where_asked_for();
    for (name, schema) in schema::all() {
        let text = format!("{schema:#}\n");
        assert_eq!(
            fs::read_to_string(committed(name)).unwrap_or_default(),
            text,
            "{name}: write it anew with BLESS=1"
        );
    }
}

/// The control: a key that is not known, one that is missing, and one of another type are seen, at
/// the top, inside, and in a finding.
#[test]
fn other_forms_are_refused() {
    let machine = Machine::with_shop();
    for words in [
        &["--format", "json", "status"][..],
        &["--format", "json", "migrate", "--check"],
    ] {
        let document = machine.xtask(words).json();
        assert!(name_of(&document).is_some() && is_well_formed(&document));
        for place in [
            "",
            "/stories/0",
            "/stories/0/environments/local",
            "/findings/0",
        ] {
            let mut other = document.clone();
            other.pointer_mut(place).unwrap()["unknown"] = json!(1);
            assert!(!is_well_formed(&other), "{words:?} {place}");
        }
        for (place, value) in [
            ("/up_to_date", json!("no")),
            ("/stories/0/title", json!(null)),
            ("/stories/0/environments/local/details", json!("one")),
        ] {
            let mut other = document.clone();
            *other.pointer_mut(place).unwrap() = value;
            assert!(!is_well_formed(&other), "{words:?} {place}");
        }
        let mut other = document.clone();
        other.as_object_mut().unwrap().remove("not_applicable");
        assert!(!is_well_formed(&other), "{words:?}");
    }
}

/// The same of what a run came to, of why it stopped, and of what `verify` saw.
#[test]
fn other_forms_of_a_run_are_refused() {
    let json = |machine: &Machine, words: &[&str]| {
        let words = [&["--format", "json"], words].concat();
        machine.xtask(&words).json()
    };
    let shop = Machine::with_shop();
    let runs = [
        (
            json(&conflicting(), &["migrate", "--dry-run"]),
            &[
                "/failures/0",
                "/failures/0/conflict",
                "/failures/0/remedies/0",
            ][..],
        ),
        (
            json(&shop, &["migrate"]),
            &[
                "/stories/0",
                "/stories/0/checks/0",
                "/stories/0/files/0",
                "/stories/0/environments/local",
                "/stories/0/environments/local/places/redis",
            ],
        ),
        (
            json(&shop, &["verify"]),
            &["/checks/0", "/stories/0", "/findings/0"],
        ),
    ];
    for (document, places) in runs {
        assert!(name_of(&document).is_some() && is_well_formed(&document));
        for place in [""].iter().chain(places) {
            let mut other = document.clone();
            other.pointer_mut(place).expect(place)["unknown"] = json!(1);
            assert!(!is_well_formed(&other), "{place} {document:#}");
        }
        let mut other = document.clone();
        other.as_object_mut().unwrap().remove("stories");
        assert!(!is_well_formed(&other));
    }
}
