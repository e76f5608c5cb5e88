//! Writing files: whole, as they were read, and nothing lost that belongs to them.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

use tempfile::TempDir;
use xtask::commit::{Commit, CommitError, Digest, Write, commit};

fn checkout(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn change(path: &str, before: &str, text: &str) -> Write {
    Write { path: path.into(), before: Some(Digest::of(before)), text: text.into() }
}

fn make(path: &str, text: &str) -> Write {
    Write { path: path.into(), before: None, text: text.into() }
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// Refused, and everything as it was.
fn refused(root: &Path, writes: &[Write]) -> CommitError {
    let before = names(root);
    let error = commit(root, writes).unwrap_err();
    assert_eq!(names(root), before, "{error}");
    error
}

#[test]
fn files_are_changed_and_made() {
    let folder = checkout(&[("a.yml", "old\n")]);
    let root = folder.path();
    let writes = [change("a.yml", "old\n", "new\r\n"), make("compose/ledger/5.1.yaml", "format: 1\n")];
    commit(root, &writes).unwrap();
    assert_eq!(text(root, "a.yml"), "new\r\n");
    assert_eq!(text(root, "compose/ledger/5.1.yaml"), "format: 1\n");
    assert_eq!(names(root), ["a.yml", "compose"]);
    assert_eq!(names(&root.join("compose/ledger")), ["5.1.yaml"]);
}

#[test]
fn mode_and_owner_stay() {
    let folder = checkout(&[("a.yml", "old")]);
    let file = folder.path().join("a.yml");
    let is_root = chown(&file, Some(12345), Some(54321)).is_ok();
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    commit(folder.path(), &[change("a.yml", "old", "new")]).unwrap();
    let found = file.metadata().unwrap();
    assert_eq!(found.mode() & 0o7777, 0o640);
    if is_root {
        assert_eq!((found.uid(), found.gid()), (12345, 54321));
    }
    commit(folder.path(), &[make("b.yml", "")]).unwrap();
    assert_eq!(folder.path().join("b.yml").metadata().unwrap().mode() & 0o7777, 0o644);
}

#[test]
fn what_changed_since_it_was_read_is_left_alone() {
    let folder = checkout(&[("a.yml", "theirs"), ("b.yml", "old")]);
    let root = folder.path();
    let changed = refused(root, &[change("b.yml", "old", "new"), change("a.yml", "old", "new")]);
    assert!(matches!(&changed, CommitError::Changed { path } if path == "a.yml"), "{changed}");
    assert_eq!((text(root, "a.yml").as_str(), text(root, "b.yml").as_str()), ("theirs", "old"));
    assert!(matches!(refused(root, &[make("a.yml", "new")]), CommitError::Appeared { .. }));
    assert!(matches!(refused(root, &[change("c.yml", "old", "new")]), CommitError::Gone { .. }));
}

#[test]
fn a_change_right_before_the_rename_is_seen() {
    let folder = checkout(&[("a.yml", "old"), ("b.yml", "old"), ("c.yml", "old")]);
    let root = folder.path();
    let writes = ["a.yml", "b.yml", "c.yml"].map(|path| change(path, "old", "new"));
    let prepared = Commit::prepare(root, &writes).unwrap();
    fs::write(root.join("b.yml"), "theirs").unwrap();
    let error = prepared.apply().unwrap_err();
    assert!(matches!(&error, CommitError::Changed { path } if path == "b.yml"), "{error}");
    let texts = ["a.yml", "b.yml", "c.yml"].map(|path| text(root, path));
    assert_eq!(texts, ["new", "theirs", "old"], "every file is whole");
    assert_eq!(names(root), ["a.yml", "b.yml", "c.yml"], "nothing temporary stays");
}

#[test]
fn a_failure_in_the_middle_leaves_every_file_whole() {
    let folder = checkout(&[("a/x.yml", "old"), ("b/x.yml", "old")]);
    let root = folder.path();
    let writes = [change("a/x.yml", "old", "new"), change("b/x.yml", "old", "new")];
    let prepared = Commit::prepare(root, &writes).unwrap();
    fs::rename(root.join("b"), root.join("away")).unwrap();
    fs::write(root.join("b"), "a file where the folder was").unwrap();
    let error = prepared.apply().unwrap_err();
    assert_eq!(error.path(), "b/x.yml");
    assert_eq!((text(root, "a/x.yml").as_str(), text(root, "away/x.yml").as_str()), ("new", "old"));
    assert_eq!(names(&root.join("away")), ["x.yml"]);
}

#[test]
fn links_inside_the_checkout_are_followed() {
    let folder = checkout(&[("real/a.yml", "old")]);
    let root = folder.path();
    symlink("real/a.yml", root.join("a.yml")).unwrap();
    symlink("real", root.join("folder")).unwrap();
    commit(root, &[change("a.yml", "old", "new"), make("folder/b.yml", "b")]).unwrap();
    assert!(root.join("a.yml").is_symlink());
    assert_eq!((text(root, "real/a.yml").as_str(), text(root, "real/b.yml").as_str()), ("new", "b"));
    let error = refused(root, &[change("a.yml", "new", "x"), change("real/a.yml", "new", "y")]);
    assert!(matches!(error, CommitError::Twice { .. }), "{error}");
}

#[test]
fn what_leaves_the_checkout_is_refused() {
    let (folder, outside) = (checkout(&[("in", "")]), checkout(&[("a.yml", "old")]));
    let root = folder.path();
    symlink(outside.path().join("a.yml"), root.join("link.yml")).unwrap();
    symlink(outside.path(), root.join("folder")).unwrap();
    let absolute = outside.path().join("a.yml").display().to_string();
    for path in ["link.yml", "folder/a.yml", "folder/new.yml", "../x.yml", "in/../../x.yml", absolute.as_str()] {
        let error = refused(root, &[change(path, "old", "new")]);
        assert!(matches!(error, CommitError::LeavesCheckout { .. }), "{path}: {error}");
    }
    assert_eq!(names(outside.path()), ["a.yml"]);
}

#[test]
fn what_a_rename_would_break_silently_is_refused() {
    let folder = checkout(&[("a.yml", "old"), ("hard.yml", "old"), ("folder/x", ""), ("closed/x.yml", "old")]);
    let root = folder.path();
    fs::hard_link(root.join("hard.yml"), root.join("other.yml")).unwrap();
    fs::set_permissions(root.join("a.yml"), Permissions::from_mode(0o444)).unwrap();
    let read_only = refused(root, &[change("a.yml", "old", "new")]);
    assert_eq!(read_only.to_string(), "a.yml is read-only; allow writing: chmod u+w a.yml");
    let hard = refused(root, &[change("hard.yml", "old", "new")]);
    assert!(matches!(hard, CommitError::HardLink { links: 2, .. }), "{hard}");
    assert!(matches!(refused(root, &[change("folder", "", "new")]), CommitError::NotAFile { .. }));
    // Root may write into any folder.
    fs::set_permissions(root.join("closed"), Permissions::from_mode(0o555)).unwrap();
    if fs::write(root.join("closed/probe"), "").is_err() {
        let error = refused(root, &[change("closed/x.yml", "old", "new")]);
        assert!(matches!(&error, CommitError::ReadOnly { path } if path == "closed"), "{error}");
    }
    fs::set_permissions(root.join("closed"), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let folder = checkout(&[]);
    symlink("nowhere.yml", folder.path().join("a.yml")).unwrap();
    let error = refused(folder.path(), &[make("a.yml", "new")]);
    assert!(matches!(error, CommitError::Io { .. }), "{error}");
}
