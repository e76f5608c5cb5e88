//! Reading files of a checkout, with an error for each way in which that fails.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use system::here;
use system::leaving_link::LeavingLink;
use system::regular_file;
use system::regular_file::NotRead;

use super::encoding::{self, WrongEncoding};
use super::folder::in_the_way;

/// Why a file of the checkout cannot be read; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is not there.
    #[error("{0} is not there; restore it, or take it out of compose/stack.yaml")]
    Missing(String),
    /// It is a folder, a FIFO, a device or the like.
    #[error(
        "{path} is {kind}, not a file; move it away or name another file in compose/stack.yaml"
    )]
    NotAFile {
        /// The path.
        path: String,
        /// What it is, as `a folder`.
        kind: &'static str,
    },
    /// It is larger than any that is meant to be read.
    #[error("{path} is larger than {} MiB, and no file that large is read; split it into several files", limit >> 20)]
    TooLarge {
        /// The path of the file, from the root of the checkout.
        path: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// It has no bytes.
    #[error("{0}: the file is empty (0 bytes)")]
    Empty(String),
    /// It is not UTF-8.
    #[error(transparent)]
    Encoding(#[from] WrongEncoding),
    /// It leads out of the checkout.
    #[error("{path} {}", leaving(path, link.as_ref()))]
    Leaves {
        /// The file or folder.
        path: String,
        /// The link that leads out; none where the path does.
        link: Option<LeavingLink>,
    },
    /// The system refuses.
    #[error(
        "{path} cannot be read (look at its mode and owner: ls -l {})",
        here::quoted(file)
    )]
    Io {
        /// The path of the file, from the root of the checkout.
        path: String,
        /// It by its full path.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// The text of a file, its path relative to the checkout's root.
///
/// # Errors
/// [`Unreadable`], by name.
pub fn read_text(root: &Path, path: &str) -> Result<String, Unreadable> {
    let resolved = root
        .join(path)
        .canonicalize()
        .map_err(|error| failed(root, path, error))?;
    must_stay(root, path, &resolved)?;
    let bytes = regular_file::bytes(&resolved).map_err(|error| failed(root, path, error))?;
    if bytes.is_empty() {
        return Err(Unreadable::Empty(path.to_owned()));
    }
    Ok(encoding::text(path, &root.join(path), bytes)?)
}

fn must_stay(root: &Path, path: &str, resolved: &Path) -> Result<(), Unreadable> {
    if resolved.starts_with(root) {
        return Ok(());
    }
    Err(Unreadable::Leaves {
        path: path.to_owned(),
        link: LeavingLink::on(root, path),
    })
}

/// A text of the checkout; empty for a file of no bytes.
///
/// # Errors
/// As for [`read_text`].
pub(super) fn read_text_or_nothing(root: &Path, path: &str) -> Result<String, Unreadable> {
    match read_text(root, path) {
        Err(Unreadable::Empty(_)) => Ok(String::new()),
        text => text,
    }
}

fn leaving(path: &str, link: Option<&LeavingLink>) -> String {
    match link {
        None => "leaves the checkout; name one of its own files".to_owned(),
        Some(link) if link.link == path => {
            format!("is a link that leaves the checkout; {}", link.mend())
        }
        Some(link) => {
            format!(
                "leaves the checkout, for {} is a link to {}; {}",
                link.link,
                link.target.display(),
                link.mend()
            )
        }
    }
}

/// Makes sure that a path of the checkout names a file that can be read without waiting, if it
/// names anything.
///
/// # Errors
/// [`Unreadable::NotAFile`].
pub(super) fn must_be_a_file(root: &Path, path: &str) -> Result<(), Unreadable> {
    match regular_file::must_be_one(&root.join(path)) {
        Err(error) if NotRead::of(&error).is_some() => Err(failed(root, path, error)),
        _ => Ok(()),
    }
}

fn failed(root: &Path, path: &str, source: io::Error) -> Unreadable {
    let (file, path) = (root.join(path), path.to_owned());
    match NotRead::of(&source) {
        Some(NotRead::Kind(kind)) => Unreadable::NotAFile { path, kind },
        Some(NotRead::TooLarge(limit)) => Unreadable::TooLarge { path, limit },
        None if source.kind() == io::ErrorKind::NotFound => Unreadable::Missing(path),
        None => Unreadable::Io { path, file, source },
    }
}

/// How many stories or records a checkout may have; the largest that are known have some dozens.
const MOST_FILES: usize = 1_000;

/// The names of the YAML files in a folder of the checkout, sorted; hidden ones are none of them.
/// None where the folder is not there.
pub(super) fn yaml_files(root: &Path, folder: &str) -> Result<Vec<String>> {
    let is_ours = |name: &String| name.ends_with(".yaml") && !name.starts_with('.');
    let mut names: Vec<_> = names(root, folder)?.into_iter().filter(is_ours).collect();
    if names.len() > MOST_FILES {
        bail!(
            "{folder} holds {} YAML files, and no more than {MOST_FILES} are read",
            names.len()
        );
    }
    names.sort();
    Ok(names)
}

/// The names in a folder of the checkout; hidden ones too. None where the folder is not there.
pub(super) fn names(root: &Path, own: &str) -> Result<Vec<String>> {
    let folder = root.join(own);
    if let Ok(resolved) = folder.canonicalize() {
        must_stay(root, own, &resolved)?;
    }
    let listing = || format!("{} cannot be listed", folder.display());
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(in_the_way(root, own).map_or_else(|| error.into(), anyhow::Error::msg));
        }
        Err(error) => return Err(error).with_context(listing),
    };
    // A name that is no text is none that anything here can name.
    let names = entries.filter_map(|entry| match entry {
        Ok(entry) => entry.file_name().into_string().ok().map(Ok),
        Err(error) => Some(Err(error)),
    });
    names.collect::<io::Result<_>>().with_context(listing)
}
