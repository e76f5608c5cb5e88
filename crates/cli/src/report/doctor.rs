//! The screen of `doctor`: a line a check, and below it the command that mends it.

use std::io;

use compose_model::Environment;
use diagnostics::render::json::DiagnosticDocument;
use diagnostics::render::text;
use serde::Serialize;

use super::findings::of_machine;
use super::formats::{self, Findings};
use super::{SCHEMA, count, listed, value};
use crate::checkout::{Checkout, names};
use crate::commands::Session;
use crate::doctor::{Finding, Health};
use crate::screen::Tone;

/// The document of `doctor`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "doctor"))]
pub(super) struct DoctorDocument {
    schema: u32,
    command: &'static str,
    /// What was looked at, one after the other.
    checks: Vec<HealthDocument>,
    /// Those that are not well.
    findings: Vec<DiagnosticDocument>,
}

/// Something that was looked at.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct HealthDocument {
    /// The check's name, in kebab-case.
    check: &'static str,
    /// How it came out.
    health: &'static str,
    /// What was seen, in a sentence.
    message: String,
    /// The command that mends it; null where none does, or nothing is to mend.
    fix: Option<String>,
}

/// Shows what was found; `next` is the command that comes next where all is well.
///
/// # Errors
/// None but of memory.
pub fn doctor(
    session: &Session,
    checkout: Option<&Checkout>,
    findings: &[Finding],
    next: &[&str],
) -> io::Result<()> {
    let screen = &session.screen;
    let groups = [formats::group(
        "machine",
        "This machine and this checkout",
        of_machine(findings),
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
        checks: findings
            .iter()
            .map(|finding| health_document(session, finding))
            .collect(),
        findings: formats::member(session, &groups),
    }));
    findings_for_people(session, findings);
    let number = |health: Health| {
        findings
            .iter()
            .filter(|finding| finding.health == health)
            .count()
    };
    let parts: Vec<_> = [
        (number(Health::Fail), "failure", "failures"),
        (
            number(Health::Unknown),
            "check could not run",
            "checks could not run",
        ),
        (number(Health::Warn), "warning", "warnings"),
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
pub fn findings_for_people(session: &Session, findings: &[Finding]) {
    let screen = &session.screen;
    for finding in findings {
        let (word, tone) = match finding.health {
            Health::Ok => ("ok  ", Tone::Good),
            Health::Warn => ("warn", Tone::Warn),
            Health::Unknown => ("n/a ", Tone::Warn),
            Health::Fail => ("FAIL", Tone::Bad),
        };
        screen.say_behind_toned(word, tone, "  ", &finding.says);
        if let Some(mend) = &finding.mend {
            screen.say(format_args!(
                "        {}",
                text::command_line(mend, &session.invocation())
            ));
        }
    }
}

/// A finding for programs.
fn health_document(session: &Session, finding: &Finding) -> HealthDocument {
    let Finding {
        check,
        health,
        says,
        mend,
    } = finding;
    let fix = mend
        .as_ref()
        .map(|mend| text::command_line(mend, &session.invocation()));
    HealthDocument {
        check,
        health: health.name(),
        message: says.clone(),
        fix,
    }
}
