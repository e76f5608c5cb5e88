//! The machine's memory: what makes the next run faster. Losing it loses comfort, never correctness.
//!
//! It lives in `$XDG_STATE_HOME` (or its default)`/compose-xtask/`, and there in a folder for each checkout.

mod checks;
mod plugin;
mod preimages;
mod projects;
pub mod runs;

use std::collections::BTreeMap;
use std::env;
use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use hmac_sha256::Hash;

pub use checks::Checks;
pub use plugin::PluginMemory;
pub use preimages::{Preimages, Texts};
use runs::{Event, RunLog, Start};

use crate::regular_file;

/// The memory about one checkout.
#[derive(Clone, Debug)]
pub struct State {
    folder: Option<PathBuf>,
}

impl State {
    /// The memory about the checkout at `root`; nothing is created before something is remembered. Where the machine
    /// has no place for it, it is empty and stays so.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self { folder: base().map(|base| folder_of(&base, root)) }
    }

    /// The same below a folder of the caller's choice.
    #[must_use]
    pub fn below(base: &Path, root: &Path) -> Self {
        Self { folder: Some(folder_of(base, root)) }
    }

    /// The folder; it may not be there yet.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The folder of what is about the machine and no checkout; it may not be there yet.
    #[must_use]
    pub fn shared(&self) -> Option<&Path> {
        self.folder()?.parent()
    }

    /// The health probes that were run here with success, each by the key of [`crate::probe::key`].
    #[must_use]
    pub fn proofs(&self) -> Checks {
        Checks::read(self.folder().map(|folder| folder.join("proofs.json")))
    }

    /// The checks that passed here before.
    #[must_use]
    pub fn checks(&self) -> Checks {
        Checks::read(self.folder().map(|folder| folder.join("checks.json")))
    }

    /// What files held before stories were applied here.
    #[must_use]
    pub fn preimages(&self) -> Preimages {
        Preimages::read(self.folder().map(|folder| folder.join("preimages")))
    }

    /// Begins the log of a run.
    #[must_use]
    pub fn begin(&self, start: Start) -> RunLog {
        RunLog::begin(self.runs(), start)
    }

    /// What the last run did, as far as it came.
    #[must_use]
    pub fn last_run(&self) -> Option<Vec<Event>> {
        runs::last(&self.runs()?)
    }

    /// What this tool wrote last into each file, by the sha256 of its bytes.
    #[must_use]
    pub fn written(&self) -> BTreeMap<String, Option<String>> {
        self.runs().map(|folder| runs::written(&folder)).unwrap_or_default()
    }

    fn runs(&self) -> Option<PathBuf> {
        Some(self.folder()?.join("runs"))
    }
}

/// The folder of all checkouts' memories; a relative `XDG_STATE_HOME` is to be ignored, its specification says.
fn base() -> Option<PathBuf> {
    let chosen = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let state = chosen.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".local/state")))?;
    Some(state.join("compose-xtask"))
}

fn folder_of(base: &Path, root: &Path) -> PathBuf {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let hash = Hash::hash(root.as_os_str().as_encoded_bytes());
    base.join(hash[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// Replaces a file whole, so that no reader sees half of it. No fsync: a file lost in a power cut is forgotten comfort.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(bytes)?;
    new.persist(file)?;
    Ok(())
}

/// A file that is not there or not readable is nothing remembered.
fn recall<T: serde::de::DeserializeOwned + Default>(file: &Path) -> T {
    let bytes = regular_file::bytes_within(file, regular_file::MOST_OF_OURS);
    bytes.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}
