//! `migrate`: brings a checkout up to date, story by story.

mod commits;
mod orders;
mod settle;

use std::time::Instant;

use anyhow::{Result, bail};
use stories::Story;

use self::orders::Orders;
use super::Session;
use crate::checker::Checker;
use crate::checkout::Checkout;
use crate::cli::Migrate;
use crate::commit::Pen;
use crate::exit::Exit;
use crate::git;
use crate::guard;
use crate::interrupt;
use crate::pipeline::{Failure, Report, Run};
use crate::plan_file::{Plan, Read};
use crate::report::{self, Summary};
use crate::shell_word::quoted;
use crate::state::runs::Start;

/// Runs the command.
///
/// # Errors
/// What kept it from looking at everything.
pub fn run(session: &Session, flags: &Migrate) -> Result<Exit> {
    let mut pen = session.pen()?;
    loop {
        match attempt(session, flags, pen)? {
            Some(exit) => return Ok(exit),
            // What another run has written is read before anything else, and nobody writes beside this time.
            None => {
                pen = session.pen()?;
                pen.lock()?;
            }
        }
    }
}

/// None where another run was faster.
fn attempt(session: &Session, flags: &Migrate, pen: Pen) -> Result<Option<Exit>> {
    let start = Instant::now();
    let checkout = session.checkout()?;
    let plan = flags.plan_file.apply.as_deref().map(Plan::load).transpose()?;
    let orders = Orders::of(&checkout, flags, plan.as_ref())?;
    if flags.check {
        return Ok(Some(check_only(session, &checkout, &orders)));
    }
    if orders.commit && !git::is_repository(&checkout.root) {
        bail!("--commit makes one git commit a story, and this is no git repository; leave it out, or run: git init");
    }
    let saved = flags.plan_file.plan.as_deref();
    let read = saved.map(|_| Read::of(&checkout));
    if let (Some(file), Some(read)) = (saved, &read) {
        Plan::may_be_saved(file, &checkout, read)?;
    }
    let mut run = Run::new(checkout, orders.scope.clone(), Checker::Embedded, flags.dry_run || saved.is_some());
    (run.reapply, run.pen) = (orders.reapply, pen);
    if !open_environments(&run, &orders.stories).is_empty() {
        complete(session, &run.checkout, &orders.scope)?;
    }
    let settled = settle::settle(session, &mut run, &orders, (flags.git.allow_dirty, plan.as_ref()));
    if !open_environments(&run, &orders.stories).is_empty() {
        run.checker = Checker::choose(flags.checker, &session.screen)?;
    }
    begin_log(&mut run);
    let (reports, failure) = match settled {
        Ok(()) => apply_all(session, &mut run, &orders),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    run.log.end_with(failure.as_ref().map(report::headline), failure.as_ref().and_then(report::way_on));
    if failure.as_ref().is_some_and(Failure::is_overtaken) {
        return Ok(None);
    }
    if let (Some(file), Some(read), None) = (saved, read, &failure) {
        Plan::of(&run, read, &reports).save(file)?;
    }
    let (stories, took) = (orders.stories.len(), start.elapsed());
    let (failed, committed) = (failure.as_ref(), orders.commit);
    let summary = Summary { run: &run, stories, reports: &reports, failure: failed, took, committed, plan: saved };
    report::finish(session, &summary);
    Ok(Some(failure.as_ref().map_or(Exit::Done, Failure::exit)))
}

/// A run that writes is told of afterwards.
fn begin_log(run: &mut Run) {
    if !run.dry {
        let start = Start::now("migrate", Some(run.checker.to_string()), &run.scope);
        run.log = run.checkout.memory.begin(start);
    }
}

/// Story by story until one fails; each is told when it is done.
fn apply_all(session: &Session, run: &mut Run, orders: &Orders) -> (Vec<Report>, Option<Failure>) {
    let mut reports = Vec::new();
    if let Err(failure) = start(session, run, orders) {
        return (reports, Some(failure.or_interrupted()));
    }
    for story in &orders.stories {
        match apply(run, story) {
            Ok(None) => continue,
            Ok(Some(report)) => {
                report::story(session, run, &report);
                reports.push(report);
            }
            Err(failure) => return (reports, Some(failure.or_interrupted())),
        }
        let committed = reports.last().map_or(Ok(()), |report| commits::commit(run, orders, story, report));
        if let Err(failure) = committed {
            return (reports, Some(failure));
        }
    }
    (reports, None)
}

/// Looks at what stands before the first story: what the checker says of the files, and whether data is in the way.
fn start(session: &Session, run: &mut Run, orders: &Orders) -> Result<(), Failure> {
    let open = open_environments(run, &orders.stories);
    if open.is_empty() {
        return Ok(());
    }
    let places = guard::places(run, &orders.stories, orders.guard);
    let watch = std::thread::scope(|scope| {
        let looking = scope.spawn(|| guard::look(places));
        let checked = run.check_start(&open);
        (checked, looking.join())
    });
    report::start(session, &run.checkout, &watch.0?);
    match watch.1 {
        Ok(seen) => guard::judge(session, &orders.stories, seen),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn apply(run: &mut Run, story: &Story) -> Result<Option<Report>, Failure> {
    interrupt::check()?;
    let open = run.open_environments(story)?;
    if open.is_empty() {
        return Ok(None);
    }
    let draft = run.draft(story, &open)?;
    let checked = run.check(story, draft)?;
    run.commit(story, checked).map(Some)
}

/// What the stories would do, checked by the embedded checker alone; as far as they come.
fn rehearse(run: &Run, orders: &Orders) -> Vec<Report> {
    let mut rehearsal = Run::new(run.checkout.clone(), run.scope.clone(), Checker::Embedded, true);
    rehearsal.reapply = run.reapply;
    let reports = orders.stories.iter().map_while(|story| apply(&mut rehearsal, story).ok());
    reports.flatten().collect()
}

/// The environments in which some story is to be applied.
fn open_environments(run: &Run, stories: &[Story]) -> Vec<String> {
    let is_open = |environment: &&String| stories.iter().any(|story| run.applies(&run.state(story, environment)));
    run.scope.iter().filter(is_open).cloned().collect()
}

/// The local environment runs here, so its env files must be here too; another one's are stood in for.
fn complete(session: &Session, checkout: &Checkout, scope: &[String]) -> Result<()> {
    for missing in checkout.missing.iter().filter(|missing| scope.contains(&missing.environment)) {
        match &missing.example {
            Some(example) if missing.environment == "local" => bail!(
                "{}: {} is missing, and the local environment needs it\n  make it: cp {} {}   (then look at the values)",
                missing.named_at,
                missing.path,
                quoted(example),
                quoted(&missing.path)
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
fn check_only(session: &Session, checkout: &Checkout, orders: &Orders) -> Exit {
    let rows = report::rows(checkout, &orders.stories, &orders.scope);
    report::check(session, &rows);
    if rows.iter().all(report::Row::is_up_to_date) { Exit::Done } else { Exit::Findings }
}
