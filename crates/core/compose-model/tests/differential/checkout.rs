//! A set of files on the disk, and the same set as the view takes it.

use std::path::Path;

use compose_edit::Document;
use compose_model::{Files, View, ViewError};
use tempfile::TempDir;

use crate::generate::Set;

/// Writes a set into a folder of its own, deep enough for paths that lead out of it.
pub fn write(set: &Set) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in &set.files {
        let path = root(&folder).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The checkout's root inside the folder.
pub fn root(folder: &TempDir) -> std::path::PathBuf {
    folder.path().canonicalize().unwrap().join("outer/checkout")
}

/// The set's files, parsed; env files are none of them.
pub fn parse(set: &Set) -> Files {
    let yaml = set.files.iter().filter(|(path, _)| {
        Path::new(path)
            .extension()
            .is_some_and(|extension| extension == "yml")
    });
    yaml.map(|(path, text)| (path.clone(), Document::parse(text.clone()).unwrap()))
        .collect()
}

/// What the view makes of a set.
pub fn resolve(set: &Set) -> Result<View, ViewError> {
    let order: Vec<&str> = set.order.iter().map(String::as_str).collect();
    View::resolve(&parse(set), &order)
}
