//! What stands in for files and values that are not on this machine, such as production's
//! `.env.prod`.

use std::collections::{BTreeMap, BTreeSet};

use compose_model::EnvFile;

use super::Subject;
use super::needs::Variable;
use super::sources::{Sources, join, text_of};

/// A value that Compose accepts wherever it wants a text, a number, a port or a size.
const STAND_IN: &str = "1";

/// Stand-ins of one environment; empty where the checkout has everything.
#[derive(Debug, Default)]
pub struct StandIns {
    /// Missing files by path, each with its example's text or none.
    files: BTreeMap<String, String>,
    /// The environment's env files, the missing ones included.
    env_files: Vec<String>,
    /// Required variables that nothing sets.
    unset: BTreeSet<String>,
    /// Stand-in values by variable.
    values: BTreeSet<String>,
    looks_outside: bool,
}

impl StandIns {
    /// Looks at the environment's files and finds what is missing.
    pub fn of(subject: &Subject<'_>, sources: &Sources<'_>) -> Self {
        let mut found = Self {
            env_files: env_files(subject),
            ..Self::default()
        };
        found.stand_in_files(subject, sources);
        found.stand_in_values(subject, sources);
        let mut named = found.files.keys().chain(&found.env_files);
        found.looks_outside = sources.texts().any(|(_, text)| text.contains(".."))
            || named.any(|path| path.contains("..") || path.starts_with('/'));
        found
    }

    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.values.is_empty()
    }

    /// The files that stand in, by path, with their texts.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The env files to name to Compose.
    pub fn env_files(&self) -> &[String] {
        &self.env_files
    }

    /// The text of an env file of stand-in values; empty where none is needed.
    pub fn variables(&self) -> String {
        self.values
            .iter()
            .map(|name| format!("{name}={STAND_IN}\n"))
            .collect()
    }

    /// Whether a file may name something beside the checkout.
    pub fn looks_outside(&self) -> bool {
        self.looks_outside
    }

    /// Why only the shape is checked.
    pub fn why(&self) -> Option<String> {
        let missing = self
            .files
            .keys()
            .map(|path| format!("{path} is missing here"));
        let unset = self
            .unset
            .iter()
            .map(|name| format!("{name} has no value here"));
        let reasons: Vec<_> = missing.chain(unset).collect();
        (!reasons.is_empty()).then(|| reasons.join(", "))
    }

    fn stand_in_files(&mut self, subject: &Subject<'_>, sources: &Sources<'_>) {
        let wanted = self.env_files.iter().cloned().chain(sources.needed_files());
        let missing: BTreeSet<String> = wanted.filter(|path| !is_there(subject, path)).collect();
        for path in missing {
            let example = text_of(subject, &format!("{path}.example")).unwrap_or_default();
            self.files.insert(path, example);
        }
    }

    /// Required variables get a value; where an env file is missing, so does every variable without
    /// a default.
    fn stand_in_values(&mut self, subject: &Subject<'_>, sources: &Sources<'_>) {
        let missing = self
            .env_files
            .iter()
            .any(|path| self.files.contains_key(path));
        let set: BTreeSet<String> = self
            .env_files
            .iter()
            .flat_map(|path| self.names_set_by(subject, path))
            .collect();
        let asked = sources
            .variables_from_outside(subject)
            .into_iter()
            .filter(|asked| !set.contains(&asked.name));
        for Variable {
            name,
            required,
            has_default,
        } in asked
        {
            if *required {
                self.unset.insert(name.clone());
            }
            if *required || (missing && !has_default) {
                self.values.insert(name.clone());
            }
        }
    }

    fn names_set_by(&self, subject: &Subject<'_>, path: &str) -> Vec<String> {
        let text = self
            .files
            .get(path)
            .cloned()
            .or_else(|| text_of(subject, path))
            .unwrap_or_default();
        EnvFile::parse(&text)
            .entries()
            .iter()
            .map(|entry| entry.key.clone())
            .collect()
    }
}

fn is_there(subject: &Subject<'_>, path: &str) -> bool {
    subject.drafts.contains_key(path) || subject.root.join(path).is_file()
}

/// The environment's own, or Compose's default where that is there.
fn env_files(subject: &Subject<'_>) -> Vec<String> {
    if !subject.environment.env_files.is_empty() {
        return subject.environment.env_files.clone();
    }
    let default = join(subject.environment.directory(), ".env");
    if is_there(subject, &default) {
        vec![default]
    } else {
        Vec::new()
    }
}
