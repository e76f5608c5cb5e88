//! Writes several files, each of them whole: whatever happens, a file is as before or as after, never in between.
//!
//! First everything is decided and looked at ([`Commit::prepare`]), then it is written ([`Commit::apply`]), so that
//! what can be known beforehand to fail fails before the first byte.

mod digest;
mod error;
mod replace;
mod target;

use std::collections::BTreeSet;
use std::path::Path;

pub use digest::Digest;
pub use error::CommitError;
use target::Target;

/// A file's new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Its path relative to the checkout's root.
    pub path: String,
    /// What it held when the text was made from it; none for a file that is new.
    pub before: Option<Digest>,
    /// What it will hold.
    pub text: String,
}

/// Writes that were looked at and may be made.
#[derive(Debug)]
pub struct Commit<'w> {
    writes: Vec<(Target, &'w Write)>,
}

/// Writes all of them, in order.
///
/// # Errors
/// [`CommitError`], naming the file; the files before it in the order are written, it and those behind are not.
pub fn commit(root: &Path, writes: &[Write]) -> Result<(), CommitError> {
    Commit::prepare(root, writes)?.apply()
}

impl<'w> Commit<'w> {
    /// Resolves every file and makes sure that it is as it was read and may be replaced. Writes nothing.
    ///
    /// # Errors
    /// [`CommitError`], naming the first file that is in the way.
    pub fn prepare(root: &Path, writes: &'w [Write]) -> Result<Self, CommitError> {
        let mut seen = BTreeSet::new();
        let mut prepared = Vec::with_capacity(writes.len());
        for write in writes {
            let target = Target::resolve(root, &write.path)?;
            target.must_be_replaceable()?;
            target.must_hold(write.before.as_ref())?;
            if !seen.insert(target.file().to_owned()) {
                return Err(CommitError::Twice { path: write.path.clone() });
            }
            prepared.push((target, write));
        }
        Ok(Self { writes: prepared })
    }

    /// Writes file by file, and looks right before each rename whether somebody changed it meanwhile.
    ///
    /// # Errors
    /// [`CommitError`]; the files before the named one are written, it and those behind are not.
    pub fn apply(self) -> Result<(), CommitError> {
        self.writes.iter().try_for_each(|(target, write)| replace::replace(target, write))
    }
}
