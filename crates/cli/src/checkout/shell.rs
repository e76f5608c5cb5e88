//! What the shell's variables say about a checkout, taken once: nothing else of Compose's own
//! variables reaches a decision.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use compose_model::EnvFile;
use docker::profiles_of_shell;
use stories::Stack;
use system::regular_file::FOLDER;

use super::LayoutSource;
use super::read::{Unreadable, read_text, read_text_or_nothing};

/// What separates the files of `COMPOSE_FILE` where `COMPOSE_PATH_SEPARATOR` does not say.
const SEPARATOR: &str = ":";

/// The files that `COMPOSE_FILE` lists.
pub(super) struct Listed {
    /// Their paths from the root.
    pub(super) files: Vec<String>,
    /// Whether the shell says it, and not `.env`.
    pub(super) by_shell: bool,
}

/// The list of `COMPOSE_FILE`, as Compose takes it: of the shell, else of `.env`.
pub(super) fn listed(root: &Path) -> Result<Option<Listed>> {
    let env_file = match env_files(root)? {
        Some(own) => read_all(root, &own)?,
        None => env_file(root)?,
    };
    let of_shell = |name: &str| env::var(name).ok();
    let of_file = |name: &str| env_file.get(name).map(str::to_owned);
    let by_shell = of_shell("COMPOSE_FILE").is_some();
    let Some(list) = of_shell("COMPOSE_FILE").or_else(|| of_file("COMPOSE_FILE")) else {
        return Ok(None);
    };
    let separator =
        of_shell("COMPOSE_PATH_SEPARATOR").or_else(|| of_file("COMPOSE_PATH_SEPARATOR"));
    let separator = separator
        .filter(|separator| !separator.is_empty())
        .unwrap_or_else(|| SEPARATOR.to_owned());
    let (whose, mend) = match by_shell {
        true => ("of this shell", "set it anew, or: unset COMPOSE_FILE"),
        false => ("in .env", "mend that line of .env"),
    };
    let mut files = Vec::new();
    for name in list.split(separator.as_str()) {
        if name.is_empty() {
            bail!(
                "COMPOSE_FILE {whose} is {list:?}: nothing stands beside a separator ({separator}), and Compose takes \
                 that for the folder itself; {mend}"
            );
        }
        let folder = if by_shell {
            here(root)
        } else {
            root.to_owned()
        };
        match below(root, &folder.join(name)) {
            Some(path) => files.push(path),
            None => bail!(
                "COMPOSE_FILE {whose} names {name}, which is not in {}; {mend}, or name your checkout: --root DIR",
                root.display()
            ),
        }
    }
    Ok(Some(Listed { files, by_shell }))
}

/// The env files that `COMPOSE_ENV_FILES` of the shell lists, in place of any `.env`; an empty list
/// is none to Compose.
pub(super) fn env_files(root: &Path) -> Result<Option<Vec<String>>> {
    let Some(list) = env::var("COMPOSE_ENV_FILES")
        .ok()
        .filter(|list| !list.is_empty())
    else {
        return Ok(None);
    };
    let files = list.split(',').map(|name| {
        below(root, &here(root).join(name)).ok_or_else(|| {
            anyhow!(
                "COMPOSE_ENV_FILES of this shell names {name:?}, which is not in {}; set it anew, or: unset \
                 COMPOSE_ENV_FILES",
                root.display()
            )
        })
    });
    files.collect::<Result<_>>().map(Some)
}

/// Several env files as one: a later one wins.
fn read_all(root: &Path, files: &[String]) -> Result<EnvFile> {
    let texts = files
        .iter()
        .map(|path| read_text_or_nothing(root, path))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(EnvFile::parse(&texts.join("\n")))
}

/// `.env` of the root; empty where it is not there.
fn env_file(root: &Path) -> Result<EnvFile> {
    match read_text(root, ".env") {
        Ok(text) => Ok(EnvFile::parse(&text)),
        Err(
            Unreadable::Missing(_)
            | Unreadable::Empty(_)
            | Unreadable::NotAFile { kind: FOLDER, .. },
        ) => Ok(EnvFile::default()),
        Err(error) => Err(error.into()),
    }
}

/// What a path of the shell counts from: the folder that one stands in; from elsewhere, the root.
fn here(root: &Path) -> PathBuf {
    let here = env::current_dir()
        .and_then(|folder| folder.canonicalize())
        .ok();
    here.filter(|folder| folder.starts_with(root))
        .unwrap_or_else(|| root.to_owned())
}

/// A path from the root, dots taken out; none where it leads elsewhere.
fn below(root: &Path, path: &Path) -> Option<String> {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(clean.pop()),
            component => clean.push(component),
        }
    }
    Some(clean.strip_prefix(root).ok()?.to_str()?.to_owned()).filter(|path| !path.is_empty())
}

