//! Where git knows a file: behind links, in the repository that it lies in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The folder of the innermost repository around it: a submodule's files are none of the outer
    /// one's.
    pub(super) repository: PathBuf,
    /// Its path from there.
    pub(super) path: String,
}

impl Place {
    /// Of a file of a checkout, be it there or not; none where there is no repository.
    pub(super) fn of(root: &Path, path: &str) -> Option<Self> {
        let real = resolved(&root.join(path))?;
        let repository = repository_of(real.parent()?)?;
        let path = real
            .strip_prefix(&repository)
            .ok()?
            .to_string_lossy()
            .into_owned();
        Some(Self { repository, path })
    }
}

impl Place {
    /// Of the name itself, where it is a link: its folder's links are followed, its own is not.
    pub(super) fn of_name(root: &Path, path: &str) -> Option<Self> {
        let file = root.join(path);
        let folder = resolved(file.parent()?)?;
        let repository = repository_of(&folder)?;
        let path = folder
            .join(file.file_name()?)
            .strip_prefix(&repository)
            .ok()?
            .to_string_lossy()
            .into_owned();
        Some(Self { repository, path })
    }
}

/// The innermost repository that holds a folder.
pub(super) fn repository_of(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .map(Path::to_owned)
}

/// Some files of a checkout by repository: those of each as git names them there, with the
/// checkout's own names.
pub(super) fn by_repository(
    root: &Path,
    paths: &[String],
) -> BTreeMap<PathBuf, BTreeMap<String, String>> {
    let mut found: BTreeMap<PathBuf, BTreeMap<String, String>> = BTreeMap::new();
    for own in paths {
        if let Some(Place { repository, path }) = Place::of(root, own) {
            found
                .entry(repository)
                .or_default()
                .insert(path, own.clone());
        }
    }
    found
}

/// A path without links, also where its end is not there yet.
fn resolved(file: &Path) -> Option<PathBuf> {
    file.canonicalize()
        .ok()
        .or_else(|| Some(resolved(file.parent()?)?.join(file.file_name()?)))
}
