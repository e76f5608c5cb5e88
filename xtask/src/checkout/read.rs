//! Reading files of a checkout, with an error for each way in which that fails.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::folder::in_the_way;

/// Why a file of the checkout cannot be read; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is not there.
    #[error("{0} is not there; restore it, or take it out of compose/stack.yaml")]
    Missing(String),
    /// It is a folder.
    #[error("{0} is a folder, not a file; move it away or name another file in compose/stack.yaml")]
    Folder(String),
    /// It has no bytes.
    #[error("{0}: the file is empty (0 bytes)")]
    Empty(String),
    /// It is not text.
    #[error("{path}:{line}: not text (byte {byte} is not UTF-8)")]
    Binary {
        /// The file.
        path: String,
        /// The line of the first such byte.
        line: usize,
        /// Its offset.
        byte: usize,
    },
    /// It leads out of the checkout.
    #[error("{0} is a link that leaves the checkout; put the file itself there")]
    Leaves(String),
    /// The system refuses.
    #[error("{path} cannot be read (look at its mode and owner: ls -l {path})")]
    Io {
        /// The file.
        path: String,
        /// The system's reason.
        source: io::Error,
    },
}

/// The text of a file, its path relative to the checkout's root.
///
/// # Errors
/// [`Unreadable`], by name.
pub fn read_text(root: &Path, path: &str) -> Result<String, Unreadable> {
    let file = root.join(path);
    let own = path.to_owned();
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing(path.to_owned()),
        _ => Unreadable::Io { path: path.to_owned(), source },
    };
    let resolved = file.canonicalize().map_err(failed)?;
    if !resolved.starts_with(root) {
        return Err(Unreadable::Leaves(own));
    }
    if resolved.is_dir() {
        return Err(Unreadable::Folder(own));
    }
    let bytes = fs::read(&resolved).map_err(failed)?;
    if bytes.is_empty() {
        return Err(Unreadable::Empty(own));
    }
    text_of(own, bytes)
}

fn text_of(path: String, bytes: Vec<u8>) -> Result<String, Unreadable> {
    let binary = |path, bytes: &[u8], byte: usize| {
        let line = bytes[..byte].iter().filter(|byte| **byte == b'\n').count() + 1;
        Unreadable::Binary { path, line, byte }
    };
    if let Some(byte) = bytes.iter().position(|byte| *byte == 0) {
        return Err(binary(path, &bytes, byte));
    }
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        binary(path, error.as_bytes(), byte)
    })
}

/// The same where a file of no bytes says nothing.
///
/// # Errors
/// As for [`read_text`].
pub(super) fn read_text_or_nothing(root: &Path, path: &str) -> Result<String, Unreadable> {
    match read_text(root, path) {
        Err(Unreadable::Empty(_)) => Ok(String::new()),
        text => text,
    }
}

/// The names of the YAML files in a folder of the checkout, sorted; hidden ones are none of them. None where the folder is
/// not there.
pub(super) fn yaml_files(root: &Path, folder: &str) -> Result<Vec<String>> {
    let is_ours = |name: &String| name.ends_with(".yaml") && !name.starts_with('.');
    let mut names: Vec<_> = names(root, folder)?.into_iter().filter(is_ours).collect();
    names.sort();
    Ok(names)
}

/// The names in a folder of the checkout; hidden ones too. None where the folder is not there.
pub(super) fn names(root: &Path, own: &str) -> Result<Vec<String>> {
    let folder = root.join(own);
    let listing = || format!("{} cannot be listed", folder.display());
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(in_the_way(root, own).map_or_else(|| error.into(), anyhow::Error::msg));
        }
        Err(error) => return Err(error).with_context(listing),
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect::<io::Result<_>>().with_context(listing)
}
