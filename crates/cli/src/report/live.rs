//! What `verify --live` proved, on the screen.

mod document;

use ::live::outcome::{Finding, Outcome, seconds};
use ::live::{Live, Proved};

pub(super) use self::document::{LiveDocument, document};
use super::{count, listed};
use crate::commands::Session;
use crate::screen::Tone;

/// How many proofs of a run ended in a way.
#[must_use]
pub fn tally(live: &Live, of: impl Fn(&Outcome) -> bool) -> usize {
    findings(live)
        .filter(|finding| of(&finding.verdict.outcome))
        .count()
}

fn findings(live: &Live) -> impl Iterator<Item = &Finding> {
    live.environments.iter().flat_map(|one| &one.findings)
}

/// Shows the proofs, environment by environment.
pub fn live(session: &Session, live: &Live) {
    let screen = &session.screen;
    screen.say(format_args!(
        "\nlive  Engine {}, Compose {}, in sandboxes of their own",
        live.engine, live.compose
    ));
    for left in &live.leftovers {
        screen.say_behind(
            "      ",
            &format!(
                "removed what an ended run had left: {}",
                listed(&left.projects)
            ),
        );
    }
    for one in &live.environments {
        environment(session, one);
    }
    for project in &live.kept {
        screen.say(format_args!("kept  {project}"));
    }
    if !live.kept.is_empty() {
        screen.say(
            "      look around:  docker compose -p PROJECT ps    docker compose -p PROJECT logs",
        );
        screen.say("      remove it:    docker compose -p PROJECT down --volumes");
    }
    screen.say(summary(live));
}

fn environment(session: &Session, one: &Proved) {
    let screen = &session.screen;
    screen.say(format_args!(
        "\n{}",
        screen.tone(Tone::Strong, &one.environment)
    ));
    for note in &one.notes {
        screen.say_behind("  note  ", note);
    }
    for finding in &one.findings {
        let (tone, word) = word(&finding.verdict.outcome);
        let number = finding.proof.number();
        let time = if finding.took.is_zero() {
            String::new()
        } else {
            seconds(finding.took)
        };
        let title = finding.proof.title();
        screen.say(format_args!(
            "  {number}  {title:32} {}  {time:>8}",
            screen.tone(tone, &format!("{word:14}"))
        ));
        match &finding.verdict.outcome {
            Outcome::Proved => {}
            Outcome::Failed { words, reason } => {
                let words = session.located(words);
                screen.say_behind("     ! ", &format!("{words} [{reason}]"))
            }
            Outcome::NotApplicable(why) | Outcome::Inconclusive(why) => {
                screen.say_behind("     ", &session.located(why))
            }
        }
        for evidence in &finding.verdict.evidence {
            screen.say_behind(&format!("     {:16} ", evidence.what), &evidence.seen);
        }
        if let Some(pace) = finding.told_pace() {
            screen.say_behind("     health checks    ", &screen.tone(Tone::Faint, pace));
        }
    }
}

fn word(outcome: &Outcome) -> (Tone, &'static str) {
    match outcome {
        Outcome::Proved => (Tone::Good, "proved"),
        Outcome::Failed { .. } => (Tone::Bad, "FAILED"),
        Outcome::NotApplicable(_) => (Tone::Faint, "not applicable"),
        Outcome::Inconclusive(_) => (Tone::Warn, "not looked at"),
    }
}

fn summary(live: &Live) -> String {
    let failed = tally(live, |outcome| matches!(outcome, Outcome::Failed { .. }));
    let unseen = tally(live, |outcome| matches!(outcome, Outcome::Inconclusive(_)));
    let names: Vec<_> = live
        .environments
        .iter()
        .map(|one| one.environment.as_str())
        .collect();
    let took = seconds(live.took);
    match (failed, unseen) {
        (0, 0) => {
            let proved = tally(live, |outcome| *outcome == Outcome::Proved);
            format!(
                "\nProved live: {} on {}, in {took}.",
                count(proved, "proof", "proofs"),
                listed(&names)
            )
        }
        (failed, 0) => format!("\n{} failed, in {took}.", count(failed, "proof", "proofs")),
        (failed, unseen) => {
            format!(
                "\n{} failed, {unseen} could not be looked at, in {took}.",
                count(failed, "proof", "proofs")
            )
        }
    }
}

/// How it was proved, as the end of a page.
pub(super) fn how(live: &Live) -> String {
    format!(
        "\n## How it was proved\n\nBy observation on running containers: Engine {}, Compose {}, {} in all, in projects of \
         their own with volumes and networks of their own. The checkout's containers and data took no part.\n",
        live.engine,
        live.compose,
        seconds(live.took)
    )
}
