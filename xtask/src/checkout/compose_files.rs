//! The Compose files of all environments, with those that `extends` and `include` name.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use compose_edit::Document;
use compose_view::{Files, references};
use stories::Layout;
use stories::layout::leaves_the_checkout;
use stories::ledger::conflict_marker;

use super::read::read_text;
use crate::shell_word::quoted;

/// Loads and parses every file that an environment reads, but for those that are `parsed` already.
pub(super) fn load(root: &Path, layout: &Layout, mut parsed: Files) -> Result<Files> {
    let mut files = Files::new();
    let named = layout.environments.values().flat_map(|environment| environment.files.iter().cloned());
    let mut open: Vec<(String, Option<String>)> = named.map(|file| (file, None)).collect();
    while let Some((path, named_by)) = open.pop() {
        if files.contains_key(&path) {
            continue;
        }
        if let Some(by) = named_by.as_ref().filter(|_| leaves_the_checkout(&path)) {
            bail!("{by} names {path}, which leaves the checkout; move that file into it");
        }
        let document = compose_file(root, &path, parsed.remove(&path)).map_err(|error| match &named_by {
            Some(by) => error.context(format!("{by} names a file that cannot be used")),
            None => error,
        })?;
        open.extend(references(&path, &document).into_iter().map(|other| (other, Some(path.clone()))));
        files.insert(path, document);
    }
    Ok(files)
}

fn compose_file(root: &Path, path: &str, parsed: Option<Document>) -> Result<Document> {
    let document = parsed.map_or_else(|| parse(root, path), Ok)?;
    match document.root() {
        Some(node) if node.as_mapping().is_none() => bail!(
            "{path}:{}: not a Compose file: a map with `services` is expected at the top; restore it: git checkout -- {}",
            node.position(),
            quoted(path)
        ),
        Some(_) => Ok(document),
        None => bail!("{path}: no YAML in it, comments at most; restore it: git checkout -- {}", quoted(path)),
    }
}

/// Parses a YAML file. One that git left in the middle of a merge is told as that.
pub(super) fn parse(root: &Path, path: &str) -> Result<Document> {
    let text = read_text(root, path)?;
    let marker = conflict_marker(&text);
    Document::parse(text).map_err(|error| match marker {
        Some(line) => {
            anyhow!("{path}:{line}: git conflict markers; finish the merge: git mergetool -- {}", quoted(path))
        }
        None => anyhow!("{path}:{error}; mend that line, or restore the file: git checkout -- {}", quoted(path)),
    })
}
