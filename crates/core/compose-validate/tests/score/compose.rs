//! The real Docker Compose.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::corpus::Subject;
use crate::verdict::Verdict;

/// A Compose plugin.
pub struct Compose {
    plugin: PathBuf,
}

impl Compose {
    /// This machine's plugin. Where there is none the caller skips, unless the environment says
    /// that it must be there.
    pub fn find() -> Option<Self> {
        let home = std::env::var("HOME").unwrap_or_default();
        let own = std::env::var("DOCKER_CONFIG").unwrap_or_else(|_| format!("{home}/.docker"));
        let system = [
            "/usr/local/lib",
            "/usr/local/libexec",
            "/usr/lib",
            "/usr/libexec",
        ];
        let folders = std::iter::once(own).chain(system.map(|library| format!("{library}/docker")));
        let found = folders
            .into_iter()
            .find_map(|folder| Self::below(Path::new(&folder)));
        if found.is_none() {
            let is_required =
                std::env::var("COMPOSE_STORIES_REQUIRE_DOCKER").is_ok_and(|value| value == "1");
            assert!(
                !is_required,
                "Docker Compose is required here and was not found"
            );
            println!("SKIPPED: Docker Compose is not installed");
        }
        found
    }

    /// The oldest supported one, where the environment asks for it and names its folder.
    pub fn oldest() -> Option<Self> {
        std::env::var_os("COMPOSE_STORIES_SCORE_OLDEST")?;
        Self::below(Path::new(&std::env::var_os(
            "COMPOSE_STORIES_OLDEST_COMPOSE",
        )?))
    }

    fn below(folder: &Path) -> Option<Self> {
        let plugin = folder.join("cli-plugins/docker-compose");
        plugin.exists().then_some(Self { plugin })
    }

    /// What `config` says of texts in the place of the subject's file: with all profiles, and with
    /// none if they have any.
    pub fn judge(&self, subject: &Subject, texts: &[&str]) -> Verdict {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let project = subject.furnish(&folder);
        let mut files = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let name = format!("compose.{index}.yaml");
            std::fs::write(project.join(&name), text).expect("a writable folder");
            files.extend(["-f".to_owned(), name]);
        }
        let with =
            |options: &[&str]| self.config(subject, &project, &[options, &strs(&files)].concat());
        match with(&["--profile", "*"]) {
            Verdict::Accepted if texts.iter().any(|text| text.contains("profiles")) => with(&[]),
            verdict => verdict,
        }
    }

    fn config(&self, subject: &Subject, project: &Path, options: &[&str]) -> Verdict {
        let mut command = Command::new(&self.plugin);
        command
            .current_dir(project)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", project);
        // It is done before its memory is worth collecting, and as many run as there are
        // processors.
        command.env("GOGC", "off").env("GOMAXPROCS", "1");
        command.envs(&subject.variables).stdin(Stdio::null());
        command
            .args(options)
            .args(["--env-file", "/dev/null", "config", "-q"]);
        let output = command.output().expect("a plugin that starts");
        if output.status.success() {
            return Verdict::Accepted;
        }
        let words =
            String::from_utf8_lossy(&output.stderr).replace(&*project.to_string_lossy(), "");
        let said = words.lines().filter(|line| !line.contains("level=warning"));
        Verdict::Rejected(said.take(3).collect::<Vec<_>>().join(" "))
    }
}

impl Subject {
    /// Makes the project's folder with empty stand-ins for the env files; paths that leave it stay
    /// in the outer folder.
    fn furnish(&self, folder: &TempDir) -> PathBuf {
        let project = folder.path().join("a/b/project");
        std::fs::create_dir_all(&project).expect("a writable folder");
        for file in &self.env_files {
            let path = project.join(file);
            let parent = path.parent().unwrap_or(&project);
            if !file.starts_with('/') && std::fs::create_dir_all(parent).is_ok() {
                std::fs::write(&path, "").expect("a writable folder");
            }
        }
        project
    }
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
