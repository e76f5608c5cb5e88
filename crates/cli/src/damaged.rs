//! Files of the checkout whose text is not what it should be, and the command that brings one back.

use std::path::Path;

use anyhow::Error;
use stories::RecordError;

use crate::checkout::Unreadable;
use crate::git;
use crate::root;

/// A file of the checkout whose text is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct Damaged {
    /// The path of the file, from the root of the checkout.
    pub path: String,
    /// What is wrong, with the file and the line.
    pub words: String,
}

/// The command that brings a damaged file back, where an error is about one and the last commit
/// holds another text of it.
#[must_use]
pub fn restore(error: &Error, named: Option<&Path>) -> Option<String> {
    let path = damaged(error)?;
    let root = root::find(named, &std::env::current_dir().ok()?).ok()?;
    git::restore(&root, path)
}

fn damaged(error: &Error) -> Option<&str> {
    if let Some(damaged) = error.downcast_ref::<Damaged>() {
        return Some(&damaged.path);
    }
    match (
        error.downcast_ref::<Unreadable>(),
        error.downcast_ref::<RecordError>(),
    ) {
        (Some(Unreadable::Empty(path)), _) => Some(path),
        (Some(Unreadable::Encoding(wrong)), _) => Some(&wrong.path),
        (_, Some(RecordError::Form { file, .. })) => Some(file),
        _ => None,
    }
}
