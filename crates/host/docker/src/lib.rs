//! Where outside programs are spelt: the Compose plugin and the `docker` client.
//!
//! The plugin is called directly, not through `docker compose`, which starts it twice and takes
//! twice the time.

mod arguments;
pub mod compose_config;
mod endpoint;
pub mod engine;
mod failure;
mod find;
mod plugin_version;
mod sandbox;
mod stream;

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use semver::Version;
use xshell::{Shell, cmd};

pub use arguments::{Arguments, Effect, Refusal};
pub use endpoint::Endpoint;
pub use failure::FailureKind;
pub use find::{NoCompose, parse_version};
pub(crate) use sandbox::Kind;
pub use stream::{Progress, Sink, Streams, stream};

/// The oldest Compose that this tool is tested with.
pub const OLDEST_COMPOSE: Version = Version::new(2, 26, 0);

/// What of the caller's environment reaches a check: a variable such as `COMPOSE_FILE` would change
/// its answer.
const KEPT: [&str; 3] = ["HOME", "PATH", "DOCKER_CONFIG"];

/// The variable that makes profiles active.
const PROFILES: &str = "COMPOSE_PROFILES";

/// The profiles that the shell makes active: its word wins over that of the env files, also where
/// it is empty.
#[must_use]
pub fn profiles_of_shell() -> Option<String> {
    env::var(PROFILES).ok()
}

/// Variables by which a shell would lead Compose to another stack than the one that is asked for,
/// or let it remove containers unasked. An environment's files and its project's name come from the
/// checkout alone. `COMPOSE_PROFILES` stays, it only chooses services; so do `DOCKER_HOST` and
/// `DOCKER_CONTEXT`, which choose the engine for every call alike.
const LEFT_OUT: [&str; 9] = [
    "COMPOSE_COMPATIBILITY",
    "COMPOSE_CONVERT_WINDOWS_PATHS",
    "COMPOSE_DISABLE_ENV_FILE",
    "COMPOSE_ENV_FILES",
    "COMPOSE_FILE",
    "COMPOSE_IGNORE_ORPHANS",
    "COMPOSE_PATH_SEPARATOR",
    "COMPOSE_PROJECT_NAME",
    "COMPOSE_REMOVE_ORPHANS",
];

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
    Active,
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
    /// The project's name; without one Compose derives it.
    pub project: Option<String>,
}

impl ConfigCall {
    /// `--project-name NAME`, where there is one.
    fn project_flag(&self) -> Vec<&str> {
        self.project
            .iter()
            .flat_map(|project| ["--project-name", project])
            .collect()
    }
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

    /// Spells `docker compose config` in a clean environment; which profiles are active is the
    /// shell's to say.
    pub(crate) fn config(&self, call: &ConfigCall, profiles: Profiles) -> xshell::Result<Command> {
        match profiles {
            Profiles::All => self.spell_config(call, &MODEL, clean),
            Profiles::Active => self.spell_config(call, &["config", "--quiet"], |spelt| {
                clean(spelt).envs(env::var_os(PROFILES).map(|active| (PROFILES, active)))
            }),
        }
    }

    /// The same in the caller's environment, every profile active: what `up` would work with.
    pub fn config_as_called(&self, call: &ConfigCall) -> xshell::Result<Command> {
        self.spell_config(call, &MODEL, without_other_stacks)
    }

    /// A hash of each service, one a line: Compose makes a container anew where it differs from the
    /// container's label.
    pub fn hashes_as_called(&self, call: &ConfigCall) -> xshell::Result<Command> {
        self.spell_config(
            call,
            &["--profile", "*", "config", "--hash", "*"],
            without_other_stacks,
        )
    }

