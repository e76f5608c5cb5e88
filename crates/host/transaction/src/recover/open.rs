//! The files of a commit that was begun: what each holds now, and how it is completed.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use system::regular_file;

use super::RecoverOptions;
use crate::journal::{Entry, Journal};
use crate::target::Target;
use crate::{Digest, FileConflict, TransactionError, replace};

/// A file of the commit, and what it holds now.
pub(super) struct Open<'j> {
    pub(super) target: Target,
    pub(super) entry: &'j Entry,
    now: Option<Digest>,
    pub(super) stands: FileState,
}

/// How a file of the commit stands to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FileState {
    Before,
    After,
    Kept,
    Taken,
    Neither,
}

/// The files of a journal, each with what it holds now and what a person wants of it.
pub(super) fn open<'j>(
    root: &Path,
    journal: &'j Journal,
    options: &RecoverOptions,
) -> Result<Vec<Open<'j>>, TransactionError> {
    let open = |entry: &'j Entry| {
        let target = Target::resolve(root, &entry.path)?;
        let now = target.digest()?;
        let stands = match &now {
            now if *now == entry.after => FileState::After,
            _ if options.keep.contains(&entry.path) => FileState::Kept,
            now if *now == entry.before => FileState::Before,
            _ if options.take.contains(&entry.path) => FileState::Taken,
            _ => FileState::Neither,
        };
        Ok(Open {
            target,
            entry,
            now,
            stands,
        })
    };
    journal.files.iter().map(open).collect()
}

impl Open<'_> {
    /// The conflict of a file that is neither as before nor as after.
    pub(super) fn clash(&self) -> Option<FileConflict> {
        let Entry {
            path,
            before,
            after,
            ..
        } = self.entry;
        let (before, after, now) = (before.clone(), after.clone(), self.now.clone());
        let clash = FileConflict {
            path: path.clone(),
            before,
            after,
            now,
        };
        (self.stands == FileState::Neither).then_some(clash)
    }

    /// Writes the file where that is to be done; says where what a person wrote is kept, if it had
    /// to be.
    pub(super) fn finish(&self) -> Result<Option<String>, TransactionError> {
        replace::clear(&self.target)?;
        match self.stands {
            FileState::After => replace::settle(&self.target).map(|()| None),
            FileState::Before | FileState::Taken => {
                self.target.must_be_replaceable()?;
                let aside = if self.stands == FileState::Taken {
                    self.put_aside()?
                } else {
                    None
                };
                replace::carry_out(&self.target, &self.entry.write(self.now.clone()))?;
                Ok(aside)
            }
            FileState::Kept | FileState::Neither => Ok(None),
        }
    }

    /// Keeps what a person wrote beside the file, under a name that is new; says which.
    fn put_aside(&self) -> Result<Option<String>, TransactionError> {
        let Some(bytes) = self.target.read()? else {
            return Ok(None);
        };
        let names = (1..).map(|number| {
            if number == 1 {
                ".yours".to_owned()
            } else {
                format!(".yours.{number}")
            }
        });
        for name in names {
            let (path, aside) = (format!("{}{name}", self.target.path()), self.beside(&name));
            if regular_file::bytes(&aside).is_ok_and(|kept| kept == bytes) {
                return Ok(Some(path));
            }
            // Nobody else's to read: a compose file may be private.
            let made = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&aside);
            if made
                .as_ref()
                .is_err_and(|error| error.kind() == ErrorKind::AlreadyExists)
            {
                continue;
            }
            let kept =
                made.and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()));
            return kept
                .map_err(TransactionError::io(&path, "made"))
                .map(|()| Some(path));
        }
        Ok(None)
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        self.target
            .folder()
            .join(format!("{}{suffix}", self.target.name().to_string_lossy()))
    }
}
