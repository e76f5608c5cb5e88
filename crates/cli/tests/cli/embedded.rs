//! Where no Compose is installed the embedded checker serves, and says so.

use crate::machine::Machine;
use crate::stand_in::script;

#[test]
fn every_line_about_a_check_says_embedded() {
    let machine = Machine::with_shop().without_compose();
    for args in [&["migrate", "--dry-run"][..], &["migrate"], &["verify"]] {
        let said = machine.xtask(args).with(0);
        assert!(!said.stdout.contains("docker compose 2"), "{said}");
        let checks = said
            .stdout
            .lines()
            .filter(|line| line.contains("checked ") || line.starts_with("ok "));
        let (embedded, other): (Vec<_>, Vec<_>) =
            checks.partition(|line| line.contains("embedded"));
        assert!(!embedded.is_empty() && other.is_empty(), "{said}");
    }
    let checks = machine
        .xtask(&["verify", "--format", "json"])
        .with(0)
        .json()["checks"]
        .clone();
    assert!(
        checks
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["checker"] == "embedded checker"),
        "{checks}"
    );
}

#[test]
fn it_writes_what_compose_would_have_written() {
    let (with, without) = (Machine::with_shop(), Machine::with_shop().without_compose());
    with.xtask(&["migrate"]).with(0);
    without.xtask(&["migrate"]).with(0);
    assert_eq!(with.contents(), without.contents());
}

#[test]
fn why_it_serves_is_told() {
    let machine = Machine::with_shop().without_compose();
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["does not work", "falling back to the embedded checker"]);
    let machine = Machine::with_shop();
    script(&machine.compose.program(), "#!/bin/sh\necho 2.20.0\n");
    machine.xtask(&["migrate"]).with(0).says(&[
        "is 2.20.0; at least 2.26.0 is needed",
        "falling back to the embedded checker",
    ]);
}

#[test]
fn asked_for_by_name_it_is_not_explained() {
    let machine = Machine::with_shop();
    let said = machine.xtask(&["migrate", "--checker", "embedded"]).with(0);
    assert!(!said.all().contains("serves"), "{said}");
    assert_eq!(machine.compose.calls().len(), 0);
}

#[test]
fn docker_asked_for_and_not_there_is_exit_12() {
    let machine = Machine::with_shop().without_compose();
    for verb in ["migrate", "verify"] {
        let before = machine.tree();
        let words = ["does not work", "--checker embedded"];
        machine
            .xtask(&[verb, "--checker", "docker"])
            .with(12)
            .says(&words);
        assert!(machine.tree() == before);
    }
}

#[test]
fn it_rejects_what_is_no_stack() {
    let machine = Machine::with_shop().without_compose();
    machine.replace("docker-compose.yml", "    ports:\n", "    prots:\n");
    let words = [
        "embedded checker rejects local as it is, before any story",
        "docker-compose.yml:5:",
        "prots",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
}
