//! `migrate --commit`: what keeps git from committing is told before the first write, and no story
//! gets into another's commit.

use std::fs;

use crate::machine::{Machine, Said};
use crate::repository::{commit_all, committed, git, try_git};
use crate::stand_in::script;

const COMMIT: &[&str] = &["migrate", "--commit"];

fn shop() -> Machine {
    committed(Machine::with_shop())
}

/// Runs the binary, which must end with `code`, say all of `words` and leave every file; git may
/// look at its index.
fn refuses(machine: &Machine, args: &[&str], code: i32, words: &[&str]) -> Said {
    let files = |machine: &Machine| {
        let mut files = machine.contents();
        files.retain(|path, _| !path.starts_with(".git"));
        files
    };
    let before = files(machine);
    let said = machine.xtask(args).with(code).says(words);
    assert!(files(machine) == before, "the checkout changed: {said}");
    said
}

/// The subjects of the newest commits, and that nothing is left over.
fn commits(machine: &Machine, expected: &[&str]) {
    let subjects = git(machine, &["log", "--format=%s", "--reverse"]);
    assert_eq!(subjects.lines().collect::<Vec<_>>(), expected);
    assert_eq!(git(machine, &["status", "--porcelain"]), "");
}

/// The command that a message gives behind `label`.
fn command(told: &str, label: &str) -> String {
    let line = told
        .lines()
        .find_map(|line| line.trim_start().strip_prefix(label));
    line.unwrap_or_else(|| panic!("no {label} in {told}"))
        .trim()
        .to_owned()
}

fn paste(machine: &Machine, command: &str) {
    let output = machine
        .spell(std::process::Command::new("sh"), &["-c", command])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

const STORIES: [&str; 5] = [
    "The shop",
    "5.1 Redis data volume",
    "5.2 Redis 7",
    "5.3 Backend health check",
    "5.4 Frontend waits for a healthy backend",
];

#[test]
fn it_wants_git() {
    refuses(
        &Machine::with_shop(),
        COMMIT,
        2,
        &["--commit", "no git repository"],
    );
}

#[test]
fn who_commits_must_be_known() {
    let machine = shop();
    git(&machine, &["config", "--unset", "user.name"]);
    git(&machine, &["config", "--unset", "user.email"]);
    git(&machine, &["config", "user.useConfigOnly", "true"]);
    let words = [
        "git would not commit here: it does not know who commits",
        "git config user.name",
        "Nothing was written",
    ];
    let said = refuses(&machine, COMMIT, 1, &words);
    paste(&machine, &command(&said.stderr, "Mend it:"));
    machine.xtask(COMMIT).with(0).says(&["Applied 4 stories"]);
    commits(&machine, &STORIES);
}

#[test]
fn nothing_else_must_be_in_progress() {
    let machine = shop();
    git(&machine, &["switch", "--quiet", "--create", "other"]);
    machine.write("notes.txt", "theirs\n");
    commit_all(&machine, "Theirs");
    git(&machine, &["switch", "--quiet", "main"]);
    machine.write("notes.txt", "ours\n");
    commit_all(&machine, "Ours");
    let begun: [(&[&str], &str); 3] = [
        (&["merge", "other"], "a merge is in progress"),
        (&["rebase", "other"], "a rebase is in progress"),
        (&["cherry-pick", "other"], "a cherry-pick is in progress"),
    ];
    for (words, told) in begun {
        assert!(!try_git(&machine, words).0, "{words:?} conflicts");
        let abort = format!("git {} --abort", words[0]);
        refuses(&machine, COMMIT, 1, &[told, &abort, "Nothing was written"]);
        paste(&machine, &abort);
    }
    machine.xtask(COMMIT).with(0);
}

#[test]
fn gits_lock_must_be_free() {
    let machine = shop();
    machine.write(".git/index.lock", "");
    let said = refuses(
        &machine,
        COMMIT,
        1,
        &["another git is at work", "Nothing was written"],
    );
    paste(
        &machine,
        command(&said.stderr, "Mend it:")
            .split("   ")
            .next()
            .unwrap(),
    );
    machine.xtask(COMMIT).with(0);
}

#[test]
fn git_must_take_the_files() {
    let machine = shop();
    machine.write(".gitignore", ".env*\ncompose/\n");
    commit_all(&machine, "Ignore too much");
    refuses(
        &machine,
        COMMIT,
        1,
        &[
            "it does not take the files",
            "compose/ledger",
            "check-ignore -v",
            "Nothing was written",
        ],
    );
    machine.xtask(&["migrate"]).with(0);
}

#[test]
fn a_repository_without_a_working_tree_is_none() {
    let machine = shop();
    git(&machine, &["config", "core.bare", "true"]);
    refuses(
        &machine,
        COMMIT,
        1,
        &["there is no working tree here", "Nothing was written"],
    );
}

#[test]
fn a_file_that_git_does_not_know_belongs_to_no_story() {
    let machine = Machine::with_shop();
    git(&machine, &["init", "--quiet", "--initial-branch", "main"]);
    git(&machine, &["config", "user.name", "A Person"]);
    git(&machine, &["config", "user.email", "person@example.org"]);
    refuses(
        &machine,
        COMMIT,
        1,
        &[
            "docker-compose.yml",
            "not committed",
            "--allow-dirty",
            "Nothing was written",
        ],
    );
}

#[test]
fn no_branch_is_told() {
    let machine = shop();
    git(&machine, &["checkout", "--quiet", "--detach"]);
    machine
        .xtask(COMMIT)
        .with(0)
        .says(&["git is on no branch", "git switch -c NAME"]);
}

#[test]
fn a_hook_that_refuses_ends_the_run_and_the_story_gets_its_own_commit() {
    let machine = shop();
    let hook = machine.root().join(".git/hooks/pre-commit");
    script(&hook, "#!/bin/sh\necho not on a Friday\nexit 1\n");
    let words = [
        "5.1 Redis data volume: written, but git does not commit it",
        "not on a Friday",
        "applied and recorded, and not committed",
        "cargo xtask migrate --commit",
    ];
    let said = machine.xtask(COMMIT).with(1).says(&words);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["3 stories to apply"]);
    let by_hand = command(&said.stderr, "Commit it:");
    machine
        .xtask(&["status", "--last"])
        .with(1)
        .says(&[&format!("Next: {by_hand}")]);
    fs::remove_file(hook).unwrap();
    for args in [COMMIT, &["migrate", "--commit", "--allow-dirty"]] {
        let words = [
            "applied and not committed: 5.1 Redis data volume",
            "Nothing was written",
        ];
        let again = refuses(&machine, args, 1, &words);
        assert_eq!(command(&again.stderr, "Commit it:"), by_hand);
    }
    paste(&machine, &by_hand);
    machine.xtask(COMMIT).with(0).says(&["Applied 3 stories"]);
    commits(&machine, &STORIES);
}

