//! `skip`, `compose` and `demo`.

use std::fs;

use crate::bad_input::refuses;
use crate::machine::{FILES, Machine, Said};

#[test]
fn skip_writes_a_record_and_nothing_else() {
    let machine = Machine::with_shop();
    let before = FILES.map(|file| machine.read(file));
    machine
        .xtask(&["skip", "5.1", "--reason", "no persistence wanted"])
        .with(0)
        .says(&["Skipped 5.1", "commit it"]);
    assert_eq!(FILES.map(|file| machine.read(file)), before);
    let record = machine.read("compose/ledger/5.1-redis-data-volume.yaml");
    assert_eq!(record.matches("state: skipped").count(), 2, "{record}");
    assert!(record.contains("reason: no persistence wanted"), "{record}");
    let tree = machine.tree();
    machine
        .xtask(&["skip", "5.1", "--reason", "no persistence wanted"])
        .with(0);
    assert!(machine.tree() == tree, "the same again changes nothing");
}

#[test]
fn skip_wants_a_reason() {
    let machine = Machine::with_shop();
    refuses(&machine, &["skip", "5.1"], 2, &["--reason"]);
    refuses(
        &machine,
        &["skip", "5.1", "--reason", "  "],
        2,
        &["--reason is empty", "say why"],
    );
}

#[test]
fn compose_runs_docker_with_the_environments_files() {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), "echo from-docker; exit 7").unwrap();
    machine
        .xtask(&["compose", "prod", "--", "ps", "--all"])
        .with(7)
        .says(&["from-docker"]);
    let root = machine.root().canonicalize().unwrap();
    let root = root.display();
    let calls = machine.docker.calls();
    let expected = format!(
        "compose --project-directory {root} --project-name checkout --env-file {root}/.env.prod --file {root}/docker-compose.prod.yml ps --all"
    );
    assert_eq!(calls, [expected]);
}

#[test]
fn compose_without_an_environment_takes_the_first() {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), "exit 0").unwrap();
    machine.xtask(&["compose", "--", "config"]).with(0);
    assert!(
        machine.docker.calls()[0].contains("/docker-compose.yml config"),
        "{:?}",
        machine.docker.calls()
    );
}

#[test]
fn compose_deletes_no_volumes() {
    let machine = Machine::with_shop();
    for words in [
        &["down", "-v"][..],
        &["down", "--volumes"],
        &["rm", "-fsv", "redis"],
    ] {
        let args = [&["compose", "local", "--"], words].concat();
        refuses(&machine, &args, 2, &["deletes the volumes with their data"]);
    }
    assert_eq!(machine.starts(), 0);
}

#[test]
fn compose_without_docker_is_exit_12() {
    let machine = Machine::with_shop();
    fs::remove_file(machine.docker.program()).unwrap();
    refuses(
        &machine,
        &["compose", "local", "--", "ps"],
        12,
        &["docker cannot be started", "docs.docker.com"],
    );
}

#[test]
fn demo_shows_the_main_job_on_a_copy() {
    let machine = Machine::bare();
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/old-checkout/docker-compose.yml");
    let before = fs::read_to_string(&example).unwrap();
    let output = machine
        .command(&["demo"])
        .env("TMPDIR", machine.folder())
        .output()
        .unwrap();
    Said::of(output).with(0).says(&[
        "$ cargo xtask migrate",
        "Applied 4 stories to local and prod",
        "$ git diff",
        "+    volumes:",
        "compose/ledger",
        "checksum: sha256:",
        "$ cargo xtask status",
        "Up to date in local and prod: 4 stories applied",
    ]);
    assert_eq!(fs::read_to_string(&example).unwrap(), before);
}
