//! Git, as far as it is there: what it calls modified, what it ignores, and one commit a story.
//! Nothing else hangs on it.

mod call;
mod commit;
mod hidden;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diagnostics::shell_quote::quoted;
use system::regular_file;

use call::{Git, Said};
use place::{Place, by_repository, repository_of};

pub use commit::{Obstacle, by_hand, commit, obstacle, on_no_branch, spelt};
pub use hidden::hidden;

/// Whether a checkout is in a git repository.
#[must_use]
pub fn is_repository(root: &Path) -> bool {
    repository_of(root).is_some()
}

/// Where a checkout lies in its repository, as `deploy`; empty where that is its root, or there is
/// none.
#[must_use]
pub fn folder_of(root: &Path) -> String {
    let folder = repository_of(root).and_then(|repository| {
        let folder = root.strip_prefix(repository).ok()?;
        Some(folder.to_string_lossy().into_owned())
    });
    folder.unwrap_or_default()
}

/// A command of git as a person types it; none where there is no repository or no git to take it.
#[must_use]
pub fn offered(root: &Path, command: &str) -> Option<String> {
    (is_repository(root) && version().is_some()).then(|| format!("{} {command}", spelt(root)))
}

/// Git is there, is asked, and does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitUnavailable {
    /// Its own words.
    pub words: String,
}

/// Those of some files that differ from the last commit, also where git was told not to look at
/// them. What git does not track is not modified; where there is no git, nothing is.
///
/// # Errors
/// [`GitUnavailable`] where git will not say: what it keeps back may well be modified.
pub fn modified(root: &Path, paths: &[String]) -> Result<Vec<String>, GitUnavailable> {
    differing(root, paths, "--untracked-files=no")
}

/// The files of `paths` that git calls modified or does not track, be they in its index or not;
/// ignored ones are left out.
///
/// # Errors
/// As for [`modified`].
pub fn uncommitted(root: &Path, paths: &[String]) -> Result<Vec<String>, GitUnavailable> {
    differing(root, paths, "--untracked-files=all")
}

fn differing(
    root: &Path,
    paths: &[String],
    untracked: &str,
) -> Result<Vec<String>, GitUnavailable> {
    let words = [
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--ignore-submodules=all",
        untracked,
        "--",
    ];
    let mut found = Vec::new();
    for (repository, mut names) in by_repository(root, paths) {
        let there: Vec<_> = names.keys().cloned().collect();
        let git = Git::at(&repository).without_filters()?;
        let Some(text) = answer(git.look(&words, &there)?)? else {
            return Ok(Vec::new());
        };
        let mut differ: BTreeSet<_> = hidden::edited(&git, &repository, &there)?
            .into_iter()
            .collect();
        // `XY path`, where the path counts from the repository's root.
        differ.extend(
            text.split('\0')
                .filter_map(|entry| entry.get(3..))
                .map(str::to_owned),
        );
        found.extend(differ.iter().filter_map(|name| names.remove(name)));
    }
    Ok(found)
}

/// The text that the last commit holds of a file; none where it does not hold it, or no text, and
/// where there is no commit or no git.
#[must_use]
pub fn committed(root: &Path, path: &str) -> Option<String> {
    let Place { repository, path } = Place::of(root, path)?;
    let said = Git::at(&repository)
        .look(&["cat-file", "blob"], &[format!("HEAD:{path}")])
        .ok()??;
    // What is no text is not told to the byte.
    let is_text = !said.stdout.contains(char::REPLACEMENT_CHARACTER);
    (said.is_well() && is_text).then_some(said.stdout)
}

/// Git's id of a text that the last commit holds of a file; none where it holds another one.
#[must_use]
pub fn blob_id(root: &Path, path: &str, text: &str) -> Option<String> {
    committed(root, path).filter(|committed| committed == text)?;
    let Place { repository, path } = Place::of(root, path)?;
    let said = Git::at(&repository)
        .look(
            &["rev-parse", "--verify", "--end-of-options"],
            &[format!("HEAD:{path}")],
        )
        .ok()??;
    said.is_well().then(|| said.stdout.trim().to_owned())
}

/// The text that git holds under an id; none where it does not have it, and where it is no text.
#[must_use]
pub fn blob(root: &Path, path: &str, id: &str) -> Option<String> {
    let is_id = id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Place { repository, .. } = Place::of(root, path).filter(|_| is_id)?;
    let said = Git::at(&repository)
        .look(&["cat-file", "blob"], &[id.to_owned()])
        .ok()??;
    let is_text = !said.stdout.contains(char::REPLACEMENT_CHARACTER);
    (said.is_well() && is_text).then_some(said.stdout)
}

