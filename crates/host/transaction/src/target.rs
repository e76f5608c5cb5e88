//! The file behind a path, and whether it may be replaced.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Access, access};
use rustix::io::Errno;
use rustix::process::{getegid, geteuid, getgroups};
use system::leaving_link::LeavingLink;
use system::regular_file;

use super::{Digest, TransactionError};
use crate::FOLDER;

/// A file to replace or to make, its links followed.
#[derive(Debug)]
pub struct Target {
    path: String,
    file: PathBuf,
    root: PathBuf,
}

impl Target {
    /// Follows links: a rename would replace the link itself. What leaves the checkout is refused.
    pub fn resolve(root: &Path, path: &str) -> Result<Self, TransactionError> {
        let root = root
            .canonicalize()
            .map_err(TransactionError::io(path, "found"))?;
        let wanted = root.join(path);
        let leaves = |target: &Path| leaving(&root, path, target);
        if !Path::new(path)
            .components()
            .all(|component| matches!(component, Component::Normal(_)))
        {
            return Err(leaves(&wanted));
        }
        let file = match followed(&wanted) {
            Err(error) if leads_nowhere(&error) => return Err(leaves(&wanted)),
            file => file.map_err(TransactionError::io(path, "found"))?,
        };
        if !file.starts_with(&root) {
            return Err(leaves(&file));
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            root,
        })
    }

    /// The path as the caller knows it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The file itself.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The folder that holds it.
    pub fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("/"))
    }

    /// Where its new text is written before it gets its name: git ignores what is temporary there.
    pub fn staging(&self) -> PathBuf {
        self.root.join(FOLDER)
    }

    /// Its name in that folder.
    pub fn name(&self) -> &OsStr {
        self.file.file_name().unwrap_or_default()
    }

    /// What the disk knows of it; none where it is not there.
    pub fn metadata(&self) -> Result<Option<Metadata>, TransactionError> {
        absent(fs::symlink_metadata(&self.file))
            .map_err(TransactionError::io(&self.path, "looked at"))
    }

    /// Its bytes; none where it is not there.
    pub fn read(&self) -> Result<Option<Vec<u8>>, TransactionError> {
        absent(regular_file::bytes_within(
            &self.file,
            regular_file::MOST_OF_OURS,
        ))
        .map_err(TransactionError::io(&self.path, "read"))
    }

    /// What it holds; none where it is not there.
    pub fn digest(&self) -> Result<Option<Digest>, TransactionError> {
        Ok(self.read()?.map(Digest::of))
    }

    /// A rename would succeed over a read-only file and silently part hard links.
    pub fn must_be_replaceable(&self) -> Result<(), TransactionError> {
        let (path, file) = (self.path.clone(), self.file.clone());
        if let Some(found) = self.metadata()? {
            if !found.is_file() {
                return Err(TransactionError::NotAFile { path, file });
            }
            if found.nlink() > 1 {
                return Err(TransactionError::HardLink {
                    path,
                    file,
                    links: found.nlink(),
                });
            }
            self.owner_must_be_keepable(&found)?;
            // Root may write everything; a file that nobody may write is still meant to stay.
            if found.mode() & 0o222 == 0 {
                return Err(TransactionError::ReadOnly { path, file });
            }
            writable(&self.file, path)?;
        }
        self.folder_must_be_writable()
    }

    /// Only root can give a file away.
    fn owner_must_be_keepable(&self, found: &Metadata) -> Result<(), TransactionError> {
        let (path, file) = (self.path.clone(), self.file.clone());
        if geteuid().is_root() {
            return Ok(());
        }
        if geteuid().as_raw() != found.uid() {
            return Err(TransactionError::OtherOwner {
                path,
                file,
                owner: found.uid(),
            });
        }
        let groups =
            getgroups().map_err(|errno| TransactionError::io(&path, "looked at")(errno.into()))?;
        let mine = groups
            .into_iter()
            .chain([getegid()])
            .any(|group| group.as_raw() == found.gid());
        if mine {
            Ok(())
        } else {
            Err(TransactionError::OtherGroup {
                path,
                file,
                group: found.gid(),
            })
        }
    }

    /// Whether this user may make or replace files in its folder, or make the folder.
    pub fn folder_must_be_writable(&self) -> Result<(), TransactionError> {
        let Some(folder) = self.file.ancestors().skip(1).find(|folder| folder.exists()) else {
            return Ok(());
        };
        let path = self.name_of(folder);
        if !folder.is_dir() {
            let file = folder.to_owned();
            return Err(TransactionError::ReadOnly { path, file });
        }
        let owner = fs::metadata(folder)
            .map_err(TransactionError::io(&path, "looked at"))?
            .uid();
        match writable(folder, path) {
            Err(TransactionError::ReadOnly { path, file }) if owner != geteuid().as_raw() => {
                Err(TransactionError::NotYours { path, file, owner })
            }
            judged => judged,
        }
    }

    /// The folder that is `n` levels above the file, named relative to the root like the file.
    fn name_of(&self, folder: &Path) -> String {
        let levels = self
            .file
            .strip_prefix(folder)
            .map_or(0, |rest| rest.components().count());
        match Path::new(&self.path).ancestors().nth(levels) {
            Some(named) if !named.as_os_str().is_empty() => named.display().to_string(),
            _ => ".".to_owned(),
        }
    }

    /// Whether it is still what the new text was made from.
    pub fn must_hold(&self, before: Option<&Digest>) -> Result<(), TransactionError> {
        let path = self.path.clone();
        match (before, self.digest()?) {
            (None, None) => Ok(()),
            (Some(before), Some(now)) if *before == now => Ok(()),
            (None, Some(_)) => Err(TransactionError::Appeared { path }),
            (Some(_), None) => Err(TransactionError::Gone { path }),
            (Some(before), Some(now)) => Err(TransactionError::Changed {
                path,
                read: before.clone(),
                now,
            }),
        }
    }
}

