//! Completes the commit of a process that was killed.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use system::{here, interrupt};

use super::error::{flags, remedies};
use super::journal::Journal;
use super::lock::{IsTracked, Wait};
use super::{Lock, LockOptions, TransactionError};
use crate::FOLDER;

mod open;

use open::{FileState, Open, open};

/// What was done, as a line for a person.
#[derive(Debug, PartialEq, Eq)]
pub struct Recovered {
    /// What the commit was; none where it had not begun.
    what: Option<String>,
    /// How many of its files were still to be written.
    written: usize,
    /// How many files it has.
    files: usize,
    /// Whether it was given up.
    abandoned: bool,
    /// Where what a person wrote is kept.
    aside: Vec<String>,
}

/// What a person wants of files that were changed since.
#[derive(Clone, Debug, Default)]
pub struct RecoverOptions {
    /// Those that stay as they are.
    pub keep: Vec<String>,
    /// Those that are written all the same; what they hold is kept beside them.
    pub take: Vec<String>,
    /// Whether the commit is given up: what was written of it is taken back.
    pub abandon: bool,
    /// Whether it is this checkout's though it was begun in another.
    pub here: bool,
}

/// Whether there is something to recover.
#[must_use]
pub fn is_pending(root: &Path) -> bool {
    Journal::is_pending(root)
}

/// Completes the commit that a killed process left, if there is one. Waits for a process that is
/// just writing.
///
/// # Errors
/// [`TransactionError::Conflict`] for files that were changed since, before anything is written;
/// [`TransactionError::Pending`] where this process cannot write.
pub fn recover(
    root: &Path,
    lock: LockOptions,
    options: &RecoverOptions,
) -> Result<Option<Recovered>, TransactionError> {
    let mut wait = Wait::new(lock);
    while is_pending(root) {
        // Before the lock, which would write in a checkout that has nothing to do with it.
        match begun(root, lock.is_tracked, options) {
            Err(error @ (TransactionError::Foreign { .. } | TransactionError::Tracked { .. })) => {
                return Err(error);
            }
            Err(error) if error.is_about_no_file() => return Err(error),
            _ => {}
        }
        match Lock::attempt(root) {
            Ok(Some(held)) => return complete(root, &held, lock.is_tracked, options),
            Ok(None) => wait.go_on(root)?,
            Err(error) => return told(root, lock.is_tracked, error),
        }
    }
    Ok(None)
}

/// Completes a journal for whoever has the lock.
pub(super) fn complete(
    root: &Path,
    _lock: &Lock,
    is_tracked: IsTracked,
    options: &RecoverOptions,
) -> Result<Option<Recovered>, TransactionError> {
    if !is_pending(root) {
        return Ok(None);
    }
    let Some(journal) = begun(root, is_tracked, options)? else {
        Journal::end(root)?;
        return Ok(Some(Recovered {
            what: None,
            written: 0,
            files: 0,
            abandoned: false,
            aside: Vec::new(),
        }));
    };
    let open = settled(root, &journal, options)?;
    let mut aside = Vec::new();
    let finish = |one: &Open<'_>| one.finish().map(|kept| aside.extend(kept));
    let finished = interrupt::whole(|| open.iter().try_for_each(finish));
    finished.or_else(|error| pending(&journal, &open, error))?;
    Journal::end(root)?;
    let written = open
        .iter()
        .filter(|one| matches!(one.stands, FileState::Before | FileState::Taken))
        .count();
    let (files, abandoned) = (open.len(), options.abandon);
    Ok(Some(Recovered {
        files,
        what: Some(journal.what),
        written,
        abandoned,
        aside,
    }))
}

/// What is to be typed where something is to recover; of two ways both. `flag` names the checkout.
#[must_use]
pub fn remedy(root: &Path, is_tracked: IsTracked, flag: &str) -> Option<String> {
    if !is_pending(root) {
        return None;
    }
    let chosen = RecoverOptions::default();
    let journal = begun(root, is_tracked, &chosen).and_then(|journal| match journal {
        Some(journal) => settled(root, &journal, &chosen).map(drop),
        None => Ok(()),
    });
    Some(match journal {
        Err(TransactionError::Conflict { files, chosen, .. }) => remedies(&files, &chosen)
            .map(|way| way + flag)
            .join("   or   "),
        Err(TransactionError::Foreign { file, .. }) => {
            let journal = here::quoted(&file);
            format!("rm {journal}   or   cargo xtask recover --here{flag}")
        }
        Err(TransactionError::Tracked { root }) => {
            format!("{} rm --cached {FOLDER}/.journal", here::git(&root))
        }
        _ => format!("cargo xtask recover{flag}"),
    })
}

