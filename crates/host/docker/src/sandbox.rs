//! What `verify --live` asks of Docker: a project of its own, and what runs in it.

use std::process::Command;

use xshell::{Shell, cmd};

use super::{Compose, ConfigCall, Docker, flagged};

/// What of the caller's environment reaches a project beside what reaches a check: which engine,
/// and how to get there.
const REACHING: [&str; 5] = [
    "SSH_AUTH_SOCK",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "USER",
];

/// A kind of thing that carries a project's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Volumes with a name.
    Volume,
    /// Networks.
    Network,
    /// Images that Compose built for the project.
    Image,
}

impl Kind {
    /// The client's word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Network => "network",
            Self::Image => "image",
        }
    }
}

impl Compose {
    /// Spells a verb of `docker compose` with these files, in a clean environment; the project has
    /// the name that is given, else its own.
    pub fn project(
        &self,
        call: &ConfigCall,
        project: Option<&str>,
        args: &[&str],
    ) -> xshell::Result<Command> {
        let (plugin, directory) = (&self.plugin, &call.directory);
        let (env_files, files) = (
            flagged("--env-file", &call.env_files),
            flagged("--file", &call.files),
        );
        let name = project.map(|project| ["--project-name", project]);
        let name: &[&str] = name.as_ref().map_or(&[], |name| name);
        let shell = Shell::new()?;
        let spelt = cmd!(
            shell,
            "{plugin} --project-directory {directory} {name...} {env_files...} {files...} {args...}"
        );
        let reaching = |name: &str| {
            name.starts_with("DOCKER_") || super::KEPT.contains(&name) || REACHING.contains(&name)
        };
        let kept = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(reaching));
        let mut command = Command::from(spelt.env_clear().envs(kept));
        command.current_dir(directory);
        Ok(command)
    }
}

impl Docker {
    /// A program in a container; `handed` are variables that it gets with these values, which no
    /// process list shows.
    pub(crate) fn exec(
        &self,
        container: &str,
        options: &[&str],
        handed: &[(&str, &str)],
        words: &[&str],
    ) -> xshell::Result<Command> {
        let names = handed.iter().flat_map(|(name, _)| ["--env", name]);
        let args: Vec<_> = ["exec"]
            .into_iter()
            .chain(options.iter().copied())
            .chain(names)
            .chain([container])
            .collect();
        let mut command = self.spell(&[&args, words].concat())?;
        command.envs(handed.iter().copied());
        Ok(command)
    }

    /// A verb with its options for some containers, as `stop --time 2`.
    pub(crate) fn on(&self, verb: &[&str], containers: &[&str]) -> xshell::Result<Command> {
        self.spell(&[verb, containers].concat())
    }

    /// What an image is, as a JSON array.
    pub(crate) fn image(&self, image: &str) -> xshell::Result<Command> {
        self.spell(&["image", "inspect", image])
    }

    /// The names of a project's volumes, networks or images.
    pub(crate) fn labelled(&self, kind: Kind, project: &str) -> xshell::Result<Command> {
        let label = format!("label=com.docker.compose.project={project}");
        self.spell(&[kind.word(), "ls", "--quiet", "--filter", &label])
    }

    /// Removes volumes, networks or images.
    pub(crate) fn remove_all(&self, kind: Kind, names: &[&str]) -> xshell::Result<Command> {
        let force: &[&str] = if kind == Kind::Image {
            &["--force"]
        } else {
            &[]
        };
        self.spell(&[&[kind.word(), "rm"], force, names].concat())
    }
}
