//! Data at risk: what would happen, what that is concluded from, and what does it safely.

use diagnostics::render::text;
use diagnostics::{Action, Remedy, Severity};
use docker::Arguments;

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
        .for_each(|risk| tell(session, risk, "  ", &mut |line| screen.talk(line)));
    let talk = |line: String| screen.talk(line);
    verdict
        .unknown
        .iter()
        .flat_map(|what| Screen::wrap_behind("  ", what))
        .for_each(talk);
    // One command makes one promise.
    let again = Action::Command(wanted.again.clone());
    let offers = |risk: &Risk| {
        let remedies = &risk.diagnostic.remedies;
        remedies.iter().any(|one| one.actions.contains(&again))
    };
    if !(verdict.unknown.is_empty() && verdict.risks.iter().all(offers)) {
        screen.talk(format_args!(
            "  Go on all the same, whatever becomes of it:\n    {}",
            session.command(&wanted.again)
        ));
    }
}

/// One risk as a finding among others.
pub(super) fn finding(session: &Session, environment: &str, risk: &Risk) {
    let screen = &session.screen;
    let word = screen.tone(crate::screen::Tone::Bad, "FAIL");
    screen.say(format_args!("{word}  {environment}: data first"));
    tell(session, risk, "      ", &mut |line| screen.say(line));
}

fn tell(session: &Session, risk: &Risk, indent: &str, line: &mut dyn FnMut(String)) {
    let told = &risk.diagnostic;
    wrapped(indent, &told.message, line);
    for evidence in &told.evidence {
        wrapped(&format!("{indent}- "), &evidence.seen, line);
    }
    let below = format!("{indent}  ");
    for (at, Remedy { label, actions }) in told.remedies.iter().enumerate() {
        let way = if at == 0 { "To be safe, " } else { "Or " };
        wrapped(&format!("{indent}{way}"), &format!("{label}:"), line);
        for action in text::actions(actions, &below, &session.invocation()) {
            if action.is_prose {
                wrapped(&action.head, &action.text, line);
            } else {
                line(action.to_string());
            }
        }
    }
}

fn wrapped(head: &str, text: &str, line: &mut dyn FnMut(String)) {
    Screen::wrap_behind(head, text).into_iter().for_each(line);
}
