//! The part of JSON Schema that this repository's schemas use.

use serde_json::Value;

/// The part of a schema that a reference names, or the schema itself.
fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Whether a value has the form: types, required and unknown keys, alternatives.
pub fn conforms(root: &Value, schema: &Value, value: &Value) -> bool {
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
    let is_one = schema["enum"]
        .as_array()
        .is_none_or(|values| values.contains(value));
    is_typed
        && is_constant
        && is_one
        && any("oneOf")
        && any("anyOf")
        && members_conform(root, schema, value)
}

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("a type that no format has: {other}"),
    }
}

fn members_conform(root: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(items) = value.as_array() {
        return schema
            .get("items")
            .is_none_or(|form| items.iter().all(|item| conforms(root, form, item)));
    }
    let Some(entries) = value.as_object() else {
        return true;
    };
    let required = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let form = |key: &str| {
        schema["properties"]
            .get(key)
            .or_else(|| schema.get("additionalProperties"))
    };
    let conforms = |(key, value): (&String, &Value)| match form(key) {
        None => true,
        Some(Value::Bool(allowed)) => *allowed,
        Some(form) => conforms(root, form, value),
    };
    required.into_iter().all(|key| entries.contains_key(key)) && entries.iter().all(conforms)
}
