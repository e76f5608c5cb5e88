//! Where outside programs are spelt: the Compose plugin and the `docker` client.
//!
//! The plugin is called directly, not through `docker compose`, which starts it twice and takes twice the time.

mod find;
mod process;

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use semver::Version;
use xshell::{Shell, cmd};

pub use find::NoCompose;
pub use process::{Limits, Output, RunError, run};

/// The oldest Compose that this tool is tested with.
pub const OLDEST_COMPOSE: Version = Version::new(2, 26, 0);

/// What of the caller's environment reaches a check: a variable such as `COMPOSE_FILE` would change its answer.
const KEPT: [&str; 3] = ["HOME", "PATH", "DOCKER_CONFIG"];

/// What a check may take; a real one takes some 30 ms, a stack of 1,000 services 0.8 s.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The Compose plugin of this machine.
#[derive(Clone, Debug)]
pub struct Compose {
    plugin: PathBuf,
    version: Version,
    time_limit: Duration,
}

/// There is no `docker` client to start.
#[derive(Debug, thiserror::Error)]
#[error("docker cannot be started; is it installed? (https://docs.docker.com/engine/install/)")]
pub struct NoDocker(#[source] pub io::Error);

/// Which services a check looks at: Compose does not check those behind an inactive profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profiles {
    /// Every service; prints the model.
    All,
    /// Those that a plain `up` would start; prints nothing.
    Default,
}

/// The files of one `config` call, all paths absolute.
#[derive(Clone, Debug)]
pub struct ConfigCall {
    /// The project directory, which is also where the call runs.
    pub directory: PathBuf,
    /// The compose files in order.
    pub files: Vec<PathBuf>,
    /// The env files in order, all of them there.
    pub env_files: Vec<PathBuf>,
}

impl Compose {
    /// The plugin's version, without a packager's suffix.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The plugin's file.
    #[must_use]
    pub fn plugin(&self) -> &Path {
        &self.plugin
    }

    /// How long a check may take.
    #[must_use]
    pub fn time_limit(&self) -> Duration {
        self.time_limit
    }

    /// The same plugin with another time limit.
    #[must_use]
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// Spells `docker compose config` in a clean environment.
    pub(crate) fn config(&self, call: &ConfigCall, profiles: Profiles) -> xshell::Result<Command> {
        let (plugin, directory) = (&self.plugin, &call.directory);
        let env_files = flagged("--env-file", &call.env_files);
        let files = flagged("--file", &call.files);
        let question: &[&str] = match profiles {
            Profiles::All => &["--profile", "*", "config", "--format", "json"],
            Profiles::Default => &["config", "--quiet"],
        };
        let shell = Shell::new()?;
        let spelt = cmd!(shell, "{plugin} --project-directory {directory} {env_files...} {files...} {question...}");
        let mut command = Command::from(clean(spelt));
        command.current_dir(directory);
        Ok(command)
    }
}

/// A process this short is faster without garbage collection; a long one starts to collect at half its memory limit.
fn clean(spelt: xshell::Cmd<'_>) -> xshell::Cmd<'_> {
    let kept = KEPT.into_iter().filter_map(|name| Some((name, env::var_os(name)?)));
    spelt.env_clear().envs(kept).env("GOGC", "off").env("GOMEMLIMIT", (process::MEMORY / 2).to_string())
}

/// `flag a flag b`.
fn flagged<'a>(flag: &'a str, paths: &'a [PathBuf]) -> Vec<&'a Path> {
    paths.iter().flat_map(|path| [Path::new(flag), path]).collect()
}

/// The `docker` client. Unlike a check it gets the caller's whole environment: `DOCKER_HOST` and the like choose the
/// engine.
#[derive(Clone, Debug)]
pub struct Docker {
    program: PathBuf,
}

impl Docker {
    /// The client that `COMPOSE_XTASK_DOCKER` names, else `docker` of the `PATH`. Starts nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::at(env::var_os("COMPOSE_XTASK_DOCKER").unwrap_or_else(|| "docker".into()))
    }

    /// A client by its path.
    pub fn at(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into() }
    }

    /// `docker compose` with an environment's files, for a person at the terminal: everything is inherited.
    ///
    /// # Errors
    /// Where the working directory is gone.
    pub fn compose(&self, call: &ConfigCall, args: &[String]) -> xshell::Result<Command> {
        let (program, directory) = (&self.program, &call.directory);
        let (env_files, files) = (flagged("--env-file", &call.env_files), flagged("--file", &call.files));
        let shell = Shell::new()?;
        let options = cmd!(shell, "{program} compose --project-directory {directory} {env_files...} {files...}");
        Ok(options.args(args).into())
    }

    /// The plugins that the client knows, as JSON.
    pub(crate) fn plugins(&self) -> xshell::Result<Command> {
        self.spell(&["info", "--format", "{{json .ClientInfo.Plugins}}"])
    }

    /// The engine's version; fails where none answers.
    pub(crate) fn engine_version(&self) -> xshell::Result<Command> {
        self.spell(&["version", "--format", "{{.Server.Version}}"])
    }

    /// The ids of a service's containers, stopped ones included, newest first.
    pub(crate) fn containers(&self, project: &str, service: &str) -> xshell::Result<Command> {
        let project = format!("label=com.docker.compose.project={project}");
        let service = format!("label=com.docker.compose.service={service}");
        self.spell(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &project, "--filter", &service])
    }

    /// The ids of a project's containers, stopped ones included.
    pub(crate) fn project_containers(&self, project: &str) -> xshell::Result<Command> {
        let project = format!("label=com.docker.compose.project={project}");
        self.spell(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &project])
    }

    /// Everything about containers, as a JSON array of those that are there.
    pub(crate) fn inspect(&self, containers: &[&str]) -> xshell::Result<Command> {
        self.spell(&[&["inspect", "--type", "container"], containers].concat())
    }

    /// The mounts of a container, as JSON.
    pub(crate) fn mounts(&self, container: &str) -> xshell::Result<Command> {
        self.spell(&["inspect", "--type", "container", "--format", "{{json .Mounts}}", container])
    }

    /// A path of a container as a tar stream; works on stopped containers too.
    pub(crate) fn copy_out(&self, container: &str, path: &str) -> xshell::Result<Command> {
        self.spell(&["cp", &format!("{container}:{path}"), "-"])
    }

    fn spell(&self, args: &[&str]) -> xshell::Result<Command> {
        let (shell, program) = (Shell::new()?, &self.program);
        Ok(cmd!(shell, "{program} {args...}").into())
    }
}

impl Default for Docker {
    fn default() -> Self {
        Self::new()
    }
}
