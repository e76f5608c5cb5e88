//! One run of `verify --live` on this machine: its folder, its projects, and what an ended run left
//! behind.
//!
//! The folder holds a file that is locked as long as the run lives, so a crash frees it, and the
//! names of the projects, each written down before Docker hears of it. Whoever comes next and gets
//! the lock removes them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use docker::engine::{Engine, EngineError, Removed};
use rustix::fs::{FlockOperation, flock};
use system::interrupt;
use system::regular_file;

use super::error::LiveError;

/// What every project of a run is called by.
pub const PREFIX: &str = "compose-stories-live";

/// What projects of a run were called by before; a run of then may have left some.
const FORMER_PREFIX: &str = "xtask-live";

/// The file that is locked.
const LOCK: &str = "lock";

/// The names of the projects, one a line.
const PROJECTS: &str = "projects";

/// Volumes that no container names any more and no label gives away, one a line.
const VOLUMES: &str = "volumes";

/// The mark of a run that a person wants to keep.
const KEPT: &str = "kept";

/// How often a project is looked at again: a Compose whose parent was killed goes on for a moment.
const LOOKS: usize = 5;

/// A run; its drop removes its projects and its folder, unless they are kept.
pub struct Run {
    id: String,
    folder: PathBuf,
    engine: Engine,
    keep: bool,
    _lock: File,
}

/// What an ended run had left and is removed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleRun {
    /// Its projects.
    pub projects: Vec<String>,
    /// What was removed.
    pub removed: Removed,
}

impl Run {
    /// Begins one; `base` is the machine's memory, which all checkouts share.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn begin(base: &Path, engine: &Engine, keep: bool) -> io::Result<Self> {
        let id = token();
        let folder = runs(base).join(&id);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)?;
        let lock = private(&folder.join(LOCK))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        if keep {
            private(&folder.join(KEPT))?;
        }
        Ok(Self {
            id,
            folder,
            engine: engine.clone(),
            keep,
            _lock: lock,
        })
    }

    /// The folder, for what Compose is to read.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A name for a project, written down.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn project(&self, environment: &str, purpose: &str) -> Result<String, LiveError> {
        let plain: String = environment
            .to_lowercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let name = format!("{PREFIX}-{}-{plain}-{purpose}", self.id);
        self.note(PROJECTS, &name)
            .map_err(LiveError::io("the project's name cannot be written down"))?;
        Ok(name)
    }

    /// Writes down a volume without a name of its own, before its container goes and leaves it
    /// behind.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn leaves(&self, volume: &str) -> Result<(), LiveError> {
        self.note(VOLUMES, volume)
            .map_err(LiveError::io("the volume's name cannot be written down"))
    }

    fn note(&self, file: &str, line: &str) -> io::Result<()> {
        append(&self.folder.join(file), line)
    }

    /// Writes a file of the run, for nobody else to read.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<PathBuf, LiveError> {
        let file = self.folder.join(name);
        let folder = file.parent().unwrap_or(&self.folder);
        let written = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        written
            .and_then(|()| private(&file))
            .and_then(|mut open| {
                open.set_len(0)
                    .and_then(|()| open.write_all(text.as_bytes()))
            })
            .map_err(LiveError::io(format!(
                "{} cannot be written",
                file.display()
            )))?;
        Ok(file)
    }

    /// The projects so far.
    #[must_use]
    pub fn projects(&self) -> Vec<String> {
        projects(&self.folder)
    }

    /// Whether the projects stay.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.keep
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        interrupt::despite(|| {
            // What does not go now is found by the next run, for its folder stays.
            let are_gone = self
                .projects()
                .iter()
                .all(|project| remove(&self.engine, project).is_ok());
            if are_gone && remove_left(&self.engine, &self.folder).is_ok() {
                fs::remove_dir_all(&self.folder).ok();
            }
        });
    }
}

