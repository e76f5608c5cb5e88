//! Completes the commit of a process that was killed.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::journal::{Entry, Journal};
use super::lock::Wait;
use super::target::Target;
use super::{Clash, CommitError, Digest, Lock, Patience, replace};

/// What was done, as a line for a person.
#[derive(Debug, PartialEq, Eq)]
pub struct Recovered {
    /// What the commit was; none where it had not begun.
    what: Option<String>,
    /// How many of its files were still to be written.
    written: usize,
    /// How many files it has.
    files: usize,
}

/// What a person wants of files that were changed since.
#[derive(Clone, Debug, Default)]
pub struct Settle {
    /// Those that stay as they are.
    pub keep: Vec<String>,
    /// Those that are written all the same; what they hold is kept beside them.
    pub take: Vec<String>,
}

/// A file of the commit, and what it holds now.
struct Open<'j> {
    target: Target,
    entry: &'j Entry,
    now: Option<Digest>,
    stands: Stands,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    Before,
    After,
    Kept,
    Taken,
    Neither,
}

/// Whether there is something to recover.
#[must_use]
pub fn is_left(root: &Path) -> bool {
    Journal::is_left(root)
}

/// Completes the commit that a killed process left, if there is one. Waits for a process that is just writing.
///
/// # Errors
/// [`CommitError::Conflict`] for files that were changed since, before anything is written; [`CommitError::Pending`]
/// where this process cannot write.
pub fn recover(root: &Path, patience: Patience, settle: &Settle) -> Result<Option<Recovered>, CommitError> {
    let mut wait = Wait::new(patience);
    while is_left(root) {
        match Lock::attempt(root) {
            Ok(Some(lock)) => return complete(root, &lock, settle),
            Ok(None) => wait.go_on(root)?,
            Err(error) => return told(root, error),
        }
    }
    Ok(None)
}

/// The same for whoever has the lock.
pub(super) fn complete(root: &Path, _lock: &Lock, settle: &Settle) -> Result<Option<Recovered>, CommitError> {
    if !is_left(root) {
        return Ok(None);
    }
    let Some(journal) = Journal::read(root)? else {
        Journal::end(root)?;
        return Ok(Some(Recovered { what: None, written: 0, files: 0 }));
    };
    let open = open(root, &journal, settle)?;
    let clashes: Vec<_> = open.iter().filter_map(Open::clash).collect();
    if !clashes.is_empty() {
        return Err(CommitError::Conflict { what: journal.what, files: clashes });
    }
    open.iter().try_for_each(Open::finish).or_else(|error| pending(&journal, &open, error))?;
    Journal::end(root)?;
    let written = open.iter().filter(|one| matches!(one.stands, Stands::Before | Stands::Taken)).count();
    Ok(Some(Recovered { files: open.len(), what: Some(journal.what), written }))
}

fn open<'j>(root: &Path, journal: &'j Journal, settle: &Settle) -> Result<Vec<Open<'j>>, CommitError> {
    let open = |entry: &'j Entry| {
        let target = Target::resolve(root, &entry.path)?;
        let now = target.digest()?;
        let stands = match &now {
            now if *now == entry.after => Stands::After,
            now if *now == entry.before => Stands::Before,
            _ if settle.keep.contains(&entry.path) => Stands::Kept,
            _ if settle.take.contains(&entry.path) => Stands::Taken,
            _ => Stands::Neither,
        };
        Ok(Open { target, entry, now, stands })
    };
    journal.files.iter().map(open).collect()
}

impl Open<'_> {
    fn clash(&self) -> Option<Clash> {
        let Entry { path, before, after, .. } = self.entry;
        let (before, after, now) = (before.clone(), after.clone(), self.now.clone());
        let clash = Clash { path: path.clone(), before, after, now };
        (self.stands == Stands::Neither).then_some(clash)
    }

    fn finish(&self) -> Result<(), CommitError> {
        replace::clear(&self.target)?;
        match self.stands {
            Stands::After => replace::settle(&self.target),
            Stands::Before | Stands::Taken => {
                self.target.must_be_replaceable()?;
                if self.stands == Stands::Taken {
                    self.put_aside()?;
                }
                replace::carry_out(&self.target, &self.entry.write(self.now.clone()))
            }
            Stands::Kept | Stands::Neither => Ok(()),
        }
    }

    /// Keeps what a person wrote beside the file, under a name that is new.
    fn put_aside(&self) -> Result<(), CommitError> {
        let Some(bytes) = self.target.read()? else { return Ok(()) };
        let aside = self.target.folder().join(format!("{}.yours", self.target.name().to_string_lossy()));
        if fs::read(&aside).is_ok_and(|kept| kept == bytes) {
            return Ok(());
        }
        // Nobody else's to read: a compose file may be private.
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside);
        let kept = made.and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()));
        kept.map_err(CommitError::io(&format!("{}.yours", self.target.path()), "made"))
    }
}

/// This user cannot lock the checkout, so what is left can only be told. What had not begun is nobody's trouble.
fn told(root: &Path, error: CommitError) -> Result<Option<Recovered>, CommitError> {
    let forbidden = matches!(&error, CommitError::Io { source, .. }
        if matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem));
    if !forbidden {
        return Err(error);
    }
    let journal = match Journal::read(root) {
        Ok(Some(journal)) => journal,
        Ok(None) => return Ok(None),
        Err(_) => {
            let what = "what only its owner may read".to_owned();
            return Err(CommitError::Pending { what, files: Vec::new(), source: Box::new(error) });
        }
    };
    let open = open(root, &journal, &Settle::default())?;
    pending(&journal, &open, error).map(|()| None)
}

fn pending(journal: &Journal, open: &[Open<'_>], why: CommitError) -> Result<(), CommitError> {
    let still = |one: &&Open<'_>| one.target.digest().map_or(true, |now| now != one.entry.after);
    let files = open.iter().filter(still).map(|one| one.entry.path.clone()).collect();
    Err(CommitError::Pending { what: journal.what.clone(), files, source: Box::new(why) })
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, written, files } = self;
        match what {
            None => f.write_str("Cleaned up after an interrupted run; it had changed nothing."),
            Some(what) => write!(
                f,
                "Finished what an interrupted run had begun: {what} ({written} of {files} files were still to be written)."
            ),
        }
    }
}