fn leads_nowhere(error: &io::Error) -> bool {
    error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(Errno::LOOP.raw_os_error())
}

/// A path that leads out of the checkout at `root`, or nowhere.
fn leaving(root: &Path, path: &str, target: &Path) -> TransactionError {
    let link = LeavingLink::on(root, path);
    let target = link
        .as_ref()
        .map_or(target, |link| &link.target)
        .display()
        .to_string();
    TransactionError::LeavesCheckout {
        path: path.to_owned(),
        target,
        mend: link.map(|link| link.mend()),
    }
}

/// Whether this user may write a file or a folder, with the reason why not.
fn writable(file: &Path, path: String) -> Result<(), TransactionError> {
    let full = file.to_owned();
    match access(file, Access::WRITE_OK) {
        Ok(()) if is_append_only(file) => Err(TransactionError::AppendOnly { path, file: full }),
        Ok(()) => Ok(()),
        // Even root may not; only the attribute answers so.
        Err(Errno::PERM) => Err(TransactionError::Immutable { path, file: full }),
        Err(Errno::ROFS) => Err(TransactionError::ReadOnlyDisk { path }),
        Err(_) => Err(TransactionError::ReadOnly { path, file: full }),
    }
}

/// Whether a file may only grow (`chattr +a`): it may be opened for writing, and neither replaced
/// nor removed.
#[cfg(target_os = "linux")]
fn is_append_only(file: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    statx(CWD, file, AtFlags::empty(), StatxFlags::TYPE)
        .is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::APPEND))
}

#[cfg(not(target_os = "linux"))]
fn is_append_only(_: &Path) -> bool {
    false
}

/// The path with links followed; of a file that is not there yet, those of the folders that are.
fn followed(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        // Asked once: a folder of the lock's comes and goes with it. A link that leads nowhere is
        // one all the same.
        Err(error) if error.kind() == ErrorKind::NotFound && !path.is_symlink() => {}
        found => return found,
    }
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => Ok(followed(folder)?.join(name)),
        _ => Ok(path.to_owned()),
    }
}

/// A file that is not there is no failure.
fn absent<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
