//! What was recorded and removed by hand, and what only looks like it.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::bad_input::refuses;
use crate::machine::{FILES, Machine, Said};

const RECORD: &str = "compose/ledger/5.1-redis-data-volume.yaml";
const MOUNT: &str = "    volumes:\n      - redis_data:/data\n";

/// A migrated checkout in which somebody removed what 5.1 mounts locally.
fn drifted() -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine.replace("docker-compose.yml", MOUNT, "");
    machine
}

#[test]
fn it_is_not_redone_silently() {
    let machine = drifted();
    let words = [
        "5.1 Redis data volume: drifted in local",
        "cargo xtask migrate --reapply",
        "cargo xtask skip 5.1",
    ];
    refuses(&machine, &["migrate"], 1, &words);
    assert!(!machine.read("docker-compose.yml").contains(MOUNT));
}

#[test]
fn reapply_brings_files_and_record_back() {
    let (machine, whole) = (drifted(), Machine::with_shop());
    whole.xtask(&["migrate"]).with(0);
    machine
        .xtask(&["migrate", "--reapply"])
        .with(0)
        .says(&["5.1", "Applied 1 story"]);
    machine.xtask(&["status"]).with(0).says(&["Up to date"]);
    assert_eq!(machine.contents(), whole.contents());
}

#[test]
fn skip_records_that_it_is_meant_so() {
    let machine = drifted();
    machine
        .xtask(&[
            "skip",
            "5.1",
            "-e",
            "local",
            "--reason",
            "a cache and no more",
        ])
        .with(0);
    machine.xtask(&["migrate"]).with(0).says(&["Up to date"]);
    machine.xtask(&["status"]).with(0).says(&[
        "local skipped",
        "a cache and no more",
        "prod applied",
    ]);
}

#[test]
fn it_is_shown_with_file_line_and_what_is_expected() {
    let machine = drifted();
    let words = [
        "local drifted",
        "services.redis.volumes is gone (docker-compose.yml:3:3)",
        "expected there: - redis_data:/data",
    ];
    for verb in ["status", "verify"] {
        let said = machine.xtask(&[verb]).with(1).stdout;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        words
            .iter()
            .for_each(|word| assert!(said.contains(word), "{verb}: {word:?} in {said}"));
    }
    let status = machine
        .xtask(&["status", "--format", "json"])
        .with(1)
        .json();
    let drift = &status["stories"][0]["environments"]["local"]["drifts"][0];
    assert_eq!(drift["what"], "services.redis.volumes is gone");
    assert_eq!(drift["at"], "docker-compose.yml:3:3");
    assert!(
        drift["expected"]
            .as_str()
            .unwrap()
            .contains("redis_data:/data"),
        "{drift}"
    );
    assert_eq!(drift["can_return"], true);
}

#[test]
fn what_gave_way_to_something_else_is_not_reapplied() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine.replace(
        "docker-compose.yml",
        "- redis_data:/data",
        "- ./data:/data:ro",
    );
    let said = refuses(
        &machine,
        &["migrate", "--reapply"],
        1,
        &["drifted in local", "./data:/data:ro", "expected"],
    );
    assert!(!said.stderr.contains("--reapply"), "{said}");
}

#[test]
fn moving_reordering_and_reformatting_drift_nothing() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine.replace("docker-compose.yml", MOUNT, "");
    machine.replace(
        "docker-compose.yml",
        "services:\n",
        "# Moved\nvolumes: { redis_data: { } }\n\nservices:\n",
    );
    machine.replace("docker-compose.yml", "\nvolumes:\n  redis_data:\n", "\n");
    machine.write(
        "docker-compose.override.yml",
        "services:\n  redis: { volumes: [ { type: volume, source: redis_data, target: /data } ] }\n",
    );
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["Up to date in local and prod: 4 stories applied"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Nothing written"]);
}

#[test]
fn on_a_terminal_it_asks_and_no_is_the_default() {
    for (answer, code) in [("\n", 1), ("n\n", 1), ("y\n", 0)] {
        let machine = drifted();
        let Some(said) = on_a_terminal(&machine, "migrate", answer) else {
            return;
        };
        let said = said
            .says(&["Apply it again?", "[y/N, default: no]", "--reapply"])
            .with(code);
        let is_back = machine.read("docker-compose.yml").contains(MOUNT);
        assert_eq!(is_back, code == 0, "{answer:?}: {said}");
    }
}

/// What a verb says on a terminal with this typed; none where `script` is not installed.
pub fn on_a_terminal(machine: &Machine, arguments: &str, typed: &str) -> Option<Said> {
    let mut script = Command::new("script");
    let run = format!("{} {arguments}", env!("CARGO_BIN_EXE_compose-stories"));
    script.args(["--quiet", "--return", "--command", &run, "/dev/null"]);
    let mut command = machine.spell(script, &[] as &[&str]);
    let child = command
        .env("TERM", "dumb")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: no `script` here to make a terminal");
        return None;
    };
    child
        .stdin
        .as_mut()
        .unwrap()
        .write_all(typed.as_bytes())
        .unwrap();
    Some(Said::of(child.wait_with_output().unwrap()))
}

#[test]
fn a_late_lower_id_is_applied() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    let late = "id: \"4.9\"\nsince: 0.1.0\ntitle: Uploads volume\nwhy: Uploads survive.\nchanges:\n  \
        - mount-volume: { service: { name: backend }, volume: backend_uploads, target: /uploads }\n";
    machine.write("compose/stories/4.9-uploads.yaml", late);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["4.9  Uploads volume", "1 story to apply"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["4.9  Uploads volume", "Applied 1 story"]);
    FILES
        .iter()
        .for_each(|file| assert!(machine.read(file).contains("backend_uploads:/uploads")));
    assert!(machine.read(RECORD).contains("applied"));
}

#[test]
fn what_stands_is_not_skipped_but_taken_back() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    let words = [
        "is applied in local and prod",
        "cargo xtask revert 5.4 --skip 'it is slow'",
    ];
    refuses(
        &machine,
        &["skip", "5.4", "--reason", "it is slow"],
        2,
        &words,
    );
}
