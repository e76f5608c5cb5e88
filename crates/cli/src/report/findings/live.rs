//! What was proved on running containers.

use ::live::outcome::{Finding, Outcome};
use ::live::{Live, Proved};
use diagnostics::{Diagnostic, Evidence, Group, Severity};

/// A group for each environment.
pub(in crate::report) fn of_live(live: &Live) -> Vec<Group> {
    live.environments.iter().map(of_environment).collect()
}

fn of_environment(one: &Proved) -> Group {
    Group {
        kind: "live",
        environment: Some(one.environment.clone()),
        title: format!("Running stack: {}", one.environment),
        words: ["proved", "failed"],
        diagnostics: one
            .findings
            .iter()
            .map(|finding| of_finding(finding, &one.environment))
            .collect(),
        notes: one.notes.clone(),
    }
}

fn of_finding(finding: &Finding, environment: &str) -> Diagnostic {
    let (rule, severity, message) = match &finding.verdict.outcome {
        Outcome::Proved => (finding.proof.id(), Severity::Pass, ""),
        Outcome::Failed { reason, words } => (reason.word(), Severity::Error, words.as_str()),
        Outcome::NotApplicable(why) => (finding.proof.id(), Severity::NotApplicable, why.as_str()),
        Outcome::Inconclusive(why) => (finding.proof.id(), Severity::Unknown, why.as_str()),
    };
    let seen = finding.verdict.evidence.iter().cloned();
    let pace = finding.told_pace().map(|pace| Evidence {
        what: "health checks".to_owned(),
        seen: pace.to_owned(),
    });
    let requirement = format!(
        "{}. {}",
        finding.proof.number(),
        finding.proof.requirement()
    );
    Diagnostic {
        requirement: Some(requirement),
        took: Some(finding.took),
        ..Diagnostic::new(rule, severity, finding.proof.title(), message)
            .of(environment)
            .with_evidence(seen.chain(pace).collect())
    }
}
