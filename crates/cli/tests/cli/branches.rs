//! Two branches, merged by git.

use crate::bad_input::refuses;
use crate::machine::Machine;
use crate::repository::{commit_all, committed, git, try_git};

/// Two branches of one checkout, each with its work committed; `other` is checked out.
fn branches(one: impl FnOnce(&Machine), other: impl FnOnce(&Machine)) -> Machine {
    let machine = committed(Machine::with_shop());
    git(&machine, &["checkout", "--quiet", "-b", "one"]);
    one(&machine);
    commit_all(&machine, "One");
    git(&machine, &["checkout", "--quiet", "-b", "other", "main"]);
    other(&machine);
    commit_all(&machine, "Other");
    machine
}

fn only(id: &'static str) -> impl FnOnce(&Machine) {
    move |machine| drop(machine.xtask(&["migrate", "--only", id]).with(0))
}

fn ends_well(machine: &Machine) {
    machine.xtask(&["migrate", "--allow-dirty"]).with(0);
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["Up to date in local and prod: 4 stories applied"]);
    machine
        .xtask(&["ledger", "rebuild", "--dry-run"])
        .with(0)
        .says(&["The records say what the files say"]);
}

#[test]
fn different_stories_merge_and_migrate_finds_the_rest() {
    let machine = branches(only("5.1"), only("5.3"));
    git(&machine, &["merge", "--quiet", "--no-edit", "one"]);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["2 stories to apply"]);
    machine
        .xtask(&["ledger", "rebuild", "--dry-run"])
        .with(0)
        .says(&["The records say what the files say"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 2 stories"]);
    ends_well(&machine);
}

#[test]
fn every_two_stories_never_conflict_in_the_ledger() {
    for (one, other) in [("5.1", "5.2"), ("5.1", "5.3"), ("5.2", "5.3")] {
        let machine = branches(only(one), only(other));
        try_git(&machine, &["merge", "--quiet", "--no-edit", "one"]);
        let conflicts = git(&machine, &["diff", "--name-only", "--diff-filter=U"]);
        assert!(
            !conflicts.contains("compose/ledger"),
            "{one} and {other}: {conflicts}"
        );
    }
}

#[test]
fn the_same_story_on_both_gives_equal_bytes() {
    let machine = branches(only("5.1"), only("5.1"));
    assert_eq!(git(&machine, &["diff", "--stat", "one", "other"]), "");
    git(&machine, &["merge", "--quiet", "--no-edit", "one"]);
    ends_well(&machine);
}

#[test]
fn a_conflict_in_a_compose_file_is_resolved_and_migrate_goes_on() {
    let by_hand = |machine: &Machine| {
        machine.replace(
            "docker-compose.yml",
            "      - \"6379:6379\"\n",
            "      - \"6379:6379\"\n    restart: always\n",
        );
    };
    let machine = branches(only("5.1"), by_hand);
    let (clean, said) = try_git(&machine, &["merge", "--no-edit", "one"]);
    assert!(!clean, "{said}");
    refuses(
        &machine,
        &["migrate"],
        2,
        &["docker-compose.yml", "conflict"],
    );
    let ours = git(&machine, &["show", "other:docker-compose.yml"]);
    // The story's lines are lost in the resolution.
    machine.write("docker-compose.yml", ours);
    commit_all(&machine, "Merged");
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["3 stories to apply", "1 story drifted"]);
    machine.xtask(&["migrate", "--reapply"]).with(0);
    ends_well(&machine);
}

#[test]
fn a_record_with_conflict_markers_is_rebuilt() {
    let on = |environment: &'static str| {
        move |machine: &Machine| {
            drop(
                machine
                    .xtask(&["migrate", "--only", "5.1", "-e", environment])
                    .with(0),
            )
        }
    };
    let machine = branches(on("local"), on("prod"));
    let (clean, said) = try_git(&machine, &["merge", "--no-edit", "one"]);
    assert!(!clean && said.contains("compose/ledger/5.1"), "{said}");
    refuses(
        &machine,
        &["status"],
        2,
        &["git conflict markers", "cargo xtask ledger rebuild"],
    );
    machine
        .xtask(&["ledger", "rebuild", "--yes"])
        .with(0)
        .says(&["Wrote 1 record"]);
    let record = machine.read("compose/ledger/5.1-redis-data-volume.yaml");
    assert!(
        record.contains("local:") && record.contains("prod:") && !record.contains("<<<<"),
        "{record}"
    );
    // Both sides are known: who did the work, and how it is undone.
    assert!(
        record.matches("state: applied").count() == 2
            && record.matches("item: redis_data:/data").count() == 2,
        "{record}"
    );
    commit_all(&machine, "Merged");
    ends_well(&machine);
}

#[test]
fn a_teams_word_survives_a_conflict_in_its_record() {
    let on = |environment: &'static str, words: &'static [&'static str]| {
        let words = [words, &["-e", environment]].concat();
        move |machine: &Machine| drop(machine.xtask(&words).with(0))
    };
    let skip = on("prod", &["skip", "5.1", "--reason", "a cache and no more"]);
    let machine = branches(on("local", &["migrate", "--only", "5.1"]), skip);
    let (clean, said) = try_git(&machine, &["merge", "--no-edit", "one"]);
    assert!(!clean && said.contains("compose/ledger/5.1"), "{said}");
    machine
        .xtask(&["ledger", "rebuild", "--yes"])
        .with(0)
        .says(&["Wrote 1 record"]);
    machine
        .xtask(&["status"])
        .says(&["prod: skipped: a cache and no more", "local applied"]);
}
