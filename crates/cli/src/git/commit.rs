//! One commit of some files: what would keep git from it, as far as that can be known before, and
//! the commit itself.

use std::path::Path;

use diagnostics::shell_quote::{all_quoted, quoted};
use system::{here, interrupt};

use super::call::Git;
use super::{GitUnavailable, NOT_INSTALLED, answer, by_repository, repository_of};

/// What is left of a command that was begun and is not done, by its name in git's folder; with the
/// commands that end it.
const BEGUN: [(&str, &str, [&str; 2]); 6] = [
    (
        "rebase-merge",
        "a rebase",
        ["rebase --continue", "rebase --abort"],
    ),
    (
        "rebase-apply/applying",
        "git am",
        ["am --continue", "am --abort"],
    ),
    (
        "rebase-apply",
        "a rebase",
        ["rebase --continue", "rebase --abort"],
    ),
    (
        "MERGE_HEAD",
        "a merge",
        ["merge --continue", "merge --abort"],
    ),
    (
        "CHERRY_PICK_HEAD",
        "a cherry-pick",
        ["cherry-pick --continue", "cherry-pick --abort"],
    ),
    (
        "REVERT_HEAD",
        "a revert",
        ["revert --continue", "revert --abort"],
    ),
];

/// What would keep git from a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// What it is, in one line.
    pub what: String,
    /// Git's own words, where it has some.
    pub words: String,
    /// The command that clears it away.
    pub mend: String,
}

impl Obstacle {
    fn of(what: &str, mend: String) -> Self {
        Self {
            what: what.to_owned(),
            words: String::new(),
            mend,
        }
    }

    fn said(self, GitUnavailable { words }: GitUnavailable) -> Self {
        Self { words, ..self }
    }
}

/// How a person spells git for a checkout: from elsewhere with the checkout's path.
#[must_use]
pub fn spelt(root: &Path) -> String {
    here::git(root)
}

/// Looks for what would keep git from committing these files, be they there yet or not. Writes
/// nothing.
///
/// # Errors
/// The first [`Obstacle`]. Hooks and signatures are only known by committing.
pub fn obstacle(root: &Path, paths: &[String]) -> Result<(), Obstacle> {
    let spelt = spelt(root);
    let git = Git::at(root).without_filters();
    let ask = |words: &[&str], paths: &[String]| {
        let said = git
            .as_ref()
            .map_err(GitUnavailable::clone)?
            .look(words, paths)?;
        answer(said)?.ok_or_else(|| GitUnavailable {
            words: NOT_INSTALLED.to_owned(),
        })
    };
    let no_tree = || Obstacle::of("there is no working tree here", format!("{spelt} status"));
    let inside =
        ask(&["rev-parse", "--is-inside-work-tree"], &[]).map_err(|no| no_tree().said(no))?;
    if inside.trim() != "true" {
        return Err(no_tree());
    }
    let places =
        ask(&["rev-parse", "--git-path", "index.lock"], &[]).map_err(|no| no_tree().said(no))?;
    let lock = root.join(places.trim_end_matches('\n'));
    begun(lock.parent().unwrap_or(root), &spelt)?;
    not_locked(&lock)?;
    let whose = |who: &str| ask(&["var", &format!("GIT_{who}_IDENT")], &[]);
    let nobody = || {
        let set = |key: &str, value: &str| format!("{spelt} config {key} {value}");
        let mend = format!(
            "{} && {}",
            set("user.name", "'Your Name'"),
            set("user.email", "you@example.com")
        );
        Obstacle::of("it does not know who commits", mend)
    };
    whose("AUTHOR")
        .and_then(|_| whose("COMMITTER"))
        .map_err(|no| nobody().said(no))?;
    let names = named(root, paths)?;
    let add = [
        "-c",
        "advice.addIgnoredFile=false",
        "add",
        "--dry-run",
        "--ignore-missing",
        "--",
    ];
    let refused = || {
        let mend = format!(
            "{spelt} check-ignore -v -- {}   # the rule that ignores it",
            all_quoted(&names)
        );
        Obstacle::of("it does not take the files", mend)
    };
    ask(&add, &names).map_err(|no| refused().said(no)).map(drop)
}

