//! The ledger's files.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use stories::{Catalog, Ledger, Record, RecordError};

use super::read::{Unreadable, read_text, yaml_files};
use crate::commit::Digest;

/// Where the records lie.
pub const LEDGER: &str = "compose/ledger";

/// What each record holds now, by path.
pub(super) fn digests(root: &Path) -> Result<BTreeMap<String, Digest>> {
    let mut digests = BTreeMap::new();
    for name in yaml_files(root, LEDGER)? {
        let path = format!("{LEDGER}/{name}");
        let text = record_text(root, &path)?;
        digests.insert(path, Digest::of(text));
    }
    Ok(digests)
}

/// A record's text; an empty file is none that can be read, and its path says whose it was.
fn record_text(root: &Path, path: &str) -> Result<String> {
    match read_text(root, path) {
        Err(Unreadable::Empty(_)) => Ok(String::new()),
        text => Ok(text?),
    }
}

/// The records, and those that are none.
pub(super) struct Records {
    /// What was read.
    pub(super) ledger: Ledger,
    /// The texts that git left unmerged or that do not have a record's form, by path.
    pub(super) broken: BTreeMap<String, String>,
    /// What each file held.
    pub(super) digests: BTreeMap<String, Digest>,
}

/// Reads all records.
pub(super) fn load(root: &Path, catalog: &Catalog) -> Result<Records> {
    let (mut ledger, mut broken, mut digests) = (Ledger::new(), BTreeMap::new(), BTreeMap::new());
    for name in yaml_files(root, LEDGER)? {
        let path = format!("{LEDGER}/{name}");
        let text = record_text(root, &path)?;
        digests.insert(path.clone(), Digest::of(text.as_bytes()));
        let record = match Record::parse(&path, &text) {
            Err(RecordError::ConflictMarkers { .. } | RecordError::Form { .. }) => {
                broken.insert(path, text);
                continue;
            }
            record => record?,
        };
        record.check_known(&path, catalog)?;
        let id = record.id.clone();
        if ledger.insert(id.clone(), record).is_some() {
            bail!("{path}: story {id} is recorded twice; remove one of the files");
        }
    }
    Ok(Records { ledger, broken, digests })
}
