//! Which checks passed before, by the content that was checked.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use system::state_folder::{recall, replace};

/// How many are kept; the oldest go.
const MOST: usize = 500;

/// The checks that passed, each by the key of [`docker::compose_config::key`].
#[derive(Debug)]
pub struct Checks {
    file: Option<PathBuf>,
    passed: HashMap<String, Passed>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Passed {
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

    /// Notes that this passed. Where the disk does not let it be written down, it is checked again
    /// next time.
    pub fn remember(&mut self, key: &str) {
        let when = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        self.passed.insert(key.to_owned(), Passed { when });
        self.forget_oldest();
        if let (Some(file), Ok(text)) = (&self.file, serde_json::to_vec(&self.passed)) {
            replace(file, &text).ok();
        }
    }

    fn forget_oldest(&mut self) {
        while self.passed.len() > MOST {
            let oldest = self
                .passed
                .iter()
                .min_by_key(|(_, passed)| passed.when)
                .map(|(key, _)| key.clone());
            oldest.map(|key| self.passed.remove(&key));
        }
    }
}
