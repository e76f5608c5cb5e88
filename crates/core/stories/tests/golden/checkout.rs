//! A checkout in a folder, read as the tool reads one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use compose_edit::Document;
use compose_model::{EnvFile, Files, VariableSources};
use stories::layout::{Found, detect};
use stories::stack::{dockerfile_path, service_env_files, settings_file};
use stories::{Catalog, Context, Layout, Ledger, Record, Stack};

/// The stories that the tool carries.
pub fn catalog() -> Catalog {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../compose/stories");
    let texts: Vec<_> = tree(&folder)
        .into_iter()
        .map(|(name, text)| (format!("compose/stories/{name}"), text))
        .collect();
    Catalog::new(&[], &texts).unwrap()
}

/// All files below a folder, by path relative to it.
pub fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            found.extend(
                tree(&entry.path())
                    .into_iter()
                    .map(|(below, text)| (format!("{name}/{below}"), text)),
            );
        } else {
            found.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    found
}

/// What a checkout of these files says.
pub fn stack(texts: &BTreeMap<String, String>, ignored: &BTreeSet<String>) -> Stack {
    let compose = texts
        .iter()
        .filter(|(path, _)| path.ends_with(".yml") || path.ends_with(".yaml"));
    let compose = compose.filter(|(path, _)| !path.starts_with("compose/"));
    let files: Files = compose
        .map(|(path, text)| (path.clone(), Document::parse(text.as_str()).unwrap()))
        .collect();
    let mut stack = Stack::new(layout(texts, &files), files).unwrap();
    let env_files = texts.iter().filter(|(path, _)| path.contains(".env"));
    let env_files = env_files
        .map(|(path, text)| (path.clone(), EnvFile::parse(text)))
        .collect();
    stack.set_variable_sources(VariableSources {
        env_files,
        ..VariableSources::default()
    });
    let contexts = stack
        .layout
        .environments
        .keys()
        .map(|name| Context::new(&stack, name));
    let looked_at: BTreeSet<_> = contexts
        .flat_map(|cx| {
            let named = |one| {
                let files = service_env_files(&cx, one).into_iter();
                let files = files.chain(dockerfile_path(&cx, one));
                files.chain(settings_file(&cx, one))
            };
            cx.view.services().flat_map(named).collect::<Vec<_>>()
        })
        .collect();
    let there = looked_at
        .into_iter()
        .filter_map(|path| Some((path.clone(), texts.get(&path)?.clone())));
    stack.texts = there.collect();
    stack.ignore(ignored.clone());
    stack
}

fn layout(texts: &BTreeMap<String, String>, files: &Files) -> Layout {
    if let Some(text) = texts.get("compose/stack.yaml") {
        return Layout::parse("compose/stack.yaml", text).unwrap();
    }
    let env_files: Vec<_> = texts
        .keys()
        .filter(|path| path.starts_with(".env"))
        .cloned()
        .collect();
    detect(Found {
        files,
        env_files: &env_files,
        compose_file: None,
    })
    .unwrap()
}

/// What the team remembers.
pub fn ledger(texts: &BTreeMap<String, String>) -> Ledger {
    let records = texts
        .iter()
        .filter(|(path, _)| path.starts_with("compose/ledger/"));
    records
        .map(|(path, text)| {
            let record = Record::parse(path, text).unwrap();
            (record.id.clone(), record)
        })
        .collect()
}
