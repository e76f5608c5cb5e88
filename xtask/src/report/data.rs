//! Data at risk: what would happen, what that is concluded from, and what does it safely.

use serde_json::{Value, json};

use super::{count, document};
use crate::commands::Session;
use crate::guard::living::{Risk, Verdict, Wanted};
use crate::screen::Screen;

/// Shows what keeps `up` from starting anything.
pub fn at_risk(session: &Session, wanted: &Wanted, verdict: &Verdict) {
    let screen = &session.screen;
    let risks: Vec<_> = verdict.risks.iter().map(json).collect();
    let body = json!({ "environment": wanted.environment, "project": wanted.project, "up": false, "risks": risks });
    screen.json(&document("up", body));
    let number = count(verdict.risks.len(), "risk", "risks");
    screen.talk(format_args!("error: data first: {number} in {}; nothing was started or changed", wanted.environment));
    verdict.risks.iter().for_each(|risk| tell(risk, "  ", &mut |line| screen.talk(line)));
    let flag = "--data-is-expendable";
    screen.talk(format_args!("  Go on all the same, whatever becomes of it:\n    {} {flag}", wanted.up));
}

/// One risk as a finding among others.
pub(super) fn finding(screen: &Screen, environment: &str, risk: &Risk) {
    let word = screen.tone(crate::screen::Tone::Bad, "FAIL");
    screen.say(format_args!("{word}  {environment}: data first"));
    tell(risk, "      ", &mut |line| screen.say(line));
}

fn tell(risk: &Risk, indent: &str, line: &mut dyn FnMut(String)) {
    Screen::wrap_behind(indent, &risk.happens).into_iter().for_each(&mut *line);
    for evidence in &risk.evidence {
        Screen::wrap_behind(&format!("{indent}- "), evidence).into_iter().for_each(&mut *line);
    }
    for (at, (what, commands)) in risk.safely.iter().enumerate() {
        let way = if at == 0 { "To be safe, " } else { "Or " };
        Screen::wrap_behind(&format!("{indent}{way}"), &format!("{what}:")).into_iter().for_each(&mut *line);
        commands.iter().for_each(|command| line(format!("{indent}  {command}")));
    }
}

/// A risk for programs.
pub(super) fn json(risk: &Risk) -> Value {
    let safely: Vec<_> = risk.safely.iter().map(|(what, lines)| json!({ "what": what, "lines": lines })).collect();
    json!({
        "kind": risk.kind.name(), "subject": risk.subject, "happens": risk.happens, "evidence": risk.evidence, "safely": safely,
    })
}
