//! The rules over real files, each an environment of its own.
//!
//! `COMPOSE_CORPUS` names a folder of Compose files whose findings are printed (`--nocapture`).
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "reads the corpus and prints"
)]
#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

use std::path::{Path, PathBuf};

use compose_edit::Document;
use compose_model::{Files, ProjectFiles, ResolvedModel, Value, VariableSources, View};
use compose_rules::{Subject, Written, look};
use diagnostics::Location;

/// What is found in one file, as `file:line:column: rule: message`; none where it is no model.
fn found(folder: &Path, name: &str) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(folder.join(name)).ok()?;
    let files = Files::from([(name.to_owned(), Document::parse(text).ok()?)]);
    let model = ResolvedModel::from_files(&ProjectFiles {
        files: &files,
        order: &[name],
        env_files: &[],
        around: &VariableSources::default(),
        project: "corpus",
        root: Path::new("/srv/corpus"),
        home: None,
    });
    let (model, view) = (model.ok()?, View::resolve(&files, &[name]).ok()?);
    let at = |keys: &[&str]| {
        let value = keys
            .iter()
            .try_fold(view.root(), |value, key| value.get(key))?;
        Location::parse(&value.origin.locate(&files))
    };
    let texts = |keys: &[&str]| texts(&files, view.root(), keys);
    let all = look(&Subject {
        environment: "local",
        model: &model,
        at: &at,
        texts: &texts,
    });
    let line = |one: diagnostics::Diagnostic| {
        let at = one.location.map(|at| at.to_string());
        format!("{}: {}: {}", at.unwrap_or_default(), one.rule, one.message)
    };
    Some(all.into_iter().map(line).collect())
}

/// The texts at and below some keys.
fn texts(files: &Files, root: &Value, keys: &[&str]) -> Vec<Written> {
    let found = keys.iter().try_fold(root, |value, key| value.get(key));
    let scalars = found.map(Value::scalars).unwrap_or_default();
    let written = |value: &Value| Written {
        text: value.scalar_text().unwrap_or_default(),
        at: Location::parse(&value.origin.locate(files)),
    };
    scalars.into_iter().map(written).collect()
}

fn all_of(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let is_yaml = |name: &String| name.ends_with(".yml") || name.ends_with(".yaml");
    let mut names: Vec<_> = names.filter(is_yaml).collect();
    names.sort();
    let found = names.iter().filter_map(|name| found(folder, name));
    found.flatten().collect()
}

#[test]
fn the_own_corpus_has_what_it_is_known_to_have() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../corpus");
    let found = all_of(&own);
    let short = |line: &String| line.splitn(3, ": ").take(2).collect::<Vec<_>>().join(": ");
    let short: Vec<_> = found.iter().map(short).collect();
    // Each was judged by its file: all of them are true.
    let judged = [
        // redis:7 without a command takes its usual snapshots.
        "anchors-and-merge-keys.yml:35:3: data-outside-volumes",
        // `--appendonly yes`, and no mount.
        "bookshelf-local.yml:26:3: data-outside-volumes",
        "bookshelf-local.yml:45:11: default-password",
        "bookshelf-prod.yml:30:3: data-outside-volumes",
        "crlf.yml:7:3: data-outside-volumes",
        "long-forms.yml:14:7: unreachable-service",
        // A PostgreSQL, and no mount.
        "profiles-and-variables.yml:7:3: data-outside-volumes",
        "profiles-and-variables.yml:5:7: default-password",
        // The mount is in a comment.
        "team-services.yml:6:3: data-outside-volumes",
    ];
    assert_eq!(short, judged);
}

#[test]
fn a_named_corpus_is_looked_at() {
    let Some(named) = std::env::var_os("COMPOSE_CORPUS") else {
        return;
    };
    for line in all_of(&PathBuf::from(named)) {
        println!("{line}");
    }
}
