//! The compose files that an environment reads, those that `extends` and `include` name too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use compose_edit::Document;

use super::Subject;
use super::needs::Needs;

use crate::regular_file;

/// The compose files of an environment, as they are to be checked, by path.
#[derive(Debug, Default)]
pub struct Sources {
    files: BTreeMap<String, Source>,
}

#[derive(Debug)]
struct Source {
    text: String,
    /// What its relative paths count from.
    folder: PathBuf,
    needs: Needs,
}

impl Sources {
    /// Reads them, drafts before the disk. One that is not there or not readable is left to Compose to complain of.
    pub fn of(subject: &Subject<'_>) -> Self {
        let mut found = Self::default();
        let directory = directory(subject);
        let mut open: Vec<_> = subject.files.iter().map(|path| (path.clone(), directory.to_owned())).collect();
        while let Some((path, folder)) = open.pop() {
            let Some(text) = text_of(subject, &path).filter(|_| !found.files.contains_key(&path)) else { continue };
            // What is no YAML needs nothing.
            let (named, needs) = Document::parse(text.as_str()).map_or_else(
                |_| (Vec::new(), Needs::default()),
                |document| (compose_view::references(&path, &document), Needs::of(&document)),
            );
            open.extend(named.into_iter().map(|named| {
                let folder = Path::new(&named).parent().unwrap_or(Path::new("")).to_owned();
                (named, folder)
            }));
            found.files.insert(path, Source { text, folder, needs });
        }
        found
    }

    /// Their texts by path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, source)| (path.as_str(), source.text.as_str()))
    }

    /// The env and label files that Compose will read, relative to the root; those it may miss or compute are left out.
    pub fn needed_files(&self) -> impl Iterator<Item = String> {
        self.files.values().flat_map(Source::needed_files)
    }

    /// The variables that they ask for.
    pub fn variables(&self) -> impl Iterator<Item = &super::needs::Variable> {
        self.files.values().flat_map(|source| &source.needs.variables)
    }
}

impl Source {
    fn needed_files(&self) -> impl Iterator<Item = String> {
        let in_checkout = self.needs.files.iter().filter(|path| !path.contains('$') && !path.starts_with(['/', '~']));
        in_checkout.map(|path| join(&self.folder, path))
    }
}

/// A file's text as it is to be checked.
pub fn text_of(subject: &Subject<'_>, path: &str) -> Option<String> {
    let draft = subject.drafts.get(path).cloned();
    draft.or_else(|| regular_file::text(subject.root.join(path)).ok())
}

/// The project directory, relative to the root.
pub fn directory<'a>(subject: &Subject<'a>) -> &'a Path {
    subject.files.first().and_then(|file| Path::new(file).parent()).unwrap_or(Path::new(""))
}

/// A path in a file as one relative to the root.
pub fn join(folder: &Path, path: &str) -> String {
    folder.join(path.strip_prefix("./").unwrap_or(path)).to_string_lossy().into_owned()
}
