//! One writer at a time: a lock that goes with its process, however that ends.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use diagnostics::printable::printable;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use system::interrupt;
use system::regular_file;

use super::target::Target;
use super::{TransactionError, ignore_what_is_ours, must_be_ignorable, replace};
use crate::FOLDER;

/// Its name in the ledger's folder. The file goes with the lock; one that a killed process left
/// says nothing.
const NAME: &str = ".lock";

/// How long a waiter says nothing: most have what they want by then.
const SILENCE: Duration = Duration::from_millis(200);

/// How often a waiter looks.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write in a checkout; it ends with the process at the latest.
#[derive(Debug)]
pub struct Lock {
    // Open for as long as the process has the lock.
    file: File,
    path: PathBuf,
    made: Made,
}

/// What was made for the lock alone, and goes with it unless something else was written there.
#[derive(Debug, Default)]
struct Made {
    /// What tells git to ignore the lock.
    ignore_file: Option<PathBuf>,
    /// The ledger's folder and those above it, the innermost first.
    folders: Vec<PathBuf>,
}

/// Who has the lock, as it wrote there itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Its command line.
    pub command: String,
    /// Seconds since 1970 when it took it.
    pub since: u64,
}

/// How the lock is taken: how long it is waited for, and what the caller knows that this crate does
/// not.
#[derive(Clone, Copy, Debug)]
pub struct LockOptions {
    /// The longest wait.
    pub limit: Duration,
    /// Tells a person a line.
    pub tell: fn(&str),
    /// Whether git has a file of the checkout at a root.
    pub is_tracked: IsTracked,
}

/// Whether git has a file, by its path from the root of a checkout.
pub type IsTracked = fn(&Path, &str) -> bool;

/// Somebody's wait for the lock.
#[derive(Debug)]
pub struct Wait {
    options: LockOptions,
    start: Instant,
    told: bool,
}

impl Lock {
    /// Takes the lock, or waits for it. Makes the ledger's folder.
    ///
    /// # Errors
    /// [`TransactionError::Busy`] when somebody has it for too long.
    pub fn take(root: &Path, options: LockOptions) -> Result<Self, TransactionError> {
        let mut wait = Wait::new(options);
        loop {
            match Self::attempt(root)? {
                Some(lock) => return Ok(lock),
                None => wait.go_on(root)?,
            }
        }
    }

    /// Takes the lock if nobody has it.
    pub(super) fn attempt(root: &Path) -> Result<Option<Self>, TransactionError> {
        let target = place(root)?;
        must_be_ignorable(root)?;
        let attempt = match Self::attempt_at(&target) {
            // Whoever had the lock has just taken the folder along that it had made for it.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            attempt => attempt,
        };
        let mut lock = attempt.map_err(|error| why(&target, error))?;
        if let Some(lock) = &mut lock {
            lock.made.ignore_file = ignore_what_is_ours(root)?;
        }
        Ok(lock)
    }

    fn attempt_at(target: &Target) -> io::Result<Option<Self>> {
        let folders: Vec<_> = target
            .folder()
            .ancestors()
            .take_while(|folder| !folder.exists())
            .collect();
        let made = Made {
            ignore_file: None,
            folders: folders.into_iter().map(Path::to_owned).collect(),
        };
        replace::make_folder(target.folder())?;
        let path = target.file().to_owned();
        regular_file::must_be_one(&path).or_else(or_absent)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)?;
        #[cfg(feature = "non-atomic-writer")]
        if super::non_atomic::writes_in_place() {
            return Ok(Some(Self { file, path, made }));
        }
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) => return Ok(None),
            locked => locked?,
        }
        // Whoever had the lock took the name from this file when it was done, and the next one
        // locks another.
        if !is_at(&file, &path)? {
            return Ok(None);
        }
        let mut lock = Self { file, path, made };
        lock.sign()?;
        Ok(Some(lock))
    }

    fn sign(&mut self) -> io::Result<()> {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let arguments = std::env::args_os()
            .skip(1)
            .map(|argument| argument.to_string_lossy().into_owned());
        let command = ["cargo xtask".to_owned()]
            .into_iter()
            .chain(arguments)
            .collect::<Vec<_>>()
            .join(" ");
        let text = serde_json::to_string(&Holder {
            pid: process::id(),
            command,
            since,
        })?;
        self.file.set_len(0)?;
        self.file.write_all(text.as_bytes())
    }
}

