//! The committed schemas are those of this build, and the stories and a record have their form.
//!
//! `BLESS=1 cargo test -p stories --test schema` writes them anew.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read what is committed")]

use std::fs;
use std::path::PathBuf;

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
    assert_eq!(committed, text, "{}: write it anew with BLESS=1", path.display());
}

#[test]
fn the_committed_schemas_are_those_of_this_build() {
    is_committed("story", &stories::schema::story());
    is_committed("stack", &stories::schema::stack());
    is_committed("record", &stories::schema::record());
}

/// The part of a schema that a reference names, or the schema itself.
fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Whether a value has the form: types, required and unknown keys, alternatives.
fn conforms(root: &Value, schema: &Value, value: &Value) -> bool {
    let schema = resolved(root, schema);
    let any = |key: &str| {
        let forms = schema[key].as_array();
        forms.is_none_or(|forms| forms.iter().any(|form| conforms(root, form, value)))
    };
    let types = match &schema["type"] {
        Value::Null => Vec::new(),
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let is_typed = types.is_empty() || types.iter().any(|name| has_type(value, name));
    let is_constant = schema.get("const").is_none_or(|constant| constant == value);
    is_typed && is_constant && any("oneOf") && any("anyOf") && members_conform(root, schema, value)
}

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("a type that no format has: {other}"),
    }
}

fn members_conform(root: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(items) = value.as_array() {
        return schema.get("items").is_none_or(|form| items.iter().all(|item| conforms(root, form, item)));
    }
    let Some(entries) = value.as_object() else { return true };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let form = |key: &str| schema["properties"].get(key).or_else(|| schema.get("additionalProperties"));
    let conforms = |(key, value): (&String, &Value)| match form(key) {
        None => true,
        Some(Value::Bool(allowed)) => *allowed,
        Some(form) => conforms(root, form, value),
    };
    required.into_iter().all(|key| entries.contains_key(key)) && entries.iter().all(conforms)
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
    let value: Value = serde_yaml::from_str(&fs::read_to_string(compose().join("stack.yaml")).unwrap()).unwrap();
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
                let value: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
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
    for (from, to) in
        [("mount-volume", "mount-volumes"), ("id: \"5.1\"", "id: 5.1"), ("title:", "titel:"), ("target:", "to:")]
    {
        let value: Value = serde_yaml::from_str(&text.replace(from, to)).unwrap();
        assert!(!conforms(&schema, &schema, &value), "{to}");
    }
}
