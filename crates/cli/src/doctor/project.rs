//! The project's name: containers and volumes are called after it.

use std::env;

use compose_model::{Environment, ProjectSource, project_name as spelt};

use diagnostics::{Diagnostic, Remedy};

use super::{failure, pass, warning};
use crate::checkout::Checkout;

pub(super) fn check(checkout: &Checkout, environment: &Environment) -> Vec<Diagnostic> {
    let mut findings = vec![of_files(checkout, environment)];
    if let Ok(set) = env::var("COMPOSE_PROJECT_NAME")
        && !set.is_empty()
        && set != environment.project.name
    {
        let says = format!(
            "COMPOSE_PROJECT_NAME={set} of this shell is not taken here, and plain docker compose takes it"
        );
        findings.push(warning("project", says, "unset COMPOSE_PROJECT_NAME"));
    }
    findings
}

fn of_files(checkout: &Checkout, own: &Environment) -> Diagnostic {
    let Environment {
        name: environment,
        project,
        ..
    } = own;
    let project_name = &project.name;
    if let Some(Shared { keeps, gives_up }) = shared(checkout, own) {
        let says = format!(
            "{keeps} and {} are both the project {project_name}: each takes over the other's containers and data",
            gives_up.name
        );
        let pinned = spelt(&format!("{project_name}-{}", gives_up.name));
        return warning(
            "project",
            says,
            Remedy::advice("", pin(checkout, &gives_up, &pinned)),
        );
    }
    if !project.is_valid() {
        let says = format!(
            "{environment}: Compose refuses the project name `{project_name}`: it must begin with a small letter or a digit, and have no others but `-` and `_`"
        );
        return failure("project", says, Remedy::advice("", spell(checkout, own)));
    }
    if project.is_pinned() {
        return pass(
            "project",
            format!("{environment}: the project is called {project_name} wherever it lies"),
        );
    }
    let says =
        format!("{environment}: no top-level name: a moved or renamed checkout loses its volumes");
    let first = own.files.first().map_or("its first file", String::as_str);
    warning(
        "project",
        says,
        Remedy::advice(
            "",
            format!("write at the top of {first}:  name: {project_name}"),
        ),
    )
}

/// Where the nearest name that Compose takes is written.
fn spell(checkout: &Checkout, own: &Environment) -> String {
    let names = [&own.project.name, &own.name].map(|name| spelt(name));
    let name = names.into_iter().find(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "app".to_owned());
    if own.project.source == ProjectSource::EnvFile {
        return format!("write where it is said:  COMPOSE_PROJECT_NAME={name}");
    }
    pin(checkout, own, &name)
}

/// Two environments that are one project.
struct Shared {
    /// The name of the one that keeps it.
    keeps: String,
    /// The other one.
    gives_up: Environment,
}

/// The environment that is the same project as another one, and which of the two gives its name up:
/// the first keeps it. The first itself is only told of it where a file names the project; else the
/// way to pin its name is the better advice.
fn shared(checkout: &Checkout, own: &Environment) -> Option<Shared> {
    let is_same = |other: &Environment| other.project.name == own.project.name;
    let mut same = checkout.environments().into_iter().filter(is_same);
    let (first, later) = (same.next()?, same.next()?);
    if first.name != own.name {
        return Some(Shared {
            keeps: first.name,
            gives_up: own.clone(),
        });
    }
    own.project.is_pinned().then_some(Shared {
        keeps: first.name,
        gives_up: later,
    })
}

/// Where an environment's name is written that no other one is to have.
fn pin(checkout: &Checkout, environment: &Environment, name: &str) -> String {
    match checkout.own_file(environment) {
        Some(file) => format!("write at the top of {file}:  name: {name}"),
        None => format!(
            "write into an env file of {} alone:  COMPOSE_PROJECT_NAME={name}",
            environment.name
        ),
    }
}
