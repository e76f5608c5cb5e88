//! The compose files that an environment reads, those that `extends` and `include` name too.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use compose_edit::{Content, Document, Node};

use super::Subject;

/// The compose files of an environment, as they are to be checked, by path.
#[derive(Debug, Default)]
pub struct Sources {
    files: BTreeMap<String, Source>,
}

#[derive(Debug)]
struct Source {
    text: String,
    /// What its relative paths count from.
    folder: PathBuf,
}

impl Sources {
    /// Reads them, drafts before the disk. One that is not there or not readable is left to Compose to complain of.
    pub fn of(subject: &Subject<'_>) -> Self {
        let mut found = Self::default();
        let directory = directory(subject);
        let mut open: Vec<_> = subject.files.iter().map(|path| (path.clone(), directory.to_owned())).collect();
        while let Some((path, folder)) = open.pop() {
            let Some(text) = text_of(subject, &path).filter(|_| !found.files.contains_key(&path)) else { continue };
            open.extend(references(&path, &text).into_iter().map(|named| {
                let folder = Path::new(&named).parent().unwrap_or(Path::new("")).to_owned();
                (named, folder)
            }));
            found.files.insert(path, Source { text, folder });
        }
        found
    }

    /// Their texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.files.values().map(|source| source.text.as_str())
    }

    /// Their texts by path.
    pub fn by_path(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, source)| (path.as_str(), source.text.as_str()))
    }

    /// The env and label files that Compose will read, relative to the root; those it may miss or compute are left out.
    pub fn named_files(&self) -> Vec<String> {
        self.files.values().flat_map(|source| named_files(&source.text, &source.folder)).collect()
    }
}

/// A file's text as it is to be checked.
pub fn text_of(subject: &Subject<'_>, path: &str) -> Option<String> {
    let draft = subject.drafts.get(path).cloned();
    draft.or_else(|| fs::read_to_string(subject.root.join(path)).ok())
}

/// The project directory, relative to the root.
pub fn directory<'a>(subject: &Subject<'a>) -> &'a Path {
    subject.files.first().and_then(|file| Path::new(file).parent()).unwrap_or(Path::new(""))
}

/// A path in a file as one relative to the root.
pub fn join(folder: &Path, path: &str) -> String {
    folder.join(path.strip_prefix("./").unwrap_or(path)).to_string_lossy().into_owned()
}

fn references(path: &str, text: &str) -> Vec<String> {
    // Most files name no other; a parse is the dearest part of getting ready.
    if !text.contains("extends") && !text.contains("include") {
        return Vec::new();
    }
    Document::parse(text).map_or_else(|_| Vec::new(), |document| compose_view::references(path, &document))
}

fn named_files(text: &str, folder: &Path) -> Vec<String> {
    let mut named = Vec::new();
    if text.contains("env_file") || text.contains("label_file") {
        let document = Document::parse(text);
        document.iter().flat_map(Document::documents).for_each(|root| collect(root, &mut named));
    }
    named.retain(|path| !path.contains('$') && !path.starts_with(['/', '~']));
    named.into_iter().map(|path| join(folder, &path)).collect()
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
