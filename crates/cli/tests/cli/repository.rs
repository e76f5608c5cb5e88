//! Checkouts in a real git repository.

use std::process::Command;

use crate::machine::Machine;

/// A checkout whose files are committed on the branch `main`.
pub fn committed(machine: Machine) -> Machine {
    git(&machine, &["init", "--quiet", "--initial-branch", "main"]);
    git(&machine, &["config", "user.name", "A Person"]);
    git(&machine, &["config", "user.email", "person@example.org"]);
    machine.write(".gitignore", ".env*\n");
    commit_all(&machine, "The shop");
    machine
}

/// Commits all that is there.
pub fn commit_all(machine: &Machine, message: &str) {
    git(machine, &["add", "--all"]);
    git(machine, &["commit", "--quiet", "--message", message]);
}

/// What git says; it must go well.
pub fn git(machine: &Machine, words: &[&str]) -> String {
    let (succeeded, said) = try_git(machine, words);
    assert!(succeeded, "git {words:?}: {said}");
    said
}

/// Whether it goes well, and what git says.
pub fn try_git(machine: &Machine, words: &[&str]) -> (bool, String) {
    let output = machine.spell(Command::new("git"), words).output().unwrap();
    let said = [output.stdout, output.stderr]
        .map(|text| String::from_utf8(text).unwrap())
        .concat();
    (output.status.success(), said)
}
