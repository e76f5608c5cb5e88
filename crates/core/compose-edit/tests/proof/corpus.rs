//! The files that the proof runs on.

use std::path::{Path, PathBuf};

pub struct File {
    pub name: String,
    pub text: String,
}

/// All files of the corpus, by name.
pub fn files() -> Vec<File> {
    let folder = folder();
    let mut files: Vec<File> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yml" || extension == "yaml")
        })
        .map(|path| File {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).unwrap(),
        })
        .collect();
    if let Some(only) = std::env::var_os("COMPOSE_EDIT_ONLY") {
        files.retain(|file| file.name.contains(&*only.to_string_lossy()));
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!files.is_empty(), "no file in {}", folder.display());
    files
}

fn folder() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let shared = std::env::var_os("COMPOSE_CORPUS")
        .map_or_else(|| root.join("../shared/corpus"), PathBuf::from);
    if shared.is_dir() {
        shared
    } else {
        root.join("corpus")
    }
}