    fn spell_config(
        &self,
        call: &ConfigCall,
        question: &[&str],
        environment: impl Fn(xshell::Cmd<'_>) -> xshell::Cmd<'_>,
    ) -> xshell::Result<Command> {
        let (plugin, directory) = (&self.plugin, &call.directory);
        let env_files = flagged("--env-file", &call.env_files);
        let (files, project) = (flagged("--file", &call.files), call.project_flag());
        let shell = Shell::new()?;
        let spelt = cmd!(
            shell,
            "{plugin} --project-directory {directory} {project...} {env_files...} {files...} {question...}"
        );
        let mut command = Command::from(environment(spelt));
        command.current_dir(directory);
        Ok(command)
    }
}

/// The question for a model with every profile active.
const MODEL: [&str; 5] = ["--profile", "*", "config", "--format", "json"];

/// The caller's environment, but for what would lead to another stack.
fn without_other_stacks(spelt: xshell::Cmd<'_>) -> xshell::Cmd<'_> {
    LEFT_OUT
        .into_iter()
        .fold(spelt, |spelt, name| spelt.env_remove(name))
}

/// A process this short is faster without garbage collection; a long one starts to collect at half
/// its memory limit.
fn clean(spelt: xshell::Cmd<'_>) -> xshell::Cmd<'_> {
    let kept = KEPT
        .into_iter()
        .filter_map(|name| Some((name, env::var_os(name)?)));
    spelt
        .env_clear()
        .envs(kept)
        .env("GOGC", "off")
        .env("GOMEMLIMIT", (system::process::MEMORY / 2).to_string())
}

/// `flag a flag b`.
fn flagged<'a>(flag: &'a str, paths: &'a [PathBuf]) -> Vec<&'a Path> {
    paths
        .iter()
        .flat_map(|path| [Path::new(flag), path])
        .collect()
}

/// The `docker` client. Unlike a check it gets the caller's whole environment: `DOCKER_HOST` and
/// the like choose the engine.
#[derive(Clone, Debug)]
pub struct Docker {
    program: PathBuf,
}

impl Docker {
    /// The client that `COMPOSE_STORIES_DOCKER` names, else `docker` of the `PATH`. Starts nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::at(env::var_os("COMPOSE_STORIES_DOCKER").unwrap_or_else(|| "docker".into()))
    }

    /// A client by its path.
    pub fn at(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
        }
    }

    /// `docker compose` with an environment's files and its project's name, for a person at the
    /// terminal: everything else is inherited, but for variables that would lead to another stack.
    ///
    /// # Errors
    /// Where the working directory is gone.
    pub fn compose(&self, call: &ConfigCall, args: &[String]) -> xshell::Result<Command> {
        let (program, directory) = (&self.program, &call.directory);
        let (env_files, files) = (
            flagged("--env-file", &call.env_files),
            flagged("--file", &call.files),
        );
        let shell = Shell::new()?;
        let project = call.project_flag();
        let options = cmd!(
            shell,
            "{program} compose --project-directory {directory} {project...} {env_files...} {files...}"
        );
        Ok(without_other_stacks(options).args(args).into())
    }

    /// The plugins that the client knows, as JSON.
    pub(crate) fn plugins(&self) -> xshell::Result<Command> {
        self.spell(&["info", "--format", "{{json .ClientInfo.Plugins}}"])
    }

    /// The client's own version, which no engine is needed for.
    pub fn client_version(&self) -> xshell::Result<Command> {
        self.spell(&["--version"])
    }

    /// Where the engine is: `unix:///var/run/docker.sock`, `ssh://host`.
    pub(crate) fn endpoint(&self) -> xshell::Result<Command> {
        self.spell(&[
            "context",
            "inspect",
            "--format",
            "{{.Endpoints.docker.Host}}",
        ])
    }

    /// The folder on the engine's machine that holds images, containers and volumes.
    pub(crate) fn root_dir(&self) -> xshell::Result<Command> {
        self.spell(&["info", "--format", "{{.DockerRootDir}}"])
    }

    /// What the engine's clock says.
    pub(crate) fn system_time(&self) -> xshell::Result<Command> {
        self.spell(&["info", "--format", "{{.SystemTime}}"])
    }

    /// The names of the volumes that were removed between two times of the engine's clock.
    pub(crate) fn removed_volumes(&self, since: &str, until: &str) -> xshell::Result<Command> {
        let removed = [
            "--filter",
            "type=volume",
            "--filter",
            "event=destroy",
            "--format",
            "{{.Actor.ID}}",
        ];
        self.spell(
            &[
                &["events", "--since", since, "--until", until],
                &removed[..],
            ]
            .concat(),
        )
    }

    /// The running containers that publish a port of the host, each with its project behind a tab.
    pub(crate) fn publishers(&self, port: u16, protocol: &str) -> xshell::Result<Command> {
        let filter = format!("publish={port}/{protocol}");
        let shown = "{{.Names}}\t{{.Label \"com.docker.compose.project\"}}";
        self.spell(&["ps", "--filter", &filter, "--format", shown])
    }

    /// The engine's version; fails where none answers.
    pub(crate) fn engine_version(&self) -> xshell::Result<Command> {
        self.spell(&["version", "--format", "{{.Server.Version}}"])
    }

    /// The ids of a service's containers, stopped ones included, newest first.
    pub(crate) fn containers(&self, project: &str, service: &str) -> xshell::Result<Command> {
        let project = format!("label=com.docker.compose.project={project}");
        let service = format!("label=com.docker.compose.service={service}");
        self.spell(&[
            "ps",
            "--all",
            "--quiet",
            "--no-trunc",
            "--filter",
            &project,
            "--filter",
            &service,
        ])
    }

    /// The ids of a project's containers, stopped ones included.
    pub(crate) fn project_containers(&self, project: &str) -> xshell::Result<Command> {
        let project = format!("label=com.docker.compose.project={project}");
        self.spell(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &project])
    }

