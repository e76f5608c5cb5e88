//! The ledger's files.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use stories::{Catalog, Ledger, Record};

use super::read::{read_text, yaml_files};
use crate::commit::Digest;

/// Where the records lie.
pub const LEDGER: &str = "compose/ledger";

/// Reads all records and notes what each file held.
pub(super) fn load(root: &Path, catalog: &Catalog, digests: &mut BTreeMap<String, Digest>) -> Result<Ledger> {
    let mut ledger = Ledger::new();
    for name in yaml_files(root, LEDGER)? {
        let path = format!("{LEDGER}/{name}");
        let text = read_text(root, &path)?;
        let record = Record::parse(&path, &text)?;
        record.check_known(&path, catalog)?;
        let id = record.id.clone();
        if ledger.insert(id.clone(), record).is_some() {
            bail!("{path}: story {id} is recorded twice; remove one of the files");
        }
        digests.insert(path, Digest::of(text.as_bytes()));
    }
    Ok(ledger)
}
