//! What an environment resolves to here and now, for what works with it on an engine.

mod joined;

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use compose_model::Environment;
use diagnostics::redact::Secrets;
use docker::compose_config::{CheckError, Model, variables};
use docker::engine::container::Container;
use docker::{Compose, ConfigCall};
use serde_json::Value;
use system::process::{Limits, run};
use system::regular_file;

use crate::checker::subject;
use crate::checkout::Checkout;

pub(crate) use joined::joins;

/// An environment's model.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The model with every profile active. It holds secrets: never log or store it.
    pub model: Model,
    /// Why its values are stand-ins, as `.env.prod is missing here`.
    pub shape_only: Option<String>,
}

/// Resolves an environment as `docker compose` would that is called from here, the shell's variables included; where its
/// env files are not all there, in shape only.
///
/// # Errors
/// Compose's words, redacted.
pub fn resolve(compose: &Compose, checkout: &Checkout, environment: &Environment) -> Result<Resolved, String> {
    if checkout.missing.iter().all(|missing| missing.environment != environment.name)
        && let Some(model) = as_called(compose, checkout, environment)
    {
        return Ok(Resolved { model, shape_only: None });
    }
    let drafts = BTreeMap::new();
    match compose.check(&subject(checkout, &checkout.stack, environment, &drafts)) {
        Ok(verdict) => Ok(Resolved { model: verdict.model, shape_only: verdict.shape_only }),
        Err(CheckError::Rejected { words, .. }) => Err(words),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    }
}

/// A hash of each service by which Compose tells whether a container is to be made anew; none where it does not tell.
#[must_use]
pub fn hashes(compose: &Compose, checkout: &Checkout, environment: &Environment) -> Option<BTreeMap<String, String>> {
    hashes_of(compose, &checkout.call(environment))
}

/// The same as Compose hashes once there are containers, for a service that joins another's network, processes, memory or
/// volumes; none where no service does, or Compose does not tell.
pub(crate) fn hashes_among(
    compose: &Compose,
    checkout: &Checkout,
    environment: &Environment,
    model: &Model,
    containers: &[Container],
) -> Option<BTreeMap<String, String>> {
    let text = joined::with_containers(model, containers)?;
    let file = tempfile::Builder::new().suffix(".yml").tempfile().ok()?;
    std::fs::write(file.path(), text).ok()?;
    let mut call = checkout.call(environment);
    call.files.push(file.path().to_owned());
    hashes_of(compose, &call)
}

fn hashes_of(compose: &Compose, call: &ConfigCall) -> Option<BTreeMap<String, String>> {
    let limits = Limits { time: compose.time_limit(), output: 1 << 20 };
    let output = run(compose.hashes_as_called(call).ok()?, limits).ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    output.success.then(|| pairs.map(|(name, hash)| (name.to_owned(), hash.to_owned())).collect())
}

/// How many containers a service gets by the files.
#[must_use]
pub fn scale(service: &Value) -> u64 {
    let said = service.get("scale").or_else(|| service.pointer("/deploy/replicas"));
    said.and_then(Value::as_u64).unwrap_or(1)
}

/// The services that a service waits for.
pub fn waits_for<'m>(model: &'m Model, service: &str) -> impl Iterator<Item = &'m str> {
    let found = services(model).find(|(name, _)| *name == service).and_then(|(_, service)| service.get("depends_on"));
    found.into_iter().flat_map(entries_of).map(|(name, _)| name)
}

/// None where Compose says anything but a model.
fn as_called(compose: &Compose, checkout: &Checkout, environment: &Environment) -> Option<Model> {
    let limits = Limits { time: compose.time_limit(), output: 64 << 20 };
    let output = run(compose.config_as_called(&checkout.call(environment)).ok()?, limits).ok()?;
    if output.success { serde_json::from_slice(&output.stdout).ok() } else { None }
}

/// The variables that an environment's files ask for and that nothing gives a value: those without a default.
#[must_use]
pub fn unset(checkout: &Checkout, environment: &Environment) -> Vec<String> {
    let drafts = BTreeMap::new();
    let mut names: Vec<_> = variables(&subject(checkout, &checkout.stack, environment, &drafts))
        .into_iter()
        .filter(|variable| !variable.has_default && env::var_os(&variable.name).is_none())
        .filter(|variable| checkout.stack.variable(&environment.name, &variable.name).is_none())
        .map(|variable| variable.name)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The secrets of an environment: of its files, and of its model where there is one.
#[must_use]
pub fn secrets(checkout: &Checkout, environment: &Environment, model: Option<&Model>) -> Secrets {
    let files = checkout.stack.files_of(&environment.name).into_iter().map(|file| &checkout.stack.files[file]);
    let included = checkout.stack.included_env_files(&environment.name).map(|(path, _)| path.to_owned());
    let own: Vec<_> = checkout.stack.env_files_of(&environment.name).into_iter().chain(included).collect();
    let env_files = checkout.stack.env_files();
    let entries = own.iter().filter_map(|file| env_files.get(file)).flat_map(|file| file.entries());
    let found = Secrets::of_files(files).with(entries.map(|entry| (entry.key.as_str(), entry.value.as_str())));
    let Some(model) = model else { return found };
    let commands: Vec<_> = services(model).filter_map(|(_, service)| command(service)).collect();
    let contents: Vec<_> =
        model.get("secrets").into_iter().flat_map(entries_of).filter_map(|(_, secret)| secret_text(secret)).collect();
    let variables =
        services(model).flat_map(|(_, service)| service.get("environment").into_iter().flat_map(entries_of));
    let variables = variables.filter_map(|(name, value)| Some((name, value.as_str()?)));
    let found = found.with(variables).with(contents.iter().map(|text| ("SECRET", text.as_str())));
    found.and(Secrets::of(commands))
}

/// The services of a model, by name.
pub fn services(model: &Model) -> impl Iterator<Item = (&str, &Value)> {
    model.get("services").into_iter().flat_map(entries_of)
}

/// The words of a service's command, joined.
#[must_use]
pub fn command(service: &Value) -> Option<String> {
    match service.get("command")? {
        Value::String(text) => Some(text.clone()),
        Value::Array(words) => Some(words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")),
        _ => None,
    }
}

fn entries_of(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// What a secret of the model holds; one that cannot be read cannot be printed either.
fn secret_text(secret: &Value) -> Option<String> {
    if let Some(file) = secret.get("file").and_then(Value::as_str) {
        return regular_file::text(Path::new(file)).ok();
    }
    env::var(secret.get("environment")?.as_str()?).ok()
}
