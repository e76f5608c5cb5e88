//! The report as a page: requirement, status, evidence, as people write it by hand and seldom keep true.

use std::fmt::Write as _;

use ::live::outcome::{Finding, Outcome, seconds};
use ::live::{Live, Proved};
use docker::engine::container::Timestamp;

use super::{Entry, tally};

/// The page, made at a time.
#[must_use]
pub fn markdown(looked: &[Entry], live: Option<&Live>, now: Timestamp) -> String {
    let mut page = String::from("# Verification report\n\n");
    // Writing to a String cannot fail.
    writeln!(page, "**Date:** {} UTC  ", now.minute()).ok();
    writeln!(page, "**Status:** {}  ", status(looked, live)).ok();
    writeln!(page, "**Made by:** `cargo xtask verify{}`\n", if live.is_some() { " --live" } else { "" }).ok();
    page.push_str("## Files\n\n| Requirement | Status | Evidence |\n|---|---|---|\n");
    for one in looked {
        let place = one.environment.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        let mark = if one.holds { "✅ holds" } else { "❌ finding" };
        row(&mut page, &format!("{}{place}", one.what), mark, &one.seen);
    }
    for one in live.iter().flat_map(|live| &live.environments) {
        environment(&mut page, one);
    }
    if let Some(live) = live {
        writeln!(
            page,
            "\n## How it was proved\n\nBy observation on running containers: Engine {}, Compose {}, {} in all, in projects of \
             their own with volumes and networks of their own. The checkout's containers and data took no part.",
            live.engine,
            live.compose,
            seconds(live.took)
        )
        .ok();
    }
    page
}

fn environment(page: &mut String, one: &Proved) {
    writeln!(page, "\n## Running stack: {}\n", one.environment).ok();
    page.push_str("| Requirement | Status | Evidence |\n|---|---|---|\n");
    for finding in &one.findings {
        let requirement = format!("{}. {}", finding.proof.number(), finding.proof.requirement());
        row(page, &requirement, mark(&finding.verdict.outcome), &evidence(finding));
    }
    if !one.notes.is_empty() {
        page.push_str("\nNot as in the files, so that nothing outside is touched:\n\n");
        one.notes.iter().for_each(|note| page.push_str(&format!("- {}\n", plain(note))));
    }
}

fn evidence(finding: &Finding) -> String {
    let first = match &finding.verdict.outcome {
        Outcome::Proved => None,
        Outcome::Failed { reason, words } => Some(format!("**{words}** (`{reason}`)")),
        Outcome::NotApplicable(why) | Outcome::NotLooked(why) => Some(why.clone()),
    };
    let seen = finding.verdict.evidence.iter().map(|one| format!("*{}:* {}", one.what, one.seen));
    let pace = finding.told_pace().map(|pace| format!("*health checks:* {pace}"));
    first.into_iter().chain(seen).chain(pace).collect::<Vec<_>>().join("\n")
}

fn mark(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Proved => "✅ proved",
        Outcome::Failed { .. } => "❌ failed",
        Outcome::NotApplicable(_) => "– not applicable",
        Outcome::NotLooked(_) => "⚠ not looked at",
    }
}

fn status(looked: &[Entry], live: Option<&Live>) -> String {
    let findings = looked.iter().filter(|one| !one.holds).count();
    let failed = live.map_or(0, |live| tally(live, |outcome| matches!(outcome, Outcome::Failed { .. })));
    let unseen = live.map_or(0, |live| tally(live, |outcome| matches!(outcome, Outcome::NotLooked(_))));
    match (findings + failed, unseen) {
        (0, 0) => "✅ verified".to_owned(),
        (0, unseen) => format!("⚠ {unseen} could not be looked at"),
        (findings, _) => format!("❌ {findings} not as required"),
    }
}

fn row(page: &mut String, requirement: &str, status: &str, evidence: &str) {
    writeln!(page, "| {} | {status} | {} |", plain(requirement), plain(evidence)).ok();
}

/// A text that stays inside a table's cell.
fn plain(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace("\r\n", "\n").replace('\n', "<br>")
}
