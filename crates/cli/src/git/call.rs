//! How git is started: the one place that does it.
//!
//! Neither the shell nor the checkout has a say in what a mere look runs. A shell may name another
//! repository (`GIT_DIR`, as hooks do), and a checkout's own `.git/config` may name programs: a
//! file system monitor, hooks, filters, a command to fetch with. The configuration of the person
//! and of the machine stays: they chose it.

use std::env;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use system::process::{Limits, RunError, run};
use system::regular_file;
use system::regular_file::NotRead;

use super::GitUnavailable;

/// What a look may take: a pipe where git expects a file would be waited for without end.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(20),
    output: 64 << 20,
};

/// Settings under which nothing is run but git.
const ALONE: [&str; 5] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "protocol.allow=never",
    "submodule.recurse=false",
    "gc.auto=0",
];

/// The variables of git's that a person sets for themselves, and those that say where git is
/// installed; all others belong to some other call of git.
const KEPT: [&str; 12] = [
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_DATE",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_DATE",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT",
    "GIT_EXEC_PATH",
    "GIT_TEMPLATE_DIR",
];

/// Settings that a person gives by variables: `GIT_CONFIG_KEY_0` and so on.
const KEPT_NUMBERED: [&str; 2] = ["GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"];

/// The folders and files of git's own that it reads for a look, relative to the repository.
const READ: [&str; 8] = [
    "",
    "/config",
    "/HEAD",
    "/index",
    "/packed-refs",
    "/info/exclude",
    "/info/attributes",
    "/config.worktree",
];

/// Git in a folder.
#[derive(Debug)]
pub(super) struct Git<'r> {
    root: &'r Path,
    /// Settings beside [`ALONE`], as key and value.
    settings: Vec<(String, String)>,
}

/// What git said.
#[derive(Debug)]
pub(super) struct Said {
    /// None where something ended it.
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl<'r> Git<'r> {
    /// Git in a folder of a checkout.
    pub(super) fn at(root: &'r Path) -> Self {
        Self {
            root,
            settings: Vec::new(),
        }
    }

    /// The call without the filters that the checkout's own configuration names; files are then
    /// compared as they are.
    ///
    /// # Errors
    /// [`GitUnavailable`] where the configuration cannot be read.
    pub(super) fn without_filters(mut self) -> Result<Self, GitUnavailable> {
        let words = [
            "config",
            "--null",
            "--show-scope",
            "--name-only",
            "--get-regexp",
            r"^filter\.",
        ];
        let Some(Said { stdout, .. }) = self.look(&words, &[])?.filter(Said::is_well) else {
            return Ok(self);
        };
        let entries: Vec<_> = stdout.split_terminator('\0').collect();
        for entry in entries
            .chunks_exact(2)
            .filter(|entry| matches!(entry[0], "local" | "worktree"))
        {
            let value = if entry[1].ends_with(".required") {
                "false"
            } else {
                ""
            };
            self.settings.push((entry[1].to_owned(), value.to_owned()));
        }
        Ok(self)
    }

    /// Asks git something. Nothing but git runs, and nothing is written; none where there is no
    /// git.
    ///
    /// # Errors
    /// [`GitUnavailable`] where it cannot be started or does not end. What it says with another exit code
    /// than 0 is an answer.
    pub(super) fn look(
        &self,
        words: &[&str],
        paths: &[String],
    ) -> Result<Option<Said>, GitUnavailable> {
        must_not_wait(self.root, paths)?;
        let mut command = self.command();
        command
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0");
        // Some of its words are looked for.
        command.env("LC_ALL", "C").arg("--no-pager");
        for setting in ALONE {
            command.args(["-c", setting]);
        }
        self.set(&mut command);
        command.args(words).args(paths);
        match run(command, LIMITS) {
            Ok(output) => {
                let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
                Ok(Some(Said {
                    code: output.code,
                    stdout,
                    stderr: output.stderr,
                }))
            }
            Err(RunError::Start { source, .. }) => not_started(source),
            Err(error) => Err(GitUnavailable {
                words: format!("{:#}", anyhow::Error::from(error)),
            }),
        }
    }

    /// Has git write. Its hooks and filters run, as for a person, and may take their time.
    ///
    /// # Errors
    /// [`GitUnavailable`] where it cannot be started.
    pub(super) fn write(
        &self,
        words: &[&str],
        paths: &[String],
    ) -> Result<Option<Said>, GitUnavailable> {
        match self.command().args(words).args(paths).output() {
            Ok(output) => {
                let [stdout, stderr] = [&output.stdout, &output.stderr]
                    .map(|text| String::from_utf8_lossy(text).into_owned());
                Ok(Some(Said {
                    code: output.status.code(),
                    stdout,
                    stderr,
                }))
            }
            Err(error) => not_started(error),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        for (name, _) in env::vars_os() {
            let of_git = name.to_str().filter(|name| name.starts_with("GIT_"));
            if of_git.is_some_and(|name| !is_kept(name)) {
                command.env_remove(&name);
            }
        }
        command.arg("--literal-pathspecs").arg("-C").arg(self.root);
        command
    }

    /// By variables, for a filter's name may hold what separates a key from its value; behind those
    /// of the person.
    fn set(&self, command: &mut Command) {
        let own = env::var("GIT_CONFIG_COUNT")
            .ok()
            .and_then(|count| count.parse().ok())
            .unwrap_or(0_usize);
        for (at, (key, value)) in self.settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{}", own + at), key);
            command.env(format!("GIT_CONFIG_VALUE_{}", own + at), value);
            command.env("GIT_CONFIG_COUNT", (own + at + 1).to_string());
        }
    }
}

impl Said {
    pub(super) fn is_well(&self) -> bool {
        self.code == Some(0)
    }

    /// Both outputs, in a person's order.
    pub(super) fn all(&self) -> String {
        let text = [self.stdout.as_str(), &self.stderr].concat();
        let code = self
            .code
            .map_or("a signal".to_owned(), |code| format!("exit code {code}"));
        if text.trim().is_empty() {
            format!("git says nothing, {code}")
        } else {
            text
        }
    }
}

fn not_started(error: io::Error) -> Result<Option<Said>, GitUnavailable> {
    match error.kind() {
        io::ErrorKind::NotFound => Ok(None),
        _ => Err(GitUnavailable {
            words: format!("git cannot be started: {error}"),
        }),
    }
}

fn is_kept(name: &str) -> bool {
    KEPT.contains(&name) || KEPT_NUMBERED.iter().any(|kept| name.starts_with(kept))
}

/// Git opens what it reads as it comes, and would wait for a pipe's writer.
fn must_not_wait(root: &Path, paths: &[String]) -> Result<(), GitUnavailable> {
    let own = READ.iter().map(|name| root.join(format!(".git{name}")));
    let folders = paths
        .iter()
        .flat_map(|path| Path::new(path).ancestors().skip(1));
    let rules = folders.flat_map(|folder| {
        [".gitignore", ".gitattributes"].map(|name| root.join(folder).join(name))
    });
    for file in own.chain(rules) {
        if let Err(error) = regular_file::must_be_one(&file)
            && let Some(NotRead::Kind(kind)) = NotRead::of(&error)
            && kind != regular_file::FOLDER
        {
            let words = format!(
                "{} is {kind}, which git would wait for; move it away",
                file.display()
            );
            return Err(GitUnavailable { words });
        }
    }
    Ok(())
}
