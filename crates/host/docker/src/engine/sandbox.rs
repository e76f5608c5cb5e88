//! What `verify --live` does with an engine: run programs in containers, start and stop these,
//! remove a whole project.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;
use system::process::{Limits, Output};

use super::{Engine, EngineError, PATIENCE, answer, garbage, ran, refused};
use crate::{FailureKind, Kind};

/// A stop may take as long as the service's grace period, and a removal as long as the engine's
/// disk.
const END: Limits = Limits {
    time: Duration::from_secs(120),
    output: 1 << 20,
};

/// What a program in a container said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// Whether it exited with 0.
    pub success: bool,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// How a program runs in a container.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exec<'a> {
    /// The user; the container's own without.
    pub user: Option<&'a str>,
    /// Variables that it gets; no process list shows their values.
    pub env: &'a [(&'a str, &'a str)],
}

/// What an image says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Its id.
    pub id: String,
    /// The paths that it declares as volumes.
    pub volumes: Vec<String>,
    /// Its variables, as `NAME=value`.
    pub env: Vec<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// What was removed with a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Containers.
    pub containers: usize,
    /// Volumes with a name; those without went with their containers.
    pub volumes: usize,
    /// Networks.
    pub networks: usize,
    /// Images.
    pub images: usize,
}

impl Engine {
    /// Runs a program in a container.
    ///
    /// # Errors
    /// [`EngineError`] where the client cannot be run; a program that fails is none.
    pub fn exec(
        &self,
        container: &str,
        how: Exec<'_>,
        words: &[&str],
    ) -> Result<Executed, EngineError> {
        let user = how.user.map(|user| ["--user", user]);
        let options: &[&str] = user.as_ref().map_or(&[], |user| user);
        let Output {
            success,
            stdout,
            stderr,
            ..
        } = ran(
            "exec",
            self.docker.exec(container, options, how.env, words),
            PATIENCE,
        )?;
        Ok(Executed {
            success,
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr,
        })
    }

    /// Starts containers that are stopped.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn start(&self, containers: &[&str]) -> Result<(), EngineError> {
        self.order("start", &["start"], containers)
    }

    /// Stops containers as the engine does, with their grace period.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn stop(&self, containers: &[&str]) -> Result<(), EngineError> {
        self.order("stop", &["stop"], containers)
    }

    /// Sends a signal to the first process of containers.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn signal(&self, signal: &str, containers: &[&str]) -> Result<(), EngineError> {
        self.order("kill", &["kill", "--signal", signal], containers)
    }

    /// The paths that a container's own layer has beyond its image.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn layer(&self, container: &str) -> Result<Vec<String>, EngineError> {
        let output = answer("diff", self.docker.on(&["diff"], &[container]), PATIENCE)?;
        let said = String::from_utf8_lossy(&output.stdout);
        Ok(said
            .lines()
            .filter_map(|line| line.split_once(' ').map(|(_, path)| path.to_owned()))
            .collect())
    }

    /// What an image says about itself; none where it is not here.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn image(&self, image: &str) -> Result<Option<Image>, EngineError> {
        let output = ran("image inspect", self.docker.image(image), PATIENCE)?;
        if !output.success {
            return match FailureKind::of(&output.stderr) {
                FailureKind::NotFound => Ok(None),
                _ => Err(refused("image inspect", &output)),
            };
        }
        let found: Vec<Inspected> = serde_json::from_slice(&output.stdout)
            .map_err(|_| garbage("image inspect", &output.stdout))?;
        Ok(found.into_iter().next().map(Image::from))
    }

    /// Where a container's port is reached from this machine; none where it is not published.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn published(&self, container: &str, port: u32) -> Result<Option<SocketAddr>, EngineError> {
        let output = ran(
            "port",
            self.docker.on(&["port"], &[container, &port.to_string()]),
            PATIENCE,
        )?;
        let said = String::from_utf8_lossy(&output.stdout);
        Ok(said.lines().find_map(|line| line.trim().parse().ok()))
    }

    /// Removes everything that carries a project's label, and the anonymous volumes of its
    /// containers.
    ///
    /// # Errors
    /// [`EngineError`] for what does not go; the rest is tried first.
    pub fn remove_project(&self, project: &str) -> Result<Removed, EngineError> {
        let listed = answer("ps", self.docker.project_containers(project), PATIENCE)?;
        let containers = lines(&listed);
        let mut first = Ok(());
        if !containers.is_empty() {
            first = self.order("rm", &["rm", "--force", "--volumes"], &strs(&containers));
        }
        let mut removed = Removed {
            containers: containers.len(),
            ..Removed::default()
        };
        for kind in [Kind::Network, Kind::Volume, Kind::Image] {
            let names = lines(&answer(
                kind.word(),
                self.docker.labelled(kind, project),
                PATIENCE,
            )?);
            if names.is_empty() {
                continue;
            }
            let done = self.gone(kind.word(), self.docker.remove_all(kind, &strs(&names)));
            first = first.and(done);
            match kind {
                Kind::Network => removed.networks = names.len(),
                Kind::Volume => removed.volumes = names.len(),
                Kind::Image => removed.images = names.len(),
            }
        }
        first.map(|()| removed)
    }

    /// Removes volumes by name; one that is not there is gone already.
    ///
    /// # Errors
    /// [`EngineError`], such as for one that a container still uses.
    pub fn remove_volumes(&self, names: &[&str]) -> Result<(), EngineError> {
        if names.is_empty() {
            return Ok(());
        }
        self.gone("volume", self.docker.remove_all(Kind::Volume, names))
    }

    fn order(
        &self,
        asked: &'static str,
        verb: &[&str],
        containers: &[&str],
    ) -> Result<(), EngineError> {
        self.gone(asked, self.docker.on(verb, containers))
    }

    /// What went meanwhile need not be removed.
    fn gone(
        &self,
        asked: &'static str,
        command: xshell::Result<std::process::Command>,
    ) -> Result<(), EngineError> {
        let output = ran(asked, command, END)?;
        let is_removal = matches!(asked, "rm" | "volume" | "network" | "image");
        let is_gone = is_removal && FailureKind::of(&output.stderr) == FailureKind::NotFound;
        if output.success || is_gone {
            Ok(())
        } else {
            Err(refused(asked, &output))
        }
    }
}

impl Removed {
    /// Whether there was nothing.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}

fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    id: String,
    config: Option<Config>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    volumes: Option<BTreeMap<String, serde_json::Value>>,
    env: Option<Vec<String>>,
    labels: Option<BTreeMap<String, String>>,
}

impl From<Inspected> for Image {
    fn from(found: Inspected) -> Self {
        let Some(config) = found.config else {
            return Self {
                id: found.id,
                ..Self::default()
            };
        };
        Self {
            id: found.id,
            volumes: config.volumes.unwrap_or_default().into_keys().collect(),
            env: config.env.unwrap_or_default(),
            labels: config.labels.unwrap_or_default(),
        }
    }
}
