//! Finds the Compose plugin and its version.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use semver::Version;
use serde::Deserialize;
use system::process::{Limits, run};
use xshell::{Shell, cmd};

use super::{Compose, Docker, OLDEST_COMPOSE, TIME_LIMIT, clean};
use crate::plugin_version::PluginMemory;

/// Where Docker looks for plugins after its own configuration folder.
const SYSTEM: [&str; 4] = [
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
];

/// Where Docker says how to install and update Compose.
const INSTALL: &str = "https://docs.docker.com/compose/install/";

const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    output: 1 << 20,
};

/// Why no check with the real Compose is possible here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoCompose {
    /// There is no plugin.
    #[error(
        "no Docker Compose plugin in {}\n  to install it: {INSTALL}",
        folders(looked_in)
    )]
    Missing {
        /// The folders.
        looked_in: Vec<String>,
    },
    /// There is one that does not work.
    #[error("the Compose plugin {} does not work: {reason}", plugin.display())]
    Unusable {
        /// Its file.
        plugin: PathBuf,
        /// What it did instead.
        reason: String,
    },
    /// There is one that this tool does not know how to trust.
    #[error("the Compose plugin {} is {found}; at least {} is needed: {INSTALL}", plugin.display(), OLDEST_COMPOSE)]
    TooOld {
        /// Its file.
        plugin: PathBuf,
        /// Its version.
        found: Version,
    },
}

/// The first folder, which is the person's own, and how many more there are.
fn folders(looked_in: &[String]) -> String {
    match looked_in {
        [first, rest @ ..] if !rest.is_empty() => {
            format!("{first} or the {} other folders of Docker's", rest.len())
        }
        _ => looked_in.concat(),
    }
}

impl Compose {
    /// The plugin that `COMPOSE_STORIES_PLUGIN` names, else the one that `docker compose` would
    /// use. The version is asked once and then remembered, so a second run starts no process for
    /// it.
    ///
    /// # Errors
    /// [`NoCompose`].
    pub fn find() -> Result<Self, NoCompose> {
        let plugin = locate()?;
        let memory = PluginMemory::open();
        if let Some(version) = memory.version_of(&plugin) {
            return Self::supported(plugin, version);
        }
        let found = Self::at(plugin)?;
        memory.remember(&found.plugin, &found.version);
        Ok(found)
    }

    /// The plugin at a path, asked for its version.
    ///
    /// # Errors
    /// [`NoCompose`], for a program that is no Compose, too.
    pub fn at(plugin: impl Into<PathBuf>) -> Result<Self, NoCompose> {
        let plugin = plugin.into();
        match ask_version(&plugin) {
            Ok(version) => Self::supported(plugin, version),
            Err(reason) => Err(NoCompose::Unusable { plugin, reason }),
        }
    }

    fn supported(plugin: PathBuf, version: Version) -> Result<Self, NoCompose> {
        if version < OLDEST_COMPOSE {
            return Err(NoCompose::TooOld {
                plugin,
                found: version,
            });
        }
        Ok(Self {
            plugin,
            version,
            time_limit: TIME_LIMIT,
        })
    }
}

fn locate() -> Result<PathBuf, NoCompose> {
    if let Some(plugin) = env::var_os("COMPOSE_STORIES_PLUGIN") {
        return Ok(plugin.into());
    }
    let folders = plugin_folders(env::var_os("DOCKER_CONFIG"), env::var_os("HOME"));
    let standard = folders
        .iter()
        .map(|folder| folder.join("docker-compose"))
        .find(|file| is_program(file));
    standard
        .or_else(known_to_docker)
        .ok_or_else(|| NoCompose::Missing {
            looked_in: folders
                .iter()
                .map(|folder| folder.display().to_string())
                .collect(),
        })
}

/// In Docker's own order.
fn plugin_folders(config: Option<OsString>, home: Option<OsString>) -> Vec<PathBuf> {
    let config = config
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&home?).join(".docker")));
    config
        .map(|folder| folder.join("cli-plugins"))
        .into_iter()
        .chain(SYSTEM.map(PathBuf::from))
        .collect()
}

/// A link that leads nowhere, as an uninstalled Docker Desktop leaves, is none.
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Docker's configuration can name more folders; only Docker knows.
fn known_to_docker() -> Option<PathBuf> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Plugin {
        name: String,
        path: PathBuf,
    }
    let output = run(Docker::new().plugins().ok()?, LIMITS).ok()?;
    let plugins: Vec<Plugin> = serde_json::from_slice(&output.stdout).ok()?;
    plugins
        .into_iter()
        .find(|plugin| plugin.name == "compose")
        .map(|plugin| plugin.path)
}

fn ask_version(plugin: &Path) -> Result<Version, String> {
    let shell = Shell::new().map_err(|error| error.to_string())?;
    let asked = clean(cmd!(shell, "{plugin} version --short"));
    let output = run(asked.into(), LIMITS).map_err(|error| with_cause(&error))?;
    let said = String::from_utf8_lossy(&output.stdout);
    parse_version(said.trim())
        .filter(|_| output.success)
        .ok_or_else(|| {
            let first = said
                .lines()
                .chain(output.stderr.lines())
                .find(|line| !line.trim().is_empty());
            format!(
                "asked for its version it says {:?}",
                first.unwrap_or_default()
            )
        })
}

fn with_cause(error: &dyn std::error::Error) -> String {
    error
        .source()
        .map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

/// `v2.40.3`, `2.40.3-3`, `2.26.1+ds1`: what a packager adds is no pre-release.
pub fn parse_version(text: &str) -> Option<Version> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    Version::parse(&text[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packagers_suffixes_are_no_pre_releases() {
        for text in ["2.40.3", "v2.40.3", "2.40.3-3", "2.40.3+ds1-0ubuntu1"] {
            assert_eq!(parse_version(text), Some(Version::new(2, 40, 3)), "{text}");
        }
        assert_eq!(parse_version("Docker"), None);
    }

    #[test]
    fn the_configuration_folder_comes_first() {
        let folders = plugin_folders(None, Some("/home/a".into()));
        assert_eq!(folders[0], Path::new("/home/a/.docker/cli-plugins"));
        let folders = plugin_folders(Some("/etc/d".into()), Some("/home/a".into()));
        assert_eq!(folders[0], Path::new("/etc/d/cli-plugins"));
        assert_eq!(plugin_folders(None, None).len(), SYSTEM.len());
    }
}
