//! Tests that wait for time are named in `.ci/waits`, by which `.ci/repeat` runs them many times
//! over.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders that hold tests, with the package that each belongs to.
const SUITES: [(&str, &str); 5] = [
    ("crates/cli/tests", "compose-stories"),
    ("crates/host/docker/tests", "docker"),
    ("crates/host/transaction/tests", "transaction"),
    ("backend/tests", "backend"),
    ("frontend/e2e/tests", "frontend-e2e"),
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The packages, targets, numbers of times and filters of `.ci/waits`.
fn named() -> Vec<Vec<String>> {
    let text = fs::read_to_string(repository().join(".ci/waits")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_whitespace().map(str::to_owned).collect())
        .collect()
}

/// Whether a test sleeps, has a program sleep, or measures a time.
fn waits(text: &str) -> bool {
    let sleeps = |rest: &str| {
        rest.starts_with('(') || rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
    };
    text.contains(".elapsed()")
        || text.contains("--wait-timeout")
        || text.split("sleep").skip(1).any(sleeps)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let below = |path: PathBuf| match path.is_dir() {
        true => rust_files(&path),
        false => Vec::from_iter(
            path.extension()
                .is_some_and(|end| end == "rs")
                .then_some(path),
        ),
    };
    entries.flat_map(below).collect()
}

#[test]
fn every_file_of_tests_that_waits_is_named() {
    let mut waiting = 0;
    for (folder, package) in SUITES {
        let folder = repository().join(folder);
        for file in rust_files(&folder) {
            let path = file.strip_prefix(&folder).unwrap().with_extension("");
            let parts: Vec<_> = path.iter().map(|part| part.to_str().unwrap()).collect();
            let (target, module) = (parts[0], parts.get(1).map(|module| format!("{module}::")));
            let own = file.file_stem().is_some_and(|stem| stem == "waiting");
            if target == "support" || own || !waits(&fs::read_to_string(&file).unwrap()) {
                continue;
            }
            waiting += 1;
            let is_named = named().iter().any(|line| {
                line[0] == package
                    && line[1] == target
                    && (line.len() == 3
                        || module.as_ref().is_some_and(|module| line.contains(module)))
            });
            assert!(
                is_named,
                "{} waits for time: name it in .ci/waits",
                file.display()
            );
        }
    }
    assert!(waiting > 10, "{waiting}");
}

#[test]
fn what_is_named_is_there() {
    for line in named() {
        let (folder, _) = SUITES
            .iter()
            .find(|(_, package)| *package == line[0])
            .unwrap();
        let target = repository().join(folder).join(&line[1]);
        assert!(
            target.with_extension("rs").exists() || target.is_dir(),
            "{line:?}"
        );
        assert!((1..=20).contains(&line[2].parse().unwrap()), "{line:?}");
        for module in &line[3..] {
            let module = module.trim_end_matches("::");
            assert!(
                target.join(module).with_extension("rs").exists(),
                "{line:?}: {module}"
            );
        }
    }
}
