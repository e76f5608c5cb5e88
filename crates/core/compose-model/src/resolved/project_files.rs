//! What a model of a project's own files is made of.

use std::path::Path;

use crate::{Files, VariableSources, paths};

/// A project's files and what lies around them.
#[derive(Clone, Copy, Debug)]
pub struct ProjectFiles<'p> {
    /// All files that are there, those that others extend and include too.
    pub files: &'p Files,
    /// The project's own in order.
    pub order: &'p [&'p str],
    /// Its env files in order, those that give variables in Compose files their values.
    pub env_files: &'p [String],
    /// The texts of env files, those of services and of `include`s too, and the shell's variables.
    pub around: &'p VariableSources,
    /// The project's name.
    pub project: &'p str,
    /// The checkout's root, an absolute path.
    pub root: &'p Path,
    /// The home folder, where one is known.
    pub home: Option<&'p Path>,
}

impl ProjectFiles<'_> {
    /// A path of a finished view as Compose hands it to the engine: absolute, `~` the home folder.
    pub(super) fn absolute(&self, path: &str) -> String {
        if let (Some(behind), Some(home)) = (path.strip_prefix('~'), self.home) {
            return format!("{}{behind}", home.display());
        }
        if !(path == "." || path == ".." || path.starts_with("./") || path.starts_with("../")) {
            return path.to_owned();
        }
        paths::clean(&format!("{}/{path}", self.root.display()))
    }
}
