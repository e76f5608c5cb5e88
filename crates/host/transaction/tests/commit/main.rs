//! Writing files: whole, as they were read, together, and nothing lost that belongs to them.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(clippy::disallowed_macros, reason = "a test that is skipped says so")]

mod keeps;
mod lock;
mod recovers;
mod refuses;

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use transaction::{CheckoutWriter, Digest, LockOptions, TransactionError, Write};

/// For those who do not wait.
const NONE: LockOptions = LockOptions {
    limit: Duration::ZERO,
    tell: |_| {},
    is_tracked: |_, _| false,
};

fn checkout(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn change(path: &str, before: &str, text: &str) -> Write {
    Write {
        path: path.into(),
        before: Some(Digest::of(before)),
        text: Some(text.into()),
    }
}

fn make(path: &str, text: &str) -> Write {
    Write {
        path: path.into(),
        before: None,
        text: Some(text.into()),
    }
}

fn remove(path: &str, before: &str) -> Write {
    Write {
        path: path.into(),
        before: Some(Digest::of(before)),
        text: None,
    }
}

fn commit(root: &Path, writes: &[Write]) -> Result<(), TransactionError> {
    CheckoutWriter::new(root, NONE).commit("a test", writes)
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// Refused, and everything as it was.
fn refused(root: &Path, writes: &[Write]) -> TransactionError {
    let before = names(root);
    let error = commit(root, writes).unwrap_err();
    assert_eq!(names(root), before, "{error}");
    error
}

#[test]
fn files_are_changed_made_and_removed() {
    let folder = checkout(&[("a.yml", "old\n"), ("b.yml", "b")]);
    let root = folder.path();
    let writes = [
        change("a.yml", "old\n", "new\r\n"),
        make("compose/ledger/5.1.yaml", "1\n"),
        remove("b.yml", "b"),
    ];
    commit(root, &writes).unwrap();
    assert_eq!(text(root, "a.yml"), "new\r\n");
    assert_eq!(text(root, "compose/ledger/5.1.yaml"), "1\n");
    assert_eq!(names(root), ["a.yml", "compose"]);
    assert_eq!(
        names(&root.join("compose/ledger")),
        [".gitignore", "5.1.yaml"]
    );
}

#[test]
fn what_is_ours_in_the_ledger_is_ignored_by_git() {
    let folder = checkout(&[("compose/ledger/.gitignore", "mine\n")]);
    commit(folder.path(), &[make("a.yml", "")]).unwrap();
    let own = text(folder.path(), "compose/ledger/.gitignore");
    assert!(
        own.starts_with("mine\n# What cargo xtask keeps"),
        "somebody's rules stay, and are completed: {own}"
    );
    commit(folder.path(), &[make("b.yml", "")]).unwrap();
    assert_eq!(
        text(folder.path(), "compose/ledger/.gitignore"),
        own,
        "once"
    );
    let whole = "/.*.xtask-new\r\n/.lock\n/.journal\n*.bak";
    let folder = checkout(&[("compose/ledger/.gitignore", whole)]);
    commit(folder.path(), &[make("a.yml", "")]).unwrap();
    assert_eq!(
        text(folder.path(), "compose/ledger/.gitignore"),
        whole,
        "what lacks nothing stays as it is"
    );
    let folder = checkout(&[]);
    commit(folder.path(), &[make("compose/ledger/5.1.yaml", "1\n")]).unwrap();
    let lines = text(folder.path(), "compose/ledger/.gitignore");
    ["/.journal\n", "/.lock\n"]
        .iter()
        .for_each(|line| assert!(lines.contains(line), "{lines}"));
}