/// What git calls these files, seen from the checkout: a link's target, for the link itself does
/// not change.
///
/// # Errors
/// [`Obstacle`] for a file of another repository, such as a submodule: its commits are not this
/// one's.
fn named(root: &Path, paths: &[String]) -> Result<Vec<String>, Obstacle> {
    let here = root
        .canonicalize()
        .ok()
        .and_then(|root| Some((repository_of(&root)?, root)));
    let Some((repository, root)) = here else {
        return Ok(paths.to_vec());
    };
    let mut all = by_repository(&root, paths);
    let names = all.remove(&repository).unwrap_or_default().into_keys();
    if let Some(other) = all
        .into_values()
        .flat_map(|files| files.into_values())
        .next()
    {
        let what = format!("{other} lies in another repository, whose commits are its own");
        let mend =
            "cargo xtask migrate   # without --commit; then commit in each repository".to_owned();
        return Err(Obstacle::of(&what, mend));
    }
    let from_root = |name: String| {
        let file = repository.join(name);
        file.strip_prefix(&root)
            .unwrap_or(&file)
            .to_string_lossy()
            .into_owned()
    };
    Ok(names.map(from_root).collect())
}

/// The command that commits these files, as a person types it.
#[must_use]
pub fn by_hand(root: &Path, paths: &[String], messages: &[String]) -> String {
    let names = named(root, paths).unwrap_or_else(|_| paths.to_vec());
    let (git, files) = (spelt(root), all_quoted(&names));
    let messages: String = messages
        .iter()
        .map(|message| format!(" -m {}", quoted(message)))
        .collect();
    format!("{git} add -- {files} && {git} commit{messages} -- {files}")
}

/// A merge or the like that waits for its end would be ended, or broken, by a commit.
fn begun(folder: &Path, spelt: &str) -> Result<(), Obstacle> {
    match BEGUN.iter().find(|(name, ..)| folder.join(name).exists()) {
        None => Ok(()),
        Some((_, what, [go_on, abort])) => {
            let mend = format!("{spelt} {go_on}   # or: {spelt} {abort}");
            Err(Obstacle::of(&format!("{what} is in progress"), mend))
        }
    }
}

fn not_locked(lock: &Path) -> Result<(), Obstacle> {
    if !lock.exists() {
        return Ok(());
    }
    let lock = lock.display().to_string();
    let what = format!("another git is at work, or was killed: {lock} is there");
    Err(Obstacle::of(
        &what,
        format!("rm {}   # when no other git runs", quoted(&lock)),
    ))
}

/// Whether commits would be on no branch.
#[must_use]
pub fn on_no_branch(root: &Path) -> bool {
    let said = Git::at(root).look(&["symbolic-ref", "--quiet", "HEAD"], &[]);
    said.is_ok_and(|said| said.is_some_and(|said| said.code == Some(1)))
}

/// Commits these files, whatever else is staged; nothing where they are as in the last commit.
///
/// # Errors
/// Git's own words.
pub fn commit(root: &Path, paths: &[String], message: &str) -> Result<(), String> {
    interrupt::whole(|| write(root, paths, message))
}

fn write(root: &Path, paths: &[String], message: &str) -> Result<(), String> {
    let git = Git::at(root);
    let said = |words: &[&str], names: &[String]| match git.write(words, names).and_then(answer) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(NOT_INSTALLED.to_owned()),
        Err(GitUnavailable { words }) => Err(words),
    };
    let names = named(root, paths).map_err(|obstacle| obstacle.what)?;
    said(&["add", "--"], &names)?;
    if super::modified(root, paths).is_ok_and(|modified| modified.is_empty()) {
        return Ok(());
    }
    said(
        &["commit", "--quiet", "--only", "--message", message, "--"],
        &names,
    )
}