/// What was begun in this checkout and is to be done now.
fn begun(
    root: &Path,
    is_tracked: IsTracked,
    options: &RecoverOptions,
) -> Result<Option<Journal>, TransactionError> {
    let Some(journal) = Journal::read(root)? else {
        return Ok(None);
    };
    if !options.here {
        journal.must_be_of(root, is_tracked)?;
    }
    options.must_fit(&journal)?;
    if options.abandon {
        journal.reversed(root).map(Some)
    } else {
        Ok(Some(journal))
    }
}

/// Its files, where each is settled.
fn settled<'j>(
    root: &Path,
    journal: &'j Journal,
    options: &RecoverOptions,
) -> Result<Vec<Open<'j>>, TransactionError> {
    let open = open(root, journal, options)?;
    let files: Vec<_> = open.iter().filter_map(Open::clash).collect();
    if files.is_empty() {
        return Ok(open);
    }
    Err(TransactionError::Conflict {
        what: journal.what.clone(),
        files,
        chosen: options.clone(),
    })
}

impl RecoverOptions {
    fn must_fit(&self, journal: &Journal) -> Result<(), TransactionError> {
        let known: Vec<_> = journal
            .files
            .iter()
            .map(|entry| entry.path.clone())
            .collect();
        if let Some(path) = self
            .keep
            .iter()
            .chain(&self.take)
            .find(|path| !known.contains(path))
        {
            return Err(TransactionError::NotInJournal {
                path: path.clone(),
                known,
            });
        }
        match self.keep.iter().find(|path| self.take.contains(path)) {
            Some(path) => Err(TransactionError::KeptAndTaken { path: path.clone() }),
            None => Ok(()),
        }
    }
}

/// As flags of `recover`.
impl fmt::Display for RecoverOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (flag, is_set) in [(" --abandon", self.abandon), (" --here", self.here)] {
            f.write_str(if is_set { flag } else { "" })?;
        }
        write!(
            f,
            "{}{}",
            flags("--keep", &self.keep),
            flags("--take", &self.take)
        )
    }
}

/// This user cannot lock the checkout, so what is left can only be told. What had not begun is
/// nobody's trouble.
fn told(
    root: &Path,
    is_tracked: IsTracked,
    error: TransactionError,
) -> Result<Option<Recovered>, TransactionError> {
    let forbidden = match &error {
        TransactionError::Io { source, .. } => {
            matches!(
                source.kind(),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
            )
        }
        TransactionError::ReadOnly { .. }
        | TransactionError::ReadOnlyDisk { .. }
        | TransactionError::NotYours { .. } => true,
        _ => false,
    };
    if !forbidden {
        return Err(error);
    }
    let journal = match begun(root, is_tracked, &RecoverOptions::default()) {
        Ok(Some(journal)) => journal,
        Ok(None) => return Ok(None),
        Err(error @ (TransactionError::Foreign { .. } | TransactionError::Tracked { .. })) => {
            return Err(error);
        }
        Err(_) => {
            let what = "what only its owner may read".to_owned();
            return Err(TransactionError::Pending {
                what,
                files: Vec::new(),
                source: Box::new(error),
            });
        }
    };
    let open = open(root, &journal, &RecoverOptions::default())?;
    pending(&journal, &open, error).map(|()| None)
}

fn pending(
    journal: &Journal,
    open: &[Open<'_>],
    why: TransactionError,
) -> Result<(), TransactionError> {
    let still = |one: &&Open<'_>| {
        one.target
            .digest()
            .map_or(true, |now| now != one.entry.after)
    };
    let files = open
        .iter()
        .filter(still)
        .map(|one| one.entry.path.clone())
        .collect();
    Err(TransactionError::Pending {
        what: journal.what.clone(),
        files,
        source: Box::new(why),
    })
}

impl Recovered {
    /// What was written to end it: the commit, or the way back of one that was given up. None where
    /// it had not begun.
    #[must_use]
    pub fn done(&self) -> Option<String> {
        let what = self.what.as_ref()?;
        Some(if self.abandoned {
            format!("{what}, given up and taken back")
        } else {
            what.clone()
        })
    }
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            written,
            files,
            abandoned,
            aside,
        } = self;
        match what {
            None => f.write_str("Cleaned up after an interrupted run; it had changed nothing."),
            Some(what) if *abandoned => write!(
                f,
                "Gave up what an interrupted run had begun: {what} ({written} of {files} files were taken back to before it)."
            ),
            Some(what) => write!(
                f,
                "Finished what an interrupted run had begun: {what} ({written} of {files} files were still to be written)."
            ),
        }?;
        aside
            .iter()
            .try_for_each(|path| write!(f, "\nWhat you had written is in {path}."))
    }
}
