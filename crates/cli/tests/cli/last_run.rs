//! The run log, and `status --last`.

use std::fs;
use std::path::PathBuf;

use crate::machine::Machine;

/// Leaves the beginning of the machine's one log, as a process does that is killed.
pub(crate) fn cut(machine: &Machine, lines: usize) {
    let log = logs(machine).remove(0);
    let text = fs::read_to_string(&log).unwrap();
    let open: Vec<_> = text.lines().take(lines).collect();
    fs::write(&log, format!("{}\n{{\"ms\":", open.join("\n"))).unwrap();
}

/// The logs of the machine's one checkout, oldest first.
fn logs(machine: &Machine) -> Vec<PathBuf> {
    let checkouts = fs::read_dir(machine.folder().join("state/compose-stories"))
        .unwrap()
        .map(Result::unwrap);
    let runs = checkouts
        .map(|entry| entry.path().join("runs"))
        .filter(|runs| runs.is_dir());
    let mut logs: Vec<_> = runs
        .flat_map(|runs| {
            fs::read_dir(runs)
                .unwrap()
                .map(|entry| entry.unwrap().path())
        })
        .collect();
    logs.sort();
    logs
}

#[test]
fn a_run_that_ended_well_is_told() {
    let machine = Machine::with_shop();
    machine
        .xtask(&["status", "--last"])
        .with(0)
        .says(&["No run is remembered here"]);
    machine.xtask(&["migrate"]).with(0);
    let words = [
        "migrate",
        "docker compose 2.40.3",
        "written   5.1, 5.2, 5.3 and 5.4",
        "outcome   done",
        "Next: ",
    ];
    machine.xtask(&["status", "--last"]).with(0).says(&words);
    let last = machine
        .xtask(&["status", "--last", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(last["last"]["outcome"], "done");
    assert_eq!(
        last["last"]["start"]["environments"],
        serde_json::json!(["local", "prod"])
    );
}

#[test]
fn where_nothing_had_to_be_checked_nobody_is_named() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine.xtask(&["migrate"]).with(0);
    let said = machine
        .xtask(&["status", "--last"])
        .with(0)
        .says(&["nothing had to be checked"]);
    assert!(!said.all().contains("embedded"), "{said}");
}

#[test]
fn it_holds_hashes_and_no_secret() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    let logs = logs(&machine);
    assert_eq!(logs.len(), 1);
    let text = fs::read_to_string(&logs[0]).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        lines.len(),
        10,
        "a start, two for each story, an end: {text}"
    );
    assert!(lines.iter().all(|line| line["ms"].is_u64()));
    let first = &lines[1]["files"][0];
    assert!(
        [&first["before"], &first["after"]]
            .iter()
            .all(|hash| hash.as_str().unwrap().len() == 64),
        "{first}"
    );
    assert_eq!(lines[2]["checks"].as_array().unwrap().len(), 2);
    for secret in ["fixture", "SECRET", "redis://"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn a_run_that_failed_says_why() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "    ports:\n",
        "    volumes:\n      - ./data:/data:ro\n    ports:\n",
    );
    machine.xtask(&["migrate"]).with(1);
    let words = [
        "outcome   failed",
        "5.1 Redis data volume: conflict in local",
        "Next: cargo xtask migrate",
    ];
    machine.xtask(&["status", "--last"]).with(1).says(&words);
}

#[test]
fn a_run_that_was_killed_is_told_with_what_to_type() {
    let machine = Machine::with_shop();
    machine.compose_answers(
        "case $(wc -l < \"$here/calls\") in [0-6]) ;; *) kill -9 $PPID ;; esac; echo '{\"services\": {}}'",
    );
    let output = machine.command(&["migrate"]).output().unwrap();
    assert_eq!(output.status.code(), None, "it was killed");
    let words = [
        "written   5.1",
        "outcome   interrupted",
        "Next: cargo xtask migrate",
    ];
    machine.xtask(&["status", "--last"]).with(1).says(&words);
}

#[test]
fn an_open_story_is_compared_with_the_disk() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--only", "5.1"]).with(0);
    cut(&machine, 2);
    machine.replace("docker-compose.prod.yml", "redis_data", "other_data");
    let words = [
        "5.1 was being written",
        "docker-compose.yml  as after",
        "edited since",
        "interrupted",
    ];
    machine.xtask(&["status", "--last"]).with(1).says(&words);
}

#[test]
fn it_is_bounded() {
    let machine = Machine::with_shop();
    for round in 0..55 {
        machine
            .xtask(&["skip", "5.1", "--reason", &format!("round {round}")])
            .with(0);
    }
    assert!(logs(&machine).len() <= 50, "{}", logs(&machine).len());
}

#[test]
fn where_a_person_must_choose_it_says_so() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--to", "5.1"]).with(0);
    let record = machine.read("compose/ledger/5.1-redis-data-volume.yaml");
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let home =
        serde_json::json!({ "host": host.trim(), "root": machine.root().canonicalize().unwrap() });
    let digest = |text: &str| transaction::Digest::of(text).to_string();
    let entry = serde_json::json!({
        "path": "docker-compose.yml", "before": digest("before"), "after": digest(&record), "text": record,
    });
    let journal =
        serde_json::json!({ "format": 1, "home": home, "what": "5.2 Redis 7", "files": [entry] });
    machine.write("compose/ledger/.journal", journal.to_string());
    let words = [
        "Next: cargo xtask recover --keep docker-compose.yml   or   cargo xtask recover --take docker-compose.yml",
    ];
    machine.xtask(&["status", "--last"]).says(&words);
}

#[test]
fn what_failed_before_its_first_byte_was_not_being_written() {
    let machine = Machine::with_shop();
    let file = machine.root().join("docker-compose.prod.yml");
    let other = machine.root().join("other.yml");
    fs::hard_link(&file, other).unwrap();
    machine
        .xtask(&["migrate"])
        .with(1)
        .says(&["hard links", "Nothing was written"]);
    let said = machine
        .xtask(&["status", "--last"])
        .with(1)
        .says(&["outcome   failed", "hard links"]);
    assert!(!said.stdout.contains("was being written"), "{said}");
}
