//! The screen of `verify`.

use std::io;

use ::live::Live;
use diagnostics::{Action, Diagnostic, Group, Severity};
use serde_json::{Value, json};
use stories::waits::{Wait, unchecked};

use super::findings::{self, accepted};
use super::formats::{self, Findings};
use super::leftovers::{LeftoverDocument, leftover};
use super::{Row, count, data, document, listed, live, reach, status, value};
use crate::checker::{Checker, NotAccepted, Passed};
use crate::checkout::Checkout;
use crate::commands::Session;
use crate::doctor::still_placeholders;
use crate::guard::living::Looked;
use crate::screen::{Screen, Tone};

/// What Compose said of each environment, what an engine holds, and what was proved on running
/// containers.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'s> {
    /// What Compose said, environment by environment.
    pub checks: &'s [Result<Passed, NotAccepted>],
    /// What the environments' models show to be wrong.
    pub rules: &'s [Diagnostic],
    /// What the engine holds; none where no engine answers.
    pub looked: Option<&'s [Looked]>,
    /// What was proved, where that was asked for.
    pub proved: Option<&'s Live>,
}

/// Shows what was proved and what was not.
///
/// # Errors
/// None but of memory.
pub fn verify(
    session: &Session,
    checkout: &Checkout,
    checker: &Checker,
    rows: &[Row],
    seen: Seen<'_>,
) -> io::Result<()> {
    let screen = &session.screen;
    let groups = groups(session, checker, rows, seen);
    let is_live = seen.proved.is_some();
    let report = Findings {
        command: if is_live {
            &["verify", "--live"]
        } else {
            &["verify"]
        },
        title: "Verification report",
        checkout: Some(checkout),
        groups: &groups,
        ending: &seen.proved.map(live::how).unwrap_or_default(),
    };
    formats::write(session, &report)?;
    let checks = seen.checks;
    let notes = [waits(checkout, checks), placeholders(checkout, checks)].concat();
    let mut body = json(checkout, &notes, checker, rows, seen);
    body["findings"] = value(&formats::member(session, &groups));
    screen.json(&document("verify", body));
    for_people(session, &notes, checker, rows, seen);
    Ok(())
}

fn json(
    checkout: &Checkout,
    notes: &[String],
    checker: &Checker,
    rows: &[Row],
    seen: Seen<'_>,
) -> Value {
    let Seen {
        checks,
        looked,
        proved,
        ..
    } = seen;
    let stories: Vec<_> = rows.iter().map(Row::document).collect();
    let config: Vec<_> = checks
        .iter()
        .map(|check| check_json(checker, check))
        .collect();
    let data = looked.map(|looked| looked.iter().map(looked_json).collect::<Vec<_>>());
    let mut body = json!({ "root": checkout.root.to_string_lossy(), "stories": stories, "checks": config, "data": data, "notes": notes });
    if let Some(proved) = proved {
        body["live"] = live::json(proved);
    }
    body
}

fn for_people(
    session: &Session,
    notes: &[String],
    checker: &Checker,
    rows: &[Row],
    seen: Seen<'_>,
) {
    let Seen {
        checks,
        rules,
        looked,
        proved,
    } = seen;
    let screen = &session.screen;
    status::table(screen, rows);
    checks
        .iter()
        .for_each(|check| checked(screen, checker, check));
    rules.iter().for_each(|one| ruled(session, one));
    let broken = rules.iter().filter(|one| is_error(one)).count();
    let at_risk: usize = match looked {
        Some(looked) => looked.iter().map(|one| living(screen, one)).sum(),
        None => {
            screen.say(
                "note  no Docker engine answers here; data that it may hold was not looked at",
            );
            0
        }
    };
    notes
        .iter()
        .for_each(|line| screen.say_behind("note  ", line));
    status::unproved(session, rows)
        .iter()
        .for_each(|line| screen.say(line));
    open(session, rows)
        .iter()
        .for_each(|line| screen.say_behind("note  ", line));
    let to_settle = rows.iter().filter(|row| !row.holds()).count();
    let rejected = checks.iter().filter(|check| check.is_err()).count();
    let rejected = rejected + broken;
    let findings = count(to_settle + rejected + at_risk, "finding", "findings");
    screen.say(match (to_settle, rejected + at_risk) {
        (0, 0) => verified(rows),
        (0, _) => findings,
        _ => status::with_next(
            &format!("{findings}."),
            &session.narrowed(&["migrate", "--dry-run"]),
        ),
    });
    proved.iter().for_each(|proved| live::live(session, proved));
}

/// What is not recorded and so not verified: `status` and `migrate --check` fail for it.
fn open(session: &Session, rows: &[Row]) -> Option<String> {
    let mut found: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    for row in rows
        .iter()
        .filter(|row| row.holds() && !row.is_up_to_date())
    {
        let open = row.open();
        match found.iter_mut().find(|(known, _)| *known == open) {
            Some((_, ids)) => ids.push(&row.id),
            None => found.push((open, vec![&row.id])),
        }
    }
    let words: Vec<_> = found
        .iter()
        .map(|(open, ids)| format!("{}: {}", listed(ids), listed(open)))
        .collect();
    let see = || {
        format!(
            "not recorded: {}. See: {}",
            words.join("; "),
            session.command(&["status"])
        )
    };
    (!found.is_empty()).then(see)
}

fn verified(rows: &[Row]) -> String {
    let applying = rows.iter().filter(|row| row.applies()).count();
    let open = rows.iter().filter(|row| !row.is_up_to_date()).count();
    match (applying, open) {
        (0, _) => "Verified: no story applies here, and the files are accepted.".to_owned(),
        (_, 0) => format!(
            "Verified: {}; files and ledger agree.",
            reach::counted(rows)
        ),
        _ => format!(
            "Verified: files and ledger agree; {} open.",
            count(open, "story is", "stories are")
        ),
    }
}