    /// The ids of all containers that Compose made, stopped ones included.
    pub(crate) fn all_containers(&self) -> xshell::Result<Command> {
        self.spell(&[
            "ps",
            "--all",
            "--quiet",
            "--no-trunc",
            "--filter",
            "label=com.docker.compose.project",
        ])
    }

    /// The names of all volumes.
    pub(crate) fn all_volumes(&self) -> xshell::Result<Command> {
        self.spell(&["volume", "ls", "--quiet"])
    }

    /// The names of the volumes that Compose made for a project.
    pub(crate) fn project_volumes(&self, project: &str) -> xshell::Result<Command> {
        let project = format!("label=com.docker.compose.project={project}");
        self.spell(&["volume", "ls", "--quiet", "--filter", &project])
    }

    /// The names of the volumes that Compose made of a key of its files, whatever the project.
    pub(crate) fn volumes_by_key(&self, key: &str) -> xshell::Result<Command> {
        let key = format!("label={}={key}", engine_facts::volume::KEY);
        self.spell(&["volume", "ls", "--quiet", "--filter", &key])
    }

    /// Everything about volumes, as a JSON array of those that are there.
    pub(crate) fn inspect_volumes(&self, names: &[&str]) -> xshell::Result<Command> {
        self.spell(&[&["volume", "inspect"], names].concat())
    }

    /// Makes a container with a volume at a path, to be looked into and never started; prints its
    /// id. Nothing is pulled for it, and the volume is left as it is.
    pub(crate) fn create_beside(
        &self,
        image: &str,
        volume: &str,
        path: &str,
    ) -> xshell::Result<Command> {
        let mount = format!("type=volume,source={volume},target={path},readonly,volume-nocopy");
        let own = [
            "--label",
            "compose-stories.look",
            "--mount",
            &mount,
            image,
            "true",
        ];
        self.spell(
            &[
                &["create", "--pull", "never", "--network", "none"][..],
                &own,
            ]
            .concat(),
        )
    }

    /// Makes a container with several mounts, each as `--mount` takes it, to be looked into and never
    /// started; prints its id. Nothing is pulled for it.
    pub(crate) fn create_to_look(&self, image: &str, mounts: &[String]) -> xshell::Result<Command> {
        let mut words = vec!["create", "--pull", "never", "--network", "none"];
        words.extend(["--label", "compose-stories.look"]);
        mounts
            .iter()
            .for_each(|mount| words.extend(["--mount", mount]));
        words.extend([image, "true"]);
        self.spell(&words)
    }

    /// Makes an image with nothing in it, from what it reads, which is nothing; prints its id.
    pub(crate) fn import_nothing(&self) -> xshell::Result<Command> {
        self.spell(&["import", "-"])
    }

    /// Removes an image.
    pub(crate) fn remove_image(&self, image: &str) -> xshell::Result<Command> {
        self.spell(&["image", "rm", image])
    }

    /// Removes a container with its anonymous volumes.
    pub(crate) fn remove(&self, container: &str) -> xshell::Result<Command> {
        self.spell(&["rm", "--force", "--volumes", container])
    }

    /// What a container has changed in its own layer.
    pub(crate) fn changes(&self, container: &str) -> xshell::Result<Command> {
        self.spell(&["diff", container])
    }

    /// The variables that an image sets, one a line.
    pub(crate) fn image_variables(&self, image: &str) -> xshell::Result<Command> {
        self.spell(&[
            "image",
            "inspect",
            "--format",
            "{{range .Config.Env}}{{println .}}{{end}}",
            image,
        ])
    }

    /// The last lines that a container said.
    pub(crate) fn last_lines(&self, container: &str, lines: usize) -> xshell::Result<Command> {
        self.spell(&["logs", "--tail", &lines.to_string(), container])
    }

    /// The number of keys that a running Redis holds.
    pub(crate) fn redis_keys(&self, container: &str) -> xshell::Result<Command> {
        self.spell(&["exec", container, "redis-cli", "dbsize"])
    }

    /// Everything about containers, as a JSON array of those that are there.
    pub(crate) fn inspect(&self, containers: &[&str]) -> xshell::Result<Command> {
        self.spell(&[&["inspect", "--type", "container"], containers].concat())
    }

    /// The mounts of a container, as JSON.
    pub(crate) fn mounts(&self, container: &str) -> xshell::Result<Command> {
        self.spell(&[
            "inspect",
            "--type",
            "container",
            "--format",
            "{{json .Mounts}}",
            container,
        ])
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