/// The command that makes a file again what the last commit holds, where that is something else
/// than there is now.
#[must_use]
pub fn restore(root: &Path, path: &str) -> Option<String> {
    let committed = committed(root, path)?;
    let is_the_same =
        regular_file::bytes(root.join(path)).is_ok_and(|now| now == committed.as_bytes());
    (!is_the_same).then(|| format!("{} checkout HEAD -- {}", spelt(root), quoted(path)))
}

/// What git said; none where there is no git to say it.
fn answer(said: Option<Said>) -> Result<Option<String>, GitUnavailable> {
    match said {
        Some(said) if said.is_well() => Ok(Some(said.stdout)),
        Some(said) => Err(GitUnavailable { words: said.all() }),
        None => Ok(None),
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
    let Some(Place { repository, path }) = Place::of(root, path) else {
        return Tracked::NoGit;
    };
    let paths = [path];
    match Git::at(&repository).look(&["ls-files", "--error-unmatch", "--"], &paths) {
        Err(_) | Ok(None) => return Tracked::NoGit,
        Ok(Some(said)) if said.is_well() => return Tracked::Yes,
        Ok(Some(_)) => {}
    }
    match is_any_ignored(&repository, &paths) {
        Ok(true) => Tracked::Ignored,
        Ok(false) => Tracked::No,
        Err(_) => Tracked::NoGit,
    }
}

/// Those of some files that git ignores: by their own name, or by that of the file that a link
/// leads to.
///
/// # Errors
/// [`GitUnavailable`] where there is a repository and git does not say, be it that it is not installed.
pub fn ignored(root: &Path, paths: &BTreeSet<String>) -> Result<BTreeSet<String>, GitUnavailable> {
    let mut places: BTreeMap<PathBuf, BTreeMap<String, String>> = BTreeMap::new();
    for own in paths {
        for Place { repository, path } in [Place::of(root, own), Place::of_name(root, own)]
            .into_iter()
            .flatten()
        {
            places
                .entry(repository)
                .or_default()
                .insert(path, own.clone());
        }
    }
    let mut found = BTreeSet::new();
    for (repository, names) in places {
        let all: Vec<_> = names.keys().cloned().collect();
        if !is_any_ignored(&repository, &all)? {
            continue;
        }
        for (name, own) in names {
            if all.len() == 1 || is_any_ignored(&repository, &[name])? {
                found.insert(own);
            }
        }
    }
    Ok(found)
}

/// The line by which git ignores a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoringPattern {
    /// The file that it stands in, as git names it.
    pub source: String,
    /// Its number there, from 1.
    pub line: String,
    /// Its text.
    pub pattern: String,
}

/// The line by which git ignores a path, be it there or not; none where it does not ignore it, or
/// does not say.
#[must_use]
pub fn ignoring_pattern(root: &Path, path: &str) -> Option<IgnoringPattern> {
    let words = [
        "--no-literal-pathspecs",
        "check-ignore",
        "--verbose",
        "--no-index",
        "--",
    ];
    let said = Git::at(root).look(&words, &[path.to_owned()]).ok()??;
    // `.gitignore:1:compose/`, a tab, the path.
    let mut fields = said
        .stdout
        .split('\t')
        .next()?
        .splitn(3, ':')
        .map(str::to_owned);
    let found = IgnoringPattern {
        source: fields.next()?,
        line: fields.next()?,
        pattern: fields.next()?,
    };
    (!found.pattern.starts_with('!') && !found.pattern.is_empty()).then_some(found)
}

/// Whether git ignores one of these files of a repository. Of several, git cannot be asked for the
/// names alone without quoting some, so each is asked for where it matters.
fn is_any_ignored(repository: &Path, names: &[String]) -> Result<bool, GitUnavailable> {
    // This verb takes no literal paths; behind `./` a colon is no magic.
    let plain: Vec<_> = names.iter().map(|name| format!("./{name}")).collect();
    let words = ["--no-literal-pathspecs", "check-ignore", "--"];
    match Git::at(repository).look(&words, &plain)? {
        Some(said) if said.is_well() => Ok(true),
        Some(said) if said.code == Some(1) => Ok(false),
        Some(said) => Err(GitUnavailable { words: said.all() }),
        None => Err(GitUnavailable {
            words: NOT_INSTALLED.to_owned(),
        }),
    }
}

const NOT_INSTALLED: &str = "git is not installed here";

/// `git version 2.39.5`; none where there is none.
#[must_use]
pub fn version() -> Option<String> {
    let said = Git::at(Path::new(".")).look(&["--version"], &[]).ok()??;
    let version = said.stdout.trim().to_owned();
    (said.is_well() && !version.is_empty()).then_some(version)
}
