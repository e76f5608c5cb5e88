//! Data first with a real engine: what a container holds stops story 5.1, and the way that is told
//! carries it over.

use std::process::Command;

use docker::engine::Engine;

use crate::machine::{Machine, Said};

/// The images before and after; on a throw-away engine they are stand-ins (`.ci/images`).
const IMAGES: [&str; 2] = ["redis:6.2.13-alpine", "redis:7-alpine"];

/// What a container's data is here.
const MARK: &str = "sessions of last week";

fn docker(args: &[&str]) -> Option<String> {
    let output = Command::new("docker").args(args).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A stack of a Redis that needs no network and no client, removed with its containers and volumes
/// when the test ends.
struct Project {
    machine: Machine,
    name: String,
}

impl Project {
    /// With a container of its Redis whose anonymous volume holds [`MARK`]; none where no engine
    /// has the images.
    fn holding_data(name: &str) -> Option<Self> {
        if Engine::find().is_none()
            || IMAGES
                .iter()
                .any(|image| docker(&["image", "inspect", image]).is_none())
        {
            let reason = format!(
                "no Docker engine with {} answers (.ci/engine, .ci/images)",
                IMAGES.join(" and ")
            );
            assert!(
                std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_none(),
                "{reason}"
            );
            eprintln!("SKIPPED: {reason}");
            return None;
        }
        let name = format!("xtask-{name}-{}", std::process::id());
        let machine = Machine::bare();
        let redis = format!(
            "image: {}, network_mode: host, command: redis-server --port 0",
            IMAGES[0]
        );
        machine.write(
            "docker-compose.yml",
            format!("name: {name}\nservices:\n  redis: {{ {redis} }}\n"),
        );
        let project = Self { machine, name };
        project
            .xtask("compose local -- create --no-build --pull never redis")
            .with(0);
        project.machine.write("mark", MARK);
        project
            .xtask("compose local -- cp ./mark redis:/data/mark")
            .with(0);
        project.machine.remove("mark");
        Some(project)
    }

    /// Runs the binary with the engine of the real machine.
    fn xtask(&self, words: &str) -> Said {
        let words: Vec<_> = words.split(' ').collect();
        let engine = |name: &str| name == "HOME" || name.starts_with("DOCKER_");
        let own = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(engine));
        let mut command = self.machine.command(&words);
        Said::of(
            command
                .envs(own)
                .env("COMPOSE_STORIES_DOCKER", "docker")
                .output()
                .unwrap(),
        )
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let file = self
            .machine
            .root()
            .join("docker-compose.yml")
            .display()
            .to_string();
        docker(&[
            "compose",
            "--project-name",
            &self.name,
            "--file",
            &file,
            "down",
            "--volumes",
            "--timeout",
            "1",
        ]);
    }
}

#[test]
fn what_a_real_container_holds_stops_it() {
    let Some(project) = Project::holding_data("data-first") else {
        return;
    };
    let words = [
        "data first",
        "a container of redis holds data at /data",
        "an anonymous volume",
        "holds 1 entry",
    ];
    project.xtask("migrate").with(1).says(&words);
    assert!(
        !project
            .machine
            .read("docker-compose.yml")
            .contains("redis_data")
    );
}

#[test]
fn the_way_that_is_told_carries_the_data_over() {
    let Some(project) = Project::holding_data("carry-over") else {
        return;
    };
    let told = project.xtask("migrate").with(1).stderr;
    let commands: Vec<_> = told
        .lines()
        .filter_map(|line| line.strip_prefix("    cargo xtask "))
        .collect();
    assert_eq!(commands.len(), 6, "{told}");
    commands
        .iter()
        .for_each(|command| drop(project.xtask(command).with(0)));
    let volume = format!("{}_redis_data", project.name);
    assert_eq!(
        docker(&[
            "volume",
            "ls",
            "--quiet",
            "--filter",
            &format!("name={volume}")
        ]),
        Some(volume)
    );
    project
        .xtask("compose local -- cp redis:/data/mark ./carried")
        .with(0);
    assert_eq!(project.machine.read("carried"), MARK);
    project.xtask("migrate").with(0).says(&["Nothing written."]);
}
