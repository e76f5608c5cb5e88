//! What a command writes with: it locks the checkout with its first commit and until it is dropped.

use std::path::{Path, PathBuf};

use super::recover::{RecoverOptions, complete};
use super::{Lock, LockOptions, Transaction, TransactionError, Write};

/// Writes in one checkout. Until the first commit it touches nothing there.
#[derive(Debug)]
pub struct CheckoutWriter {
    root: PathBuf,
    options: LockOptions,
    lock: Option<Lock>,
}

impl CheckoutWriter {
    /// For the checkout at `root`.
    #[must_use]
    pub fn new(root: &Path, options: LockOptions) -> Self {
        Self {
            root: root.to_owned(),
            options,
            lock: None,
        }
    }

    /// Whether it has the lock.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.lock.is_some()
    }

    /// Takes the lock, unless it has it, and completes what a killed process left.
    ///
    /// # Errors
    /// [`TransactionError::Busy`], or why that cannot be completed.
    pub fn lock(&mut self) -> Result<&Lock, TransactionError> {
        let lock = match self.lock.take() {
            Some(lock) => lock,
            None => self.locked()?,
        };
        Ok(self.lock.insert(lock))
    }

    fn locked(&self) -> Result<Lock, TransactionError> {
        let lock = Lock::take(&self.root, self.options)?;
        if let Some(recovered) = complete(
            &self.root,
            &lock,
            self.options.is_tracked,
            &RecoverOptions::default(),
        )? {
            (self.options.tell)(&recovered.to_string());
        }
        Ok(lock)
    }

    /// Looks at the files, locks the checkout and writes; `what` tells a person what the files are
    /// together.
    ///
    /// # Errors
    /// [`TransactionError`]; nothing is written unless it is [`TransactionError::Unfinished`].
    pub fn commit(&mut self, what: &str, writes: &[Write]) -> Result<(), TransactionError> {
        let prepared = Transaction::prepare(&self.root, writes)?;
        prepared.apply(self.lock()?, what)
    }
}
