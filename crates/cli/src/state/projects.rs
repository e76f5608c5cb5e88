//! The project that each environment was last started as: a name that changed since is noticed by
//! it.

use std::collections::BTreeMap;

use system::state_folder::{recall, replace};

use super::State;

impl State {
    /// The project that an environment was last started as here.
    #[must_use]
    pub fn project_of(&self, environment: &str) -> Option<String> {
        self.projects().remove(environment)
    }

    /// Remembers that an environment was started.
    pub fn started(&self, environment: &str, project: &str) {
        let mut projects = self.projects();
        projects.insert(environment.to_owned(), project.to_owned());
        if let (Some(folder), Ok(bytes)) = (self.folder(), serde_json::to_vec(&projects)) {
            // What cannot be remembered is forgotten comfort.
            replace(&folder.join("projects.json"), &bytes).ok();
        }
    }

    fn projects(&self) -> BTreeMap<String, String> {
        self.folder()
            .map(|folder| recall(&folder.join("projects.json")))
            .unwrap_or_default()
    }
}
