//! A ledger that cannot be read, and one that does not fit.

use crate::bad_input::refuses;
use crate::machine::Machine;

const RECORD: &str = "compose/ledger/5.1-redis-data-volume.yaml";

/// A migrated checkout with `from` replaced by `to` in the first story's record.
fn with_record(from: &str, to: &str) -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine.replace(RECORD, from, to);
    machine
}

fn told(from: &str, to: &str, words: &[&str]) {
    let machine = with_record(from, to);
    for verb in ["migrate", "status", "verify"] {
        let said = refuses(&machine, &[verb], 2, &[words, &[RECORD]].concat());
        assert!(
            !said.stderr.contains(" at line "),
            "the place is told once: {said}"
        );
    }
}

#[test]
fn a_bad_format_number() {
    told(
        "format: 2",
        "format: 99",
        &[
            "format 99 is newer than 2",
            "version 0.1.0 released its story",
            "update the tool",
        ],
    );
    told(
        "format: 2",
        "format: one",
        &["no `format: 2` in it", "cargo xtask ledger rebuild"],
    );
    told(
        "format: 2\n",
        "",
        &["no `format: 2` in it", "cargo xtask ledger rebuild"],
    );
}

#[test]
fn an_unknown_story() {
    let words = [
        "story 9.1 is unknown to this build",
        "version 0.1.0 released it",
        "update the tool",
    ];
    told("id: '5.1'", "id: '9.1'", &words);
}

#[test]
fn conflict_markers_of_git() {
    let words = [
        ":2: git conflict markers",
        "take either side or remove the file",
        "cargo xtask migrate",
    ];
    told(
        "format: 2\n",
        "format: 2\n<<<<<<< HEAD\n=======\n>>>>>>> other\n",
        &words,
    );
}

#[test]
fn an_unknown_state() {
    let words = [
        ":9:",
        "unknown variant `undone`",
        "`applied`, `adopted`, `skipped`",
        "cargo xtask ledger rebuild",
    ];
    told("state: applied", "state: undone", &words);
}

#[test]
fn a_story_twice() {
    let machine = with_record("format: 2", "format: 2");
    machine.write("compose/ledger/5.1-twice.yaml", machine.read(RECORD));
    refuses(
        &machine,
        &["migrate"],
        2,
        &["story 5.1 is recorded twice", "remove one of the files"],
    );
}

#[test]
fn no_bytes() {
    let machine = with_record("format: 2", "format: 2");
    machine.write(RECORD, "");
    refuses(
        &machine,
        &["migrate"],
        2,
        &[
            RECORD,
            "the file is empty (0 bytes)",
            "cargo xtask ledger rebuild",
        ],
    );
}

#[test]
fn a_record_of_another_version_of_the_story() {
    let text = Machine::with_shop();
    text.xtask(&["migrate"]).with(0);
    let line = text
        .read(RECORD)
        .lines()
        .find(|line| line.starts_with("checksum"))
        .unwrap()
        .to_owned();
    let machine = with_record(&line, "checksum: sha256:00");
    let words = [
        "5.1 Redis data volume: edited",
        "recorded  sha256:00",
        "an id of its own",
        "Nothing was written.",
    ];
    refuses(&machine, &["migrate"], 1, &words);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["local edited", "recorded as sha256:00"]);
}

#[test]
fn what_is_recorded_and_gone_is_drift() {
    let machine = with_record("format: 2", "format: 2");
    machine.replace(
        "docker-compose.yml",
        "    volumes:\n      - redis_data:/data\n",
        "",
    );
    let words = [
        "5.1 Redis data volume: drifted in local",
        "services.redis.volumes is gone",
        "docker-compose.yml:",
    ];
    refuses(&machine, &["migrate"], 1, &words);
    refuses(
        &machine,
        &["migrate"],
        1,
        &["cargo xtask skip 5.1 --environment local --reason"],
    );
}
