//! The machine's memory: it speeds things up and may vanish at any time.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use compose_stories::state::State;

#[test]
fn what_passed_is_known_in_the_next_run() {
    let (base, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let state = || State::below(base.path(), root.path());
    assert!(!state().checks().passed("a"));
    assert!(
        !state().folder().unwrap().exists(),
        "looking creates nothing"
    );
    state().checks().remember("a");
    assert!(state().checks().passed("a"));
    assert!(!state().checks().passed("b"));
}

#[test]
fn every_checkout_has_a_private_folder_of_its_own() {
    let (base, one, two) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    State::below(base.path(), one.path()).checks().remember("a");
    assert!(!State::below(base.path(), two.path()).checks().passed("a"));
    let folder = State::below(base.path(), one.path())
        .folder()
        .unwrap()
        .to_owned();
    assert_eq!(
        folder.metadata().unwrap().permissions().mode() & 0o777,
        0o700
    );
    assert_eq!(folder.file_name().unwrap().len(), 16);
    let through_a_link = base.path().join("link");
    std::os::unix::fs::symlink(one.path(), &through_a_link).unwrap();
    assert_eq!(
        State::below(base.path(), &through_a_link).folder().unwrap(),
        folder
    );
}

#[test]
fn a_damaged_memory_is_an_empty_one() {
    let (base, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let state = State::below(base.path(), root.path());
    state.checks().remember("a");
    fs::write(state.folder().unwrap().join("checks.json"), "{\"a\": [").unwrap();
    let mut checks = state.checks();
    assert!(!checks.passed("a"));
    checks.remember("b");
    assert!(state.checks().passed("b"));
}

#[test]
fn it_does_not_grow_for_ever() {
    let (base, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let state = State::below(base.path(), root.path());
    let mut checks = state.checks();
    (0..510).for_each(|number| checks.remember(&number.to_string()));
    let kept = (0..510)
        .filter(|number| state.checks().passed(&number.to_string()))
        .count();
    assert_eq!(kept, 500);
    assert_eq!(
        fs::read_dir(state.folder().unwrap()).unwrap().count(),
        1,
        "nothing temporary stays"
    );
}

#[test]
fn a_place_that_cannot_be_written_is_no_failure() {
    let (base, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(base.path().join("file"), "").unwrap();
    let state = State::below(&base.path().join("file"), root.path());
    state.checks().remember("a");
    assert!(!state.checks().passed("a"));
}
