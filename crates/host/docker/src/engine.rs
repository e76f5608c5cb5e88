//! What a running Docker engine knows: whether one answers, and what a service's containers hold.
//!
//! Everything goes through the `docker` client, so contexts, remote hosts and credentials are its
//! business.

pub mod container;
mod contents;
mod error;
mod look;
mod peek;
mod sandbox;
pub mod volume;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use engine_facts::{Mount, MountKind, mount_at};
use system::process::{Limits, Output, RunError, run};

use crate::{Docker, FailureKind};
use container::Container;
use contents::of_tar;

pub use engine_facts::Contents;
pub use error::{EngineError, EngineUnavailable, first_line, mend};
pub use look::Mountable;
pub use peek::Peek;
pub use sandbox::{Exec, Executed, Image, Removed};

/// How long to wait for an engine to say that it is there.
const ANSWER: Limits = Limits {
    time: Duration::from_secs(3),
    output: 1 << 20,
};

/// How long to wait for one that is.
const PATIENCE: Limits = Limits {
    time: Duration::from_secs(30),
    output: 1 << 20,
};

/// Limits for a whole project's containers: some 10 KB each.
const INSPECTION: Limits = Limits {
    time: PATIENCE.time,
    output: 64 << 20,
};

/// How much of what a container holds is looked at: enough to tell something from nothing.
const GLIMPSE: Limits = Limits {
    time: Duration::from_secs(30),
    output: 4 << 20,
};

/// An engine that answers.
#[derive(Clone, Debug)]
pub struct Engine {
    docker: Docker,
    version: String,
}

/// What a service's containers hold at a target, running or stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// There is no container of the service.
    NoContainer,
    /// A named volume is mounted there.
    NamedVolume(String),
    /// A folder of the host is mounted there.
    Bind(String),
    /// A volume without a name of its own; a container that is made anew gets another, empty one.
    Anonymous {
        /// Its 64 digits.
        volume: String,
        /// What is in it.
        contents: Contents,
    },
    /// The container's own layer, which goes with the container.
    Layer(Contents),
    /// Nothing.
    Empty,
}

impl Held {
    /// Whether it holds data that is out of reach once another volume is mounted there.
    #[must_use]
    pub fn is_at_risk(&self) -> bool {
        match self {
            Self::Anonymous { contents, .. } => !contents.is_empty(),
            Self::Layer(_) => true,
            Self::NoContainer | Self::NamedVolume(_) | Self::Bind(_) | Self::Empty => false,
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoContainer => f.write_str("there is no container"),
            Self::NamedVolume(name) => write!(f, "the volume {name} is mounted"),
            Self::Bind(path) => write!(f, "{path} of the host is mounted"),
            Self::Anonymous { volume, contents } => {
                write!(
                    f,
                    "an anonymous volume ({}...) holds {contents}",
                    volume.get(..12).unwrap_or(volume)
                )
            }
            Self::Layer(contents) => write!(f, "the container's own layer holds {contents}"),
            Self::Empty => f.write_str("nothing is there"),
        }
    }
}

impl Engine {
    /// The engine that the client's context chooses, if it answers within 3 seconds.
    #[must_use]
    pub fn find() -> Option<Self> {
        Self::through(Docker::new())
    }

    /// The engine that this client talks to, if it answers within 3 seconds.
    #[must_use]
    pub fn through(docker: Docker) -> Option<Self> {
        Self::reach(docker).ok()
    }

