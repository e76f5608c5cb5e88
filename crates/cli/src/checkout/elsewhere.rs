//! Compose files that lie where nobody looks for them: under other names, or in folders below.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use compose_edit::{Document, Node};
use compose_model::Files;
use diagnostics::shell_quote::quoted;
use stories::layout::{Found, detect, is_compose_file};
use stories::{EnvironmentFiles, Layout};

use super::described;
use super::example_of;
use super::read::read_text;
use crate::root::STACK_FILE;

/// How deep folders are looked into.
const DEPTH: usize = 3;

/// How many folders are looked into.
const FOLDERS: usize = 500;

/// What a Compose file has at most, in bytes, to be looked at unasked.
const SIZE: u64 = 1 << 20;

/// Folders that hold other people's files.
const FOREIGN: [&str; 4] = ["node_modules", "target", "vendor", "venv"];

/// Compose files of a folder that has none with a name that says so.
#[derive(Debug, Default)]
pub struct Elsewhere {
    /// Files of the folder itself that have services.
    here: Vec<String>,
    /// Folders below it with Compose files, each with its layout.
    below: BTreeMap<String, Layout>,
}

/// How many names an error lists, and how many readings of them it spells out.
const MOST_NAMES: usize = 8;
const MOST_READINGS: usize = 3;

/// Looks for them.
pub fn found(root: &Path) -> Elsewhere {
    let mut found = Elsewhere {
        here: with_services(root),
        below: BTreeMap::new(),
    };
    if found.here.is_empty() {
        let mut left = FOLDERS;
        look_below(root, "", DEPTH, &mut left, &mut found.below);
    }
    found
}

impl Elsewhere {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.here.is_empty() && self.below.is_empty()
    }

    /// The layout of all of them; none where several of one folder may belong together or not.
    pub fn offer(&self, root: &Path) -> Option<Layout> {
        if let [file] = self.here.as_slice() {
            return Some(alone(root, file));
        }
        let is_one = self.below.len() == 1;
        let mut layout = Layout::default();
        for (folder, own) in &self.below {
            let project = folder.replace('/', "-");
            for (name, files) in &own.environments {
                let name = match (is_one, own.environments.len()) {
                    (true, _) => name.clone(),
                    (false, 1) => project.clone(),
                    (false, _) => format!("{project}-{name}"),
                };
                layout.environments.insert(name, below(folder, files));
            }
        }
        (!layout.environments.is_empty()).then_some(layout)
    }

    /// What is there and what to write.
    pub fn explained(&self, root: &Path) -> String {
        let place = root.display();
        let from = env::current_dir()
            .ok()
            .filter(|here| here == root)
            .map_or_else(|| root.to_owned(), |_| "".into());
        let offer = self.offer(root).map(|layout| described(&layout));
        if let [_, _, ..] = self.here.as_slice() {
            let readings = self
                .here
                .iter()
                .take(MOST_READINGS)
                .map(|file| described(&alone(root, file)));
            let readings: Vec<_> = readings.collect();
            return format!(
                "no Compose file of {place} has a name that says what it is for; there are {}\n\
                 Write one of these to {STACK_FILE}, or another list of them:\n{}",
                listed(&self.here),
                readings.join("or\n").trim_end()
            );
        }
        let Some(offer) = offer else {
            return format!(
                "no Compose file in {place} or below it (looked for compose.yaml, docker-compose.yml and their like); \
                 name your checkout: --root DIR"
            );
        };
        let write = format!(
            "write this to {STACK_FILE}; cargo xtask init does it:\n{}",
            offer.trim_end()
        );
        match self.below.first_key_value() {
            None => format!(
                "no Compose file of {place} has a name that says what it is for; found: {}\nTo go on, {write}",
                self.here.join(", ")
            ),
            Some((folder, _)) => {
                let files = self.below.iter().flat_map(|(folder, own)| {
                    own.environments
                        .values()
                        .filter_map(move |own| Some(format!("{folder}/{}", own.files.first()?)))
                });
                let mut files: Vec<_> = files.collect();
                files.dedup();
                format!(
                    "no Compose file in {place} itself; found below it: {}\nTo work on one of them: \
                     cargo xtask status --root {}\nTo work from here, {write}",
                    listed(&files),
                    quoted(&from.join(folder).display().to_string())
                )
            }
        }
    }
}