/// The shell's variables that one of some texts names. Compose's own are none of them: those are
/// taken where they mean something, or taken away.
pub(super) fn named_in(texts: &[&str]) -> BTreeMap<String, String> {
    let texts: Vec<_> = texts.iter().filter(|text| text.contains('$')).collect();
    if texts.is_empty() {
        return BTreeMap::new();
    }
    let is_named = |name: &str| !name.is_empty() && texts.iter().any(|text| text.contains(name));
    let variables = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    variables
        .filter(|(name, _)| !name.starts_with("COMPOSE_") && is_named(name))
        .collect()
}

/// Variables that every shell has: that they count is no news.
const USUAL: [&str; 8] = [
    "HOME", "HOSTNAME", "LOGNAME", "PATH", "PWD", "SHELL", "TMPDIR", "USER",
];

/// What a person should know of the shell's part in what was read.
pub(super) fn told(root: &Path, stack: &Stack, source: &LayoutSource) -> Vec<String> {
    let mut notes = Vec::new();
    for environment in stack.layout.environments.keys() {
        let names: Vec<_> = stack
            .taken_from_the_shell(environment)
            .into_iter()
            .filter(|name| !USUAL.contains(name))
            .collect();
        if !names.is_empty() {
            notes.push(format!(
                "{environment}: this shell sets {}, which wins over every file",
                names.join(", ")
            ));
        }
    }
    if *source == LayoutSource::Written && env::var_os("COMPOSE_FILE").is_some() {
        let is_the_same = |listed: &Listed| {
            stack
                .layout
                .environments
                .values()
                .any(|own| own.files == listed.files)
        };
        if !listed(root)
            .ok()
            .flatten()
            .is_some_and(|listed| is_the_same(&listed))
        {
            notes
                .push("COMPOSE_FILE of this shell does not count here: compose/stack.yaml says which files".to_owned());
        }
    }
    notes.extend(told_profiles(stack));
    notes.extend(env_files_of_shell(root, stack, source));
    notes
}

/// The profiles of the shell, where there is a service that they may start.
fn told_profiles(stack: &Stack) -> Option<String> {
    let has_profiles = |name: &String| {
        stack
            .view(name)
            .services()
            .any(|service| service.get("profiles").is_some())
    };
    let set = profiles_of_shell().filter(|_| stack.layout.environments.keys().any(has_profiles))?;
    Some(format!(
        "COMPOSE_PROFILES of this shell says which profiles are active: {}",
        if set.is_empty() { "none" } else { &set }
    ))
}

/// The words of `COMPOSE_DISABLE_ENV_FILE` that leave `.env` as it is.
const LEAVES_ENV_FILE: [&str; 6] = ["0", "f", "F", "false", "False", "FALSE"];

/// The shell's own say on env files, where it counts for Compose called by hand alone: a list
/// beside files that are written down, and that none is to be read. None where it changes nothing.
fn env_files_of_shell(root: &Path, stack: &Stack, source: &LayoutSource) -> Option<String> {
    let environments: Vec<_> = stack
        .layout
        .environments
        .keys()
        .map(|name| stack.env_files_of(name))
        .collect();
    // Compose takes an empty list for none.
    let (name, changes) = match env::var("COMPOSE_ENV_FILES")
        .ok()
        .filter(|list| !list.is_empty())
    {
        Some(_) if *source != LayoutSource::Written => return None,
        Some(list) => {
            let listed: Option<Vec<_>> = list
                .split(',')
                .map(|path| below(root, &here(root).join(path)))
                .collect();
            let is_other = |own: &Vec<String>| listed.as_ref() != Some(own);
            ("COMPOSE_ENV_FILES", environments.iter().any(is_other))
        }
        None => {
            let set = env::var("COMPOSE_DISABLE_ENV_FILE").ok()?;
            let is_there = |path: &String| root.join(path).exists();
            let changes = !LEAVES_ENV_FILE.contains(&set.as_str())
                && environments.iter().flatten().any(is_there);
            ("COMPOSE_DISABLE_ENV_FILE", changes)
        }
    };
    let read: BTreeSet<_> = environments
        .into_iter()
        .flatten()
        .filter(|path| root.join(path).exists())
        .collect();
    let read = read.into_iter().collect::<Vec<_>>().join(", ");
    let read = if read.is_empty() {
        "none is read".to_owned()
    } else {
        format!("what is read is {read}")
    };
    changes.then(|| {
        format!(
            "{name} of this shell does not count here: {read}; docker compose called by hand in this shell takes it, \
             and may resolve other values: unset {name}"
        )
    })
}