/// Removes what runs that have ended left behind, a person's kept ones excepted.
///
/// # Errors
/// [`EngineError`] for what does not go.
pub fn remove_stale_runs(base: &Path, engine: &Engine) -> Result<Vec<StaleRun>, EngineError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(runs(base)).into_iter().flatten().flatten() {
        let folder = entry.path();
        let Some(_lock) = ended(&folder) else {
            continue;
        };
        let projects = projects(&folder);
        if folder.join(KEPT).exists() && !are_gone(engine, &projects)? {
            continue;
        }
        let mut removed = Removed::default();
        for project in &projects {
            let one = remove(engine, project)?;
            removed.containers += one.containers;
            removed.volumes += one.volumes;
            removed.networks += one.networks;
            removed.images += one.images;
        }
        removed.volumes += remove_left(engine, &folder)?;
        fs::remove_dir_all(&folder).ok();
        found.push(StaleRun { projects, removed });
    }
    Ok(found)
}

/// The lock of a run that has ended; none where it goes on.
fn ended(folder: &Path) -> Option<File> {
    let lock = OpenOptions::new()
        .read(true)
        .write(true)
        .open(folder.join(LOCK))
        .ok()?;
    flock(&lock, FlockOperation::NonBlockingLockExclusive)
        .ok()
        .map(|()| lock)
}

fn are_gone(engine: &Engine, projects: &[String]) -> Result<bool, EngineError> {
    for project in projects {
        if !engine.containers(project)?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes a project until nothing of it comes back.
fn remove(engine: &Engine, project: &str) -> Result<Removed, EngineError> {
    let mut all = Removed::default();
    for look in 0..LOOKS {
        let again = engine.remove_project(project)?;
        if again.is_nothing() {
            break;
        }
        if look == 0 {
            all = again;
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(all)
}

/// Removes the volumes that a run wrote down; how many there were.
fn remove_left(engine: &Engine, folder: &Path) -> Result<usize, EngineError> {
    let text = regular_file::text(folder.join(VOLUMES)).unwrap_or_default();
    let names: Vec<_> = text.lines().collect();
    engine.remove_volumes(&names).map(|()| names.len())
}

/// Adds a line in one write: what several environments add at the same time must not run together.
fn append(file: &Path, line: &str) -> io::Result<()> {
    let mut open = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)?;
    open.write_all(format!("{line}\n").as_bytes())
}

fn runs(base: &Path) -> PathBuf {
    base.join("live")
}

fn projects(folder: &Path) -> Vec<String> {
    let text = regular_file::text(folder.join(PROJECTS)).unwrap_or_default();
    let is_ours = |name: &&str| {
        [PREFIX, FORMER_PREFIX]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    text.lines().filter(is_ours).map(str::to_owned).collect()
}

fn private(file: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(file)
}

/// 8 hexadecimal digits that no other run has.
#[must_use]
pub fn token() -> String {
    format!(
        "{:08x}",
        RandomState::new().hash_one(std::process::id()) as u32
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_added_at_the_same_time_stay_apart() {
        let folder = tempfile::tempdir().unwrap();
        let name = |writer: usize, number: usize| format!("{PREFIX}-{writer}-{number}");
        thread::scope(|scope| {
            for writer in 0..8 {
                let file = folder.path().join(PROJECTS);
                scope.spawn(move || {
                    (0..500).for_each(|number| append(&file, &name(writer, number)).unwrap())
                });
            }
        });
        let mut found = projects(folder.path());
        let mut expected: Vec<_> = (0..8)
            .flat_map(|writer| (0..500).map(move |number| name(writer, number)))
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_named_before_goes_too_and_what_is_nobodys_name_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(PROJECTS);
        for name in [
            "xtask-live-1a2b3c4d-prod-steady",
            "shop",
            "",
            "compose-stories-live-1a2b3c4d-prod-slow",
        ] {
            append(&file, name).unwrap();
        }
        let ours = [
            "xtask-live-1a2b3c4d-prod-steady",
            "compose-stories-live-1a2b3c4d-prod-slow",
        ];
        assert_eq!(projects(folder.path()), ours);
    }
}
