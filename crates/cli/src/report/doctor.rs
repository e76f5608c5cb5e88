//! The screen of `doctor`: a line a check, and below it the command that mends it.

use serde_json::json;

use super::{count, document, listed};
use crate::commands::Session;
use crate::doctor::{Finding, Health};
use crate::screen::{Screen, Tone};

/// Shows what was found.
pub fn doctor(session: &Session, findings: &[Finding]) {
    let screen = &session.screen;
    let body = findings.iter().map(json).collect::<Vec<_>>();
    screen.json(&document("doctor", json!({ "checks": body })));
    findings_for_people(screen, findings);
    let number = |health: Health| findings.iter().filter(|finding| finding.health == health).count();
    let parts: Vec<_> = [
        (number(Health::Fail), "failure", "failures"),
        (number(Health::Unknown), "check that could not look", "checks that could not look"),
        (number(Health::Warn), "warning", "warnings"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, one, many)| count(number, one, many))
    .collect();
    let root = session.root_flag();
    screen.say(match parts.as_slice() {
        [] => format!("All is well. Next: cargo xtask up{root}"),
        parts => listed(parts),
    });
}

/// The lines alone.
pub fn findings_for_people(screen: &Screen, findings: &[Finding]) {
    for finding in findings {
        let (word, tone) = match finding.health {
            Health::Ok => ("ok  ", Tone::Good),
            Health::Warn => ("warn", Tone::Warn),
            Health::Unknown => ("n/a ", Tone::Warn),
            Health::Fail => ("FAIL", Tone::Bad),
        };
        screen.say_behind_toned(word, tone, "  ", &finding.says);
        if let Some(mend) = &finding.mend {
            screen.say(format_args!("        {mend}"));
        }
    }
}

/// A finding for programs.
pub(super) fn json(finding: &Finding) -> serde_json::Value {
    let Finding { check, health, says, mend } = finding;
    json!({ "check": check, "health": health.name(), "message": says, "fix": mend })
}
