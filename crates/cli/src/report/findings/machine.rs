//! What this machine and this checkout lack.

use diagnostics::{Diagnostic, Severity};

use crate::doctor::{Finding, Health};

/// A diagnostic for each check.
pub(in crate::report) fn of_machine(findings: &[Finding]) -> Vec<Diagnostic> {
    findings.iter().map(of_finding).collect()
}

fn of_finding(finding: &Finding) -> Diagnostic {
    let severity = match finding.health {
        Health::Ok => Severity::Pass,
        Health::Warn => Severity::Warning,
        Health::Unknown => Severity::Unknown,
        Health::Fail => Severity::Error,
    };
    let remedies = finding.mend.iter().cloned().collect();
    Diagnostic::new(
        format!("doctor-{}", finding.check),
        severity,
        finding.check,
        finding.says.as_str(),
    )
    .with_remedies(remedies)
}
