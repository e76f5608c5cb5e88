//! The screen of `verify`.

use serde_json::json;

use super::{Row, count, document, status};
use crate::checker::{Accepted, Checker, NotAccepted};
use crate::checkout::Checkout;
use crate::commands::Session;
use crate::screen::Tone;

/// Shows what was proved and what was not.
pub fn verify(
    session: &Session,
    checkout: &Checkout,
    checker: &Checker,
    rows: &[Row],
    checks: &[Result<Accepted, NotAccepted>],
) {
    let screen = &session.screen;
    let stories: Vec<_> = rows.iter().map(Row::json).collect();
    let config: Vec<_> = checks.iter().map(|check| check_json(checker, check)).collect();
    screen.json(&document("verify", json!({ "root": checkout.root, "stories": stories, "checks": config })));
    status::table(screen, rows);
    let mut findings = rows.iter().filter(|row| !row.holds()).count();
    for check in checks {
        match check {
            Ok(one) => screen.say(format_args!("{}  {}", screen.tone(Tone::Good, "ok  "), accepted(checker, one))),
            Err(not) => {
                findings += 1;
                let did = if not.judged { "rejects" } else { "gave no answer about" };
                screen.say(format_args!("{}  {checker} {did} {}", screen.tone(Tone::Bad, "FAIL"), not.environment));
                not.words.lines().for_each(|line| screen.say(format_args!("      {line}")));
            }
        }
    }
    status::unproved(rows, &session.root_flag()).iter().for_each(|line| screen.say(line));
    screen.say(match findings {
        0 => format!("Verified: {}, files and ledger agree.", count(rows.len(), "story", "stories")),
        _ => format!(
            "{}. Next: cargo xtask migrate --dry-run{}",
            count(findings, "finding", "findings"),
            session.root_flag()
        ),
    });
}

fn accepted(checker: &Checker, one: &Accepted) -> String {
    let how = match &one.shape_only {
        Some(why) => format!(" in shape only: {why}"),
        None if one.took.is_zero() => ", as it did before: the same bytes".to_owned(),
        None => format!(" ({} ms)", one.took.as_millis()),
    };
    format!("{checker} accepts {}{how}", one.environment)
}

fn check_json(checker: &Checker, check: &Result<Accepted, NotAccepted>) -> serde_json::Value {
    match check {
        Ok(one) => json!({
            "environment": one.environment, "checker": checker.to_string(), "accepted": true, "shape_only": one.shape_only,
        }),
        Err(not) => json!({
            "environment": not.environment, "checker": checker.to_string(), "accepted": false, "words": not.words,
        }),
    }
}
