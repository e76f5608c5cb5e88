//! Data that is at risk, and data that could not be seen.

use diagnostics::{Diagnostic, Severity};

use crate::guard::living::{Looked, Verdict};

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
        Ok(verdict) if verdict.is_safe() => {
            let mut found = of_verdict(environment, verdict, Severity::Note);
            found.insert(0, one(Severity::Pass, "data", ""));
            found
        }
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
    let risks = verdict.risks.iter().map(|risk| risk.diagnostic.clone());
    let unseen = verdict
        .unknown
        .iter()
        .map(|what| Diagnostic::new("data-unseen", unseen, SUBJECT, what).of(environment));
    let leftovers = verdict.leftovers.iter();
    let leftovers = leftovers.map(|one| one.diagnostic.clone().of(environment));
    risks.chain(unseen).chain(leftovers).collect()
}
