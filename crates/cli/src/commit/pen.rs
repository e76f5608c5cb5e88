//! What a command writes with: it locks the checkout with its first commit and until it is dropped.

use std::path::{Path, PathBuf};

use super::recover::{Settle, complete};
use super::{Commit, CommitError, Lock, Patience, Write};

/// Writes in one checkout. Until the first commit it touches nothing there.
#[derive(Debug)]
pub struct Pen {
    root: PathBuf,
    patience: Patience,
    lock: Option<Lock>,
}

impl Pen {
    /// For the checkout at `root`.
    #[must_use]
    pub fn new(root: &Path, patience: Patience) -> Self {
        Self { root: root.to_owned(), patience, lock: None }
    }

    /// Whether it has the lock.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.lock.is_some()
    }

    /// Takes the lock, unless it has it, and completes what a killed process left.
    ///
    /// # Errors
    /// [`CommitError::Busy`], or why that cannot be completed.
    pub fn lock(&mut self) -> Result<&Lock, CommitError> {
        let lock = match self.lock.take() {
            Some(lock) => lock,
            None => self.locked()?,
        };
        Ok(self.lock.insert(lock))
    }

    fn locked(&self) -> Result<Lock, CommitError> {
        let lock = Lock::take(&self.root, self.patience)?;
        if let Some(recovered) = complete(&self.root, &lock, &Settle::default())? {
            (self.patience.tell)(&recovered.to_string());
        }
        Ok(lock)
    }

    /// Looks at the files, locks the checkout and writes; `what` tells a person what the files are together.
    ///
    /// # Errors
    /// [`CommitError`]; nothing is written unless it is [`CommitError::Unfinished`].
    pub fn commit(&mut self, what: &str, writes: &[Write]) -> Result<(), CommitError> {
        let prepared = Commit::prepare(&self.root, writes)?;
        prepared.apply(self.lock()?, what)
    }
}
