//! The model of our own files against the model of what plain `docker compose config` answers about
//! them.
//!
//! Only what depends on a variable that nothing sets may differ: Compose takes the empty text
//! there.

mod agree;
mod controls;
mod corpus;
mod made_up;
mod variables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use compose_edit::Document;
use compose_model::{EnvFile, Files, ProjectFiles, ResolvedModel, VariableSources, ViewError};

use crate::compose::{Compose, Depth, HOME};
use crate::generate::Set;
use agree::{Agree, Report};

/// The project's name as the environment of a set gives it: by `name:` of the last file, else the
/// folder's.
fn project(files: &Files, order: &[&str], folder: &str) -> String {
    let named = order.iter().rev().find_map(|path| {
        let document = files.get(*path)?;
        let name = document
            .root()?
            .as_mapping()?
            .get("name")?
            .as_scalar()?
            .value()
            .to_owned();
        Some(name)
    });
    named.unwrap_or_else(|| folder.to_owned())
}

/// The env files among a set's files, by path.
fn env_files(files: &[(String, String)]) -> BTreeMap<String, EnvFile> {
    let named = files
        .iter()
        .filter(|(path, _)| path.ends_with(".env") || path.ends_with("/e"));
    named
        .map(|(path, text)| (path.clone(), EnvFile::parse(text)))
        .collect()
}

/// The model of files on the disk, with the variables of these env files.
fn ours(
    files: &Files,
    order: &[&str],
    env_files: BTreeMap<String, EnvFile>,
    root: &Path,
) -> Result<ResolvedModel, ViewError> {
    let own: Vec<_> = env_files
        .keys()
        .filter(|path| *path == ".env")
        .cloned()
        .collect();
    let around = VariableSources {
        shell: BTreeMap::new(),
        env_files,
    };
    let folder = root.file_name().unwrap().to_str().unwrap();
    ResolvedModel::from_files(&ProjectFiles {
        files,
        order,
        env_files: &own,
        around: &around,
        project: &project(files, order, folder),
        root,
        home: Some(Path::new(HOME)),
    })
}

/// How the two models of a set compare.
///
/// # Errors
/// Compose's words where it rejects the set.
fn compare(
    compose: &Compose,
    files: &Files,
    order: &[&str],
    env: BTreeMap<String, EnvFile>,
    root: &Path,
) -> Result<Report, String> {
    let answer = compose.config(root, order, Depth::Plain)?;
    let theirs = ResolvedModel::from_compose_json(&answer);
    let mut report = Report::default();
    match ours(files, order, env, root) {
        Ok(ours) => ours.agree(&theirs, "", &mut report),
        Err(error) => report.differences.push(format!("we reject it: {error}")),
    }
    Ok(report)
}

/// The files of a set that are YAML, parsed.
fn parsed(set: &Set) -> Files {
    let yaml = set
        .files
        .iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|own| own == "yml"));
    yaml.map(|(path, text)| (path.clone(), Document::parse(text.clone()).unwrap()))
        .collect()
}

/// A set written into a folder of its own and compared there.
fn compare_set(compose: &Compose, set: &Set) -> Result<Report, String> {
    let folder = crate::checkout::write(set);
    let root = crate::checkout::root(&folder);
    let order: Vec<&str> = set.order.iter().map(String::as_str).collect();
    compare(compose, &parsed(set), &order, env_files(&set.files), &root)
}

/// What many comparisons came to.
#[derive(Default)]
struct Tally {
    agree: usize,
    rejected: BTreeMap<String, usize>,
    unresolved: BTreeSet<String>,
    differ: Vec<String>,
}

impl Tally {
    fn count(&mut self, name: &str, report: Result<Report, String>) {
        match report {
            Err(words) => *self.rejected.entry(kind_of(&words)).or_default() += 1,
            Ok(report) if report.differences.is_empty() => {
                self.agree += 1;
                self.unresolved.extend(report.unresolved);
            }
            Ok(report) => self
                .differ
                .push(format!("{name}:\n{}", report.differences.join("\n"))),
        }
    }

    fn report(&self, enough: usize) {
        let rejected: usize = self.rejected.values().sum();
        println!(
            "{} agree, {rejected} rejected by Compose, {} differ",
            self.agree,
            self.differ.len()
        );
        self.rejected
            .iter()
            .for_each(|(words, times)| println!("{times} times: {words}"));
        println!("variables that nothing sets: {:?}", self.unresolved);
        self.differ
            .iter()
            .take(40)
            .for_each(|line| println!("{line}"));
        assert_eq!(self.differ.len(), 0);
        assert!(
            self.agree >= enough,
            "only {} were accepted by both",
            self.agree
        );
    }
}

/// Compose's last words, without the folder.
fn kind_of(words: &str) -> String {
    let last = words.lines().last().unwrap_or_default();
    last.split_whitespace()
        .filter(|word| !word.contains('/'))
        .collect::<Vec<_>>()
        .join(" ")
}
