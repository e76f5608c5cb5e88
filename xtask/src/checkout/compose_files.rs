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

/// How many files all environments may read together, and how many bytes they may hold. The largest stacks that are known
/// have some dozens, of 400 kB together.
const MOST_FILES: usize = 1_000;
const MOST_BYTES: usize = 16 << 20;

/// How many lines a file may have. The largest that are known have some 10,000.
const MOST_LINES: usize = 100_000;

/// How many services a file may have. The largest that are known have some hundreds.
const MOST_SERVICES: usize = 10_000;

/// Loads and parses every file that an environment reads.
pub(super) fn load(root: &Path, layout: &Layout) -> Result<Files> {
    let (mut files, mut bytes) = (Files::new(), 0);
    let named = layout.environments.values().flat_map(|environment| environment.files.iter().cloned());
    let mut open: Vec<(String, Option<String>)> = named.map(|file| (file, None)).collect();
    while let Some((path, named_by)) = open.pop() {
        if files.contains_key(&path) {
            continue;
        }
        if let Some(by) = named_by.as_ref().filter(|_| leaves_the_checkout(&path)) {
            bail!("{by} names {path}, which leaves the checkout; move that file into it");
        }
        if files.len() == MOST_FILES || bytes > MOST_BYTES {
            bail!(
                "more than {MOST_FILES} Compose files, or {} MiB of them, are named by include, extends and the \
                 environments; {path} is one too many",
                MOST_BYTES >> 20
            );
        }
        let document = compose_file(root, &path).map_err(|error| match &named_by {
            Some(by) => error.context(format!("{by} names a file that cannot be used")),
            None => error,
        })?;
        open.extend(references(&path, &document).into_iter().map(|other| (other, Some(path.clone()))));
        bytes += document.text().len();
        files.insert(path, document);
    }
    Ok(files)
}

fn compose_file(root: &Path, path: &str) -> Result<Document> {
    let document = parse(root, path)?;
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
    if text.lines().nth(MOST_LINES).is_some() {
        bail!("{path}: no file with more than {MOST_LINES} lines is read; split it");
    }
    let marker = conflict_marker(&text);
    let document = Document::parse(text).map_err(|error| match marker {
        Some(line) => {
            anyhow!("{path}:{line}: git conflict markers; finish the merge: git mergetool -- {}", quoted(path))
        }
        None => anyhow!("{path}:{error}; mend that line, or restore the file: git checkout -- {}", quoted(path)),
    })?;
    let services = document.get(&["services"].into()).and_then(|node| node.as_mapping());
    let many = services.map_or(0, |services| services.len());
    if many > MOST_SERVICES {
        bail!("{path}: it has {many} services, and no file with more than {MOST_SERVICES} is read; split it");
    }
    Ok(document)
}