/// What Compose takes and what may never start all the same.
fn waits(checkout: &Checkout, checks: &[Result<Passed, NotAccepted>]) -> Vec<String> {
    let of = |environment: &str| {
        let found = unchecked(&checkout.stack, environment).into_iter();
        let words = move |Wait { service, on, at }| {
            format!(
                "{environment}: {service} waits until {on} is healthy ({at}), and the files do not check that; it never \
                 starts unless {on}'s image does"
            )
        };
        found.map(words).collect::<Vec<_>>()
    };
    environments(checks).flat_map(of).collect()
}

/// What stands in the env files of this machine and is no value.
fn placeholders(checkout: &Checkout, checks: &[Result<Passed, NotAccepted>]) -> Vec<String> {
    let all = checkout.environments();
    let checked = all
        .iter()
        .filter(|own| environments(checks).any(|name| name == own.name));
    let mut found: Vec<_> = checked
        .flat_map(|environment| still_placeholders(checkout, environment))
        .collect();
    found.dedup();
    found
}

fn environments(checks: &[Result<Passed, NotAccepted>]) -> impl Iterator<Item = &str> {
    checks.iter().map(|check| {
        check
            .as_ref()
            .map_or_else(|not| not.environment.as_str(), Passed::environment)
    })
}

/// What a checker says of an environment.
fn checked(screen: &Screen, checker: &Checker, check: &Result<Passed, NotAccepted>) {
    match check {
        Ok(one) => screen.say(format_args!(
            "{}  {}",
            screen.tone(Tone::Good, "ok  "),
            accepted(checker, one)
        )),
        Err(not) => {
            let did = if not.judged {
                "rejects"
            } else {
                "gave no answer about"
            };
            screen.say(format_args!(
                "{}  {checker} {did} {}",
                screen.tone(Tone::Bad, "FAIL"),
                not.environment
            ));
            not.words
                .lines()
                .for_each(|line| screen.say(format_args!("      {line}")));
        }
    }
}

fn is_error(one: &Diagnostic) -> bool {
    one.severity == Severity::Error
}

/// What a rule found, where, and what to do.
fn ruled(session: &Session, one: &Diagnostic) {
    let screen = &session.screen;
    let at = one.location.as_ref().map(|at| format!(" ({at})"));
    let environment = one.environment.as_deref().unwrap_or_default();
    let text = format!("{environment}: {}{}", one.message, at.unwrap_or_default());
    if is_error(one) {
        screen.say_behind_toned("FAIL", Tone::Bad, "  ", &text);
    } else {
        screen.say_behind("note  ", &text);
    }
    let advice = one.remedies.iter().flat_map(|remedy| &remedy.actions);
    for action in advice {
        if let Action::Advice(words) = action {
            screen.say_behind("      ", words);
        }
    }
}

/// What was found: in the files, and on running containers where that was asked for.
fn groups(session: &Session, checker: &Checker, rows: &[Row], seen: Seen<'_>) -> Vec<Group> {
    let Seen {
        checks,
        rules,
        looked,
        proved,
    } = seen;
    let mut files = findings::of_rows(rows, Severity::Note, &session.choice());
    files.extend(findings::of_checks(checker, checks));
    files.extend(rules.iter().cloned());
    files.extend(findings::of_data(looked.unwrap_or_default()));
    let files = formats::group("files", "Files", files);
    [files]
        .into_iter()
        .chain(proved.into_iter().flat_map(findings::of_live))
        .collect()
}

/// How many findings there are.
fn living(screen: &Screen, looked: &Looked) -> usize {
    let environment = &looked.environment;
    match &looked.verdict {
        Ok(verdict) => {
            verdict
                .unknown
                .iter()
                .chain(&verdict.notes)
                .for_each(|note| screen.say_behind("note  ", &format!("{environment}: {note}")));
            for left in &verdict.leftovers {
                leftover(environment, left, &mut |line| screen.say(line));
            }
            verdict
                .risks
                .iter()
                .for_each(|risk| data::finding(screen, environment, risk));
            if verdict.is_safe() {
                screen.say(format_args!(
                    "{}  {environment}: no data here is at risk",
                    screen.tone(Tone::Good, "ok  ")
                ));
            }
            verdict.risks.len()
        }
        Err(words) => {
            let word = screen.tone(Tone::Bad, "FAIL");
            screen.say(format_args!(
                "{word}  {environment}: could not check whether data is at risk"
            ));
            words
                .lines()
                .for_each(|line| screen.say(format_args!("      {line}")));
            1
        }
    }
}

fn looked_json(looked: &Looked) -> Value {
    match &looked.verdict {
        Ok(verdict) => {
            let risks: Vec<_> = verdict.risks.iter().map(data::json).collect();
            let leftovers: Vec<_> = verdict
                .leftovers
                .iter()
                .map(LeftoverDocument::from)
                .collect();
            json!({ "environment": looked.environment, "leftovers": leftovers, "looked": true, "risks": risks, "unknown": verdict.unknown, "notes": verdict.notes })
        }
        Err(words) => {
            json!({ "environment": looked.environment, "looked": false, "reason": words })
        }
    }
}

fn check_json(checker: &Checker, check: &Result<Passed, NotAccepted>) -> Value {
    match check {
        Ok(one) => json!({
            "environment": one.environment(), "checker": checker.to_string(), "accepted": true, "shape_only": one.shape_only(),
        }),
        Err(not) => json!({
            "environment": not.environment, "checker": checker.to_string(), "accepted": false, "said": not.words,
        }),
    }
}
