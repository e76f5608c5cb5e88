//! `migrate`: brings a checkout up to date, story by story.

mod commits;
mod orders;
mod settle;

use std::time::Instant;

use anyhow::{Result, bail};
use diagnostics::shell_quote::quoted;
use stories::{State, Story, StoryId};
use system::interrupt;
use transaction::CheckoutWriter;

use self::orders::Orders;
use super::Session;
use crate::checker::Checker;
use crate::checkout::Checkout;
use crate::cli::Migrate;
use crate::exit::Exit;
use crate::git;
use crate::guard;
use crate::pipeline::{Failure, Progress, Report, Run};
use crate::plan_file::{Plan, Read};
use crate::report::{self, Summary};
use crate::state::runs::Start;

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// For the shell.
    pub exit: Exit,
    /// The stories that wait for a person and stop nothing else; none where something else stopped the run.
    pub open: Vec<StoryId>,
}

/// Runs the command.
///
/// # Errors
/// What kept it from looking at everything.
pub fn run(session: &Session, flags: &Migrate) -> Result<Exit> {
    as_a_step(session, flags).map(|ended| ended.exit)
}

/// The same for another command, which may go on where only a person's answer is missing.
///
/// # Errors
/// What kept it from looking at everything.
pub fn as_a_step(session: &Session, flags: &Migrate) -> Result<Ended> {
    let mut writer = session.writer()?;
    loop {
        match attempt(session, flags, writer)? {
            Some(ended) => return Ok(ended),
            // What another run has written is read before anything else, and nobody writes beside this time.
            None => {
                writer = session.writer()?;
                writer.lock()?;
            }
        }
    }
}

/// None where another run was faster.
fn attempt(session: &Session, flags: &Migrate, writer: CheckoutWriter) -> Result<Option<Ended>> {
    let start = Instant::now();
    let checkout = session.checkout()?;
    let plan = flags.plan_file.apply.as_deref().map(Plan::load).transpose()?;
    let orders = Orders::of(session, &checkout, flags, plan.as_ref())?;
    if flags.check {
        let exit = check_only(session, &checkout, &orders)?;
        return Ok(Some(Ended { exit, open: Vec::new() }));
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
    (run.reapply, run.writer) = (orders.reapply, writer);
    if !open_environments(&run, &orders.stories).is_empty() {
        complete(session, &run.checkout, &orders.scope)?;
        run.checker = Checker::choose(flags.checker, &session.screen)?;
    }
    let settled = settle::settle(session, &mut run, &orders, flags.git.allow_dirty, plan.as_ref());
    begin_log(&mut run);
    let progress = match settled {
        Ok(()) => apply_all(session, &mut run, &orders),
        Err(failure) => Progress::ended_by(failure),
    };
    run.log.end_with(report::reason(&progress), progress.ended.as_ref().and_then(report::way_on));
    if progress.ended.as_ref().is_some_and(Failure::is_overtaken) {
        return Ok(None);
    }
    let saved = saved.filter(|_| is_a_plan(&progress));
    if let (Some(file), Some(read)) = (saved, read) {
        Plan::of(&run, read, &progress.reports).save(file)?;
    }
    let (took, committed) = (start.elapsed(), orders.commit);
    let summary = Summary { run: &run, stories: &orders.stories, progress: &progress, took, committed, plan: saved };
    report::finish(session, &summary);
    Ok(Some(Ended::of(&progress)))
}

/// Whether there is something to save: that nothing is to be done is a plan too, that nothing can be done is none.
fn is_a_plan(progress: &Progress) -> bool {
    progress.is_complete() || progress.ended.is_none() && !progress.reports.is_empty()
}

impl Ended {
    fn of(progress: &Progress) -> Self {
        let exit = match &progress.ended {
            Some(failure) => failure.exit(),
            None if progress.is_complete() => Exit::Done,
            None => Exit::Findings,
        };
        let stopped = progress.stopped.iter().filter_map(|failure| Some(failure.story.as_ref()?.0.clone()));
        let open = stopped.chain(progress.waiting.iter().map(|waiting| waiting.id.clone()));
        Self { exit, open: if progress.ended.is_none() { open.collect() } else { Vec::new() } }
    }
}

/// A run that writes is told of afterwards.
fn begin_log(run: &mut Run) {
    if !run.dry {
        let start = Start::now("migrate", Some(run.checker.to_string()), &run.scope);
        run.log = run.checkout.memory.begin(start);
    }
}

/// Story by story; each is told when it is done.
fn apply_all(session: &Session, run: &mut Run, orders: &Orders) -> Progress {
    let mut progress = match start(session, run, orders) {
        Ok(stopped) => Progress { stopped, ..Progress::default() },
        Err(failure) => return Progress::ended_by(failure.or_interrupted()),
    };
    for story in &orders.stories {
        progress.apply(run, story, |run, report| {
            report::story(session, run, report);
            commits::commit(run, orders, story, report)
        });
    }
    progress
}

/// Looks at what stands before the first story: what the checker says of the files, and which stories would hide data.
fn start(session: &Session, run: &mut Run, orders: &Orders) -> Result<Vec<Failure>, Failure> {
    let open = open_environments(run, &orders.stories);
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let places = guard::places(run, &orders.stories, orders.guard);
    let watch = std::thread::scope(|scope| {
        let looking = scope.spawn(|| guard::look(places));
        let checked = run.check_start(&open);
        (checked, looking.join())
    });
    report::start(session, &run.checkout, &watch.0?);
    interrupt::check()?;
    match watch.1 {
        Ok(seen) => guard::judge(session, &orders.stories, seen),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// What the stories would do, checked by the embedded checker alone; as far as they come.
fn rehearse(run: &Run, orders: &Orders) -> Vec<Report> {
    let mut rehearsal = Run::new(run.checkout.clone(), run.scope.clone(), Checker::Embedded, true);
    rehearsal.reapply = run.reapply;
    let mut progress = Progress::default();
    orders.stories.iter().for_each(|story| progress.apply(&mut rehearsal, story, |_, _| Ok(())));
    progress.reports
}

/// The environments in which some story is to be applied, or only recorded, which says that the files are accepted, or
/// may be applied again, which is no way out of a rejection.
fn open_environments(run: &Run, stories: &[Story]) -> Vec<String> {
    let is_to_be_told = |state: &State| matches!(state, State::Adopted { recorded: false, .. } | State::Drifted(_));
    let is_open = |environment: &&String| {
        let mut states = stories.iter().map(|story| run.state(story, environment));
        states.any(|state| run.applies(&state) || is_to_be_told(&state))
    };
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
fn check_only(session: &Session, checkout: &Checkout, orders: &Orders) -> Result<Exit> {
    let rows = report::rows(checkout, &orders.stories, &orders.scope);
    report::check(session, checkout, &rows)?;
    Ok(if rows.iter().all(report::Row::is_up_to_date) { Exit::Done } else { Exit::Findings })
}
