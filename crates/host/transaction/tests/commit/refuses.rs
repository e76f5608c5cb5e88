//! What is in the way is named before the first byte.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use transaction::{Digest, Lock, Transaction, TransactionError};

use crate::{NONE, change, checkout, commit, make, names, refused, text};

#[test]
fn what_changed_since_it_was_read() {
    let folder = checkout(&[("a.yml", "theirs"), ("b.yml", "old")]);
    let root = folder.path();
    let changed = refused(
        root,
        &[change("b.yml", "old", "new"), change("a.yml", "old", "new")],
    );
    let told = changed.to_string();
    for word in [
        "a.yml was changed",
        &Digest::of("old").short(),
        &Digest::of("theirs").short(),
    ] {
        assert!(told.contains(word), "{told}");
    }
    assert_eq!(
        (text(root, "a.yml").as_str(), text(root, "b.yml").as_str()),
        ("theirs", "old")
    );
    assert!(matches!(
        refused(root, &[make("a.yml", "new")]),
        TransactionError::Appeared { .. }
    ));
    assert!(matches!(
        refused(root, &[change("c.yml", "old", "new")]),
        TransactionError::Gone { .. }
    ));
}

#[test]
fn what_changes_between_the_look_and_the_lock() {
    let folder = checkout(&[("a.yml", "old"), ("b.yml", "old"), ("c.yml", "old")]);
    let root = folder.path();
    let writes = ["a.yml", "b.yml", "c.yml"].map(|path| change(path, "old", "new"));
    let prepared = Transaction::prepare(root, &writes).unwrap();
    fs::write(root.join("b.yml"), "theirs").unwrap();
    let error = prepared
        .apply(&Lock::take(root, NONE).unwrap(), "a test")
        .unwrap_err();
    assert!(
        matches!(&error, TransactionError::Changed { path, .. } if path == "b.yml"),
        "{error}"
    );
    assert_eq!(
        ["a.yml", "b.yml", "c.yml"].map(|path| text(root, path)),
        ["old", "theirs", "old"]
    );
    assert_eq!(names(root), ["a.yml", "b.yml", "c.yml"], "nothing stays");
}

#[test]
fn what_leaves_the_checkout() {
    let (folder, outside) = (checkout(&[("in", "")]), checkout(&[("a.yml", "old")]));
    let root = folder.path();
    symlink(outside.path().join("a.yml"), root.join("link.yml")).unwrap();
    symlink(outside.path(), root.join("folder")).unwrap();
    let absolute = outside.path().join("a.yml").display().to_string();
    for path in [
        "link.yml",
        "folder/a.yml",
        "folder/new.yml",
        "../x.yml",
        "in/../../x.yml",
        absolute.as_str(),
    ] {
        let error = refused(root, &[change(path, "old", "new")]);
        assert!(
            matches!(error, TransactionError::LeavesCheckout { .. }),
            "{path}: {error}"
        );
    }
    assert_eq!(names(outside.path()), ["a.yml"]);
}

#[test]
fn a_ledger_that_leaves_the_checkout() {
    let (folder, outside) = (
        checkout(&[("compose/x", ""), ("a.yml", "old")]),
        checkout(&[]),
    );
    symlink(outside.path(), folder.path().join("compose/ledger")).unwrap();
    let error = refused(folder.path(), &[change("a.yml", "old", "new")]);
    assert!(
        matches!(error, TransactionError::LeavesCheckout { .. }),
        "{error}"
    );
    assert!(names(outside.path()).is_empty());
}

/// A file as a shell takes it that stands where this test does.
fn named_from_here(root: &Path, name: &str) -> String {
    system::here::quoted(&root.canonicalize().unwrap().join(name))
}

#[test]
fn what_a_rename_would_break_silently() {
    let folder = checkout(&[
        ("a.yml", "old"),
        ("hard.yml", "old"),
        ("folder/x", ""),
        ("closed/x.yml", "old"),
    ]);
    let root = folder.path();
    fs::hard_link(root.join("hard.yml"), root.join("other.yml")).unwrap();
    fs::set_permissions(root.join("a.yml"), Permissions::from_mode(0o444)).unwrap();
    let read_only = refused(root, &[change("a.yml", "old", "new")]);
    assert_eq!(
        read_only.to_string(),
        format!(
            "a.yml is read-only; allow writing: chmod u+w {}",
            named_from_here(root, "a.yml")
        )
    );
    let hard = refused(root, &[change("hard.yml", "old", "new")]);
    assert!(
        matches!(hard, TransactionError::HardLink { links: 2, .. }),
        "{hard}"
    );
    assert!(matches!(
        refused(root, &[change("folder", "", "new")]),
        TransactionError::NotAFile { .. }
    ));
    // Root may write into any folder.
    fs::set_permissions(root.join("closed"), Permissions::from_mode(0o555)).unwrap();
    if fs::write(root.join("closed/probe"), "").is_err() {
        let error = refused(root, &[change("closed/x.yml", "old", "new")]);
        assert!(
            matches!(&error, TransactionError::ReadOnly { path, .. } if path == "closed"),
            "{error}"
        );
    }
    fs::set_permissions(root.join("closed"), Permissions::from_mode(0o755)).unwrap();
}

fn attribute(flag: &str, path: &Path) -> bool {
    Command::new("chattr")
        .arg(flag)
        .arg(path)
        .output()
        .is_ok_and(|output| output.status.success())
}

#[test]
fn what_not_even_root_may_write() {
    for (set, unset) in [("+i", "-i"), ("+a", "-a")] {
        let folder = checkout(&[("a.yml", "old"), ("kept/b.yml", "old")]);
        let root = folder.path();
        let ours = [root.join("a.yml"), root.join("kept")];
        if !ours.iter().all(|path| attribute(set, path)) {
            eprintln!(
                "SKIPPED: files cannot be made immutable here (root, chattr and a disk that knows it)"
            );
            return;
        }
        let refusals = [("a.yml", "a.yml"), ("kept/b.yml", "kept")];
        let told = refusals.map(|(path, named)| {
            (
                commit(root, &[change(path, "old", "new")]).unwrap_err(),
                named,
            )
        });
        ours.iter().for_each(|path| assert!(attribute(unset, path)));
        for (error, named) in told {
            let is_told = match &error {
                TransactionError::Immutable { path, .. } => set == "+i" && path == named,
                TransactionError::AppendOnly { path, .. } => set == "+a" && path == named,
                _ => false,
            };
            assert!(is_told, "{error}");
        }
        assert_eq!(
            (
                text(root, "a.yml").as_str(),
                text(root, "kept/b.yml").as_str()
            ),
            ("old", "old")
        );
    }
}

#[test]
fn a_link_that_leads_nowhere() {
    let folder = checkout(&[]);
    symlink("nowhere.yml", folder.path().join("a.yml")).unwrap();
    let error = refused(folder.path(), &[make("a.yml", "new")]);
    let link = named_from_here(folder.path(), "a.yml");
    assert!(
        error
            .to_string()
            .ends_with(&format!("/nowhere.yml; remove it: rm {link}")),
        "{error}"
    );
}
