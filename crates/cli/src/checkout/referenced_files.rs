//! What lies beside the Compose files: env files, Dockerfiles, and what git ignores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use compose_model::{Origin, Service, Value};
use stories::layout::leaves_the_checkout;
use stories::stack::{dockerfile_path, proxy_files, service_env_files, settings_file};
use stories::{Context, Ledger, Record, Stack};
use system::regular_file::FOLDER;
use transaction::Digest;

use super::ignored::{self, RECORD};
use super::read::{Unreadable, must_be_a_file, read_text, read_text_or_nothing};
use super::{MissingEnvFile, Unanswered, env_files};
use crate::git::{self, GitUnavailable};

/// Adds env files, the shell's variables, Dockerfiles and what servers are started with as their
/// settings to a stack.
pub(super) fn load(root: &Path, stack: &mut Stack) -> Result<()> {
    stack.set_variable_sources(env_files::load(root, stack)?);
    for path in looked_at(stack) {
        // One that is not there or not readable tells nothing; Docker says so when it builds or
        // starts.
        if let Ok(text) = read_in_repository(root, &path) {
            stack.texts.insert(path, text);
        }
    }
    // What a Dockerfile copies is known once that is read.
    for path in of_services(stack, proxy_files) {
        if let Ok(text) = read_in_repository(root, &path) {
            stack.texts.insert(path, text);
        }
    }
    Ok(())
}

/// Adds the files that records name and that are no Compose files, be they there or not: taking a
/// story back edits them too. What they held.
pub(super) fn load_named(
    root: &Path,
    stack: &mut Stack,
    ledger: &Ledger,
) -> BTreeMap<String, Digest> {
    let named: BTreeSet<_> = ledger.values().flat_map(Record::other_files).collect();
    let mut digests = BTreeMap::new();
    for path in named
        .into_iter()
        .filter(|path| !leaves_the_checkout(path) && !stack.files.contains_key(path))
    {
        // One that cannot be read is told when it is to be edited.
        match read_text_or_nothing(root, &path) {
            Ok(text) => {
                digests.insert(path.clone(), Digest::of(&text));
                stack.texts.insert(path, text);
            }
            Err(Unreadable::Missing(_)) => drop(stack.absent.insert(path)),
            Err(_) => {}
        }
    }
    digests
}

/// What builds services, sets their variables, and is their servers' settings.
fn looked_at(stack: &Stack) -> BTreeSet<String> {
    let of_service = |cx: &Context<'_>, one: Service<'_>| {
        let env_files = service_env_files(cx, one);
        let files = dockerfile_path(cx, one)
            .into_iter()
            .chain(settings_file(cx, one))
            .chain(env_files);
        files.collect::<Vec<_>>()
    };
    of_services(stack, of_service)
}

/// The files of all services of all environments.
fn of_services(
    stack: &Stack,
    of_service: impl Fn(&Context<'_>, Service<'_>) -> Vec<String>,
) -> BTreeSet<String> {
    let environments = stack.layout.environments.keys();
    let contexts = environments.map(|name| Context::new(stack, name));
    contexts
        .flat_map(|cx| {
            let files = cx.view.services().flat_map(|one| of_service(&cx, one));
            files.collect::<Vec<_>>()
        })
        .collect()
}

/// The text of a file of the checkout, or of the git repository around it.
fn read_in_repository(root: &Path, path: &str) -> Result<String, Unreadable> {
    let (mut folder, mut rest) = (root, path);
    while let (Some(up), Some(parent)) = (rest.strip_prefix("../"), folder.parent()) {
        (folder, rest) = (parent, up);
    }
    let mut above = root.ancestors();
    let repository = above.find(|above| above.join(".git").exists());
    let is_inside = repository.is_some_and(|repository| folder.starts_with(repository));
    if folder == root || !is_inside {
        return read_text(root, path);
    }
    read_text(folder, rest)
}

/// What git says of ignored files.
pub(super) struct Ignored {
    /// Why records are ignored, where they are.
    pub(super) ledger: Option<ignored::Ignored>,
    /// The files of which it does not say.
    pub(super) unanswered: Option<Unanswered>,
}

