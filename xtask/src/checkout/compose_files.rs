//! The Compose files of all environments, with those that `extends` and `include` name.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use compose_edit::Document;
use compose_view::{Files, references};
use stories::Layout;
use stories::layout::leaves_the_checkout;
use stories::ledger::conflict_marker;

use super::read::read_text_or_nothing;
use crate::offered::Damaged;
use crate::shell_word::quoted;

/// Loads and parses every file that an environment reads.
pub(super) fn load(root: &Path, layout: &Layout) -> Result<Files> {
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
        let document = compose_file(root, &path).map_err(|error| match &named_by {
            Some(by) => error.context(format!("{by} names a file that cannot be used")),
            None => error,
        })?;
        open.extend(references(&path, &document).into_iter().map(|other| (other, Some(path.clone()))));
        files.insert(path, document);
    }
    layout.environments.values().try_for_each(|own| must_say_something(&own.files, &files))?;
    Ok(files)
}

/// A file of comments alone says nothing beside others, as for Compose; an environment of nothing else is none.
fn must_say_something(own: &[String], files: &Files) -> Result<()> {
    let is_silent = |path: &String| files.get(path).is_none_or(|document| document.root().is_none());
    let Some(first) = own.first().filter(|_| own.iter().all(is_silent)) else { return Ok(()) };
    let text = files.get(first).map(Document::text).unwrap_or_default();
    let what = if text.is_empty() { "the file is empty (0 bytes)" } else { "no YAML in it, comments at most" };
    bail!(damaged(first, &format!(": {what}")))
}

fn compose_file(root: &Path, path: &str) -> Result<Document> {
    let document = parse(root, path)?;
    match document.root() {
        Some(node) if node.as_mapping().is_none() => {
            let what = format!("{}: not a Compose file: a map with `services` is expected at the top", node.position());
            bail!(damaged(path, &format!(":{what}")))
        }
        _ => Ok(document),
    }
}

/// Parses a YAML file. One that git left in the middle of a merge is told as that.
pub(super) fn parse(root: &Path, path: &str) -> Result<Document> {
    let text = read_text_or_nothing(root, path)?;
    let marker = conflict_marker(&text);
    Document::parse(text).map_err(|error| match marker {
        Some(line) => {
            anyhow!("{path}:{line}: git conflict markers; finish the merge: git mergetool -- {}", quoted(path))
        }
        None => damaged(path, &format!(":{error}; mend that line")).into(),
    })
}

fn damaged(path: &str, what: &str) -> Damaged {
    Damaged { path: path.to_owned(), words: format!("{path}{what}") }
}
