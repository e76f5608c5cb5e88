//! A diagnostic for programs.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Evidence, Location, Severity};
use crate::invocation::Invocation;
use crate::remedy::{Action, Remedy};

/// Diagnostics as members of a document.
#[must_use]
pub fn documents(diagnostics: &[Diagnostic], invocation: &Invocation) -> Vec<DiagnosticDocument> {
    diagnostics
        .iter()
        .map(|one| document(one, invocation))
        .collect()
}

/// One of them.
#[must_use]
pub fn document(one: &Diagnostic, invocation: &Invocation) -> DiagnosticDocument {
    DiagnosticDocument {
        rule: one.rule.clone(),
        severity: one.severity,
        subject: one.subject.clone(),
        environment: one.environment.clone(),
        location: one.location.as_ref().map(LocationDocument::of),
        message: one.message.clone(),
        evidence: one.evidence.iter().map(EvidenceDocument::of).collect(),
        remedies: one
            .remedies
            .iter()
            .map(|remedy| RemedyDocument::of(remedy, invocation))
            .collect(),
    }
}

/// A diagnostic.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "diagnostic"))]
pub struct DiagnosticDocument {
    /// The rule's name, in kebab-case.
    pub rule: String,
    /// How it came out.
    pub severity: Severity,
    /// What it is about, as `5.1 Redis data volume`.
    pub subject: String,
    /// The environment; null where it is about all of them, or about the machine.
    pub environment: Option<String>,
    /// Where, if it is about a place in a file.
    pub location: Option<LocationDocument>,
    /// What was found, in a sentence.
    pub message: String,
    /// What that is concluded from.
    pub evidence: Vec<EvidenceDocument>,
    /// What can be done, the best first.
    pub remedies: Vec<RemedyDocument>,
}

/// A place in a file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LocationDocument {
    /// The file's path from the checkout's root.
    file: String,
    /// The line, from 1.
    line: Option<u32>,
    /// The column in characters, from 1.
    column: Option<u32>,
}

impl LocationDocument {
    fn of(location: &Location) -> Self {
        Self {
            file: location.file.clone(),
            line: location.line,
            column: location.column,
        }
    }
}

/// Something that was looked at.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EvidenceDocument {
    /// What was looked at; empty where the rest says it.
    what: String,
    /// What was seen.
    seen: String,
}

impl EvidenceDocument {
    /// As programs get it.
    #[must_use]
    pub fn of(evidence: &Evidence) -> Self {
        Self {
            what: evidence.what.clone(),
            seen: evidence.seen.clone(),
        }
    }
}

/// A way to go on.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RemedyDocument {
    /// What it is for.
    label: String,
    /// What to type or to do, in this order.
    actions: Vec<ActionDocument>,
}

/// One thing to do.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ActionDocument {
    /// As it is typed; several lines where a file is to say them.
    line: String,
    /// The arguments of a command of this tool, without the program; null for anything else.
    argv: Option<Vec<String>>,
}

impl RemedyDocument {
    /// A remedy of somebody who called the tool so.
    #[must_use]
    pub fn of(remedy: &Remedy, invocation: &Invocation) -> Self {
        let step = |action: &Action| {
            let argv = match action {
                Action::Command(argv) => Some(argv.clone()),
                Action::Redirected { .. }
                | Action::Shell(_)
                | Action::Lines(_)
                | Action::Advice(_) => None,
            };
            ActionDocument {
                line: action.line(invocation),
                argv,
            }
        };
        Self {
            label: remedy.label.clone(),
            actions: remedy.actions.iter().map(step).collect(),
        }
    }
}
