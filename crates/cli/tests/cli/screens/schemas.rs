//! The committed schemas of the documents are those of this build, and refuse other forms.
//!
//! `BLESS=1 cargo test -p compose-stories --test cli screens::schemas` writes them anew.

use std::fs;
use std::path::PathBuf;

use compose_stories::report::schema;
use serde_json::{Value, json};

use super::conforms::conforms;
use crate::machine::Machine;

fn committed(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../compose/schema")
        .join(format!("output-{name}.schema.json"))
}

/// The name of a document's schema; none for a document that has none yet.
fn name_of(document: &Value) -> Option<&'static str> {
    if document.get("error").is_some() {
        return Some("error");
    }
    match document["command"].as_str()? {
        "doctor" => Some("doctor"),
        "migrate" => document.get("check").map(|_| "migrate-check"),
        "status" => document.get("stories").map(|_| "status"),
        "volumes-forget" => Some("volumes-forget"),
        _ => None,
    }
}

/// Whether a document has the form of its schema, if it has one.
pub(super) fn is_well_formed(document: &Value) -> bool {
    let Some(name) = name_of(document) else {
        return true;
    };
    let text = fs::read_to_string(committed(name)).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    conforms(&schema, &schema, document)
}

#[test]
fn the_committed_schemas_are_those_of_this_build() {
    for (name, schema) in schema::all() {
        let text = format!("{schema:#}\n");
        if std::env::var_os("BLESS").is_some() {
            fs::write(committed(name), &text).unwrap();
        }
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
