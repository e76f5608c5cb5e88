//! Story 5.1 does not hide what a container holds.

use std::fs;
use std::process::Command;

use xtask::engine::Engine;

use crate::machine::{Machine, Said};
use crate::stand_in::{BY_VERB, tar};

/// A machine with an engine on which a container of redis has these mounts, and this file at `/data`.
fn holding(mounts: &str, file: &str) -> Machine {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), BY_VERB).unwrap();
    fs::write(machine.docker.file("ps"), "c0ffee\n").unwrap();
    fs::write(machine.docker.file("inspect"), mounts).unwrap();
    fs::write(machine.docker.file("cp"), tar(file)).unwrap();
    machine
}

fn volume(name: &str) -> String {
    format!(r#"[{{"Type": "volume", "Name": "{name}", "Source": "", "Destination": "/data", "RW": true}}]"#)
}

fn anonymous() -> String {
    volume(&"0a".repeat(32))
}

/// Stops before anything is written, and says how to keep the data and how to let it go.
fn stops(machine: &Machine, holder: &str) -> Said {
    let before = machine.tree();
    let words = [
        "5.1 Redis data volume: data first: a container of redis holds data at /data",
        holder,
        "would start empty and hide it",
        "Carry it over:",
        "cargo xtask compose local -- cp redis:/data ./redis-data",
        "cargo xtask migrate --data-is-expendable",
        "cargo xtask compose local -- cp ./redis-data/. redis:/data",
        "Let it go:",
        "Nothing was written.",
    ];
    let said = machine.xtask(&["migrate"]).with(1).says(&words);
    assert!(machine.tree() == before);
    said
}

#[test]
fn data_in_an_anonymous_volume_stops_it() {
    stops(&holding(&anonymous(), "dump.rdb"), "an anonymous volume (0a0a0a0a0a0a...) holds 1 ");
}

#[test]
fn data_in_the_containers_layer_stops_it() {
    stops(&holding("[]", "dump.rdb"), "the container's own layer holds 1 ");
}

#[test]
fn expendable_data_stops_nothing() {
    let machine = holding(&anonymous(), "dump.rdb");
    machine.xtask(&["migrate", "--data-is-expendable"]).with(0).says(&["Applied 4 stories"]);
    assert!(machine.docker.calls().is_empty(), "nobody needs to look");
}

#[test]
fn nothing_to_lose_stops_nothing() {
    for (mounts, file) in [(anonymous(), ""), ("[]".to_owned(), ""), (volume("shop_cache"), "dump.rdb")] {
        holding(&mounts, file).xtask(&["migrate"]).with(0).says(&["Applied 4 stories"]);
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
    machine.xtask(&["migrate", "--dry-run"]).with(1).says(&["data first"]);
    let asked = machine.starts();
    machine.xtask(&["status"]).with(1);
    assert_eq!(machine.starts(), asked);
}

#[test]
fn without_an_engine_it_says_what_it_could_not_see() {
    let machine = Machine::with_shop();
    let words = ["note: no Docker engine answers here", "redis at /data", "not looked for"];
    machine.xtask(&["migrate"]).with(0).says(&words);
}

#[test]
fn an_engine_that_does_not_tell_stops_it() {
    let machine = holding(&anonymous(), "dump.rdb");
    fs::write(machine.docker.file("inspect"), "<html>").unwrap();
    let words = ["may hold data at /data", "could not be looked into", "<html>", "--data-is-expendable"];
    machine.xtask(&["migrate"]).with(1).says(&words);
}

#[test]
fn both_projects_are_asked_for_by_name() {
    let machine = holding("[]", "");
    machine.write(".env.prod", "COMPOSE_PROJECT_NAME=live\nREDIS_PASSWORD=fixture-redis-password\n");
    machine.xtask(&["migrate"]).with(0);
    let asked = machine.docker.calls().join("\n");
    assert!(asked.contains("com.docker.compose.project=checkout "), "{asked}");
    assert!(asked.contains("com.docker.compose.project=live "), "{asked}");
}

const IMAGE: &str = "redis:6.2.13-alpine";

fn docker(args: &[&str]) -> Option<String> {
    let output = Command::new("docker").args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A container, removed with its anonymous volumes when the test ends.
struct Container(String);

impl Drop for Container {
    fn drop(&mut self) {
        docker(&["rm", "--force", "--volumes", &self.0]);
    }
}

fn real_engine() -> bool {
    let answers = Engine::find().is_some() && docker(&["image", "inspect", IMAGE]).is_some();
    if !answers {
        let reason = format!("no Docker engine with the image {IMAGE} answers (.ci/engine, .ci/images)");
        assert!(std::env::var_os("COMPOSE_XTASK_REQUIRE_DOCKER").is_none(), "{reason}");
        eprintln!("SKIPPED: {reason}");
    }
    answers
}

#[test]
fn a_real_container_with_data_stops_it() {
    if !real_engine() {
        return;
    }
    let machine = Machine::with_shop();
    let project = format!("xtask-data-first-{}", std::process::id());
    machine.write("docker-compose.yml", format!("name: {project}\n") + &machine.read("docker-compose.yml"));
    let labels = [format!("com.docker.compose.project={project}"), "com.docker.compose.service=redis".to_owned()];
    let container = Container(docker(&["create", "--label", &labels[0], "--label", &labels[1], IMAGE]).unwrap());
    machine.write("dump.rdb", "REDIS");
    let data = machine.root().join("dump.rdb").display().to_string();
    docker(&["cp", &data, &format!("{}:/data/dump.rdb", container.0)]).unwrap();
    let migrate = |args: &[&str]| {
        let mut command = machine.command(args);
        command
            .env("COMPOSE_XTASK_DOCKER", "docker")
            .envs(std::env::vars_os().filter(|(name, _)| name == "DOCKER_HOST"));
        Said::of(command.output().unwrap())
    };
    let before = machine.tree();
    migrate(&["migrate"]).with(1).says(&["data first", "redis holds data at /data", "holds 1 "]);
    assert!(machine.tree() == before);
    migrate(&["migrate", "--data-is-expendable"]).with(0).says(&["Applied 4 stories"]);
}
