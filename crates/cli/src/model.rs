//! What an environment resolves to here and now, for what works with it on an engine.

mod joined;

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use compose_model::resolved::{Secret, Service};
use compose_model::{Environment, ResolvedModel};
use diagnostics::redact::Secrets;
use docker::compose_config::{CheckError, variables};
use docker::engine::container::Container;
use docker::{Compose, ConfigCall};
use serde_json::Value;
use system::process::{Limits, run};
use system::regular_file;

use crate::checker::subject;
use crate::checkout::Checkout;

/// An environment's model.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The model with every profile active. It holds secrets: never log or store it.
    pub model: ResolvedModel,
    /// The model as Compose said it, with all its secrets; none where its values are stand-ins.
    pub said: Option<Value>,
    /// Why its values are stand-ins, as `.env.prod is missing here`.
    pub shape_only: Option<String>,
}

/// Resolves an environment as `docker compose` would that is called from here, the shell's
/// variables included; where its env files are not all there, in shape only.
///
/// # Errors
/// Compose's words, redacted.
pub fn resolve(
    compose: &Compose,
    checkout: &Checkout,
    environment: &Environment,
) -> Result<Resolved, String> {
    if checkout
        .missing
        .iter()
        .all(|missing| missing.environment != environment.name)
        && let Some(said) = as_called(compose, checkout, environment)
    {
        return Ok(Resolved {
            model: ResolvedModel::from_compose_json(&said),
            said: Some(said),
            shape_only: None,
        });
    }
    let drafts = BTreeMap::new();
    match compose.check(&subject(checkout, &checkout.stack, environment, &drafts)) {
        Ok(verdict) => Ok(Resolved {
            model: ResolvedModel::from_compose_json(&verdict.model),
            said: None,
            shape_only: verdict.shape_only,
        }),
        Err(CheckError::Rejected { words, .. }) => Err(words),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    }
}

/// A hash of each service by which Compose tells whether a container is to be made anew; none where
/// it does not tell.
#[must_use]
pub fn hashes(compose: &Compose, call: &ConfigCall) -> Option<BTreeMap<String, String>> {
    let limits = Limits {
        time: compose.time_limit(),
        output: 1 << 20,
    };
    let output = run(compose.hashes_as_called(call).ok()?, limits).ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    output.success.then(|| {
        pairs
            .map(|(name, hash)| (name.to_owned(), hash.to_owned()))
            .collect()
    })
}

/// The hashes that Compose makes once there are containers, for services that join another's
/// network, processes, memory or volumes; none where no service does, or Compose does not tell.
pub(crate) fn hashes_among(
    compose: &Compose,
    call: &ConfigCall,
    model: &ResolvedModel,
    containers: &[Container],
) -> Option<BTreeMap<String, String>> {
    let text = joined::with_containers(model, containers)?;
    let file = tempfile::Builder::new().suffix(".yml").tempfile().ok()?;
    std::fs::write(file.path(), text).ok()?;
    let mut call = call.clone();
    call.files.push(file.path().to_owned());
    hashes(compose, &call)
}

/// None where Compose says anything but a model.
fn as_called(compose: &Compose, checkout: &Checkout, environment: &Environment) -> Option<Value> {
    let limits = Limits {
        time: compose.time_limit(),
        output: 64 << 20,
    };
    let output = run(
        compose.config_as_called(&checkout.call(environment)).ok()?,
        limits,
    )
    .ok()?;
    if !output.success {
        return None;
    }
    serde_json::from_slice(&output.stdout).ok()
}

/// The profiles that are active where none is named: those of the shell's `COMPOSE_PROFILES`, else
/// of the env files'.
#[must_use]
pub fn active_profiles(checkout: &Checkout, environment: &Environment) -> Vec<String> {
    let of_files = || {
        checkout
            .stack
            .variable(&environment.name, "COMPOSE_PROFILES")
    };
    let set = docker::profiles_of_shell()
        .or_else(|| Some(of_files()?.value.clone()))
        .unwrap_or_default();
    set.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The variables that an environment's files ask for and that nothing gives a value: those without
/// a default.
#[must_use]
pub fn unset(checkout: &Checkout, environment: &Environment) -> Vec<String> {
    let drafts = BTreeMap::new();
    let mut names: Vec<_> = variables(&subject(checkout, &checkout.stack, environment, &drafts))
        .into_iter()
        .filter(|variable| !variable.has_default && env::var_os(&variable.name).is_none())
        .filter(|variable| {
            checkout
                .stack
                .variable(&environment.name, &variable.name)
                .is_none()
        })
        .map(|variable| variable.name)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The secrets of an environment: of its files, and of its model where there is one.
#[must_use]
pub fn secrets(
    checkout: &Checkout,
    environment: &Environment,
    model: Option<&ResolvedModel>,
) -> Secrets {
    let files = checkout
        .stack
        .files_of(&environment.name)
        .into_iter()
        .map(|file| &checkout.stack.files[file]);
    let included = checkout
        .stack
        .included_env_files(&environment.name)
        .map(|(path, _)| path.to_owned());
    let own: Vec<_> = checkout
        .stack
        .env_files_of(&environment.name)
        .into_iter()
        .chain(included)
        .collect();
    let env_files = checkout.stack.env_files();
    let entries = own
        .iter()
        .filter_map(|file| env_files.get(file))
        .flat_map(|file| file.entries());
    let found = Secrets::of_files(files)
        .with(entries.map(|entry| (entry.key.as_str(), entry.value.as_str())));
    let Some(model) = model else { return found };
    let services = || model.services.values();
    let commands: Vec<_> = services().filter_map(Service::command_line).collect();
    let contents: Vec<_> = model.secrets.values().filter_map(secret_text).collect();
    let variables = services().flat_map(|service| &service.environment);
    let variables: Vec<_> = variables
        .filter_map(|(name, own)| Some((name.as_str(), own.as_ref()?.text()?)))
        .collect();
    // `config` says a dollar sign twice.
    let doubled: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, value.replace('$', "$$")))
        .collect();
    let found = found
        .with(variables)
        .with(doubled.iter().map(|(name, value)| (*name, value.as_str())));
    found
        .with(contents.iter().map(|text| ("SECRET", text.as_str())))
        .and(Secrets::of(commands))
}

/// What a secret of the model holds; one that cannot be read cannot be printed either.
fn secret_text(secret: &Secret) -> Option<String> {
    if let Some(file) = secret.file.as_ref().and_then(|file| file.text()) {
        return regular_file::text(Path::new(file)).ok();
    }
    env::var(secret.environment.as_ref()?.text()?).ok()
}
