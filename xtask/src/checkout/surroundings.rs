//! What lies beside the Compose files: env files, Dockerfiles, and what git ignores.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use compose_view::Value;
use stories::Stack;
use stories::stack::dockerfile_path;
use xshell::{Shell, cmd};

use super::ignored::{Ignored, RECORD};
use super::read::read_text;
use super::{MissingEnvFile, env_files};

/// Adds env files, the shell's variables, Dockerfiles and git's verdict to a stack; says whether git ignores the ledger.
pub(super) fn load(root: &Path, stack: &mut Stack) -> Result<Option<Ignored>> {
    stack.surround(env_files::load(root, stack)?);
    for path in dockerfiles(stack) {
        // A Dockerfile that is not there or not readable tells nothing; Docker says so when it builds.
        if let Ok(text) = read_text(root, &path) {
            stack.texts.insert(path, text);
        }
    }
    let mut ignored = ignored(root, stack)?;
    let is_ledger_ignored = ignored.remove(RECORD);
    stack.ignore(ignored);
    Ok(is_ledger_ignored.then(|| Ignored::of(root)))
}

fn dockerfiles(stack: &Stack) -> BTreeSet<String> {
    let views = stack.layout.environments.keys().map(|name| stack.view(name));
    views.flat_map(|view| view.services().filter_map(dockerfile_path).collect::<Vec<_>>()).collect()
}

/// The Compose files that git ignores, and a record where it ignores those. Only a file beside another can be a private
/// override.
fn ignored(root: &Path, stack: &Stack) -> Result<BTreeSet<String>> {
    let overlays: BTreeSet<_> = stack.layout.environments.values().flat_map(|own| own.files.iter().skip(1)).collect();
    let in_git = root.ancestors().any(|folder| folder.join(".git").exists());
    if !in_git {
        return Ok(BTreeSet::new());
    }
    let shell = Shell::new()?;
    let command = Command::from(cmd!(shell, "git -C {root} check-ignore -- {RECORD} {overlays...}")).output();
    let Ok(output) = command else { return Ok(BTreeSet::new()) };
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// The env files that environments and their services name and that are not there.
pub(super) fn missing_env_files(root: &Path, stack: &Stack) -> Vec<MissingEnvFile> {
    let mut missing: Vec<MissingEnvFile> = Vec::new();
    for (environment, own) in &stack.layout.environments {
        // One that the environment lists is missed only where something needs it; others are missed in any case.
        let is_missed =
            |path: &&String| !root.join(path.as_str()).exists() && env_files::is_needed(root, stack, environment, path);
        let listed = own.env_files.iter().filter(is_missed);
        let listed = listed.map(|path| (path.clone(), format!("the environment {environment}")));
        let included = stack.view(environment).included().flat_map(|scope| {
            let at = scope.named_at.as_ref().map(|origin| origin.locate(&stack.files));
            scope.env_files.iter().filter_map(move |path| Some((path.clone(), at.clone()?)))
        });
        for (path, named_at) in required(stack, environment).into_iter().chain(included).chain(listed) {
            let known = missing.iter().any(|other| other.path == path && other.environment == *environment);
            if known || root.join(&path).exists() {
                continue;
            }
            let example = example_of(root, &path);
            missing.push(MissingEnvFile { path, environment: environment.clone(), named_at, example });
        }
    }
    missing
}

/// The example that lies beside an env file, be that there or not.
#[must_use]
pub fn example_of(root: &Path, path: &str) -> Option<String> {
    let examples = ["example", "sample", "template"].map(|kind| format!("{path}.{kind}"));
    examples.into_iter().find(|example| root.join(example).is_file())
}

/// The env files that services require, with the place that names each.
fn required(stack: &Stack, environment: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for service in stack.view(environment).services() {
        for entry in service.get("env_file").and_then(Value::as_list).unwrap_or_default() {
            let path = entry.get("path").and_then(Value::as_str).unwrap_or_default();
            let optional = entry.get("required").and_then(Value::as_bool) == Some(false);
            if !optional && !path.is_empty() && !path.contains('$') {
                let path = path.trim_start_matches("./").to_owned();
                found.push((path, entry.origin.locate(&stack.files)));
            }
        }
    }
    found
}