/// Takes out of a stack what git ignores, and asks whether it ignores records. Only a file beside
/// another can be a private override, so of the stack's files git is asked about those alone; what
/// it does not answer is told.
pub(super) fn leave_out_ignored(root: &Path, stack: &mut Stack) -> Ignored {
    let environments = stack.layout.environments.values();
    let overlays: BTreeSet<_> = environments
        .flat_map(|own| own.files.iter().skip(1).cloned())
        .collect();
    let mut asked = overlays.clone();
    asked.insert(RECORD.to_owned());
    match git::ignored(root, &asked) {
        Ok(mut ignored) => {
            let is_ledger_ignored = ignored.remove(RECORD);
            stack.ignore(ignored);
            Ignored {
                ledger: is_ledger_ignored.then(|| ignored::Ignored::of(root)),
                unanswered: None,
            }
        }
        Err(_) if overlays.is_empty() => Ignored {
            ledger: None,
            unanswered: None,
        },
        Err(GitUnavailable { words }) => Ignored {
            ledger: None,
            unanswered: Some(Unanswered {
                files: overlays,
                words,
            }),
        },
    }
}

/// Makes sure that Compose, which opens what services name as env files and may read `.env` by
/// itself, waits for none of them.
pub(super) fn must_not_wait(root: &Path, stack: &Stack) -> Result<(), Unreadable> {
    let environments = stack.layout.environments.keys();
    let named = environments
        .flat_map(|environment| named(stack, environment))
        .map(|named| named.path);
    let named: BTreeSet<_> = named.collect();
    named
        .iter()
        .try_for_each(|path| must_be_a_file(root, path))?;
    // Compose takes a folder of that name for no env file.
    env_files::read_by_default(root, stack)
        .iter()
        .try_for_each(|path| match must_be_a_file(root, path) {
            Err(Unreadable::NotAFile { kind: FOLDER, .. }) => Ok(()),
            read => read,
        })
}

/// The env files that environments and their services name and that are not there.
pub(super) fn missing_env_files(root: &Path, stack: &Stack) -> Vec<MissingEnvFile> {
    let mut missing: Vec<MissingEnvFile> = Vec::new();
    for (environment, own) in &stack.layout.environments {
        // One that the environment lists is missed only where something needs it; others are missed
        // in any case.
        let is_missed = |path: &&String| {
            !root.join(path.as_str()).exists()
                && env_files::is_needed(root, stack, environment, path)
        };
        let listed = own
            .env_files
            .iter()
            .filter(is_missed)
            .map(|path| (path.clone(), None));
        let included = stack.view(environment).included().flat_map(|scope| {
            let at = scope.named_at.as_ref();
            scope
                .env_files
                .iter()
                .filter_map(move |path| Some((path.clone(), Some(at?))))
        });
        let required = named(stack, environment)
            .into_iter()
            .filter(|named| named.is_required);
        let required = required.map(|named| (named.path, Some(named.at)));
        for (path, at) in required.chain(included).chain(listed) {
            let known = missing
                .iter()
                .any(|other| other.path == path && other.environment == *environment);
            if known || root.join(&path).exists() {
                continue;
            }
            let example = example_of(root, &path);
            // Only now: to find the line, the whole file before it is read.
            let named_at = at.map_or_else(
                || format!("the environment {environment}"),
                |at| at.locate(&stack.files),
            );
            missing.push(MissingEnvFile {
                path,
                environment: environment.clone(),
                named_at,
                example,
            });
        }
    }
    missing
}

/// The example that lies beside an env file, be that there or not.
#[must_use]
pub fn example_of(root: &Path, path: &str) -> Option<String> {
    let examples = ["example", "sample", "template"].map(|kind| format!("{path}.{kind}"));
    examples
        .into_iter()
        .find(|example| root.join(example).is_file())
}

/// An env file that a service names.
struct Named<'s> {
    path: String,
    is_required: bool,
    /// Who names it.
    at: &'s Origin,
}

/// The env files that services name, but for those whose names hang on a variable.
fn named<'s>(stack: &'s Stack, environment: &str) -> Vec<Named<'s>> {
    let mut found = Vec::new();
    for service in stack.view(environment).services() {
        for entry in service
            .get("env_file")
            .and_then(Value::as_list)
            .unwrap_or_default()
        {
            let path = entry
                .get("path")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let is_required = entry.get("required").and_then(Value::as_bool) != Some(false);
            if !path.is_empty() && !path.contains('$') {
                let path = path.trim_start_matches("./").to_owned();
                found.push(Named {
                    path,
                    is_required,
                    at: &entry.origin,
                });
            }
        }
    }
    found
}
