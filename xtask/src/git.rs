//! Git, as far as it is there: what it calls modified, and one commit a story. Nothing else hangs on it.

mod commit;
mod place;

use std::io;
use std::path::Path;
use std::process::{Command, Output};

use xshell::{Shell, cmd};

use place::{Place, by_repository, repository_of};

use crate::shell_word::quoted;

pub use commit::{Obstacle, by_hand, commit, obstacle, on_no_branch, spelt};

/// Whether a checkout is in a git repository.
#[must_use]
pub fn is_repository(root: &Path) -> bool {
    repository_of(root).is_some()
}

/// Git is there, is asked, and does not answer.
#[derive(Debug)]
pub struct NoAnswer {
    /// Its own words.
    pub words: String,
}

/// Those of some files that differ from the last commit. What git does not track is not modified; where there is no git,
/// nothing is.
///
/// # Errors
/// [`NoAnswer`] where git will not say: what it keeps back may well be modified.
pub fn modified(root: &Path, paths: &[String]) -> Result<Vec<String>, NoAnswer> {
    differing(root, paths, "--untracked-files=no")
}

/// The same with those that git does not track, be they in its index or not; ignored ones are left out.
///
/// # Errors
/// As for [`modified`].
pub fn uncommitted(root: &Path, paths: &[String]) -> Result<Vec<String>, NoAnswer> {
    differing(root, paths, "--untracked-files=all")
}

fn differing(root: &Path, paths: &[String], untracked: &str) -> Result<Vec<String>, NoAnswer> {
    let words = ["--no-optional-locks", "status", "--porcelain=v1", "-z", "--no-renames", untracked, "--"];
    let mut found = Vec::new();
    for (repository, mut names) in by_repository(root, paths) {
        let there: Vec<_> = names.keys().cloned().collect();
        let Some(text) = answer(git(&repository, &words, &there))? else { return Ok(Vec::new()) };
        // `XY path`, where the path counts from the repository's root.
        found.extend(text.split('\0').filter_map(|entry| names.remove(entry.get(3..)?)));
    }
    Ok(found)
}

/// What the last commit holds of a file; none where it does not hold it, and where there is no commit or no git.
#[must_use]
pub fn committed(root: &Path, path: &str) -> Option<String> {
    let Place { repository, path } = Place::of(root, path)?;
    let output = git(&repository, &["cat-file", "blob"], &[format!("HEAD:{path}")]).ok()?;
    output.status.success().then_some(())?;
    String::from_utf8(output.stdout).ok()
}

/// The command that makes a file again what the last commit holds, where that is something else than there is now.
#[must_use]
pub fn restore(root: &Path, path: &str) -> Option<String> {
    let committed = committed(root, path)?;
    let is_the_same = std::fs::read(root.join(path)).is_ok_and(|now| now == committed.as_bytes());
    (!is_the_same).then(|| format!("{} checkout HEAD -- {}", spelt(root), quoted(path)))
}

/// What git said; none where there is no git to say it.
fn answer(output: io::Result<Output>) -> Result<Option<String>, NoAnswer> {
    match output {
        Ok(output) if output.status.success() => Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned())),
        Ok(output) => Err(NoAnswer { words: said(&output) }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(NoAnswer { words: format!("git cannot be started: {error}") }),
    }
}

/// Both outputs, in a person's order.
fn said(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat();
    if text.trim().is_empty() { format!("git says nothing, {}", output.status) } else { text }
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
    let Some(Place { repository, path }) = Place::of(root, path) else { return Tracked::NoGit };
    match git(&repository, &["ls-files", "--error-unmatch", "--"], std::slice::from_ref(&path)) {
        Err(_) => return Tracked::NoGit,
        Ok(output) if output.status.success() => return Tracked::Yes,
        Ok(_) => {}
    }
    match is_ignored(&repository, &path) {
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

/// What a hook of git's sets for its own repository and index; ours are the checkout's.
const OF_A_HOOK: [&str; 3] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"];

fn git(root: &Path, words: &[&str], paths: &[String]) -> io::Result<Output> {
    let shell = Shell::new().map_err(io::Error::other)?;
    let git = cmd!(shell, "git --literal-pathspecs -C {root} {words...} {paths...}");
    Command::from(OF_A_HOOK.iter().fold(git, |git, name| git.env_remove(name))).output()
}
