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
use diagnostics::{Diagnostic, Remedy, Severity};
use docker::engine::Engine;
use docker::{Compose, Docker};

use crate::checkout::Checkout;

pub use env_files::still_placeholders;

/// It is well.
fn pass(check: &str, says: impl Into<String>) -> Diagnostic {
    found(check, Severity::Pass, says)
}

/// It works, and something should be known.
fn warning(check: &str, says: impl Into<String>, mend: impl Into<Remedy>) -> Diagnostic {
    found(check, Severity::Warning, says).with_remedies(vec![mend.into()])
}

/// It does not work.
fn failure(check: &str, says: impl Into<String>, mend: impl Into<Remedy>) -> Diagnostic {
    found(check, Severity::Error, says).with_remedies(vec![mend.into()])
}

/// It could not be looked at.
pub(crate) fn unknown(check: &str, says: impl Into<String>) -> Diagnostic {
    found(check, Severity::Unknown, says)
}

/// What a check found, by its name, as `ports`; no value of a variable is told.
fn found(check: &str, severity: Severity, says: impl Into<String>) -> Diagnostic {
    Diagnostic::new(format!("doctor-{check}"), severity, check, says)
}

/// What the machine has.
#[derive(Debug)]
pub struct Machine {
    /// The checks of it.
    pub findings: Vec<Diagnostic>,
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

/// An environment that is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The checkout.
    pub checkout: &'a Checkout,
    /// The environment.
    pub environment: &'a Environment,
}

impl Subject<'_> {
    /// What makes it ready, and what that is for.
    fn make_ready(self, label: &str) -> Remedy {
        Remedy::command(label, &self.checkout.make_ready(&self.environment.name))
    }
}

/// Looks at a checkout, the environments of `scope` in it.
#[must_use]
pub fn checkout(machine: &Machine, checkout: &Checkout, scope: &[Environment]) -> Vec<Diagnostic> {
    let mut findings = disk::check(machine.engine.as_ref(), &checkout.root);
    for environment in scope {
        let subject = Subject {
            checkout,
            environment,
        };
        findings.extend(env_files::check(subject));
        findings.extend(project::check(checkout, environment));
        let (found, model) = files::check(machine.compose.as_ref(), subject);
        findings.extend(found);
        if let Some(model) = model {
            findings.extend(of_model(machine, subject, &model));
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

fn of_model(machine: &Machine, subject: Subject<'_>, model: &ResolvedModel) -> Vec<Diagnostic> {
    let mut findings: Vec<_> = engine::start_interval(machine.engine.as_ref(), model)
        .into_iter()
        .collect();
    findings.extend(place::check(machine.engine.as_ref(), subject, model));
    findings.extend(ports::check(machine.engine.as_ref(), subject, model));
    findings
}
