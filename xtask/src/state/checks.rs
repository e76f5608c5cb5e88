//! Which checks passed before, by the content that was checked.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use semver::Version;
use serde::{Deserialize, Serialize};

use super::{recall, replace};

/// How many are kept; the oldest go.
const MOST: usize = 500;

/// The checks that passed, each by the key of [`crate::check::key`].
#[derive(Debug)]
pub struct Checks {
    file: Option<PathBuf>,
    passed: HashMap<String, Passed>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Passed {
    compose: Version,
    /// Seconds since 1970.
    when: u64,
}

impl Checks {
    pub(super) fn read(file: Option<PathBuf>) -> Self {
        let passed = file.as_deref().map(recall).unwrap_or_default();
        Self { file, passed }
    }

    /// Whether exactly this passed before.
    #[must_use]
    pub fn passed(&self, key: &str) -> bool {
        self.passed.contains_key(key)
    }

    /// Notes that this passed; [`Checks::save`] makes it last.
    pub fn remember(&mut self, key: &str, compose: &Version) {
        let when = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.passed.insert(key.to_owned(), Passed { compose: compose.clone(), when });
    }

    /// Writes it down for the next run.
    ///
    /// # Errors
    /// Of the disk; the caller loses nothing but time by ignoring it.
    pub fn save(&mut self) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let surplus = self.passed.len().saturating_sub(MOST);
        if surplus > 0 {
            let mut ages: Vec<_> = self.passed.iter().map(|(key, passed)| (passed.when, key.clone())).collect();
            ages.sort();
            ages[..surplus].iter().for_each(|(_, key)| drop(self.passed.remove(key)));
        }
        replace(file, &serde_json::to_vec(&self.passed)?)
    }
}
