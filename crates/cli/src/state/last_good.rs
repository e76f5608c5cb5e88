//! What an environment ran as when `up` last found all of it well, so that it can run so again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use system::state_folder::{recall, replace};

use super::State;

/// What an environment ran as.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastGood {
    /// Seconds since 1970.
    pub when: u64,
    /// Its project.
    pub project: String,
    /// What Compose made of the files, as `docker compose config --format json` says it. It holds
    /// secrets, as the env files do that it is made of: nobody else may read it here either.
    pub model: Value,
    /// The image that each service ran, by the engine's id.
    pub images: BTreeMap<String, String>,
}

impl State {
    /// What an environment ran as; none where that was not remembered.
    #[must_use]
    pub fn last_good(&self, environment: &str) -> Option<LastGood> {
        let good: LastGood = recall(&self.good(environment)?);
        (!good.project.is_empty()).then_some(good)
    }

    /// Remembers what an environment runs as now.
    pub fn remember_good(
        &self,
        environment: &str,
        project: &str,
        model: Value,
        images: BTreeMap<String, String>,
    ) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let good = LastGood {
            when: now.map_or(0, |since| since.as_secs()),
            project: project.to_owned(),
            model,
            images,
        };
        if let (Some(file), Ok(bytes)) = (self.good(environment), serde_json::to_vec(&good)) {
            // What cannot be remembered is forgotten comfort.
            replace(&file, &bytes).ok();
        }
    }

    fn good(&self, environment: &str) -> Option<PathBuf> {
        let name = environment.replace(['/', '\\'], "_");
        Some(self.folder()?.join("good").join(format!("{name}.json")))
    }
}
