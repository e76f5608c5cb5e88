//! JSON Schemas of the files that people write and that this tool records, for their editors.

use schemars::JsonSchema;
use serde_json::Value;

use crate::{Layout, Record, Story};

/// Of a story in `compose/stories/`.
#[must_use]
pub fn story() -> Value {
    schema::<Story>()
}

/// Of `compose/stack.yaml`.
#[must_use]
pub fn stack() -> Value {
    schema::<Layout>()
}

/// Of a record in `compose/ledger/`.
#[must_use]
pub fn record() -> Value {
    schema::<Record>()
}

fn schema<T: JsonSchema>() -> Value {
    schemars::SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .to_value()
}
