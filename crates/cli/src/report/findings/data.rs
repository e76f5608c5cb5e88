//! Data that is at risk, and data that could not be seen.

use diagnostics::{Action, Diagnostic, Evidence, Remedy, Severity};

use crate::guard::living::{Looked, Risk};

/// What every judgement about data is about.
const SUBJECT: &str = "no data here is at risk";

/// The diagnostics of environments that were looked at.
pub(in crate::report) fn of_data(looked: &[Looked]) -> Vec<Diagnostic> {
    looked.iter().flat_map(of_environment).collect()
}

fn of_environment(looked: &Looked) -> Vec<Diagnostic> {
    let environment = &looked.environment;
    let one = |severity, rule: &str, message: &str| {
        Diagnostic::new(rule, severity, SUBJECT, message).of(environment)
    };
    let verdict = match &looked.verdict {
        Ok(verdict) if verdict.is_safe() => return vec![one(Severity::Pass, "data", "")],
        Ok(verdict) => verdict,
        Err(words) => return vec![one(Severity::Error, "data-unseen", words)],
    };
    let risks = verdict.risks.iter().map(|risk| at_risk(risk, environment));
    // It stops `up`, and is no finding of `verify`.
    let unseen = verdict
        .unknown
        .iter()
        .map(|what| one(Severity::Note, "data-unseen", what));
    risks.chain(unseen).collect()
}

fn at_risk(risk: &Risk, environment: &str) -> Diagnostic {
    let remedy = |(label, commands): &(String, Vec<String>)| {
        Remedy::steps(
            label.as_str(),
            commands.iter().cloned().map(Action::Shell).collect(),
        )
    };
    Diagnostic::new(
        format!("data-{}", risk.kind.id()),
        Severity::Error,
        risk.subject.as_str(),
        risk.impact.as_str(),
    )
    .of(environment)
    .with_evidence(risk.evidence.iter().map(Evidence::seen).collect())
    .with_remedies(risk.remedies.iter().map(remedy).collect())
}
