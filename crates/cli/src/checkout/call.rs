//! How Compose is called for an environment.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use docker::ConfigCall;
use stories::Context;

use super::{Checkout, example_of};

impl Checkout {
    /// The files of an environment for `docker compose`; env files that are not there are left out.
    #[must_use]
    pub fn call(&self, environment: &str) -> ConfigCall {
        let own = &self.stack.layout.environments[environment];
        let files: Vec<_> = own.files.iter().map(|file| self.root.join(file)).collect();
        let listed = self.env_files.get(environment).map(Vec::as_slice).unwrap_or_default();
        let mut env_files: Vec<_> =
            listed.iter().map(|file| self.root.join(file)).filter(|file| file.is_file()).collect();
        if env_files.is_empty() && !listed.is_empty() {
            // Else Compose would take the `.env` of another environment for those that are not there.
            env_files.push("/dev/null".into());
        }
        let directory = self.directory(environment);
        let project = Some(self.project(environment)).filter(|name| !name.is_empty());
        ConfigCall { directory, files, env_files, project }
    }

    /// The project directory: that of the first file.
    fn directory(&self, environment: &str) -> PathBuf {
        let first = self.root.join(&self.stack.layout.environments[environment].files[0]);
        first.parent().unwrap_or(&self.root).to_owned()
    }

    /// The last file of an environment, if no other environment reads it: what is to hold for this one alone goes there.
    #[must_use]
    pub fn own_file(&self, environment: &str) -> Option<&str> {
        let environments = &self.stack.layout.environments;
        let file = environments[environment].files.last()?;
        let mut others = environments.iter().filter(|(name, _)| *name != environment);
        others.all(|(_, other)| !other.files.contains(file)).then_some(file)
    }

    /// The env files of an environment: those that it names, those that its services require and lack, and the one that
    /// Compose reads by itself where an example for it lies there.
    #[must_use]
    pub fn env_files(&self, environment: &str) -> Vec<String> {
        let own = &self.stack.layout.environments[environment];
        let missing = self.missing.iter().filter(|missing| missing.environment == environment);
        let mut files: Vec<_> = own.env_files.iter().chain(missing.map(|missing| &missing.path)).cloned().collect();
        let usual = Path::new(&own.files[0]).with_file_name(".env").to_string_lossy().into_owned();
        let is_first = self.stack.layout.environments.keys().next().is_some_and(|first| first == environment);
        if own.env_files.is_empty() && is_first && example_of(&self.root, &usual).is_some() {
            files.push(usual);
        }
        let mut told = BTreeSet::new();
        files.retain(|file| told.insert(file.clone()));
        files
    }

    /// The project's name, the one source of it: `COMPOSE_PROJECT_NAME` of the env files, else `name:`, else the folder's.
    /// It is handed to docker with every call; what the shell says of it is not taken.
    #[must_use]
    pub fn project(&self, environment: &str) -> String {
        self.pinned_project(environment).unwrap_or_else(|| {
            let directory = self.directory(environment);
            let name = directory.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
            name.trim_start_matches(['_', '-']).to_owned()
        })
    }

    /// The same where a file says it; such a name does not hang on the folder's.
    #[must_use]
    pub fn pinned_project(&self, environment: &str) -> Option<String> {
        if let Some(variable) = self.stack.variable(environment, "COMPOSE_PROJECT_NAME") {
            return Some(variable.value.clone());
        }
        let cx = Context::new(&self.stack, environment);
        cx.view.root().get("name").and_then(|name| Some(cx.expand(name.as_str()?, name)))
    }
}
