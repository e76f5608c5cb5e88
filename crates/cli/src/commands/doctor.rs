//! `doctor`: what this machine and this checkout lack.

use anyhow::Result;
use diagnostics::{Diagnostic, Severity};
use system::interrupt;

use super::Session;
use crate::cli::Doctor;
use crate::doctor::{self, Machine};
use crate::exit::Exit;
use crate::report;

/// Runs the command. Changes nothing.
///
/// # Errors
/// For an environment that there is not. A checkout that cannot be read is a finding.
pub fn run(session: &Session, flags: &Doctor) -> Result<Exit> {
    let checkout = session.checkout();
    let scope = match &checkout {
        Ok(checkout) => checkout.select_or_first(&flags.environments.named)?,
        Err(_) => Vec::new(),
    };
    let machine = Machine::examine();
    let mut findings = machine.findings.clone();
    match &checkout {
        Ok(checkout) => findings.extend(doctor::checkout(&machine, checkout, &scope)),
        Err(error) => findings.push(doctor::unknown("checkout", format!("{error:#}"))),
    }
    interrupt::check()?;
    let first = scope.first();
    let named = match &checkout {
        Ok(checkout) => first.filter(|first| !checkout.is_first(first)),
        Err(_) => None,
    };
    let name = named.map(|environment| environment.name.as_str());
    let next: Vec<_> = ["up"].into_iter().chain(name).collect();
    report::doctor(session, checkout.as_ref().ok(), &findings, &next)?;
    if let Ok(checkout) = &checkout {
        report::looked_at(session, "doctor", checkout, &scope);
    }
    Ok(exit(&findings))
}

/// A failure counts before what could not be looked at.
pub(super) fn exit(findings: &[Diagnostic]) -> Exit {
    match findings.iter().map(|finding| finding.severity).max() {
        Some(Severity::Error) => Exit::Findings,
        Some(Severity::Unknown) => Exit::Usage,
        _ => Exit::Done,
    }
}
