//! The committed schema of the facts is that of this build.
//!
//! `BLESS=1 cargo test -p data-safety --test schema` writes it anew.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read what is committed"
)]

use std::fs;
use std::path::PathBuf;

use data_safety::Facts;
use schemars::SchemaGenerator;

#[test]
fn the_committed_schema_is_that_of_this_build() {
    let schema = SchemaGenerator::default()
        .into_root_schema_for::<Facts>()
        .to_value();
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../compose/schema/facts.schema.json");
    let text = format!("{schema:#}\n");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        text,
        "write it anew with BLESS=1"
    );
}
