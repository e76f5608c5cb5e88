//! The ledger's files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, bail};
use diagnostics::shell_quote::quoted_path;
use stories::{Catalog, Layout, Ledger, Record, RecordError};
use system::here;
use transaction::Digest;

use super::read::{read_text_or_nothing, yaml_files};

/// Where the records lie.
pub const LEDGER: &str = transaction::FOLDER;

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
    let file = root.join(path);
    if let Ok(target) = file.read_link() {
        // What takes a record back removes its file, and would leave the link.
        let mend = match file.canonicalize() {
            Ok(target) => format!(
                "rm {own} && cp {} {own}",
                quoted_path(&target),
                own = here::quoted(&file)
            ),
            Err(_) => format!("rm {}", here::quoted(&file)),
        };
        bail!(
            "{path} is a link to {}, and a record is a file of its own: {mend}",
            target.display()
        );
    }
    Ok(read_text_or_nothing(root, path)?)
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

/// The environments that records speak of and that the layout does not have.
pub(super) fn of_no_environment(ledger: &Ledger, layout: &Layout) -> Option<String> {
    let names: BTreeSet<_> = ledger
        .values()
        .flat_map(|record| record.unknown_environments(layout))
        .collect();
    let names: Vec<_> = names.into_iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| {
        let names = names.join(" and ");
        format!(
            "the ledger speaks of {names}, no environment here; if it has another name now: cargo xtask ledger rebuild"
        )
    })
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
    Ok(Records {
        ledger,
        broken,
        digests,
    })
}
