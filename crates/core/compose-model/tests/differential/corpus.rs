//! Real files, each an environment of its own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use compose_edit::Document;
use compose_model::{Files, View};

use crate::compose::{Compose, Depth};
use crate::judge::{differences, json_of};

/// The big corpus where it is at hand, else the project's own.
pub fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let named = std::env::var("COMPOSE_CORPUS").ok().map(PathBuf::from);
    let known = named
        .into_iter()
        .chain([root.join("../shared/corpus"), root.join("corpus")]);
    known
        .filter(|folder| folder.is_dir())
        .find_map(|folder| folder.canonicalize().ok())
}

pub fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names
        .filter(|name| name.ends_with(".yml") || name.ends_with(".yaml"))
        .collect();
    names.sort();
    names
}

#[test]
fn real_files_mean_what_compose_says() {
    let (Some(compose), Some(folder)) = (Compose::find(), folder()) else {
        return;
    };
    let names = files(&folder);
    let next = AtomicUsize::new(0);
    let agreed = AtomicUsize::new(0);
    let rejected = AtomicUsize::new(0);
    let disagreements = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match compose.config(&folder, &[name], Depth::Merged) {
                        Ok(real) => {
                            let found = disagreement(&folder, name, &real);
                            agreed.fetch_add(usize::from(found.is_empty()), Ordering::Relaxed);
                            disagreements.lock().unwrap().extend(found);
                        }
                        Err(_) => drop(rejected.fetch_add(1, Ordering::Relaxed)),
                    }
                }
            });
        }
    });
    let disagreements = disagreements.into_inner().unwrap();
    println!(
        "{} files: {agreed:?} agree, {rejected:?} rejected by Compose",
        names.len()
    );
    disagreements.iter().for_each(|line| println!("{line}"));
    assert_eq!(disagreements.len(), 0);
}

fn disagreement(folder: &Path, name: &str, real: &serde_json::Value) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![format!("{name}: {error}")],
    };
    let files = Files::from([(name.to_owned(), document)]);
    match View::resolve(&files, &[name]) {
        Ok(view) => {
            let found = differences(&json_of(&view), real, folder);
            found
                .into_iter()
                .map(|difference| format!("{name}{difference}"))
                .collect()
        }
        Err(error) => vec![format!("{name}: the view rejects it: {error}")],
    }
}
