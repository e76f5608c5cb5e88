//! Data at risk: what would happen, what that is concluded from, and what does it safely.

use diagnostics::Severity;
use docker::Arguments;
use serde_json::{Value, json};

use super::not_done::{self, Undone};
use super::{count, findings};
use crate::commands::Session;
use crate::guard::living::{Desired, Risk, Verdict};
use crate::screen::Screen;

/// Shows what keeps `up`, or another verb that makes containers anew, from starting anything.
pub fn at_risk(session: &Session, wanted: &Desired, verdict: &Verdict, asked: &Arguments) {
    let screen = &session.screen;
    let undone = Undone {
        verb: &asked.verb,
        environment: &wanted.environment,
        project: &wanted.project,
    };
    let found = findings::of_verdict(&wanted.environment, verdict, Severity::Error);
    not_done::for_programs(session, undone, &found);
    let (risks, unknown) = (verdict.risks.len(), verdict.unknown.len());
    let risks = (risks > 0).then(|| count(risks, "risk", "risks"));
    let unknown = (unknown > 0).then(|| {
        count(
            unknown,
            "thing that could not be seen",
            "things that could not be seen",
        )
    });
    let parts: Vec<_> = risks.into_iter().chain(unknown).collect();
    screen.talk(format_args!(
        "error: data first: {} in {}; nothing was started or changed",
        parts.join(" and "),
        wanted.environment
    ));
    verdict
        .risks
        .iter()
        .for_each(|risk| tell(risk, "  ", &mut |line| screen.talk(line)));
    let talk = |line: String| screen.talk(line);
    verdict
        .unknown
        .iter()
        .flat_map(|what| Screen::wrap_behind("  ", what))
        .for_each(talk);
    let again = &wanted.again;
    // One command makes one promise.
    let offers = |risk: &Risk| {
        risk.remedies
            .iter()
            .flat_map(|(_, lines)| lines)
            .any(|line| line.starts_with(again))
    };
    if !(verdict.unknown.is_empty() && verdict.risks.iter().all(offers)) {
        screen.talk(format_args!(
            "  Go on all the same, whatever becomes of it:\n    {again}"
        ));
    }
}

/// One risk as a finding among others.
pub(super) fn finding(screen: &Screen, environment: &str, risk: &Risk) {
    let word = screen.tone(crate::screen::Tone::Bad, "FAIL");
    screen.say(format_args!("{word}  {environment}: data first"));
    tell(risk, "      ", &mut |line| screen.say(line));
}

fn tell(risk: &Risk, indent: &str, line: &mut dyn FnMut(String)) {
    Screen::wrap_behind(indent, &risk.impact)
        .into_iter()
        .for_each(&mut *line);
    for evidence in &risk.evidence {
        Screen::wrap_behind(&format!("{indent}- "), evidence)
            .into_iter()
            .for_each(&mut *line);
    }
    for (at, (what, commands)) in risk.remedies.iter().enumerate() {
        let way = if at == 0 { "To be safe, " } else { "Or " };
        Screen::wrap_behind(&format!("{indent}{way}"), &format!("{what}:"))
            .into_iter()
            .for_each(&mut *line);
        commands
            .iter()
            .for_each(|command| line(format!("{indent}  {command}")));
    }
}

/// A risk for programs.
pub(super) fn json(risk: &Risk) -> Value {
    let remedies: Vec<_> = risk
        .remedies
        .iter()
        .map(|(label, commands)| json!({ "label": label, "commands": commands }))
        .collect();
    json!({
        "kind": risk.kind.id(), "subject": risk.subject, "impact": risk.impact, "evidence": risk.evidence,
        "remedies": remedies,
    })
}
