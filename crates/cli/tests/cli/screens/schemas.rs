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
    let file = match name {
        // It is read again, and so has a schema of its own crate.
        "facts" => "facts.schema.json".to_owned(),
        name => format!("output-{name}.schema.json"),
    };
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../compose/schema")
        .join(file)
}

/// The name of a document's schema; none for a document that has none yet.
fn name_of(document: &Value) -> Option<&'static str> {
    if document.get("error").is_some() {
        return Some("error");
    }
    if document["done"] == false && document.get("findings").is_some() {
        return Some("not-done");
    }
    let has = |member: &str| document.get(member).is_some();
    match document["command"].as_str()? {
        "doctor" => Some("doctor"),
        "down" => Some("down"),
        "explain" => Some("explain"),
        "facts" if has("judged") => Some("facts-judged"),
        "facts" => Some("facts"),
        "init" => Some("init"),
        "ledger" => Some("ledger"),
        "migrate" if has("check") => Some("standings"),
        "migrate" => Some("migrate"),
        "onboard" => Some("onboard"),
        "ps" => Some("ps"),
        "recover" => Some("recover"),
        "restart" => Some("restart"),
        "revert" => Some("revert"),
        "skip" => Some("skip"),
        "status" if has("last") => Some("status-last"),
        "status" => Some("standings"),
        "up" => Some("up"),
        "verify" => Some("verify"),
        "volumes-forget" => Some("volumes-forget"),
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
        return false;
    };
    write_where_asked_for();
    let text = fs::read_to_string(committed(name)).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    conforms(&schema, &schema, document)
}

/// The control: a document without a schema is none.
#[test]
fn a_document_of_another_command_is_not_well_formed() {
    let another = json!({ "schema": 1, "command": "another" });
    assert!(!is_well_formed(&another) && !is_well_formed(&json!({ "schema": 1 })));
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

#[test]
fn every_schema_has_a_kept_document() {
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli/screens/json");
    let entries = fs::read_dir(kept).unwrap().map(Result::unwrap);
    let documents = entries.map(|entry| fs::read_to_string(entry.path()).unwrap());
    let named: BTreeSet<_> = documents
        .filter_map(|text| name_of(&serde_json::from_str(&text).unwrap()))
        .collect();
    let all = schema::all();
    let without: Vec<_> = all
        .iter()
        .map(|(name, _)| name)
        .filter(|name| !named.contains(*name))
        .collect();
    assert!(without.is_empty(), "nothing shows these: {without:?}");
}

/// `up_to_date`, and nowhere `upToDate` or `up-to-date`.
#[test]
fn members_are_spelt_in_one_way() {
    let is_snake = |name: &str| name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
    for (name, schema) in schema::all() {
        let members = members(&schema);
        assert!(members.contains(&"schema".to_owned()), "{name}");
        let others: Vec<_> = members.iter().filter(|one| !is_snake(one)).collect();
        assert!(others.is_empty(), "{name}: {others:?}");
    }
}

/// The names of all members of a schema, at any depth.
fn members(schema: &Value) -> Vec<String> {
    let own = schema["properties"].as_object().into_iter().flatten();
    let own = own.map(|(name, _)| name.clone());
    let inner: Vec<&Value> = match schema {
        Value::Object(keys) => keys.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    own.chain(inner.into_iter().flat_map(members)).collect()
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
