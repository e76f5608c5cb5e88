//! The JSON Schemas of the documents that commands print; committed as
//! `compose/schema/output-<name>.schema.json`.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::ErrorDocument;
use super::doctor::DoctorDocument;
use super::leftovers::ForgetDocument;
use super::migrate::CheckDocument;
use super::status::StatusDocument;

/// Each document's name and its schema, which allows no key that it does not name.
#[must_use]
pub fn all() -> [(&'static str, Value); 5] {
    [
        ("doctor", of::<DoctorDocument>()),
        ("error", of::<ErrorDocument<'_>>()),
        ("migrate-check", of::<CheckDocument<'_>>()),
        ("volumes-forget", of::<ForgetDocument<'_>>()),
        ("status", of::<StatusDocument<'_>>()),
    ]
}

fn of<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::default()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    close(&mut schema);
    schema
}

/// Allows no key beside those that an object's schema names.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            keys.values_mut().for_each(close);
            if keys.get("type").is_some_and(|name| name == "object")
                && keys.get("properties").is_some_and(Value::is_object)
            {
                keys.entry("additionalProperties").or_insert(false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
