//! What this machine and this checkout lack: one check a file, each with the command that mends it.
//!
//! A check looks and says; it changes nothing and prints nothing.

mod client;
mod compose;
mod disk;
mod engine;
mod env_files;
mod files;
mod git;
mod place;
mod ports;
mod project;

use compose_model::{Environment, ResolvedModel};
use diagnostics::Remedy;
use docker::engine::Engine;
use docker::{Compose, Docker};

use crate::checkout::Checkout;

pub use env_files::still_placeholders;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// It is well.
    Ok,
    /// It works, and something should be known.
    Warn,
    /// It could not be looked at.
    Unknown,
    /// It does not work.
    Fail,
}

impl Health {
    /// The word for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
        }
    }
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check's name, as `ports`.
    pub check: &'static str,
    /// How it came out.
    pub health: Health,
    /// What was found; no value of a variable.
    pub says: String,
    /// What mends it.
    pub mend: Option<Remedy>,
}

impl Finding {
    fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self {
            check,
            health: Health::Ok,
            says: says.into(),
            mend: None,
        }
    }

    fn warn(check: &'static str, says: impl Into<String>, mend: impl Into<Remedy>) -> Self {
        Self {
            check,
            health: Health::Warn,
            says: says.into(),
            mend: Some(mend.into()),
        }
    }

    fn fail(check: &'static str, says: impl Into<String>, mend: impl Into<Remedy>) -> Self {
        Self {
            check,
            health: Health::Fail,
            says: says.into(),
            mend: Some(mend.into()),
        }
    }

    fn unknown(check: &'static str, says: impl Into<String>) -> Self {
        Self {
            check,
            health: Health::Unknown,
            says: says.into(),
            mend: None,
        }
    }
}

/// What the machine has.
#[derive(Debug)]
pub struct Machine {
    /// The checks of it.
    pub findings: Vec<Finding>,
    compose: Option<Compose>,
    engine: Option<Engine>,
}

impl Machine {
    /// Looks at the machine.
    #[must_use]
    pub fn examine() -> Self {
        let docker = Docker::new();
        let mut findings = vec![client::check(&docker)];
        let compose = Compose::find();
        findings.push(compose::check(&compose));
        let reached = Engine::reach(docker);
        findings.push(engine::check(&reached));
        findings.push(git::check());
        Self {
            findings,
            compose: compose.ok(),
            engine: reached.ok(),
        }
    }
}

/// One environment of a checkout.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The checkout.
    pub checkout: &'a Checkout,
    /// The environment.
    pub environment: &'a Environment,
}

impl Place<'_> {
    /// What makes it ready, and what that is for.
    fn make_ready(self, label: &str) -> Remedy {
        Remedy::command(label, &self.checkout.make_ready(&self.environment.name))
    }
}

/// Looks at a checkout, the environments of `scope` in it.
#[must_use]
pub fn checkout(machine: &Machine, checkout: &Checkout, scope: &[Environment]) -> Vec<Finding> {
    let mut findings = disk::check(machine.engine.as_ref(), &checkout.root);
    for environment in scope {
        let place = Place {
            checkout,
            environment,
        };
        findings.extend(env_files::check(place));
        findings.extend(project::check(checkout, environment));
        let (found, model) = files::check(machine.compose.as_ref(), place);
        findings.extend(found);
        if let Some(model) = model {
            findings.extend(of_model(machine, place, &model));
        }
    }
    let mut told = Vec::new();
    findings.retain(|finding| {
        !told.contains(finding) && {
            told.push(finding.clone());
            true
        }
    });
    findings
}

fn of_model(machine: &Machine, place: Place<'_>, model: &ResolvedModel) -> Vec<Finding> {
    let mut findings: Vec<_> = engine::start_interval(machine.engine.as_ref(), model)
        .into_iter()
        .collect();
    findings.extend(place::check(machine.engine.as_ref(), place, model));
    findings.extend(ports::check(machine.engine.as_ref(), place, model));
    findings
}
