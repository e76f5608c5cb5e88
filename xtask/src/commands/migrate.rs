//! `migrate`: brings a checkout up to date, story by story.

use std::time::Instant;

use anyhow::{Result, bail};
use stories::{State, Story, StoryId};

use super::Session;
use crate::checker::Checker;
use crate::checkout::Checkout;
use crate::cli::Migrate;
use crate::exit::Exit;
use crate::guard::{self, Guard};
use crate::pipeline::{Failure, Report, Run};
use crate::report::{self, Summary};

/// Runs the command.
///
/// # Errors
/// What kept it from looking at everything.
pub fn run(session: &Session, flags: &Migrate) -> Result<Exit> {
    let start = Instant::now();
    let checkout = session.checkout()?;
    let scope = checkout.select(&flags.selection.environments)?;
    let stories = chosen(&checkout, flags, &scope)?;
    if flags.check {
        return Ok(check_only(session, &checkout, &stories, &scope));
    }
    complete(session, &checkout, &scope)?;
    let open = open_environments(&checkout, &stories, &scope);
    let checker = if open.is_empty() { Checker::Embedded } else { Checker::choose(flags.checker, &session.screen)? };
    let mut run = Run::new(checkout, scope, checker, flags.dry_run);
    let guard = if flags.data_is_expendable { Guard::Off } else { Guard::On };
    let (reports, failure) = apply_all(session, &mut run, &stories, guard);
    let summary = Summary {
        run: &run,
        stories: stories.len(),
        reports: &reports,
        failure: failure.as_ref(),
        took: start.elapsed(),
    };
    report::finish(session, &summary);
    Ok(if failure.is_some() { Exit::Findings } else { Exit::Done })
}

/// Story by story until one fails; each is told when it is done.
fn apply_all(session: &Session, run: &mut Run, stories: &[Story], guard: Guard) -> (Vec<Report>, Option<Failure>) {
    let mut reports = Vec::new();
    if let Err(failure) = start(session, run, stories, guard) {
        return (reports, Some(failure));
    }
    for story in stories {
        match apply(run, story) {
            Ok(None) => {}
            Ok(Some(report)) => {
                report::story(session, run, &report);
                reports.push(report);
            }
            Err(failure) => return (reports, Some(failure)),
        }
    }
    (reports, None)
}

/// Looks at what stands before the first story: what the checker says of the files, and whether data is in the way.
fn start(session: &Session, run: &mut Run, stories: &[Story], guard: Guard) -> Result<(), Failure> {
    let open = open_environments(&run.checkout, stories, &run.scope);
    if open.is_empty() {
        return Ok(());
    }
    let places = guard::places(run, stories, guard);
    let watch = std::thread::scope(|scope| {
        let looking = scope.spawn(|| guard::look(places));
        let checked = run.check_start(&open);
        (checked, looking.join())
    });
    report::start(session, &run.checkout, &watch.0?);
    match watch.1 {
        Ok(seen) => guard::judge(session, stories, seen),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn apply(run: &mut Run, story: &Story) -> Result<Option<Report>, Failure> {
    let open = run.open_environments(story)?;
    if open.is_empty() {
        return Ok(None);
    }
    let draft = run.draft(story, &open)?;
    let checked = run.check(story, draft)?;
    run.commit(story, checked).map(Some)
}

/// The stories that the flags choose, in order.
fn chosen(checkout: &Checkout, flags: &Migrate, scope: &[String]) -> Result<Vec<Story>> {
    let all = checkout.catalog.in_order().into_iter().cloned();
    let known = |id: &StoryId| match checkout.catalog.get(id) {
        Some(story) => Ok(story),
        None => bail!("there is no story {id}; list them: cargo xtask status"),
    };
    if let Some(only) = &flags.only {
        let story = known(only)?;
        unmet_needs(checkout, story, scope)?;
        return Ok(vec![story.clone()]);
    }
    let Some(last) = &flags.to else { return Ok(all.collect()) };
    known(last)?;
    let mut stories: Vec<_> = all.collect();
    let end = stories.iter().position(|story| story.id == *last).map_or(0, |at| at + 1);
    stories.truncate(end);
    Ok(stories)
}

/// Refuses a story alone when another must hold first.
fn unmet_needs(checkout: &Checkout, story: &Story, scope: &[String]) -> Result<()> {
    let is_met = |id: &StoryId| {
        let Some(needed) = checkout.catalog.get(id) else { return false };
        scope.iter().all(|environment| checkout.checklist().state(needed, environment).is_settled())
    };
    let unmet: Vec<_> = story.needs.iter().filter(|id| !is_met(id)).map(ToString::to_string).collect();
    if unmet.is_empty() {
        return Ok(());
    }
    bail!("story {} needs {} first; run: cargo xtask migrate --to {}", story.id, unmet.join(", "), story.id)
}

/// The environments in which some story is open.
fn open_environments(checkout: &Checkout, stories: &[Story], scope: &[String]) -> Vec<String> {
    let is_open = |environment: &&String| {
        stories.iter().any(|story| matches!(checkout.checklist().state(story, environment), State::Pending(_)))
    };
    scope.iter().filter(is_open).cloned().collect()
}

/// The local environment runs here, so its env files must be here too; another one's are stood in for.
fn complete(session: &Session, checkout: &Checkout, scope: &[String]) -> Result<()> {
    for missing in checkout.missing.iter().filter(|missing| scope.contains(&missing.environment)) {
        match &missing.example {
            Some(example) if missing.environment == "local" => bail!(
                "{}: {} is missing, and the local environment needs it\n  make it: cp {example} {}   (then look at the values)",
                missing.named_at,
                missing.path,
                missing.path
            ),
            _ => session.screen.warn(format_args!(
                "{}: {} is missing here; {} is checked with a stand-in for it (shape only)",
                missing.named_at, missing.path, missing.environment
            )),
        }
    }
    Ok(())
}

/// `--check`: says what is pending and writes nothing.
fn check_only(session: &Session, checkout: &Checkout, stories: &[Story], scope: &[String]) -> Exit {
    let rows = report::rows(checkout, stories, scope);
    report::check(session, &rows);
    if rows.iter().all(report::Row::is_up_to_date) { Exit::Done } else { Exit::Findings }
}
