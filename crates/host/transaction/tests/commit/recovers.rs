//! What a killed process left is completed, unless a person changed the files since.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use transaction::{
    Digest, FileConflict, Lock, RecoverOptions, Transaction, TransactionError, is_pending, recover,
};

use crate::{NONE, change, checkout, make, names, remove, text};

const FILES: [(&str, &str); 3] = [("a.yml", "old a"), ("b.yml", "old b"), ("c.yml", "old c")];

/// As after a kill behind the first file: the journal is there, the rest is as before.
fn half_done() -> TempDir {
    let folder = checkout(&FILES);
    let root = folder.path();
    let writes = [
        change("a.yml", "old a", "new a"),
        change("b.yml", "old b", "new b"),
        remove("c.yml", "old c"),
        make("compose/ledger/5.1.yaml", "record"),
    ];
    let prepared = Transaction::prepare(root, &writes).unwrap();
    // A folder where the record's temporary file would be keeps the commit from its end, as a kill
    // would.
    let lock = Lock::take(root, NONE).unwrap();
    let stone = root.join("compose/ledger/.5.1.yaml.xtask-new");
    fs::create_dir(&stone).unwrap();
    let error = prepared.apply(&lock, "5.1 a story").unwrap_err();
    assert!(matches!(error, TransactionError::Unfinished(_)), "{error}");
    fs::remove_dir(stone).unwrap();
    fs::write(root.join("b.yml"), "old b").unwrap();
    fs::write(root.join("c.yml"), "old c").unwrap();
    folder
}

fn is_done(root: &Path) {
    assert_eq!(
        (
            text(root, "a.yml").as_str(),
            text(root, "compose/ledger/5.1.yaml").as_str()
        ),
        ("new a", "record")
    );
    assert!(!root.join("c.yml").exists());
    assert_eq!(
        names(&root.join("compose/ledger")),
        [".gitignore", "5.1.yaml"]
    );
    assert!(
        !is_pending(root)
            && recover(root, NONE, &RecoverOptions::default())
                .unwrap()
                .is_none()
    );
}

#[test]
fn forwards() {
    let folder = half_done();
    let recovered = recover(folder.path(), NONE, &RecoverOptions::default())
        .unwrap()
        .unwrap();
    let line = "Finished what an interrupted run had begun: 5.1 a story (3 of 4 files were still to be written).";
    assert_eq!(recovered.to_string(), line);
    assert_eq!(text(folder.path(), "b.yml"), "new b");
    is_done(folder.path());
}

#[test]
fn what_had_not_begun_is_cleaned_up() {
    let folder = checkout(&FILES);
    let root = folder.path();
    fs::create_dir_all(root.join("compose/ledger")).unwrap();
    fs::write(
        root.join("compose/ledger/..journal.xtask-new"),
        "{\"format\":1,\"wh",
    )
    .unwrap();
    let recovered = recover(root, NONE, &RecoverOptions::default())
        .unwrap()
        .unwrap();
    assert_eq!(
        recovered.to_string(),
        "Cleaned up after an interrupted run; it had changed nothing."
    );
    assert!(names(&root.join("compose/ledger")).is_empty());
}

#[test]
fn a_file_that_was_changed_since_is_a_conflict() {
    let folder = half_done();
    let root = folder.path();
    fs::write(root.join("b.yml"), "mine").unwrap();
    let error = recover(root, NONE, &RecoverOptions::default()).unwrap_err();
    let TransactionError::Conflict { files, .. } = &error else {
        panic!("{error}")
    };
    let [before, after, now] = ["old b", "new b", "mine"].map(|text| Some(Digest::of(text)));
    assert_eq!(
        *files,
        [FileConflict {
            path: "b.yml".into(),
            before,
            after,
            now
        }]
    );
    for word in [
        "cargo xtask recover --keep b.yml",
        "cargo xtask recover --take b.yml",
        "5.1 a story",
    ] {
        assert!(error.to_string().contains(word), "{error}");
    }
    assert_eq!(
        (text(root, "b.yml").as_str(), text(root, "c.yml").as_str()),
        ("mine", "old c"),
        "nothing is written"
    );
}

#[test]
fn the_conflict_is_settled_either_way() {
    let folder = half_done();
    fs::write(folder.path().join("b.yml"), "mine").unwrap();
    let settle = RecoverOptions {
        keep: vec!["b.yml".into()],
        ..RecoverOptions::default()
    };
    recover(folder.path(), NONE, &settle).unwrap().unwrap();
    assert_eq!(text(folder.path(), "b.yml"), "mine");
    is_done(folder.path());

    let folder = half_done();
    fs::write(folder.path().join("b.yml"), "mine").unwrap();
    let settle = RecoverOptions {
        take: vec!["b.yml".into()],
        ..RecoverOptions::default()
    };
    recover(folder.path(), NONE, &settle).unwrap().unwrap();
    assert_eq!(
        (
            text(folder.path(), "b.yml"),
            text(folder.path(), "b.yml.yours")
        ),
        ("new b".into(), "mine".into())
    );
    assert_eq!(
        folder.path().join("b.yml.yours").metadata().unwrap().mode() & 0o777,
        0o600
    );
    is_done(folder.path());
}

#[test]
fn a_journal_that_cannot_be_used_is_told() {
    let folder = half_done();
    let journal = folder.path().join("compose/ledger/.journal");
    let whole = fs::read_to_string(&journal).unwrap();
    for broken in [
        "",
        "{}",
        &whole.replace("new b", "New b"),
        &whole.replace("\"format\":1", "\"format\":2"),
    ] {
        fs::write(&journal, broken).unwrap();
        let error = recover(folder.path(), NONE, &RecoverOptions::default()).unwrap_err();
        assert!(matches!(error, TransactionError::Journal { .. }), "{error}");
        assert_eq!(text(folder.path(), "b.yml"), "old b");
    }
}

#[test]
fn what_stands_in_the_way_can_be_cleared_away() {
    let folder = checkout(&FILES);
    let root = folder.path();
    let prepared = Transaction::prepare(root, &[change("a.yml", "old a", "new a")]).unwrap();
    fs::create_dir_all(root.join("compose/ledger/.a.yml.xtask-new")).unwrap();
    let error = prepared
        .apply(&Lock::take(root, NONE).unwrap(), "a test")
        .unwrap_err();
    assert!(matches!(error, TransactionError::Unfinished(_)), "{error}");
    fs::remove_dir(root.join("compose/ledger/.a.yml.xtask-new")).unwrap();
    recover(root, NONE, &RecoverOptions::default())
        .unwrap()
        .unwrap();
    assert_eq!(text(root, "a.yml"), "new a");
}

#[test]
fn git_ignores_what_is_left() {
    let folder = half_done();
    let root = folder.path();
    let git = |words: &[&str]| {
        let output = Command::new("git")
            .args(words)
            .current_dir(root)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    fs::write(
        root.join("compose/ledger/.docker-compose.yml.xtask-new"),
        "half of i",
    )
    .unwrap();
    let left = git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(
        left,
        "?? a.yml\n?? b.yml\n?? c.yml\n?? compose/ledger/.gitignore\n"
    );
}
