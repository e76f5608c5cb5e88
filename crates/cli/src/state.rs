//! The machine's memory: what makes the next run faster and a revert exact. Without it nothing goes
//! wrong in files and ledger; a project that was renamed after its containers went is not noticed.
//!
//! It lives in `$XDG_STATE_HOME` (or its default)`/compose-stories/`, and there in a folder for
//! each checkout.

mod checks;
pub mod last_good;
mod preimages;
mod projects;
pub mod runs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hmac_sha256::Hash;
use system::state_folder::base;

use runs::{Event, RunLog, Start};

pub use checks::Checks;
pub use preimages::{Preimages, Texts};

/// The memory about one checkout.
#[derive(Clone, Debug)]
pub struct State {
    folder: Option<PathBuf>,
}

impl State {
    /// The memory about the checkout at `root`; nothing is created before something is remembered.
    /// Where the machine has no place for it, it is empty and stays so.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self {
            folder: base().map(|base| folder_of(&base, root)),
        }
    }

    /// The same below a folder of the caller's choice.
    #[must_use]
    pub fn below(base: &Path, root: &Path) -> Self {
        Self {
            folder: Some(folder_of(base, root)),
        }
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

    /// The health probes that were run here with success, each by the key that `probe.rs` makes.
    #[must_use]
    pub fn proofs(&self) -> Checks {
        Checks::read(self.folder().map(|folder| folder.join("proofs.json")))
    }

    /// The volumes that nothing uses which `up` told of here, by their real names.
    #[must_use]
    pub fn told_leftovers(&self) -> Checks {
        Checks::read(self.folder().map(|folder| folder.join("leftovers.json")))
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
        self.runs()
            .map(|folder| runs::written(&folder))
            .unwrap_or_default()
    }

    fn runs(&self) -> Option<PathBuf> {
        Some(self.folder()?.join("runs"))
    }
}

fn folder_of(base: &Path, root: &Path) -> PathBuf {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let hash = Hash::hash(root.as_os_str().as_encoded_bytes());
    base.join(
        hash[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>(),
    )
}
