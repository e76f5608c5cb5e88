//! `verify`: proves that ledger, files and Docker agree.

mod live;

use std::collections::BTreeMap;

use ::live::outcome::Outcome;
use anyhow::Result;
use compose_model::Environment;
use diagnostics::Severity;
use system::interrupt;

use super::Session;
use crate::checker::{Checker, NotAccepted, Passed};
use crate::checkout::{Checkout, names};
use crate::cli::Verify;
use crate::exit::Exit;
use crate::guard::living;
use crate::report;
use crate::rules;

/// Runs the command. Writes nothing in the checkout.
///
/// # Errors
/// What kept it from looking at everything.
pub fn run(session: &Session, flags: &Verify) -> Result<Exit> {
    let checkout = session.checkout()?;
    let scope = checkout.select(&flags.environments.named)?;
    let checker = session.checker(flags.checker)?;
    let stories: Vec<_> = checkout.catalog.in_order().into_iter().cloned().collect();
    let rows = report::rows(&checkout, &stories, &names(&scope));
    let checks = check(&checkout, &checker, &scope);
    let rules = rules::beside(rules::look(&checkout, &scope), &stories, &rows);
    let looked = living::survey(&checkout, &scope);
    interrupt::check()?;
    let proved = if flags.live.live {
        Some(live::run(&checkout, &scope, &flags.live)?)
    } else {
        None
    };
    interrupt::check()?;
    let seen = report::Seen {
        checks: &checks,
        rules: &rules,
        looked: looked.as_deref(),
        proved: proved.as_ref(),
    };
    report::verify(session, &checkout, &checker, &rows, seen)?;
    let of_live =
        |kind: fn(&Outcome) -> bool| proved.as_ref().map_or(0, |live| report::tally(live, kind));
    let unseen = of_live(|outcome| matches!(outcome, Outcome::Inconclusive(_))) > 0;
    let failed = of_live(|outcome| matches!(outcome, Outcome::Failed { .. })) > 0;
    let unanswered = (unseen && !failed)
        || checks
            .iter()
            .any(|check| check.as_ref().is_err_and(|not| !not.judged));
    let safe = looked.iter().flatten().all(|one| {
        one.verdict
            .as_ref()
            .is_ok_and(|verdict| verdict.risks.is_empty())
    });
    let broken = rules.iter().any(|one| one.severity == Severity::Error);
    let sound = safe
        && !failed
        && !broken
        && checks.iter().all(Result::is_ok)
        && rows.iter().all(report::Row::holds);
    Ok(match (unanswered, sound) {
        (true, _) => Exit::Usage,
        (false, true) => Exit::Done,
        (false, false) => Exit::Findings,
    })
}

/// Checks every environment; one that passed before with the same bytes is not asked again.
fn check(
    checkout: &Checkout,
    checker: &Checker,
    scope: &[Environment],
) -> Vec<Result<Passed, NotAccepted>> {
    let mut memory = checkout.memory.checks();
    let keys: BTreeMap<_, _> = scope
        .iter()
        .filter_map(|own| Some((own.name.as_str(), checker.key(checkout, own)?)))
        .collect();
    let is_known = |own: &Environment| {
        keys.get(own.name.as_str())
            .is_some_and(|key| memory.passed(key))
    };
    let (known, unknown): (Vec<_>, Vec<_>) = scope.iter().cloned().partition(is_known);
    let mut answers: Vec<_> = known
        .into_iter()
        .map(|own| Ok(Passed::Remembered(own.name)))
        .collect();
    for answer in checker.check(checkout, &checkout.stack, &unknown) {
        if let Ok(accepted) = &answer
            && accepted.shape_only.is_none()
            && let Some(key) = keys.get(accepted.environment.as_str())
        {
            memory.remember(key);
        }
        answers.push(answer.map(Passed::Checked));
    }
    answers
}
