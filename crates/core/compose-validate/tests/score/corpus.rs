//! Real compose files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use compose_edit::{Content, Document, Node};

/// A file of the corpus and what it needs around it.
pub struct Subject {
    pub name: String,
    pub text: String,
    /// Values for its required variables.
    pub variables: BTreeMap<String, String>,
    /// Files that must be there, relative to it.
    pub env_files: Vec<String>,
}

/// Every file that is YAML. The large corpus is used where it is at hand, the project's own
/// elsewhere.
pub fn subjects() -> Vec<Subject> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("a corpus")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yml" || extension == "yaml")
        })
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| subject(path)).collect()
}

fn folder() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let named = std::env::var_os("COMPOSE_CORPUS").map(PathBuf::from);
    let large = named.unwrap_or_else(|| root.join("../shared/corpus"));
    if large.is_dir() {
        large
    } else {
        root.join("corpus")
    }
}

fn subject(path: &Path) -> Option<Subject> {
    let text = std::fs::read_to_string(path).ok()?;
    let document = Document::parse(text.as_str()).ok()?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    let mut env_files = Vec::new();
    for root in document.documents() {
        collect_files(root, &mut env_files);
    }
    Some(Subject {
        name,
        variables: required(&text),
        env_files,
        text,
    })
}

/// The values of every `env_file` and `label_file`.
fn collect_files(node: Node<'_>, files: &mut Vec<String>) {
    match node.content() {
        Content::Mapping(mapping) => {
            for (key, value) in mapping.entries() {
                let names_files = key
                    .as_scalar()
                    .is_some_and(|key| matches!(key.value(), "env_file" | "label_file"));
                if names_files {
                    texts(value, files)
                } else {
                    collect_files(value, files)
                }
            }
        }
        Content::Sequence(sequence) => sequence.items().for_each(|item| collect_files(item, files)),
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

fn texts(node: Node<'_>, files: &mut Vec<String>) {
    match node.resolved().content() {
        Content::Scalar(scalar) => files.push(scalar.value().to_owned()),
        Content::Sequence(sequence) => sequence.items().for_each(|item| texts(item, files)),
        Content::Mapping(mapping) => mapping
            .get("path")
            .into_iter()
            .for_each(|path| texts(path, files)),
        Content::Alias(_) => {}
    }
}

/// A value for each `${NAME:?…}` and `${NAME?…}`.
fn required(text: &str) -> BTreeMap<String, String> {
    let names = text.split("${").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        let operator = rest[end..].trim_start_matches(':');
        operator.starts_with('?').then(|| rest[..end].to_owned())
    });
    names.map(|name| (name, "1".to_owned())).collect()
}