/// Names for a person, the first ones where there are many.
fn listed(names: &[String]) -> String {
    let (shown, left) = names.split_at(names.len().min(MOST_NAMES));
    match left.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// One file as the local environment.
fn alone(root: &Path, file: &str) -> Layout {
    let has_env_file = root.join(".env").is_file() || example_of(root, ".env").is_some();
    let env_files = has_env_file
        .then(|| ".env".to_owned())
        .into_iter()
        .collect();
    let own = EnvironmentFiles {
        files: vec![file.to_owned()],
        env_files,
    };
    Layout {
        environments: [("local".to_owned(), own)].into_iter().collect(),
        ..Layout::default()
    }
}

fn below(folder: &str, own: &EnvironmentFiles) -> EnvironmentFiles {
    let all = |paths: &[String]| {
        paths
            .iter()
            .map(|path| format!("{folder}/{path}"))
            .collect()
    };
    EnvironmentFiles {
        files: all(&own.files),
        env_files: all(&own.env_files),
    }
}

/// The names in a folder that are text, sorted, files and folders apart.
fn listing(folder: &Path) -> (Vec<String>, Vec<String>) {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else {
            continue;
        };
        match (kind.is_file(), kind.is_dir()) {
            (true, _) => files.push(name),
            (_, true) => folders.push(name),
            _ => {}
        }
    }
    files.sort();
    folders.sort();
    (files, folders)
}

fn with_services(root: &Path) -> Vec<String> {
    let (files, _) = listing(root);
    let is_visible_yaml = |name: &String| {
        !name.starts_with('.') && (name.ends_with(".yml") || name.ends_with(".yaml"))
    };
    files
        .into_iter()
        .filter(is_visible_yaml)
        .filter(|name| document(root, name).is_some_and(|own| runs(&own)))
        .collect()
}

fn document(root: &Path, path: &str) -> Option<Document> {
    let is_small = root
        .join(path)
        .metadata()
        .is_ok_and(|found| found.is_file() && found.len() <= SIZE);
    Document::parse(read_text(root, path).ok().filter(|_| is_small)?).ok()
}

/// Whether a file has services of Compose's: other programs have a key of that name, too.
fn runs(document: &Document) -> bool {
    let services = document
        .root()
        .and_then(Node::as_mapping)
        .and_then(|top| top.get("services")?.as_mapping());
    let is_one = |service: Node<'_>| {
        let body = service.resolved().as_mapping();
        body.is_some_and(|body| {
            ["image", "build", "extends"]
                .iter()
                .any(|key| body.get(key).is_some())
        })
    };
    services.is_some_and(|services| services.entries().any(|(_, service)| is_one(service)))
}

fn look_below(
    root: &Path,
    folder: &str,
    depth: usize,
    left: &mut usize,
    found: &mut BTreeMap<String, Layout>,
) {
    let (_, folders) = listing(&root.join(folder));
    for name in folders {
        if name.starts_with('.') || FOREIGN.contains(&name.as_str()) || *left == 0 {
            continue;
        }
        *left -= 1;
        let path = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        match layout(root, &path) {
            Some(layout) => drop(found.insert(path, layout)),
            None if depth > 1 => look_below(root, &path, depth - 1, left, found),
            None => {}
        }
    }
}

/// The layout of a folder below, where its names leave no doubt.
fn layout(root: &Path, folder: &str) -> Option<Layout> {
    let (names, _) = listing(&root.join(folder));
    let compose = names.iter().filter(|name| is_compose_file(name));
    let files: Files = compose
        .filter_map(|name| Some((name.clone(), document(root, &format!("{folder}/{name}"))?)))
        .collect();
    let env_files: Vec<_> = names
        .iter()
        .filter(|name| name.starts_with(".env"))
        .cloned()
        .collect();
    detect(Found {
        files: &files,
        env_files: &env_files,
        compose_file: None,
    })
    .ok()
}
