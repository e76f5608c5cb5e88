//! What stands in for files and values that are not on this machine, such as production's `.env.prod`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use compose_edit::{Content, Document, Node};

use super::Subject;
use super::variables::{Variable, set_names, variables};

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
    /// An env file of stand-in values.
    variables: String,
    looks_outside: bool,
}

impl StandIns {
    /// Looks at the environment's files and finds what is missing.
    pub fn of(subject: &Subject<'_>) -> Self {
        let sources = sources(subject);
        let mut found = Self { env_files: env_files(subject), ..Self::default() };
        found.looks_outside = sources.values().any(|text| text.contains("..") || text.contains("include:"));
        found.stand_in_files(subject, &sources);
        found.stand_in_values(subject, &sources);
        found
    }

    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.variables.is_empty()
    }

    /// The files that stand in, by path, with their texts.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The env files to name to Compose.
    pub fn env_files(&self) -> &[String] {
        &self.env_files
    }

    /// The text of an env file of stand-in values; empty where none is needed.
    pub fn variables(&self) -> &str {
        &self.variables
    }

    /// Whether a file may name something beside the checkout.
    pub fn looks_outside(&self) -> bool {
        self.looks_outside
    }

    /// Why only the shape is checked.
    pub fn why(&self) -> Option<String> {
        let missing = self.files.keys().map(|path| format!("{path} is missing here"));
        let unset = self.unset.iter().map(|name| format!("{name} has no value here"));
        let reasons: Vec<_> = missing.chain(unset).collect();
        (!reasons.is_empty()).then(|| reasons.join(", "))
    }

    /// The texts of the environment's compose and env files: where its secrets are.
    pub fn texts(&self, subject: &Subject<'_>) -> Vec<String> {
        let env_files = self.env_files.iter().filter_map(|path| text_of(subject, path));
        sources(subject).into_values().chain(env_files).collect()
    }

    fn stand_in_files(&mut self, subject: &Subject<'_>, sources: &BTreeMap<String, String>) {
        let directory = directory(subject);
        let named = sources.values().flat_map(|text| named_files(text, directory));
        let missing: Vec<String> =
            self.env_files.iter().cloned().chain(named).filter(|path| !is_there(subject, path)).collect();
        for path in missing {
            let example = text_of(subject, &format!("{path}.example")).unwrap_or_default();
            self.looks_outside |= path.contains("..");
            self.files.insert(path, example);
        }
    }

    /// Required variables get a value; where an env file is missing, so does every variable without a default.
    fn stand_in_values(&mut self, subject: &Subject<'_>, sources: &BTreeMap<String, String>) {
        let missing = self.env_files.iter().any(|path| self.files.contains_key(path));
        let set: BTreeSet<String> = self.env_files.iter().flat_map(|path| self.names_set_by(subject, path)).collect();
        let unset = |variable: &Variable| !set.contains(&variable.name);
        for variable in sources.values().flat_map(|text| variables(text)).filter(unset) {
            if variable.required || (missing && !variable.has_default) {
                self.unset.extend(variable.required.then_some(variable.name.clone()));
                self.variables.push_str(&format!("{}={STAND_IN}\n", variable.name));
            }
        }
    }

    fn names_set_by(&self, subject: &Subject<'_>, path: &str) -> Vec<String> {
        let text = self.files.get(path).cloned().or_else(|| text_of(subject, path)).unwrap_or_default();
        set_names(&text)
    }
}

/// The compose files' texts as they are to be checked.
fn sources(subject: &Subject<'_>) -> BTreeMap<String, String> {
    let named = subject.files.iter().filter_map(|path| Some((path.clone(), text_of(subject, path)?)));
    named.collect()
}

fn text_of(subject: &Subject<'_>, path: &str) -> Option<String> {
    let draft = subject.drafts.get(path).cloned();
    draft.or_else(|| fs::read_to_string(subject.root.join(path)).ok())
}

fn is_there(subject: &Subject<'_>, path: &str) -> bool {
    subject.drafts.contains_key(path) || subject.root.join(path).is_file()
}

/// The project directory, relative to the root.
fn directory<'a>(subject: &Subject<'a>) -> &'a Path {
    subject.files.first().and_then(|file| Path::new(file).parent()).unwrap_or(Path::new(""))
}

/// The environment's own, or Compose's default where that is there.
fn env_files(subject: &Subject<'_>) -> Vec<String> {
    if !subject.env_files.is_empty() {
        return subject.env_files.to_vec();
    }
    let default = join(directory(subject), ".env");
    if is_there(subject, &default) { vec![default] } else { Vec::new() }
}

fn join(directory: &Path, path: &str) -> String {
    directory.join(path.strip_prefix("./").unwrap_or(path)).to_string_lossy().into_owned()
}

/// The env and label files that Compose will read, relative to the root; those it may miss or compute are left out.
fn named_files(text: &str, directory: &Path) -> Vec<String> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let mut named = Vec::new();
    document.documents().for_each(|root| collect(root, &mut named));
    named.retain(|path| !path.contains('$') && !path.starts_with(['/', '~']));
    named.into_iter().map(|path| join(directory, &path)).collect()
}

fn collect(node: Node<'_>, named: &mut Vec<String>) {
    match node.content() {
        Content::Sequence(items) => items.items().for_each(|item| collect(item, named)),
        Content::Mapping(mapping) => {
            for (key, value) in mapping.entries() {
                match key.as_scalar().map(|key| key.value()) {
                    Some("env_file" | "label_file") => named.extend(required_paths(value)),
                    _ => collect(value, named),
                }
            }
        }
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

/// `a.env`, `[a.env, {path: b.env, required: true}]`.
fn required_paths(value: Node<'_>) -> Vec<String> {
    match value.resolved().content() {
        Content::Scalar(path) => vec![path.value().to_owned()],
        Content::Sequence(items) => items.items().flat_map(required_paths).collect(),
        Content::Mapping(entry) => {
            let optional = entry.get("required").and_then(Node::as_scalar).is_some_and(|flag| flag.value() == "false");
            let path = entry.get("path").filter(|_| !optional).and_then(Node::as_scalar);
            path.map(|path| path.value().to_owned()).into_iter().collect()
        }
        Content::Alias(_) => Vec::new(),
    }
}
