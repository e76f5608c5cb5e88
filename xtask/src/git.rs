//! Git, as far as it is there: what it calls modified, and one commit a story. Nothing else hangs on it.

use std::io;
use std::path::Path;
use std::process::{Command, Output};

use xshell::{Shell, cmd};

/// Whether a checkout is in a git repository.
#[must_use]
pub fn is_repository(root: &Path) -> bool {
    root.ancestors().any(|folder| folder.join(".git").exists())
}

/// Those of some files that differ from the last commit. What git does not track is not modified; where there is no git,
/// nothing is.
#[must_use]
pub fn modified(root: &Path, paths: &[String]) -> Vec<String> {
    if paths.is_empty() || !is_repository(root) {
        return Vec::new();
    }
    let words = ["--no-optional-locks", "diff", "--name-only", "--relative", "-z", "HEAD", "--"];
    match git(root, &words, paths) {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// What git does with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracked {
    /// There is no git, or no repository.
    NoGit,
    /// It would take it with the next `git add`.
    No,
    /// It ignores it.
    Ignored,
    /// It has it.
    Yes,
}

/// What git does with a file, be it there or not.
#[must_use]
pub fn tracked(root: &Path, path: &str) -> Tracked {
    if !is_repository(root) {
        return Tracked::NoGit;
    }
    let paths = [path.to_owned()];
    match git(root, &["ls-files", "--error-unmatch", "--"], &paths) {
        Err(_) => return Tracked::NoGit,
        Ok(output) if output.status.success() => return Tracked::Yes,
        Ok(_) => {}
    }
    match is_ignored(root, path) {
        Some(true) => Tracked::Ignored,
        Some(false) => Tracked::No,
        None => Tracked::NoGit,
    }
}

/// None where git does not tell. It takes no literal paths here.
fn is_ignored(root: &Path, path: &str) -> Option<bool> {
    let shell = Shell::new().ok()?;
    let output = Command::from(cmd!(shell, "git -C {root} check-ignore --quiet -- {path}")).output().ok()?;
    match output.status.code() {
        Some(0) => Some(true),
        Some(1) => Some(false),
        _ => None,
    }
}

/// `git version 2.39.5`; none where there is none.
#[must_use]
pub fn version() -> Option<String> {
    let shell = Shell::new().ok()?;
    let output = Command::from(cmd!(shell, "git --version")).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !said.is_empty()).then_some(said)
}

/// Commits these files and nothing else.
///
/// # Errors
/// Git's own words.
pub fn commit(root: &Path, paths: &[String], message: &str) -> Result<(), String> {
    let said = |output: io::Result<Output>| match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            Err([output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat())
        }
        Err(error) => Err(format!("git cannot be started: {error}")),
    };
    said(git(root, &["add", "--"], paths))?;
    said(git(root, &["commit", "--quiet", "--only", "--message", message, "--"], paths))
}

fn git(root: &Path, words: &[&str], paths: &[String]) -> io::Result<Output> {
    let shell = Shell::new().map_err(io::Error::other)?;
    Command::from(cmd!(shell, "git --literal-pathspecs -C {root} {words...} {paths...}")).output()
}
