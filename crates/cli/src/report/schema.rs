//! The JSON Schemas of the documents that commands print; committed as
//! `compose/schema/output-<name>.schema.json`.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::ErrorDocument;
use super::doctor::DoctorDocument;
use super::explain::ExplainDocument;
use super::facts::JudgedDocument;
use super::init::InitDocument;
use super::last::LastDocument;
use super::ledger::{LedgerDocument, SkipDocument};
use super::leftovers::ForgetDocument;
use super::migrate::document::MigrateDocument;
use super::not_done::NotDoneDocument;
use super::onboard::OnboardDocument;
use super::recover::RecoverDocument;
use super::revert::RevertDocument;
use super::stack::{DownDocument, PsDocument, RestartDocument, UpDocument};
use super::standings::StandingsDocument;
use super::verify::document::VerifyDocument;

/// Each document's name and its schema, which allows no key that it does not name.
#[must_use]
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("doctor", of::<DoctorDocument>()),
        ("down", of::<DownDocument<'_>>()),
        ("error", of::<ErrorDocument<'_>>()),
        ("explain", of::<ExplainDocument<'_>>()),
        ("facts-judged", of::<JudgedDocument<'_>>()),
        ("init", of::<InitDocument<'_>>()),
        ("ledger", of::<LedgerDocument<'_>>()),
        ("migrate", of::<MigrateDocument<'_>>()),
        ("not-done", of::<NotDoneDocument<'_>>()),
        ("onboard", of::<OnboardDocument>()),
        ("ps", of::<PsDocument<'_>>()),
        ("recover", of::<RecoverDocument>()),
        ("restart", of::<RestartDocument<'_>>()),
        ("revert", of::<RevertDocument<'_>>()),
        ("skip", of::<SkipDocument<'_>>()),
        ("standings", of::<StandingsDocument<'_>>()),
        ("status-last", of::<LastDocument<'_>>()),
        ("up", of::<UpDocument<'_>>()),
        ("verify", of::<VerifyDocument<'_>>()),
        ("volumes-forget", of::<ForgetDocument<'_>>()),
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
