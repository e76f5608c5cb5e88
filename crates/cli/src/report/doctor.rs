//! The screen of `doctor`: a line a check, and below it the command that mends it.

use std::io;

use compose_model::Environment;
use diagnostics::render::json::DiagnosticDocument;
use diagnostics::render::text;
use diagnostics::{Diagnostic, Severity};
use serde::Serialize;

use super::formats::{self, Findings};
use super::{SCHEMA, count, listed, value};
use crate::checkout::{Checkout, names};
use crate::commands::Session;
use crate::screen::Tone;

/// The document of `doctor`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "doctor"))]
pub(super) struct DoctorDocument {
    schema: u32,
    command: &'static str,
    /// What was looked at, one after the other; what is well passes.
    findings: Vec<DiagnosticDocument>,
}

/// Shows what was found; `next` is the command that comes next where all is well.
///
/// # Errors
/// None but of memory.
pub fn doctor(
    session: &Session,
    checkout: Option<&Checkout>,
    findings: &[Diagnostic],
    next: &[&str],
) -> io::Result<()> {
    let screen = &session.screen;
    let groups = [formats::group(
        "machine",
        "This machine and this checkout",
        findings.to_vec(),
    )];
    let report = Findings {
        command: &["doctor"],
        title: "What this machine lacks",
        checkout,
        groups: &groups,
        ending: "",
    };
    formats::write(session, &report)?;
    screen.json(&value(&DoctorDocument {
        schema: SCHEMA,
        command: "doctor",
        findings: formats::member(session, &groups),
    }));
    findings_for_people(session, findings);
    let number = |severity: Severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let parts: Vec<_> = [
        (number(Severity::Error), "failure", "failures"),
        (
            number(Severity::Unknown),
            "check could not run",
            "checks could not run",
        ),
        (number(Severity::Warning), "warning", "warnings"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, one, many)| count(number, one, many))
    .collect();
    screen.say(match parts.as_slice() {
        [] => format!("All is well. Next: {}", session.command(next)),
        parts => listed(parts),
    });
    Ok(())
}

/// Which environments were looked at, where there are others, and how to look at those.
pub fn looked_at(session: &Session, verb: &str, checkout: &Checkout, scope: &[Environment]) {
    let seen = names(scope);
    let mut others = names(&checkout.environments());
    others.retain(|name| !seen.contains(name));
    let named = others
        .iter()
        .flat_map(|name| ["--environment", name.as_str()]);
    let words: Vec<_> = [verb].into_iter().chain(named).collect();
    if !others.is_empty() {
        session.screen.say(format_args!(
            "Looked at {} alone; for {}: {}",
            listed(&seen),
            listed(&others),
            session.command(&words)
        ));
    }
}

/// The lines alone.
pub fn findings_for_people(session: &Session, findings: &[Diagnostic]) {
    let screen = &session.screen;
    for finding in findings {
        let (word, tone) = match finding.severity {
            Severity::Pass | Severity::NotApplicable | Severity::Note => ("ok  ", Tone::Good),
            Severity::Warning => ("warn", Tone::Warn),
            Severity::Unknown => ("n/a ", Tone::Warn),
            Severity::Error => ("FAIL", Tone::Bad),
        };
        screen.say_behind_toned(word, tone, "  ", &finding.message);
        for mend in &finding.remedies {
            screen.say(format_args!(
                "        {}",
                text::command_line(mend, &session.invocation())
            ));
        }
    }
}
