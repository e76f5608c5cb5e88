//! Containers of tests: a name and a port of their own, removed whatever happens.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::net::TcpListener;
use std::process::{Command, Output};

/// A container; its end is this value's end, on a panic too.
pub struct Container {
    name: String,
    /// Where it is published on 127.0.0.1; the same after a stop and a start.
    pub port: u16,
}

/// Whether these images can be run here. If not, the test says so and is over; in CI it fails.
pub fn has(images: &[&str]) -> bool {
    let missing = images.iter().find(|image| !is_here(image));
    let Some(image) = missing else { return true };
    let why = format!("no Docker with the image {image} here");
    assert!(
        std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_none(),
        "{why}"
    );
    eprintln!("SKIPPED: {why}");
    false
}

fn is_here(image: &str) -> bool {
    let done = |args: &[&str]| {
        Command::new("docker")
            .args(args)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    done(&["image", "inspect", image]) || done(&["pull", "--quiet", image])
}

impl Container {
    /// Runs an image with these options and this command.
    pub fn run(image: &str, inner_port: u16, options: &[&str], command: &[&str]) -> Self {
        // Between the look for a free port and its use another test may take it.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap()
                .port();
            let container = Self {
                name: format!("backend-test-{}", random()),
                port,
            };
            let publish = format!("127.0.0.1:{port}:{inner_port}");
            let mut args = vec![
                "run",
                "--detach",
                "--name",
                &container.name,
                "--publish",
                &publish,
            ];
            args.extend(options);
            args.push(image);
            args.extend(command);
            let output = Command::new("docker").args(args).output().unwrap();
            if output.status.success() {
                return container;
            }
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(
                said.contains("port is already allocated")
                    || said.contains("address already in use"),
                "{said}"
            );
        }
        panic!("no free port in five tries");
    }

    /// `docker stop`, `start`, `pause` and the like.
    pub fn docker(&self, verb: &str) {
        ended(
            Command::new("docker")
                .args([verb, &self.name])
                .output()
                .unwrap(),
        );
    }

    /// Runs a command inside; its standard output.
    pub fn exec(&self, command: &[&str]) -> String {
        ended(self.exec_output(command))
    }

    /// Whether a command inside succeeds.
    pub fn succeeds(&self, command: &[&str]) -> bool {
        self.exec_output(command).status.success()
    }

    fn exec_output(&self, command: &[&str]) -> Output {
        Command::new("docker")
            .args(["exec", &self.name])
            .args(command)
            .output()
            .unwrap()
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // With its anonymous volume. A test that failed already must not fail twice.
        let removed = Command::new("docker")
            .args(["rm", "--force", "--volumes", &self.name])
            .output();
        if !removed.as_ref().is_ok_and(|output| output.status.success()) {
            eprintln!("the container {} is still there: {removed:?}", self.name);
        }
    }
}

/// A word that no other test has.
pub fn random() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

fn ended(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}