impl Drop for Lock {
    /// Nothing is left of a run that wrote nothing. All of it goes while the lock is still held:
    /// whoever takes it next makes anew what it needs. What cannot be removed stays, and says
    /// nothing.
    fn drop(&mut self) {
        self.file.set_len(0).ok();
        // Somebody cleaned the folder up, and another run may have locked what is there now.
        if !is_at(&self.file, &self.path).unwrap_or(false) {
            return;
        }
        let ours: Vec<_> = self
            .made
            .ignore_file
            .iter()
            .chain([&self.path])
            .cloned()
            .collect();
        let is_empty = self
            .path
            .parent()
            .is_some_and(|folder| holds_only(folder, &ours));
        if let Some(ignore_file) = self.made.ignore_file.as_ref().filter(|_| is_empty) {
            fs::remove_file(ignore_file).ok();
        }
        fs::remove_file(&self.path).ok();
        // One that holds anything is not removed.
        self.made
            .folders
            .iter()
            .for_each(|folder| drop(fs::remove_dir(folder)));
    }
}

fn holds_only(folder: &Path, files: &[PathBuf]) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries
        .into_iter()
        .all(|entry| entry.is_ok_and(|entry| files.contains(&entry.path())))
}

impl Wait {
    /// From now on.
    pub fn new(options: LockOptions) -> Self {
        Self {
            options,
            start: Instant::now(),
            told: false,
        }
    }

    /// Waits a moment; tells a person once for whom.
    ///
    /// # Errors
    /// [`TransactionError::Busy`] when that took too long; an interruption.
    pub fn go_on(&mut self, root: &Path) -> Result<(), TransactionError> {
        let limit = self.options.limit;
        let holder = place(root)
            .ok()
            .and_then(|target| Holder::read(target.file()));
        if self.start.elapsed() >= limit {
            return Err(TransactionError::Busy {
                holder,
                waited: limit,
            });
        }
        if !self.told && self.start.elapsed() >= SILENCE {
            (self.options.tell)(&format!(
                "Waiting up to {} s for {}.",
                limit.as_secs(),
                Holder::told(holder.as_ref())
            ));
            self.told = true;
        }
        interrupt::check()?;
        thread::sleep(PAUSE);
        Ok(())
    }
}

impl Holder {
    /// None where it has not written it down yet.
    fn read(file: &Path) -> Option<Self> {
        serde_json::from_slice(&regular_file::bytes(file).ok()?).ok()
    }

    /// The holder in words.
    pub(super) fn told(holder: Option<&Self>) -> String {
        holder.map_or_else(|| "another run".to_owned(), ToString::to_string)
    }
}

/// `process 4711 (cargo xtask migrate, for 3 s)`.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(self.since, |since| since.as_secs());
        write!(
            f,
            "process {} ({}, for {} s)",
            self.pid,
            printable(&self.command),
            now.saturating_sub(self.since)
        )
    }
}

/// A folder that may not be written says more than the lock that cannot be made in it.
fn why(target: &Target, error: io::Error) -> TransactionError {
    let folder = target.folder_must_be_writable().err();
    folder.unwrap_or_else(|| TransactionError::io(target.path(), "locked")(error))
}

fn or_absent(error: io::Error) -> io::Result<()> {
    if error.kind() == ErrorKind::NotFound {
        Ok(())
    } else {
        Err(error)
    }
}

fn place(root: &Path) -> Result<Target, TransactionError> {
    Target::resolve(root, &format!("{FOLDER}/{NAME}"))
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let own = file.metadata()?;
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        found => found.map(|found| (found.dev(), found.ino()) == (own.dev(), own.ino())),
    }
}