    /// An engine that answers.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn reach(docker: Docker) -> Result<Self, EngineError> {
        let output = answer("version", docker.engine_version(), ANSWER)?;
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match version.starts_with(|c: char| c.is_ascii_digit()) {
            true => Ok(Self { docker, version }),
            false => Err(garbage("version", &output.stdout)),
        }
    }

    /// Whether it runs on this machine, so that its ports and disk are this machine's.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let said = answer("context", self.docker.endpoint(), ANSWER);
        said.is_ok_and(|said| {
            String::from_utf8_lossy(&said.stdout)
                .trim()
                .starts_with("unix://")
        })
    }

    /// The folder on its machine that holds images, containers and volumes.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn root_dir(&self) -> Result<PathBuf, EngineError> {
        let said = answer("info", self.docker.root_dir(), PATIENCE)?;
        Ok(PathBuf::from(String::from_utf8_lossy(&said.stdout).trim()))
    }

    /// The running containers that publish a port of the host, each with its project; empty where
    /// it has none.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn publishers(
        &self,
        port: u16,
        protocol: &str,
    ) -> Result<Vec<(String, String)>, EngineError> {
        let said = answer("ps", self.docker.publishers(port, protocol), PATIENCE)?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        Ok(text
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .collect())
    }

    /// The engine's version, as `20.10.24+dfsg1`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What the containers of a project's service hold at a target; of several, the first that
    /// holds data which another mount would put out of reach.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn data_at(&self, project: &str, service: &str, target: &str) -> Result<Held, EngineError> {
        let listed = answer("ps", self.docker.containers(project, service), PATIENCE)?;
        let mut first = None;
        for container in String::from_utf8_lossy(&listed.stdout).lines() {
            match self.held_by(container, target) {
                Ok(held) if held.is_at_risk() => return Ok(held),
                Ok(held) => drop(first.get_or_insert(held)),
                Err(error) if error.kind() == FailureKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(first.unwrap_or(Held::NoContainer))
    }

    /// The containers of a Compose project, stopped ones included.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn containers(&self, project: &str) -> Result<Vec<Container>, EngineError> {
        self.inspected(answer(
            "ps",
            self.docker.project_containers(project),
            PATIENCE,
        )?)
    }

    /// The containers of all Compose projects, stopped ones included.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn all_containers(&self) -> Result<Vec<Container>, EngineError> {
        self.inspected(answer("ps", self.docker.all_containers(), PATIENCE)?)
    }

    fn inspected(&self, listed: Output) -> Result<Vec<Container>, EngineError> {
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let ids: Vec<_> = listed.lines().collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let output = ran("inspect", self.docker.inspect(&ids), INSPECTION)?;
        if !output.success && FailureKind::of(&output.stderr) != FailureKind::NotFound {
            return Err(refused("inspect", &output));
        }
        Container::parse(&output.stdout).map_err(|_| garbage("inspect", &output.stdout))
    }

    /// The last lines that a container said, on both streams.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn last_lines(&self, container: &str, lines: usize) -> Result<String, EngineError> {
        let said = answer("logs", self.docker.last_lines(container, lines), PATIENCE)?;
        Ok([
            String::from_utf8_lossy(&said.stdout).into_owned(),
            said.stderr,
        ]
        .concat())
    }

    fn held_by(&self, container: &str, target: &str) -> Result<Held, EngineError> {
        let inspected = answer("inspect", self.docker.mounts(container), PATIENCE)?;
        let mounts: Vec<Mount> = serde_json::from_slice(&inspected.stdout)
            .map_err(|_| garbage("inspect", &inspected.stdout))?;
        Ok(match mount_at(&mounts, target).map(Mount::kind) {
            Some(MountKind::NamedVolume(name)) => Held::NamedVolume(name),
            Some(MountKind::Bind(source)) => Held::Bind(source),
            Some(MountKind::Memory) => Held::Empty,
            Some(MountKind::Anonymous(volume)) => Held::Anonymous {
                volume,
                contents: self.contents(container, target)?,
            },
            None => match self.contents(container, target)? {
                contents if contents.is_empty() => Held::Empty,
                contents => Held::Layer(contents),
            },
        })
    }

    /// A target that is not there holds nothing.
    fn contents(&self, container: &str, target: &str) -> Result<Contents, EngineError> {
        let output = ran("cp", self.docker.copy_out(container, target), GLIMPSE)?;
        if output.success || output.truncated {
            return Ok(of_tar(&output.stdout, output.truncated));
        }
        match FailureKind::of(&output.stderr) {
            FailureKind::NoSuchPath => Ok(Contents::default()),
            _ => Err(refused("cp", &output)),
        }
    }
}

/// The answer of a client that ends well.
fn answer(
    asked: &'static str,
    command: xshell::Result<Command>,
    limits: Limits,
) -> Result<Output, EngineError> {
    let output = ran(asked, command, limits)?;
    if output.success {
        Ok(output)
    } else {
        Err(refused(asked, &output))
    }
}

fn ran(
    asked: &'static str,
    command: xshell::Result<Command>,
    limits: Limits,
) -> Result<Output, EngineError> {
    let start = |error| RunError::Start {
        program: "docker".to_owned(),
        source: io::Error::other(error),
    };
    let output = command
        .map_err(start)
        .and_then(|command| run(command, limits));
    output.map_err(|source| EngineError::Run { asked, source })
}

fn refused(asked: &'static str, output: &Output) -> EngineError {
    EngineError::Refused {
        asked,
        words: output.stderr.trim().to_owned(),
    }
}

fn garbage(asked: &'static str, stdout: &[u8]) -> EngineError {
    let beginning = String::from_utf8_lossy(&stdout[..stdout.len().min(200)]);
    EngineError::Garbage {
        asked,
        first_line: beginning.lines().next().unwrap_or_default().to_owned(),
    }
}
