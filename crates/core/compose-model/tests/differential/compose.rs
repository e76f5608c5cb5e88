//! The real Docker Compose.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The home folder that Compose is shown, so that `~` can be told from the real one.
pub const HOME: &str = "/home/of/nobody";

/// The Compose plugin of this machine.
pub struct Compose {
    plugin: PathBuf,
}

/// How much Compose is to do beyond merging.
#[derive(Clone, Copy, Debug)]
pub enum Depth {
    /// Variables stay, nothing is normalised: what the view claims to be.
    Merged,
    /// Plain `config`.
    Plain,
}

impl Compose {
    /// Finds the plugin. Where there is none the caller skips, unless the environment says that it
    /// must be there.
    pub fn find() -> Option<Self> {
        let home = std::env::var("HOME").unwrap_or_default();
        let own = std::env::var("DOCKER_CONFIG").unwrap_or_else(|_| format!("{home}/.docker"));
        let system = [
            "/usr/local/lib",
            "/usr/local/libexec",
            "/usr/lib",
            "/usr/libexec",
        ]
        .map(|lib| format!("{lib}/docker"));
        let folders = std::iter::once(own).chain(system);
        let plugin = folders
            .map(|folder| Path::new(&folder).join("cli-plugins/docker-compose"))
            .find(|path| path.exists());
        if plugin.is_none() {
            let required =
                std::env::var("COMPOSE_STORIES_REQUIRE_DOCKER").is_ok_and(|value| value == "1");
            assert!(
                !required,
                "Docker Compose is required here and was not found"
            );
            println!("SKIPPED: Docker Compose is not installed");
        }
        plugin.map(|plugin| Self { plugin })
    }

    /// The images of all services in order, as `config --images` resolves them: with the project's
    /// own `.env`, or these env files, and these variables of a shell.
    pub fn images(
        &self,
        root: &Path,
        env_files: &[&str],
        shell: &[(&str, &str)],
    ) -> Result<Vec<String>, String> {
        let mut command = Command::new(&self.plugin);
        command
            .current_dir(root)
            .env_clear()
            .env("HOME", HOME)
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null());
        command.envs(shell.iter().copied());
        for file in env_files {
            command.args(["--env-file", file]);
        }
        let output = command
            .args(["--profile", "*", "config", "--images"])
            .output()
            .map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        let mut images: Vec<_> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect();
        images.sort();
        Ok(images)
    }

    /// The model of the files, or Compose's words.
    pub fn config(&self, root: &Path, files: &[&str], depth: Depth) -> Result<Value, String> {
        let mut command = Command::new(&self.plugin);
        command
            .current_dir(root)
            .env_clear()
            .env("HOME", HOME)
            .env("GOGC", "off")
            .stdin(Stdio::null());
        command.env("PATH", "/usr/bin:/bin");
        for file in files {
            command.args(["-f", file]);
        }
        command.args(["--profile", "*", "config", "--format", "json"]);
        if let Depth::Merged = depth {
            command.args(["--no-interpolate", "--no-normalize"]);
        }
        let output = command.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return serde_json::from_slice(&output.stdout).map_err(|error| error.to_string());
        }
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}
