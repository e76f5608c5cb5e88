//! Story 5.1 does not hide what a container holds.

use std::fs;

use crate::machine::{Machine, Said};
use crate::stand_in::{BY_VERB, tar};

/// A machine with an engine on which a container of redis has these mounts, and this file at
/// `/data`.
fn holding(mounts: &str, file: &str) -> Machine {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), BY_VERB).unwrap();
    fs::write(machine.docker.file("ps"), "c0ffee\n").unwrap();
    fs::write(machine.docker.file("inspect"), mounts).unwrap();
    fs::write(machine.docker.file("cp"), tar(file)).unwrap();
    machine
}

fn volume(name: &str) -> String {
    format!(
        r#"[{{"Type": "volume", "Name": "{name}", "Source": "", "Destination": "/data", "RW": true}}]"#
    )
}

fn anonymous() -> String {
    volume(&"0a".repeat(32))
}

/// Stops the story that would hide it and no other, and says how to keep the data and how to let it
/// go.
fn stops(machine: &Machine, holder: &str) -> Said {
    let words = [
        "5.1 Redis data volume: data first: a container of redis holds data at /data",
        holder,
        "would start empty and hide it",
        "Carry it over:",
        "cargo xtask compose local -- cp redis:/data ./redis-data",
        "cargo xtask migrate --allow-data-loss",
        "cargo xtask compose local -- cp ./redis-data/. redis:/data",
        "Let it go:",
        "Not applied: 5.1 (data first in local).",
    ];
    let said = machine.xtask(&["migrate"]).with(1).says(&words);
    assert!(!machine.read("docker-compose.yml").contains("redis_data"));
    let status = machine
        .xtask(&["status", "--format", "json"])
        .with(1)
        .json();
    let states: Vec<_> = (0..4)
        .map(|at| {
            status["stories"][at]["environments"]["local"]["state"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(states, ["pending", "applied", "applied", "applied"]);
    said
}

#[test]
fn data_in_an_anonymous_volume_stops_it() {
    stops(
        &holding(&anonymous(), "dump.rdb"),
        "an anonymous volume (0a0a0a0a0a0a...) holds 1 ",
    );
}

#[test]
fn data_in_the_containers_layer_stops_it() {
    stops(
        &holding("[]", "dump.rdb"),
        "the container's own layer holds 1 ",
    );
}

#[test]
fn data_that_may_be_lost_stops_nothing() {
    let machine = holding(&anonymous(), "dump.rdb");
    machine
        .xtask(&["migrate", "--allow-data-loss"])
        .with(0)
        .says(&["Applied 4 stories"]);
    let calls = machine.docker.calls();
    let looks_into = |call: &String| call.starts_with("cp ") || call.starts_with("diff ");
    assert!(
        !calls.iter().any(looks_into),
        "nobody needs to look: {calls:#?}"
    );
}

#[test]
fn nothing_to_lose_stops_nothing() {
    for (mounts, file) in [
        (anonymous(), ""),
        ("[]".to_owned(), ""),
        (volume("shop_cache"), "dump.rdb"),
    ] {
        holding(&mounts, file)
            .xtask(&["migrate"])
            .with(0)
            .says(&["Applied 4 stories"]);
    }
}

#[test]
fn other_stories_need_not_wait() {
    let machine = holding(&anonymous(), "dump.rdb");
    machine.xtask(&["migrate", "--only", "5.2"]).with(0);
    machine.xtask(&["migrate", "--only", "5.3"]).with(0);
}

#[test]
fn a_dry_run_stops_too_and_status_does_not_look() {
    let machine = holding(&anonymous(), "dump.rdb");
    machine
        .xtask(&["migrate", "--dry-run"])
        .with(1)
        .says(&["data first"]);
    let asked = machine.starts();
    machine.xtask(&["status"]).with(1);
    assert_eq!(machine.starts(), asked);
}

#[test]
fn without_an_engine_it_says_what_it_could_not_see() {
    let machine = Machine::with_shop();
    let words = [
        "note: no Docker engine answers here",
        "redis at /data",
        "not looked for",
    ];
    machine.xtask(&["migrate"]).with(0).says(&words);
}

#[test]
fn an_engine_that_does_not_tell_stops_it() {
    let machine = holding(&anonymous(), "dump.rdb");
    fs::write(machine.docker.file("inspect"), "<html>").unwrap();
    let words = [
        "may hold data at /data",
        "could not be looked into",
        "<html>",
        "--allow-data-loss",
        "Nothing was written.",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
}

#[test]
fn both_projects_are_asked_for_by_name() {
    let machine = holding("[]", "");
    machine.write(
        ".env.prod",
        "COMPOSE_PROJECT_NAME=live\nREDIS_PASSWORD=fixture-redis-password\n",
    );
    machine.xtask(&["migrate"]).with(0);
    let asked = machine.docker.calls().join("\n");
    assert!(
        asked.contains("com.docker.compose.project=checkout "),
        "{asked}"
    );
    assert!(
        asked.contains("com.docker.compose.project=live "),
        "{asked}"
    );
}
