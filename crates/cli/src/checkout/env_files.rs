//! The env files that Compose reads for a checkout: which are there, and which are missed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, bail};
use compose_model::Data;
use compose_model::EnvFile;
use compose_model::OperatorKind;
use compose_model::Part;
use compose_model::Template;
use compose_model::Value;
use compose_model::VariableSources;
use stories::EnvironmentFiles;
use stories::Stack;
use stories::layout::leaves_the_checkout;
use system::regular_file::FOLDER;

use super::read::{Unreadable, read_text};
use super::{MissingEnvFile, example_of, shell};

/// Reads the env files of all environments and of what they include, and takes the shell's
/// variables that they name.
pub(super) fn load(root: &Path, stack: &Stack) -> Result<VariableSources> {
    let mut texts = BTreeMap::new();
    for environment in stack.layout.environments.keys() {
        let own = stack.env_files_of(environment);
        let included = stack
            .included_env_files(environment)
            .map(|(path, _)| path.to_owned());
        for path in own.into_iter().chain(included) {
            if leaves_the_checkout(&path) {
                bail!(
                    "{path} gives variables their values and lies outside of the checkout; move that file into it"
                );
            }
            match read_text(root, &path) {
                Ok(text) => drop(texts.insert(path, text)),
                Err(
                    Unreadable::Missing(_)
                    | Unreadable::Empty(_)
                    | Unreadable::NotAFile { kind: FOLDER, .. },
                ) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    let files = stack.files.values().map(compose_edit::Document::text);
    let all: Vec<_> = files.chain(texts.values().map(String::as_str)).collect();
    let shell = shell::named_in(&all);
    let env_files = texts
        .iter()
        .map(|(path, text)| (path.clone(), EnvFile::parse(text)))
        .collect();
    Ok(VariableSources { shell, env_files })
}

/// The env files that an environment lists and Compose is to read: one that is missing and that
/// nothing needs is left out.
pub(super) fn read_by_compose(
    root: &Path,
    stack: &Stack,
    missing: &[MissingEnvFile],
) -> BTreeMap<String, Vec<String>> {
    let environments = stack.layout.environments.iter();
    let listed = environments.map(|(name, own)| {
        let is_missed = |path: &str| {
            missing
                .iter()
                .any(|missing| missing.environment == *name && missing.path == path)
        };
        let is_read = |path: &&String| root.join(path.as_str()).exists() || is_missed(path);
        (
            name.clone(),
            own.env_files.iter().filter(is_read).cloned().collect(),
        )
    });
    listed.collect()
}

/// Whether a listed env file that is not there is missed: it, or the example for it, may set what
/// the environment asks for, or Compose would take another file's variables in its place.
pub(super) fn is_needed(root: &Path, stack: &Stack, environment: &str, path: &str) -> bool {
    let Some(own) = stack.layout.environments.get(environment) else {
        return false;
    };
    let others = own.env_files.iter().any(|other| root.join(other).exists());
    let falls_back = !others && EnvFile::default() != of_default(root, &own.files);
    let asked = asked(stack.view(environment).root());
    let is_unset =
        |asked: &&Asked| !asked.has_default && stack.variable(environment, &asked.name).is_none();
    let is_from_shell = |name: &str| std::env::var_os(name).is_some();
    let example = example_of(root, path).and_then(|example| read_text(root, &example).ok());
    let would_set = |example: &str| {
        let names: BTreeSet<_> = EnvFile::parse(example)
            .entries()
            .iter()
            .map(|entry| entry.key.clone())
            .collect();
        names.iter().any(|name| name.starts_with("COMPOSE_"))
            || asked.iter().any(|asked| names.contains(&asked.name))
    };
    let is_set_there = match &example {
        Some(example) => {
            would_set(example)
                || asked
                    .iter()
                    .filter(is_unset)
                    .any(|asked| !is_from_shell(&asked.name))
        }
        None => !asked.is_empty(),
    };
    falls_back || is_set_there
}

/// The `.env`s that Compose reads by itself: of environments none of whose env files are there.
pub(super) fn read_by_default(root: &Path, stack: &Stack) -> Vec<String> {
    let has_none =
        |own: &&EnvironmentFiles| !own.env_files.iter().any(|path| root.join(path).exists());
    stack
        .layout
        .environments
        .values()
        .filter(has_none)
        .map(|own| default_path(&own.files))
        .collect()
}

/// What the `.env` says that Compose reads where no env file is named.
fn of_default(root: &Path, files: &[String]) -> EnvFile {
    EnvFile::parse(&read_text(root, &default_path(files)).unwrap_or_default())
}

/// Where that lies: beside the first file.
fn default_path(files: &[String]) -> String {
    let folder = files
        .first()
        .and_then(|file| Path::new(file).parent())
        .unwrap_or(Path::new(""));
    folder.join(".env").to_string_lossy().into_owned()
}

/// A variable that a model asks for.
struct Asked {
    name: String,
    has_default: bool,
}

fn asked(model: &Value) -> Vec<Asked> {
    let mut found = Vec::new();
    collect(model, &mut found);
    let services = model
        .get("services")
        .and_then(Value::as_map)
        .into_iter()
        .flat_map(|services| services.values());
    for service in services {
        let places = [
            service.get("environment"),
            service.get("build").and_then(|build| build.get("args")),
        ];
        // A name alone takes its value from outside, and may do without.
        let entries = places
            .into_iter()
            .flatten()
            .filter_map(Value::as_map)
            .flatten();
        let alone = entries.filter(|(_, value)| value.is_null());
        found.extend(alone.map(|(name, _)| Asked {
            name: name.clone(),
            has_default: true,
        }));
    }
    found
}

fn collect(value: &Value, found: &mut Vec<Asked>) {
    match &value.data {
        Data::String(text) if text.contains('$') => {
            if let Ok(template) = Template::parse(text) {
                collect_parts(&template, found);
            }
        }
        Data::List(items) => items.iter().for_each(|item| collect(item, found)),
        Data::Map(entries) => entries.values().for_each(|entry| collect(entry, found)),
        _ => {}
    }
}

fn collect_parts(template: &Template, found: &mut Vec<Asked>) {
    for part in template.parts() {
        let Part::Variable(variable) = part else {
            continue;
        };
        let operator = variable.operator.as_ref();
        let has_default = operator.is_some_and(|own| {
            matches!(own.kind, OperatorKind::Default | OperatorKind::Replacement)
        });
        found.push(Asked {
            name: variable.name.clone(),
            has_default,
        });
        if let Some(operator) = operator {
            collect_parts(&operator.word, found);
        }
    }
}
