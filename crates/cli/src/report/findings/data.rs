//! Data that is at risk, and data that could not be seen.

use diagnostics::{Action, Diagnostic, Evidence, Remedy, Severity};

use crate::guard::living::{Looked, Risk, Verdict};

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
    match &looked.verdict {
        Ok(verdict) if verdict.is_safe() => vec![one(Severity::Pass, "data", "")],
        // What is not seen stops `up`, and is no finding of `verify`.
        Ok(verdict) => of_verdict(environment, verdict, Severity::Note),
        Err(words) => vec![one(Severity::Error, "data-unseen", words)],
    }
}

/// A diagnostic for each risk, and for each thing that could not be seen; how bad that is, is the
/// command's to say.
pub(in crate::report) fn of_verdict(
    environment: &str,
    verdict: &Verdict,
    unseen: Severity,
) -> Vec<Diagnostic> {
    let risks = verdict.risks.iter().map(|risk| at_risk(risk, environment));
    let unseen = verdict
        .unknown
        .iter()
        .map(|what| Diagnostic::new("data-unseen", unseen, SUBJECT, what).of(environment));
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
