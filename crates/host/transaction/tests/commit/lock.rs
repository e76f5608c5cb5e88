//! One writer at a time.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use transaction::{CheckoutWriter, Lock, LockOptions, TransactionError};

use crate::{NONE, change, checkout, commit, names};

#[test]
fn a_second_one_is_told_who_has_it() {
    let folder = checkout(&[("a.yml", "old")]);
    let lock = Lock::take(folder.path(), NONE).unwrap();
    let error = commit(folder.path(), &[change("a.yml", "old", "new")]).unwrap_err();
    let TransactionError::Busy {
        holder: Some(holder),
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(holder.pid, std::process::id());
    assert!(
        error
            .to_string()
            .contains(&format!("process {} (cargo xtask", holder.pid)),
        "{error}"
    );
    drop(lock);
    commit(folder.path(), &[change("a.yml", "old", "new")]).unwrap();
    assert_eq!(
        names(folder.path()),
        ["a.yml"],
        "nobody has it any more, and nothing is left of it"
    );
}

#[test]
fn a_second_one_waits_and_says_so_once() {
    static TOLD: AtomicUsize = AtomicUsize::new(0);
    let folder = checkout(&[]);
    let lock = Lock::take(folder.path(), NONE).unwrap();
    let start = Instant::now();
    thread::scope(|scope| {
        let tell = |line: &str| {
            assert!(
                line.starts_with("Waiting up to 10 s for process "),
                "{line}"
            );
            TOLD.fetch_add(1, Ordering::Relaxed);
        };
        let patience = LockOptions {
            limit: Duration::from_secs(10),
            tell,
            is_tracked: |_, _| false,
        };
        let second = scope.spawn(move || Lock::take(folder.path(), patience).map(drop));
        // It waits when it says so, and not before.
        while TOLD.load(Ordering::Relaxed) == 0 {
            assert!(
                start.elapsed() < Duration::from_secs(9),
                "it does not say that it waits"
            );
            thread::sleep(Duration::from_millis(10));
        }
        drop(lock);
        second.join().unwrap().unwrap();
    });
    assert_eq!(TOLD.load(Ordering::Relaxed), 1);
}

#[test]
fn a_lock_whose_file_was_cleaned_away_is_none() {
    let folder = checkout(&[]);
    let old = Lock::take(folder.path(), NONE).unwrap();
    fs::remove_file(folder.path().join("compose/ledger/.lock")).unwrap();
    let new = Lock::take(folder.path(), NONE).unwrap();
    assert!(Lock::take(folder.path(), NONE).is_err());
    drop(old);
    assert!(
        Lock::take(folder.path(), NONE).is_err(),
        "it does not take the new one along"
    );
    drop(new);
    Lock::take(folder.path(), NONE).unwrap();
}

/// What somebody else put there is left alone, and so are folders that were there.
#[test]
fn only_what_was_made_for_it_goes_with_it() {
    let folder = checkout(&[("compose/stack.yaml", "{}")]);
    let root = folder.path();
    drop(Lock::take(root, NONE).unwrap());
    assert_eq!(names(&root.join("compose")), ["stack.yaml"]);
    let lock = Lock::take(root, NONE).unwrap();
    fs::write(root.join("compose/ledger/5.1.yaml"), "a record").unwrap();
    drop(lock);
    assert_eq!(
        names(&root.join("compose/ledger")),
        [".gitignore", "5.1.yaml"]
    );
    fs::remove_file(root.join("compose/ledger/5.1.yaml")).unwrap();
    drop(Lock::take(root, NONE).unwrap());
    assert_eq!(
        names(&root.join("compose/ledger")),
        [".gitignore"],
        "it was there before"
    );
}

/// Each takes away what it made while others make the same anew.
#[test]
fn one_after_the_other_in_a_folder_that_comes_and_goes() {
    static WITHIN: AtomicUsize = AtomicUsize::new(0);
    let folder = checkout(&[]);
    let patience = LockOptions {
        limit: Duration::from_secs(60),
        tell: |_| {},
        is_tracked: |_, _| false,
    };
    let work = || {
        for _ in 0..25 {
            let lock = Lock::take(folder.path(), patience).unwrap();
            assert_eq!(WITHIN.fetch_add(1, Ordering::SeqCst), 0, "two have it");
            assert!(folder.path().join("compose/ledger/.gitignore").is_file());
            WITHIN.fetch_sub(1, Ordering::SeqCst);
            drop(lock);
        }
    };
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(work))));
    // The folder stays where one that did not make it was the last; git does not see an empty one.
    let ledger = folder.path().join("compose/ledger");
    assert!(
        !ledger.exists() || names(&ledger).is_empty(),
        "{:?}",
        names(&ledger)
    );
}

#[test]
fn nothing_is_touched_before_the_first_commit() {
    let folder = checkout(&[("a.yml", "old")]);
    let mut writer = CheckoutWriter::new(folder.path(), NONE);
    assert!(
        writer
            .commit("a test", &[change("a.yml", "other", "new")])
            .is_err()
    );
    assert_eq!(names(folder.path()), ["a.yml"]);
    assert!(!writer.is_locked());
    writer
        .commit("a test", &[change("a.yml", "old", "new")])
        .unwrap();
    assert!(writer.is_locked() && Lock::take(folder.path(), NONE).is_err());
}
