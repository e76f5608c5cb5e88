//! `ledger rebuild`.

use std::fs;

use crate::bad_input::refuses;
use crate::machine::Machine;

const RECORD: &str = "compose/ledger/5.1-redis-data-volume.yaml";

fn migrated() -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine
}

#[test]
fn it_agrees_with_migrate_and_writes_nothing() {
    let machine = migrated();
    let before = machine.tree();
    machine
        .xtask(&["ledger", "rebuild", "--yes"])
        .with(0)
        .says(&["The records say what the files say"]);
    let said = machine
        .xtask(&["ledger", "rebuild", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(said["agrees"], true);
    assert!(machine.tree() == before);
}

#[test]
fn without_a_ledger_it_records_what_migrate_would_adopt() {
    let (rebuilt, adopted) = (migrated(), migrated());
    for machine in [&rebuilt, &adopted] {
        fs::remove_dir_all(machine.root().join("compose/ledger")).unwrap();
    }
    rebuilt
        .xtask(&["ledger", "rebuild", "--yes"])
        .with(0)
        .says(&["Wrote 4 records"]);
    adopted.xtask(&["migrate"]).with(0).says(&["adopted"]);
    assert_eq!(rebuilt.contents(), adopted.contents());
    assert!(rebuilt.read(RECORD).contains("evidence"));
    rebuilt.xtask(&["status"]).with(0).says(&["Up to date"]);
    rebuilt
        .xtask(&["status", "--last"])
        .with(0)
        .says(&["ledger rebuild", "written   the ledger's records"]);
}

#[test]
fn the_difference_is_shown_first_and_written_on_a_yes_alone() {
    let machine = migrated();
    machine.remove(RECORD);
    let before = machine.tree();
    let words = [
        RECORD,
        "added",
        "+      state: adopted",
        "Nothing written",
        "cargo xtask ledger rebuild --yes",
    ];
    machine.xtask(&["ledger", "rebuild"]).with(1).says(&words);
    machine
        .xtask(&["ledger", "rebuild", "--dry-run"])
        .with(0)
        .says(&words[..4]);
    assert!(machine.tree() == before);
    if let Some(said) = crate::drift::on_a_terminal(&machine, "ledger rebuild", "y\n") {
        said.with(0).says(&[
            "Write this to compose/ledger/?",
            "default: no",
            "Wrote 1 record",
        ]);
        assert!(machine.read(RECORD).contains("adopted"));
    }
}

#[test]
fn a_skip_stays_and_what_is_gone_goes() {
    let machine = migrated();
    machine
        .xtask(&[
            "revert",
            "5.2",
            "--skip",
            "not yet",
            "--accept-irreversible",
        ])
        .with(0);
    machine.replace(
        "docker-compose.yml",
        "    volumes:\n      - redis_data:/data\n",
        "",
    );
    machine.replace(
        "docker-compose.prod.yml",
        "    volumes:\n      - redis_data:/data\n",
        "",
    );
    machine
        .xtask(&["ledger", "rebuild", "--yes"])
        .with(0)
        .says(&[RECORD, "removed"]);
    assert!(!machine.root().join(RECORD).exists());
    machine.xtask(&["status"]).with(1).says(&[
        "5.1  Redis data volume",
        "local pending",
        "not yet",
        "1 story to apply",
    ]);
}

#[test]
fn the_record_of_an_edited_story_is_of_the_story_again() {
    let machine = migrated();
    let checksum = machine
        .read(RECORD)
        .lines()
        .find(|line| line.starts_with("checksum"))
        .unwrap()
        .to_owned();
    machine.replace(RECORD, &checksum, "checksum: sha256:00");
    machine.xtask(&["status"]).with(1).says(&["edited"]);
    machine
        .xtask(&["ledger", "rebuild", "--yes"])
        .with(0)
        .says(&["-checksum: sha256:00"]);
    machine.xtask(&["status"]).with(0);
}

#[test]
fn what_can_no_longer_be_undone_is_adopted() {
    let machine = migrated();
    for file in crate::machine::FILES {
        machine.replace(file, "redis:7-alpine", "redis:7.4-alpine");
    }
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["5.2  Redis 7", "local applied  prod applied"]);
    machine
        .xtask(&["ledger", "rebuild", "--yes"])
        .with(0)
        .says(&["Wrote 1 record"]);
    let record = machine.read("compose/ledger/5.2-redis-7.yaml");
    assert!(
        record.contains("state: adopted") && !record.contains("undo"),
        "{record}"
    );
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Nothing written"]);
}

#[test]
fn it_agrees_with_skip() {
    let machine = migrated();
    machine.replace(
        "docker-compose.prod.yml",
        "    volumes:\n      - redis_data:/data\n",
        "",
    );
    machine
        .xtask(&["skip", "5.1", "-e", "prod", "--reason", "a cache"])
        .with(0);
    machine
        .xtask(&["ledger", "rebuild"])
        .with(0)
        .says(&["The records say what the files say"]);
}

/// What cannot be read as a record is written anew, or goes where no story has it.
#[test]
fn broken_records_are_written_anew() {
    for text in ["", "id: [", "format: 1\n"] {
        let machine = migrated();
        machine.write(RECORD, text);
        machine.write("compose/ledger/9.9-nobody.yaml", text);
        refuses(
            &machine,
            &["status"],
            2,
            &[RECORD, "cargo xtask ledger rebuild"],
        );
        machine
            .xtask(&["ledger", "rebuild", "--yes"])
            .with(0)
            .says(&["Wrote 2 records", "9.9-nobody.yaml  removed"]);
        machine.xtask(&["status"]).with(0).says(&["Up to date"]);
    }
}

/// What was done under the old name can still be undone.
#[test]
fn an_environment_with_another_name_keeps_its_undo() {
    let machine = Machine::with_shop();
    machine.xtask(&["init"]).with(0);
    machine.xtask(&["migrate"]).with(0);
    machine.replace("compose/stack.yaml", "  prod:", "  production:");
    let told = [
        "the ledger speaks of prod, no environment here",
        "cargo xtask ledger rebuild",
    ];
    machine.xtask(&["status"]).says(&told);
    machine
        .xtask(&["ledger", "rebuild", "--yes"])
        .with(0)
        .says(&["Wrote 4 records"]);
    let said = machine
        .xtask(&["status"])
        .with(0)
        .says(&["local applied  production applied"]);
    assert!(!said.stderr.contains("speaks of"), "{said}");
    machine
        .xtask(&["revert", "--all", "--accept-irreversible"])
        .with(0)
        .says(&["Reverted 4 stories"]);
    assert!(
        !machine
            .read("docker-compose.prod.yml")
            .contains("redis_data")
    );
}
