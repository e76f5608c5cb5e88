//! Which checkout a command works on.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use system::regular_file;

use crate::checkout::found_elsewhere;

/// Where the layout is written down.
pub const STACK_FILE: &str = "compose/stack.yaml";

/// The checkout to work on: the one that was named, else the nearest folder above `start` that has
/// `compose/stack.yaml` or a Compose file, or whose `.env` names some, not beyond git's root; else
/// `start`, where the shell's `COMPOSE_FILE` says which files count.
///
/// # Errors
/// When the named folder is none, or none above has a stack.
pub fn find(named: Option<&Path>, start: &Path) -> Result<PathBuf> {
    if let Some(named) = named {
        let root = named
            .canonicalize()
            .with_context(|| format!("--root {}", named.display()))?;
        if !root.is_dir() {
            bail!(
                "--root {} is not a folder; name the folder that holds the Compose files",
                named.display()
            );
        }
        return Ok(root);
    }
    let start = start
        .canonicalize()
        .with_context(|| start.display().to_string())?;
    if let Some(folder) = nearest(&start, has_stack)? {
        return Ok(folder.to_owned());
    }
    if std::env::var_os("COMPOSE_FILE").is_some() {
        return Ok(start);
    }
    let folder = with_others(&start)?.unwrap_or(&start);
    bail!("{}", found_elsewhere(folder).explained(folder))
}

/// The nearest folder of the repository that has Compose files of other names, or some below it;
/// without git, `start` alone is looked at.
fn with_others(start: &Path) -> Result<Option<&Path>> {
    let is_in_git = start.ancestors().any(|folder| folder.join(".git").exists());
    nearest(start, |folder| {
        (is_in_git || folder == start) && !found_elsewhere(folder).is_empty()
    })
}

/// The root for who writes the layout down: also a folder whose Compose files have other names or
/// lie below it.
///
/// # Errors
/// As for [`find`].
pub fn find_to_write_down(named: Option<&Path>, start: &Path) -> Result<PathBuf> {
    find(named, start).or_else(|error| {
        let start = start
            .canonicalize()
            .with_context(|| start.display().to_string())?;
        with_others(&start)?.map(Path::to_owned).ok_or(error)
    })
}

/// The nearest folder that is such, not beyond git's root.
fn nearest(start: &Path, is_such: impl Fn(&Path) -> bool) -> Result<Option<&Path>> {
    start
        .read_dir()
        .with_context(|| format!("{} cannot be listed", start.display()))?;
    for folder in start.ancestors() {
        if is_such(folder) {
            return Ok(Some(folder));
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    Ok(None)
}

fn has_stack(folder: &Path) -> bool {
    if folder.join(STACK_FILE).is_file() {
        return true;
    }
    // What `COMPOSE_FILE` names may have any name.
    let env_file = regular_file::text(folder.join(".env")).unwrap_or_default();
    if compose_model::EnvFile::parse(&env_file)
        .entries()
        .iter()
        .any(|entry| entry.key == "COMPOSE_FILE")
    {
        return true;
    }
    let Ok(entries) = folder.read_dir() else {
        return false;
    };
    entries.flatten().any(|entry| {
        entry
            .file_name()
            .to_str()
            .is_some_and(stories::layout::is_compose_file)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_stack_wins_and_git_is_the_border() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("repo/.git")).unwrap();
        std::fs::create_dir_all(top.join("repo/app/src")).unwrap();
        std::fs::write(top.join("compose.yaml"), "").unwrap();
        assert!(
            find(None, &top.join("repo/app/src")).is_err(),
            "beyond git's root"
        );
        std::fs::write(top.join("repo/docker-compose.prod.yml"), "").unwrap();
        assert_eq!(
            find(None, &top.join("repo/app/src")).unwrap(),
            top.join("repo")
        );
        std::fs::create_dir_all(top.join("repo/own/src")).unwrap();
        std::fs::write(top.join("repo/own/.env"), "COMPOSE_FILE=a.yml:b.yml\n").unwrap();
        assert_eq!(
            find(None, &top.join("repo/own/src")).unwrap(),
            top.join("repo/own")
        );
        std::fs::create_dir_all(top.join("repo/app/compose")).unwrap();
        std::fs::write(top.join("repo/app/compose/stack.yaml"), "").unwrap();
        assert_eq!(
            find(None, &top.join("repo/app/src")).unwrap(),
            top.join("repo/app")
        );
    }
}
