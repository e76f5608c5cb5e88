//! Writes several files as one: whatever happens, all of them are as before or all are as after, at
//! the latest when the next command reads the checkout.
//!
//! First everything is decided and looked at ([`Transaction::prepare`]), so that what can be known
//! beforehand to fail fails before the first byte. Then, under a [`Lock`], it is written
//! ([`Transaction::apply`]): a journal with all new contents, file by file, and the journal goes.
//! Once the journal has its name the commit will be completed, if not by this process then by
//! [`recover`].

mod attributes;
mod checkout_id;
mod checkout_writer;
mod digest;
mod error;
mod journal;
mod lock;
#[cfg(feature = "non-atomic-writer")]
mod non_atomic;
mod recover;
mod replace;
mod target;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use system::interrupt;

use journal::Journal;
use target::Target;

pub use checkout_writer::CheckoutWriter;
pub use digest::{Digest, NotADigest};
pub use error::{FileConflict, TransactionError};
pub use lock::{Holder, IsTracked, Lock, LockOptions};
pub use recover::{RecoverOptions, Recovered, is_pending, recover, remedy};

/// The folder of a checkout in which lock, journal and new texts lie while it is written.
pub const FOLDER: &str = "compose/ledger";

/// Tells git what is ours in the ledger's folder. Whoever has the lock writes it where there is
/// none, before anything that it is about.
pub const IGNORE_FILE: &str = "compose/ledger/.gitignore";

const IGNORED: &str = "\
# What cargo xtask keeps here only while it writes.
/.journal
/.lock
/.*.xtask-new
";

/// A file's new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Its path relative to the checkout's root.
    pub path: String,
    /// What it held when the text was made from it; none for a file that is new.
    pub before: Option<Digest>,
    /// What it will hold; none for a file that goes.
    pub text: Option<String>,
}

/// Writes that were looked at and may be made.
#[derive(Debug)]
pub struct Transaction {
    root: PathBuf,
    writes: Vec<(Target, Write)>,
}

impl Write {
    /// What the file holds afterwards.
    #[must_use]
    pub fn after(&self) -> Option<Digest> {
        self.text.as_ref().map(Digest::of)
    }
}

impl Transaction {
    /// Resolves every file and makes sure that it is as it was read and may be replaced. Writes
    /// nothing.
    ///
    /// # Errors
    /// [`TransactionError`], naming the first file that is in the way.
    pub fn prepare(root: &Path, writes: &[Write]) -> Result<Self, TransactionError> {
        let mut seen = BTreeSet::new();
        let mut prepared = Vec::with_capacity(writes.len() + 1);
        for write in writes {
            let target = Target::resolve(root, &write.path)?;
            target.must_be_replaceable()?;
            target.must_hold(write.before.as_ref())?;
            if !seen.insert(target.file().to_owned()) {
                return Err(TransactionError::Twice {
                    path: write.path.clone(),
                });
            }
            prepared.push((target, write.clone()));
        }
        Ok(Self {
            root: root.to_owned(),
            writes: prepared,
        })
    }

    /// Makes sure that files may be replaced, or made where they are not there, whatever they hold:
    /// what [`Self::prepare`] would refuse them for.
    ///
    /// # Errors
    /// [`TransactionError`], naming the first file that is in the way.
    pub fn must_be_replaceable(root: &Path, writes: &[Write]) -> Result<(), TransactionError> {
        writes
            .iter()
            .try_for_each(|write| Target::resolve(root, &write.path)?.must_be_replaceable())
    }

    /// Writes all files, in order; `what` tells a person what they are together, as `5.1 Redis data
    /// volume`.
    ///
    /// # Errors
    /// [`TransactionError`]; nothing is written unless it is [`TransactionError::Unfinished`], and
    /// then the next start completes it.
    pub fn apply(self, _lock: &Lock, what: &str) -> Result<(), TransactionError> {
        interrupt::whole(|| self.write(what))
    }

    fn write(self, what: &str) -> Result<(), TransactionError> {
        #[cfg(feature = "non-atomic-writer")]
        if non_atomic::writes_in_place() {
            return non_atomic::write(&self.writes);
        }
        self.writes
            .iter()
            .try_for_each(|(target, write)| target.must_hold(write.before.as_ref()))?;
        match Journal::of(&self.root, what, &self.writes)?.begin(&self.root) {
            Err(error @ TransactionError::Appeared { .. }) => return Err(error),
            Err(error) => return Err(self.stopped(error)),
            Ok(()) => {}
        }
        match self
            .writes
            .iter()
            .try_for_each(|(target, write)| replace::carry_out(target, write))
        {
            Ok(()) => Journal::end(&self.root).map_err(unfinished),
            Err(error) => Err(self.stopped(error)),
        }
    }

    /// A commit of which nothing is written yet is taken back, so that a full disk leaves
    /// everything as it was.
    fn stopped(&self, error: TransactionError) -> TransactionError {
        let nothing_written = |(target, write): &(Target, Write)| {
            replace::clear(target).is_ok() && target.digest().is_ok_and(|now| now != write.after())
        };
        if self.writes.iter().all(nothing_written) && Journal::end(&self.root).is_ok() {
            return error;
        }
        unfinished(error)
    }
}

fn unfinished(error: TransactionError) -> TransactionError {
    TransactionError::Unfinished(Box::new(error))
}

/// Writes [`IGNORE_FILE`] where there is none, and says where then. One that is there is
/// somebody's: it gets the lines that it lacks, and where it may not be written it stays as it is.
fn ignore_what_is_ours(root: &Path) -> Result<Option<PathBuf>, TransactionError> {
    let target = Target::resolve(root, IGNORE_FILE)?;
    let own = match target.read() {
        Ok(None) => {
            replace::put(&target, None, IGNORED, replace::NEW)?;
            return Ok(Some(target.file().to_owned()));
        }
        Ok(Some(own)) => own,
        Err(error) if error.is_about_no_file() => return Err(error),
        Err(_) => return replace::clear(&target).map(|()| None),
    };
    replace::clear(&target)?;
    if let Some(text) = completed(&own).filter(|_| target.must_be_replaceable().is_ok()) {
        replace::put(&target, Some(&Digest::of(&own)), &text, replace::NEW)?;
    }
    Ok(None)
}

/// Makes sure, before the lock is made, that what is to be ignored can be: nothing is left behind
/// then.
fn must_be_ignorable(root: &Path) -> Result<(), TransactionError> {
    match Target::resolve(root, IGNORE_FILE)?.read() {
        Err(error) if error.is_about_no_file() => Err(error),
        _ => Ok(()),
    }
}

/// Somebody's rules with those that they lack; none where they lack none, and where they are no
/// text.
fn completed(own: &[u8]) -> Option<String> {
    let own = std::str::from_utf8(own).ok()?;
    let has = |rule: &str| own.lines().any(|line| line.trim_end() == rule);
    if IGNORED
        .lines()
        .filter(|line| !line.starts_with('#'))
        .all(has)
    {
        return None;
    }
    let end = if own.is_empty() || own.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    Some(format!("{own}{end}{IGNORED}"))
}
