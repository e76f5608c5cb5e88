//! The compose files that an environment reads, those that `extends` and `include` name too.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use compose_edit::Document;
use compose_model::{EnvFile, EnvFiles, is_remote};
use system::regular_file;

use super::Subject;
use super::needs::{Needs, Variable};

/// The compose files of an environment, as they are to be checked, by path.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    files: BTreeMap<String, Source<'a>>,
}

#[derive(Debug)]
struct Source<'a> {
    text: String,
    /// None where it is no YAML.
    document: Option<Cow<'a, Document>>,
    /// What its relative paths count from.
    folder: PathBuf,
    needs: Needs,
    /// The env files of the `include`s that lead to it, outermost first.
    included_with: Vec<EnvFiles>,
}

/// A file that is still to be read.
struct Open {
    path: String,
    folder: PathBuf,
    included_with: Vec<EnvFiles>,
}

impl<'a> Sources<'a> {
    /// Reads them, drafts before the disk: what Compose will see is what is told of them. One that
    /// is not there or not readable is left to Compose to complain of.
    pub fn of(subject: &Subject<'a>) -> Self {
        let mut found = Self::default();
        let directory = subject.environment.directory();
        let own = |path: &String| Open {
            path: path.clone(),
            folder: directory.to_owned(),
            included_with: Vec::new(),
        };
        let mut open: Vec<_> = subject.environment.files.iter().map(own).collect();
        while let Some(Open {
            path,
            folder,
            included_with,
        }) = open.pop()
        {
            let Some(text) = text_of(subject, &path).filter(|_| !found.files.contains_key(&path))
            else {
                continue;
            };
            let document = parsed(subject, &path, &text);
            // What is no YAML needs nothing.
            let (named, needs) = document.as_ref().map_or_else(Default::default, |document| {
                (
                    compose_model::named(&path, document, &folder.to_string_lossy()),
                    Needs::of(document),
                )
            });
            open.extend(
                named
                    .into_iter()
                    .filter(|named| !is_remote(&named.path))
                    .map(|named| {
                        let env_files = Some(named.env_files).filter(|own| !own.paths.is_empty());
                        let included_with =
                            included_with.iter().cloned().chain(env_files).collect();
                        Open {
                            path: named.path,
                            folder: named.directory.into(),
                            included_with,
                        }
                    }),
            );
            found.files.insert(
                path,
                Source {
                    text,
                    document,
                    folder,
                    needs,
                    included_with,
                },
            );
        }
        found
    }

    /// Their texts by path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, source)| (path.as_str(), source.text.as_str()))
    }

    /// Those that are YAML, parsed.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.files
            .values()
            .filter_map(|source| source.document.as_deref())
    }

    /// The texts of those that are not.
    pub fn texts_of_no_yaml(&self) -> impl Iterator<Item = &str> {
        self.files
            .values()
            .filter(|source| source.document.is_none())
            .map(|source| source.text.as_str())
    }

    /// The env and label files that Compose will read, relative to the root; those it may miss or
    /// compute are left out.
    pub fn needed_files(&self) -> impl Iterator<Item = String> {
        self.files.values().flat_map(Source::needed_files)
    }

    /// The env files of `include`s, relative to the root, be they there or not.
    pub fn included_env_files(&self) -> impl Iterator<Item = &String> {
        self.files.values().flat_map(|source| {
            source
                .included_with
                .iter()
                .flat_map(|env_files| &env_files.paths)
        })
    }

    /// The variables that they ask for.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.files
            .values()
            .flat_map(|source| &source.needs.variables)
    }

    /// Those to which no env file of an `include` gives a value.
    pub fn variables_from_outside(&self, subject: &Subject<'_>) -> Vec<&Variable> {
        let mut found = Vec::new();
        for source in self.files.values() {
            let paths = source
                .included_with
                .iter()
                .flat_map(|env_files| &env_files.paths);
            let files: Vec<_> = paths
                .filter_map(|path| text_of(subject, path))
                .map(|text| EnvFile::parse(&text))
                .collect();
            let is_set =
                |variable: &&Variable| files.iter().any(|file| file.get(&variable.name).is_some());
            found.extend(
                source
                    .needs
                    .variables
                    .iter()
                    .filter(|variable| !is_set(variable)),
            );
        }
        found
    }
}

impl Source<'_> {
    fn needed_files(&self) -> impl Iterator<Item = String> {
        let is_in_checkout = |path: &&String| !path.contains('$') && !path.starts_with(['/', '~']);
        let own = self
            .needs
            .files
            .iter()
            .filter(is_in_checkout)
            .map(|path| join(&self.folder, path));
        let named = self
            .included_with
            .iter()
            .filter(|env_files| env_files.are_named);
        own.chain(
            named
                .flat_map(|env_files| &env_files.paths)
                .filter(is_in_checkout)
                .cloned(),
        )
    }
}

/// A text as it was parsed when the checkout was loaded; one that is not as it was then is parsed
/// here.
fn parsed<'a>(subject: &Subject<'a>, path: &str, text: &str) -> Option<Cow<'a, Document>> {
    match subject
        .loaded
        .get(path)
        .filter(|loaded| loaded.text() == text)
    {
        Some(loaded) => Some(Cow::Borrowed(loaded)),
        None => Document::parse(text).ok().map(Cow::Owned),
    }
}

/// A file's text as it is to be checked.
pub fn text_of(subject: &Subject<'_>, path: &str) -> Option<String> {
    let draft = subject.drafts.get(path).cloned();
    draft.or_else(|| regular_file::text(subject.root.join(path)).ok())
}

/// A path in a file as one relative to the root.
pub fn join(folder: &Path, path: &str) -> String {
    folder
        .join(path.strip_prefix("./").unwrap_or(path))
        .to_string_lossy()
        .into_owned()
}
