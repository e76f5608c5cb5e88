//! The sources of the repository that are no tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of a crate's `src`.
pub struct Source {
    /// Its path from the repository's root.
    pub path: String,
    /// Its text, without the tests at its end and without comments.
    pub text: String,
}

impl Source {
    /// The folder of its package.
    pub fn package(&self) -> &str {
        self.path.split("/src/").next().unwrap_or_default()
    }

    /// The names of its module below the crate.
    pub fn module(&self) -> Vec<&str> {
        let below = self
            .path
            .split("/src/")
            .nth(1)
            .unwrap_or_default()
            .trim_end_matches(".rs");
        if matches!(below, "lib" | "main") {
            Vec::new()
        } else {
            below.split('/').collect()
        }
    }
}

/// All of them, in the order of their paths.
pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap();
    let mut files = Vec::new();
    for folder in ["backend", "crates/cli", "frontend/e2e", "xtask"] {
        rust_files(&root.join(folder).join("src"), &mut files);
    }
    for folder in ["crates/core", "crates/host"] {
        for package in fs::read_dir(root.join(folder)).unwrap() {
            rust_files(&package.unwrap().path().join("src"), &mut files);
        }
    }
    files.sort();
    let source = |file: &PathBuf| {
        let path = file
            .strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        Source {
            path,
            text: code(&fs::read_to_string(file).unwrap()),
        }
    };
    let sources: Vec<_> = files.iter().map(source).collect();
    assert!(sources.len() > 300, "the sources are somewhere else");
    sources
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// Without comments, and without the module of tests with which a file may end.
fn code(text: &str) -> String {
    let own = text.split("#[cfg(test)]").next().unwrap_or_default();
    let has_code = |line: &&str| !line.trim_start().starts_with("//");
    own.lines()
        .filter(has_code)
        .map(|line| format!("{line}\n"))
        .collect()
}
