//! The Compose files of all environments, with those that `extends` and `include` name.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use compose_edit::Document;
use compose_model::{Files, is_remote, named};
use diagnostics::shell_quote::quoted;
use stories::layout::leaves_the_checkout;
use stories::ledger::conflict_marker;
use stories::{EnvironmentFiles, Layout};

use super::read::{Unreadable, read_text_or_nothing};
use crate::damaged::Damaged;
use crate::git;
use crate::root::STACK_FILE;

/// How many files all environments may read together, and how many bytes they may hold. The largest
/// stacks that are known have some dozens, of 400 kB together.
const MOST_FILES: usize = 1_000;
const MOST_BYTES: usize = 16 << 20;

/// How many lines a file may have. The largest that are known have some 10,000.
const MOST_LINES: usize = 100_000;

/// How many services a file may have. The largest that are known have some hundreds.
const MOST_SERVICES: usize = 10_000;

/// Loads and parses every file that an environment reads, but for those that are `parsed` already.
pub(super) fn load(root: &Path, layout: &Layout, mut parsed: Files) -> Result<Files> {
    let (mut files, mut bytes) = (Files::new(), 0);
    let mut seen = BTreeSet::new();
    let mut open: Vec<_> = layout.environments.values().flat_map(own_files).collect();
    while let Some(next) = open.pop() {
        if seen.len() == MOST_FILES || bytes > MOST_BYTES {
            bail!(
                "more than {MOST_FILES} Compose files, or {} MiB of them, are named by include, extends and the \
                 environments; {} is one too many",
                MOST_BYTES >> 20,
                next.path
            );
        }
        if !seen.insert((next.path.clone(), next.directory.clone())) {
            continue;
        }
        if !files.contains_key(&next.path) {
            let document = next.load(root, parsed.remove(&next.path))?;
            bytes += document.text().len();
            files.insert(next.path.clone(), document);
        }
        let named = named(&next.path, &files[&next.path], &next.directory).into_iter();
        // What is remote or hangs on a variable is told with its place when the model is made.
        let local = named.filter(|named| !is_remote(&named.path) && !named.path.contains('$'));
        open.extend(local.map(|named| Open {
            path: named.path,
            directory: named.directory,
            named_at: Some(named.named_at),
        }));
    }
    layout
        .environments
        .values()
        .try_for_each(|own| must_say_something(&own.files, &files))?;
    Ok(files)
}

/// A file that is to be read.
struct Open {
    path: String,
    /// The project directory, from the root.
    directory: String,
    /// `file:line:column` of who names it; none for an environment's own.
    named_at: Option<String>,
}

fn own_files(environment: &EnvironmentFiles) -> impl Iterator<Item = Open> {
    let first = environment
        .files
        .first()
        .and_then(|file| file.rsplit_once('/'));
    let directory = first
        .map(|(folder, _)| folder.to_owned())
        .unwrap_or_default();
    let open = move |path: &String| Open {
        path: path.clone(),
        directory: directory.clone(),
        named_at: None,
    };
    environment.files.iter().map(open)
}

impl Open {
    fn load(&self, root: &Path, parsed: Option<Document>) -> Result<Document> {
        let path = &self.path;
        let Some(at) = &self.named_at else {
            return compose_file(root, path, parsed).map_err(|error| match error.downcast_ref() {
                Some(Unreadable::Missing(_)) if !root.join(STACK_FILE).exists() => {
                    anyhow!("COMPOSE_FILE names {path}, which is not there; restore it, or mend the list")
                }
                _ => error,
            });
        };
        if leaves_the_checkout(path) {
            bail!("{at}: {path} leaves the checkout; move that file into it");
        }
        compose_file(root, path, parsed).map_err(|error| match error.downcast_ref() {
            Some(Unreadable::Missing(_)) => {
                anyhow!("{at}: {path} is not there; restore it, or mend that line")
            }
            _ => error.context(format!("{at} names a file that cannot be used")),
        })
    }
}

/// A file of comments alone says nothing beside others, as for Compose; an environment of nothing
/// else is none.
fn must_say_something(own: &[String], files: &Files) -> Result<()> {
    let is_silent = |path: &String| {
        files
            .get(path)
            .is_none_or(|document| document.root().is_none())
    };
    let Some(first) = own.first().filter(|_| own.iter().all(is_silent)) else {
        return Ok(());
    };
    let text = files.get(first).map(Document::text).unwrap_or_default();
    let what = if text.is_empty() {
        "the file is empty (0 bytes)"
    } else {
        "no YAML in it, comments at most"
    };
    bail!(damaged(first, &format!(": {what}")))
}

fn compose_file(root: &Path, path: &str, parsed: Option<Document>) -> Result<Document> {
    let document = parsed.map_or_else(|| parse(root, path), Ok)?;
    match document.root() {
        Some(node) if node.as_mapping().is_none() => {
            let what = format!(
                "{}: not a Compose file: a map with `services` is expected at the top",
                node.position()
            );
            bail!(damaged(path, &format!(":{what}")))
        }
        _ => Ok(document),
    }
}

/// Parses a YAML file. One that git left in the middle of a merge is told as that.
pub(super) fn parse(root: &Path, path: &str) -> Result<Document> {
    let text = read_text_or_nothing(root, path)?;
    if text.lines().nth(MOST_LINES).is_some() {
        bail!("{path}: no file with more than {MOST_LINES} lines is read; split it");
    }
    let marker = conflict_marker(&text);
    let document = Document::parse(text).map_err(|error| match marker {
        Some(line) => anyhow!(
            "{path}:{line}: git conflict markers; {}",
            finish_merge(root, path)
        ),
        None => damaged(path, &format!(":{error}; mend that line")).into(),
    })?;
    let services = document
        .get(&["services"].into())
        .and_then(|node| node.as_mapping());
    let many = services.map_or(0, |services| services.len());
    if many > MOST_SERVICES {
        bail!(
            "{path}: it has {many} services, and no file with more than {MOST_SERVICES} is read; split it"
        );
    }
    Ok(document)
}

/// What ends a merge that git left in a file; without git, the hand that edits it.
fn finish_merge(root: &Path, path: &str) -> String {
    match git::offered(root, &format!("mergetool -- {}", quoted(path))) {
        Some(command) => format!("finish the merge: {command}"),
        None => "take one side of each, without the marks".to_owned(),
    }
}

fn damaged(path: &str, what: &str) -> Damaged {
    Damaged {
        path: path.to_owned(),
        words: format!("{path}{what}"),
    }
}
