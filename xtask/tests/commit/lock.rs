//! One writer at a time.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::{NONE, change, checkout, commit, names};
use xtask::commit::{CommitError, Lock, Patience, Pen};

#[test]
fn a_second_one_is_told_who_has_it() {
    let folder = checkout(&[("a.yml", "old")]);
    let lock = Lock::take(folder.path(), NONE).unwrap();
    let error = commit(folder.path(), &[change("a.yml", "old", "new")]).unwrap_err();
    let CommitError::Busy { holder: Some(holder), .. } = &error else { panic!("{error}") };
    assert_eq!(holder.pid, std::process::id());
    assert!(error.to_string().contains(&format!("process {} (cargo xtask", holder.pid)), "{error}");
    drop(lock);
    commit(folder.path(), &[change("a.yml", "old", "new")]).unwrap();
    assert_eq!(fs::read(folder.path().join("compose/ledger/.lock")).unwrap(), b"", "nobody has it any more");
}

#[test]
fn a_second_one_waits_and_says_so_once() {
    static TOLD: AtomicUsize = AtomicUsize::new(0);
    let folder = checkout(&[]);
    let lock = Lock::take(folder.path(), NONE).unwrap();
    let start = Instant::now();
    thread::scope(|scope| {
        let tell = |line: &str| {
            assert!(line.starts_with("Waiting up to 10 s for process "), "{line}");
            TOLD.fetch_add(1, Ordering::Relaxed);
        };
        let patience = Patience { limit: Duration::from_secs(10), tell };
        let second = scope.spawn(move || Lock::take(folder.path(), patience).map(drop));
        // It waits when it says so, and not before.
        while TOLD.load(Ordering::Relaxed) == 0 {
            assert!(start.elapsed() < Duration::from_secs(9), "it does not say that it waits");
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
    drop((old, new));
}

#[test]
fn nothing_is_touched_before_the_first_commit() {
    let folder = checkout(&[("a.yml", "old")]);
    let mut pen = Pen::new(folder.path(), NONE);
    assert!(pen.commit("a test", &[change("a.yml", "other", "new")]).is_err());
    assert_eq!(names(folder.path()), ["a.yml"]);
    assert!(!pen.is_locked());
    pen.commit("a test", &[change("a.yml", "old", "new")]).unwrap();
    assert!(pen.is_locked() && Lock::take(folder.path(), NONE).is_err());
}
