//! Docker that hangs, answers garbage, is killed, or is another program.

use std::fs;
use std::time::{Duration, Instant};

use crate::machine::{Machine, Said};
use crate::stand_in::script;

/// Has the plugin misbehave from the start, and from the second story on; the checkout is as it
/// was, as after 5.1.
fn both(shell: &str, words: &[&str]) {
    let machine = Machine::with_shop();
    machine.compose_answers(shell);
    let before = machine.tree();
    migrate(&machine)
        .with(1)
        .says(words)
        .says(&["gave no answer about", "Nothing was written."]);
    assert!(machine.tree() == before);

    machine.compose_answers(&format!(
        "if grep -q redis:7 docker-compose.prod.yml; then {shell}; fi; echo '{{}}'"
    ));
    migrate(&machine).with(1).says(words).says(&[
        "5.2 Redis 7",
        "gave no answer about",
        "as after 5.1.",
    ]);
    let expected = Machine::with_shop();
    expected.xtask(&["migrate", "--to", "5.1"]).with(0);
    assert_eq!(machine.contents(), expected.contents());
}

fn migrate(machine: &Machine) -> Said {
    Said::of(
        machine
            .command(&["migrate"])
            .env("COMPOSE_STORIES_CHECK_SECONDS", "1")
            .output()
            .unwrap(),
    )
}

#[test]
fn hangs() {
    let start = Instant::now();
    both("sleep 300", &["within 1 s", "--checker embedded"]);
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn hangs_with_a_child_that_keeps_the_pipe() {
    both("sleep 300 & sleep 300", &["within 1 s"]);
}

#[test]
fn answers_garbage() {
    both("echo '<html>'; exit 0", &["<html>", "--checker embedded"]);
}

#[test]
fn is_killed() {
    both("kill -9 $$", &["killed", "signal 9", "--checker embedded"]);
}

#[test]
fn an_engine_that_hangs_may_hold_data() {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), "sleep 300").unwrap();
    let before = machine.tree();
    let words = [
        "redis may hold data at /data",
        "gave no answer within 3 s",
        "cargo xtask migrate --allow-data-loss",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
    assert!(machine.tree() == before);
    machine.xtask(&["migrate", "--allow-data-loss"]).with(0);
}

#[test]
fn a_time_limit_that_is_none_is_told() {
    let machine = Machine::with_shop();
    let output = machine
        .command(&["migrate"])
        .env("COMPOSE_STORIES_CHECK_SECONDS", "soon")
        .output()
        .unwrap();
    Said::of(output)
        .with(2)
        .says(&["COMPOSE_STORIES_CHECK_SECONDS", "soon", "seconds"]);
}

#[test]
fn a_plugin_that_does_not_tell_its_version_is_none() {
    let machine = Machine::with_shop();
    script(&machine.compose.program(), "#!/bin/sh\necho '<html>'\n");
    machine.xtask(&["migrate"]).with(0).says(&[
        "does not work",
        "<html>",
        "falling back to the embedded checker",
    ]);
    machine
        .xtask(&["verify", "--checker", "docker"])
        .with(12)
        .says(&["<html>"]);
}
