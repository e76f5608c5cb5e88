//! Where this machine's memory lies, and its files: written whole, read where they are there.

use std::env;
use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::regular_file;

/// The folder of all checkouts' memories; a relative `XDG_STATE_HOME` is to be ignored, its
/// specification says.
#[must_use]
pub fn base() -> Option<PathBuf> {
    let chosen = env::var_os("XDG_STATE_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute());
    let state = chosen.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".local/state")))?;
    Some(state.join("compose-stories"))
}

/// Replaces a file whole, so that no reader sees half of it. No fsync: a file lost in a power cut
/// is forgotten comfort.
///
/// # Errors
/// Where the disk does not let it.
pub fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(bytes)?;
    new.persist(file)?;
    Ok(())
}

/// A file that is not there or not readable is nothing remembered.
pub fn recall<T: serde::de::DeserializeOwned + Default>(file: &Path) -> T {
    let bytes = regular_file::bytes_within(file, regular_file::MOST_OF_OURS);
    bytes
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}
