//! The local environment's real files under a name and ports of their own; its containers and
//! volumes go with it.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

const FILES: [&str; 2] = ["docker-compose.yml", "docker-compose.override.yml"];
const IMAGES: [&str; 4] = [
    "postgres:17-alpine",
    "redis:7-alpine",
    "compose-xtask-stack/backend:dev",
    "compose-xtask-stack/frontend:dev",
];
const PORTS: [&str; 4] = [
    "FRONTEND_PORT",
    "BACKEND_PORT",
    "POSTGRES_PORT",
    "REDIS_PORT",
];
const OTHER_SETTINGS: [&str; 7] = [
    "TAG",
    "LOG",
    "LOG_FORMAT",
    "RATE_LIMIT",
    "POSTGRES_DB",
    "POSTGRES_USER",
    "POSTGRES_PASSWORD",
];

/// A stack that is up.
pub struct Stack {
    project: String,
    settings: TempDir,
    /// Where the page is.
    pub url: String,
}

/// What is missing here to run it.
pub fn missing() -> Option<String> {
    if !answers("docker", &["compose", "version"]) || !answers("docker", &["info"]) {
        return Some("no Docker engine with Compose answers (.ci/engine, .ci/compose)".to_owned());
    }
    let absent: Vec<_> = IMAGES
        .iter()
        .filter(|image| !answers("docker", &["image", "inspect", image]))
        .collect();
    (!absent.is_empty()).then(|| format!("images are missing: {absent:?} (.ci/images, .ci/app)"))
}

/// Whether a program runs and ends well.
pub fn answers(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

impl Stack {
    /// Starts it and waits until it is healthy.
    pub fn up() -> Self {
        let settings = tempfile::tempdir().unwrap();
        let ports = free_ports();
        let mut text = "POSTGRES_PASSWORD=of-this-test\n".to_owned();
        PORTS
            .iter()
            .zip(&ports)
            .for_each(|(name, port)| text.push_str(&format!("{name}={port}\n")));
        fs::write(settings.path().join("env"), text).unwrap();
        let project = format!("page-{}-{}", std::process::id(), ports[0]);
        let stack = Self {
            project,
            settings,
            url: format!("http://127.0.0.1:{}/", ports[0]),
        };
        stack.start();
        stack
    }

    /// Starts what is not there, as a user would.
    pub fn start(&self) {
        self.compose(&[
            "up",
            "--detach",
            "--no-build",
            "--pull",
            "never",
            "--wait",
            "--wait-timeout",
            "180",
        ]);
    }

    /// Runs `docker compose` with its files.
    pub fn compose(&self, args: &[&str]) {
        let output = self.command().args(args).output().unwrap();
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn command(&self) -> Command {
        let mut command = Command::new("docker");
        command
            .args(["compose", "--project-name", &self.project, "--env-file"])
            .arg(self.settings.path().join("env"));
        for file in FILES {
            command.arg("--file").arg(folder().join(file));
        }
        // What this machine's user has set must not reach the stack.
        for name in OTHER_SETTINGS.iter().chain(&PORTS) {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let ended = self
            .command()
            .args(["down", "--volumes", "--timeout", "2"])
            .output();
        if !ended.is_ok_and(|output| output.status.success()) {
            eprintln!(
                "left behind: docker compose --project-name {} down --volumes",
                self.project
            );
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compose")
}

/// Ports that nobody listens on, all held until each is known.
fn free_ports() -> Vec<u16> {
    let held: Vec<_> = PORTS
        .iter()
        .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
        .collect();
    held.iter()
        .map(|listener| listener.local_addr().unwrap().port())
        .collect()
}