#[test]
fn a_story_that_was_applied_without_a_commit_is_committed_first() {
    let machine = shop();
    machine.xtask(&["migrate", "--to", "5.2"]).with(0);
    let words = [
        "applied and not committed: 5.1 Redis data volume and 5.2 Redis 7",
        "Nothing was written",
    ];
    let said = refuses(
        &machine,
        &["migrate", "--commit", "--allow-dirty"],
        1,
        &words,
    );
    paste(&machine, &command(&said.stderr, "Commit it:"));
    machine.xtask(COMMIT).with(0).says(&["Applied 2 stories"]);
    commits(
        &machine,
        &["The shop", "5.1 Redis data volume", STORIES[3], STORIES[4]],
    );
}

#[test]
fn what_is_as_in_the_last_commit_needs_none() {
    let machine = shop();
    machine.xtask(COMMIT).with(0);
    machine.xtask(&["revert", "5.4"]).with(0);
    machine.xtask(COMMIT).with(0).says(&["Applied 1 story"]);
    commits(&machine, &STORIES);
}

#[test]
fn a_story_that_was_taken_back_without_a_commit_is_committed_first() {
    let machine = shop();
    machine.xtask(COMMIT).with(0);
    machine.xtask(&["revert", "--to", "5.2"]).with(0);
    let taken_back = format!(
        "taken back and not committed: {} and {}",
        STORIES[3], STORIES[4]
    );
    let said = refuses(&machine, COMMIT, 1, &[&taken_back, "Nothing was written"]);
    paste(&machine, &command(&said.stderr, "Commit it:"));
    machine.xtask(COMMIT).with(0).says(&["Applied 2 stories"]);
    commits(
        &machine,
        &[
            &STORIES[..],
            &["Revert 5.3 Backend health check", STORIES[3], STORIES[4]],
        ]
        .concat(),
    );
}

#[test]
fn so_is_one_that_is_kept_out() {
    let machine = shop();
    machine
        .xtask(&["migrate", "--commit", "--to", "5.1"])
        .with(0);
    machine
        .xtask(&["revert", "5.1", "--skip", "not here"])
        .with(0);
    let said = refuses(
        &machine,
        COMMIT,
        1,
        &["taken back and not committed: 5.1 Redis data volume;"],
    );
    paste(&machine, &command(&said.stderr, "Commit it:"));
    machine.xtask(COMMIT).with(0).says(&["Applied 3 stories"]);
    commits(
        &machine,
        &[
            &STORIES[..2],
            &["Revert 5.1 Redis data volume"],
            &STORIES[2..],
        ]
        .concat(),
    );
}
