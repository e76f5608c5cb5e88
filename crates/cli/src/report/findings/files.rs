//! What a checker says of an environment's files.

use diagnostics::{Diagnostic, Location, Severity};

use crate::checker::{Accepted, Checker, NotAccepted, Passed};

/// A diagnostic for each environment that is accepted, and for each fault, or each line of what is
/// said, of another one.
pub(in crate::report) fn of_checks(
    checker: &Checker,
    checks: &[Result<Passed, NotAccepted>],
) -> Vec<Diagnostic> {
    checks
        .iter()
        .flat_map(|check| of_check(checker, check))
        .collect()
}

fn of_check(checker: &Checker, check: &Result<Passed, NotAccepted>) -> Vec<Diagnostic> {
    let subject = format!("{checker} accepts the files");
    let one = |severity, message: &str, environment: &str| {
        Diagnostic::new("compose-config", severity, subject.as_str(), message)
            .of(environment)
            .at(Location::leading(message))
    };
    match check {
        Ok(accepts) => vec![one(
            Severity::Pass,
            &accepted(checker, accepts),
            accepts.environment(),
        )],
        Err(not) if !not.findings.is_empty() => not.findings.clone(),
        Err(not) if not.judged => of_rejection(&subject, &not.environment, &not.words),
        Err(not) => vec![one(
            Severity::Unknown,
            &format!("gave no answer: {}", not.words),
            &not.environment,
        )],
    }
}

/// A diagnostic for each line of what is said against an environment's files.
pub(in crate::report) fn of_rejection(
    subject: &str,
    environment: &str,
    words: &str,
) -> Vec<Diagnostic> {
    let mut lines: Vec<_> = words
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if lines.is_empty() {
        lines.push("rejected without a word");
    }
    let one = |line: &str| {
        Diagnostic::new("compose-config", Severity::Error, subject, line)
            .of(environment)
            .at(Location::leading(line))
    };
    lines.into_iter().map(one).collect()
}

/// `docker compose 2.40.3 accepts local (31 ms)`.
pub(in crate::report) fn accepted(checker: &Checker, passed: &Passed) -> String {
    let how = match passed {
        Passed::Checked(Accepted {
            shape_only: Some(why),
            ..
        }) => format!(" in shape only: {why}"),
        Passed::Checked(one) => format!(" ({} ms)", one.took.as_millis()),
        Passed::Remembered(_) => ", as it did before: the same bytes".to_owned(),
    };
    format!("{checker} accepts {}{how}", passed.environment())
}
