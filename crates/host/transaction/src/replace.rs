//! Replaces one file whole, with everything that belongs to it but its text kept.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

use tempfile::NamedTempFile;

use super::target::Target;
use super::{Digest, TransactionError, Write, attributes};

/// A new file's mode; the caller's umask is left out on purpose, for two colleagues get equal
/// files.
pub const NEW: u32 = 0o644;

/// Does what the write says.
pub fn carry_out(target: &Target, write: &Write) -> Result<(), TransactionError> {
    let before = write.before.as_ref();
    match &write.text {
        Some(text) => put(target, before, text, NEW),
        None => target.must_hold(before).and_then(|()| remove(target)),
    }
}

/// Temporary file, mode and owner, fsync, a last look, rename, fsync of the folder. Without the
/// first fsync a power cut leaves a file of NUL bytes under the new name, without the second one
/// the old name may come back. A file that is new gets the mode `new`.
///
/// The temporary file lies in the ledger's folder, where git ignores it; in the file's own folder
/// where no rename leads from there, as into another mount.
pub fn put(
    target: &Target,
    before: Option<&Digest>,
    text: &str,
    new: u32,
) -> Result<(), TransactionError> {
    let path = target.path();
    make_folder(target.folder()).map_err(TransactionError::io(path, "given a folder"))?;
    clear(target)?;
    let put = |folder: &Path| -> Result<io::Result<()>, TransactionError> {
        let old = target.metadata()?;
        let file =
            temporary(folder, target, text).map_err(TransactionError::io(path, "written"))?;
        finish(&file, old.as_ref(), target, new).map_err(TransactionError::io(path, "written"))?;
        target.must_hold(before)?;
        Ok(rename(file, target, before.is_none()))
    };
    let renamed = match put(&target.staging())? {
        Err(error) if error.kind() == ErrorKind::CrossesDevices => put(target.folder())?,
        renamed => renamed,
    };
    renamed.map_err(TransactionError::io(path, "replaced"))?;
    sync_folder(target.folder()).map_err(TransactionError::io(path, "made to last"))
}

fn rename(file: NamedTempFile, target: &Target, is_new: bool) -> io::Result<()> {
    // Fails for a new file that somebody made since the last look.
    let renamed = if is_new {
        file.persist_noclobber(target.file())
    } else {
        file.persist(target.file())
    };
    renamed.map(drop).map_err(|error| error.error)
}

/// Removes a file for good; one that is not there is no failure.
pub fn remove(target: &Target) -> Result<(), TransactionError> {
    match fs::remove_file(target.file()) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        removed => removed.map_err(TransactionError::io(target.path(), "removed"))?,
    }
    sync_folder(target.folder()).map_err(TransactionError::io(target.path(), "made to last"))
}

/// Makes last what another process did and may not have lived to make last.
pub fn settle(target: &Target) -> Result<(), TransactionError> {
    let synced = match File::open(target.file()) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        opened => opened.and_then(|file| sync(&file)),
    };
    let lasting = synced.and_then(|()| sync_folder(target.folder()));
    lasting.map_err(TransactionError::io(target.path(), "made to last"))
}

/// Removes the temporary file that a process left which was killed.
pub fn clear(target: &Target) -> Result<(), TransactionError> {
    let beside = Some(target.folder().to_owned()).filter(|folder| *folder != target.staging());
    for folder in [target.staging()].into_iter().chain(beside) {
        match fs::remove_file(folder.join(temporary_name(target.name()))) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            removed => removed.map_err(TransactionError::io(
                target.path(),
                "rid of its temporary file",
            ))?,
        }
    }
    Ok(())
}

/// One name for every process, so that the next one finds what a killed one left; only one writes
/// at a time.
pub fn temporary_name(name: &OsStr) -> String {
    format!(".{}.xtask-new", name.to_string_lossy())
}

/// Removed again when it is dropped before the rename.
fn temporary(folder: &Path, target: &Target, text: &str) -> io::Result<NamedTempFile> {
    let name = temporary_name(target.name());
    let mut new = tempfile::Builder::new()
        .prefix(&name)
        .rand_bytes(0)
        .tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    Ok(new)
}

/// The owner before the mode, for a change of owner drops some of its bits; the mode last, for a
/// list of access rights changes some of them too.
fn finish(
    new: &NamedTempFile,
    old: Option<&Metadata>,
    target: &Target,
    mode: u32,
) -> io::Result<()> {
    let file = new.as_file();
    if let Some(old) = old {
        let mine = file.metadata()?;
        if (mine.uid(), mine.gid()) != (old.uid(), old.gid()) {
            fchown(file, Some(old.uid()), Some(old.gid()))?;
        }
        attributes::copy(target.file(), file)?;
    }
    let mode = old.map_or(mode, |old| old.mode() & 0o7777);
    file.set_permissions(Permissions::from_mode(mode))?;
    sync(file)
}

/// A folder that is new must last like the file in it.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new("/"));
    make_folder(above)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder(above),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn sync(file: &File) -> io::Result<()> {
    #[cfg(feature = "non-atomic-writer")]
    if super::non_atomic::leaves_files_unsynced() {
        return Ok(());
    }
    file.sync_all()
}
