//! The journal: everything that a commit will do, on the disk before any of it is done.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::checkout_id::CheckoutId;
use super::lock::IsTracked;
use super::target::Target;
use super::{Digest, TransactionError, Write, replace};
use crate::FOLDER;

/// Its name in the ledger's folder; hidden, so that no loader takes it for a record.
const NAME: &str = ".journal";

/// The form that this build writes and understands.
const FORMAT: u32 = 1;

/// Nobody else: a compose file that only its owner may read is in it whole.
const PRIVATE: u32 = 0o600;

/// A commit that was begun.
#[derive(Debug, Serialize, Deserialize)]
pub struct Journal {
    format: u32,
    /// Whose it is.
    home: CheckoutId,
    /// What its files are together, as `5.1 Redis data volume`.
    pub what: String,
    /// The files in the order in which they are written.
    pub files: Vec<Entry>,
}

/// One file of a commit.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its path relative to the checkout's root.
    pub path: String,
    /// What it held; none for a file that is new.
    pub before: Option<Digest>,
    /// What it will hold; none for a file that goes.
    pub after: Option<Digest>,
    text: Option<String>,
    /// What it held, for who gives the commit up.
    #[serde(default)]
    was: Option<String>,
}

impl Journal {
    /// Of these writes in the checkout at `root`.
    pub fn of(
        root: &Path,
        what: &str,
        writes: &[(Target, Write)],
    ) -> Result<Self, TransactionError> {
        let entry = |(target, write): &(Target, Write)| {
            let was = target
                .read()?
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let Write { path, before, text } = write.clone();
            Ok(Entry {
                path,
                before,
                after: write.after(),
                text,
                was,
            })
        };
        let files = writes
            .iter()
            .map(entry)
            .collect::<Result<_, TransactionError>>()?;
        Ok(Self {
            format: FORMAT,
            home: CheckoutId::of(root),
            what: what.to_owned(),
            files,
        })
    }

    /// The commit point: once this returns, the commit will be completed.
    pub fn begin(&self, root: &Path) -> Result<(), TransactionError> {
        let target = place(root)?;
        let text = serde_json::to_string(self).map_err(|error| broken(root, &error.to_string()))?;
        replace::put(&target, None, &text, PRIVATE)
    }

    /// The commit is complete, or was not begun.
    pub fn end(root: &Path) -> Result<(), TransactionError> {
        let target = place(root)?;
        replace::clear(&target)?;
        replace::remove(&target)
    }

    /// Whether there is one, or what was to become one, or to hide one from git.
    pub fn is_pending(root: &Path) -> bool {
        let folder = root.join(FOLDER);
        let temporary = [NAME, ".gitignore"].map(|name| replace::temporary_name(name.as_ref()));
        temporary
            .iter()
            .map(String::as_str)
            .chain([NAME])
            .any(|name| folder.join(name).symlink_metadata().is_ok())
    }

    /// The one that is left; none where none was begun.
    pub fn read(root: &Path) -> Result<Option<Self>, TransactionError> {
        let Some(bytes) = place(root)?.read()? else {
            return Ok(None);
        };
        let journal: Self =
            serde_json::from_slice(&bytes).map_err(|error| broken(root, &error.to_string()))?;
        if journal.format != FORMAT {
            return Err(broken(
                root,
                &format!(
                    "it has format {}, this build knows {FORMAT}",
                    journal.format
                ),
            ));
        }
        match journal
            .files
            .iter()
            .find(|entry| entry.after != entry.text.as_ref().map(Digest::of))
        {
            Some(entry) => Err(broken(
                root,
                &format!("the text of {} is not the one that was written", entry.path),
            )),
            None => Ok(Some(journal)),
        }
    }
}

impl Journal {
    /// Whether it was begun in the checkout at `root`, and not somewhere that this is a copy of.
    pub fn must_be_of(&self, root: &Path, is_tracked: IsTracked) -> Result<(), TransactionError> {
        if is_tracked(root, &format!("{FOLDER}/{NAME}")) {
            return Err(TransactionError::Tracked {
                root: root.to_owned(),
            });
        }
        if self.home.is(&CheckoutId::of(root)) {
            return Ok(());
        }
        Err(TransactionError::Foreign {
            what: self.what.clone(),
            home: self.home.told(),
            file: root.join(FOLDER).join(NAME),
        })
    }

    /// What takes back what was written of it.
    pub fn reversed(self, root: &Path) -> Result<Self, TransactionError> {
        let back = |entry: Entry| {
            let Entry {
                path,
                before,
                after,
                text,
                was,
            } = entry;
            if before != was.as_ref().map(Digest::of) {
                return Err(broken(root, &format!("it does not hold what {path} was")));
            }
            Ok(Entry {
                path,
                before: after,
                after: before,
                text: was,
                was: text,
            })
        };
        let files = self
            .files
            .into_iter()
            .rev()
            .map(back)
            .collect::<Result<_, _>>()?;
        Ok(Self { files, ..self })
    }
}

impl Entry {
    /// What is to be done, to a file that holds `before`.
    pub fn write(&self, before: Option<Digest>) -> Write {
        Write {
            path: self.path.clone(),
            before,
            text: self.text.clone(),
        }
    }
}

fn place(root: &Path) -> Result<Target, TransactionError> {
    Target::resolve(root, &format!("{FOLDER}/{NAME}"))
}

fn broken(root: &Path, reason: &str) -> TransactionError {
    TransactionError::Journal {
        file: root.join(FOLDER).join(NAME),
        reason: reason.to_owned(),
    }
}
