//! Replaces one file whole, with everything that belongs to it but its text kept.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

use tempfile::NamedTempFile;

use super::target::Target;
use super::{CommitError, Write};

/// A new file's mode; the caller's umask is left out on purpose, for two colleagues get equal files.
const NEW: u32 = 0o644;

/// Temporary file in the same folder, mode and owner, fsync, a last look, rename, fsync of the folder. Without the first
/// fsync a power cut leaves a file of NUL bytes under the new name, without the second one the old name may come back.
pub fn replace(target: &Target, write: &Write) -> Result<(), CommitError> {
    let path = target.path();
    make_folder(target.folder()).map_err(CommitError::io(path, "given a folder"))?;
    let old = target.metadata()?;
    let new = temporary(target, &write.text).map_err(CommitError::io(path, "written"))?;
    keep_owner(&new, old.as_ref(), path)?;
    finish(&new, old.as_ref()).map_err(CommitError::io(path, "written"))?;
    target.must_hold(write.before.as_ref())?;
    let renamed = match write.before {
        Some(_) => new.persist(target.file()).map_err(|error| error.error),
        // Fails where somebody made the file since the last look.
        None => new.persist_noclobber(target.file()).map_err(|error| error.error),
    };
    renamed.map_err(CommitError::io(path, "replaced"))?;
    sync_folder(target.folder()).map_err(CommitError::io(path, "made to last"))
}

/// Removed again when it is dropped before the rename.
fn temporary(target: &Target, text: &str) -> io::Result<NamedTempFile> {
    let name = target.file().file_name().unwrap_or_default().to_string_lossy();
    let mut new =
        tempfile::Builder::new().prefix(&format!(".{name}.")).suffix(".xtask-new").tempfile_in(target.folder())?;
    new.write_all(text.as_bytes())?;
    Ok(new)
}

/// Before the mode, for a change of owner drops some of its bits.
fn keep_owner(new: &NamedTempFile, old: Option<&Metadata>, path: &str) -> Result<(), CommitError> {
    let Some(old) = old else { return Ok(()) };
    let mine = new.as_file().metadata().map_err(CommitError::io(path, "looked at"))?;
    if (mine.uid(), mine.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    let owner = (mine.uid() != old.uid()).then_some(old.uid());
    match fchown(new.as_file(), owner, Some(old.gid())) {
        Err(_) if owner.is_some() => Err(CommitError::OtherOwner { path: path.to_owned(), owner: old.uid() }),
        result => result.map_err(CommitError::io(path, "given to its group")),
    }
}

fn finish(new: &NamedTempFile, old: Option<&Metadata>) -> io::Result<()> {
    let mode = old.map_or(NEW, |old| old.mode() & 0o7777);
    new.as_file().set_permissions(Permissions::from_mode(mode))?;
    new.as_file().sync_all()
}

/// A folder that is new must last like the file in it.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new("/"));
    make_folder(above)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder(above),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
