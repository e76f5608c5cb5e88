//! `migrate`: brings a checkout up to date, story by story.
//!
//! ```text
//! flags, or a plan
//!   -> MigrateRequest   environments, stories, what becomes of it                      (request)
//!   -> Preview          what the run would do, in memory, worked out once              (preview)
//!   -> Authorised       nothing stands in the way; a person has answered               (authorise)
//!   -> Progress         story by story: draft, proof, check, files, record, git commit (pipeline, commits)
//! ```

mod authorise;
mod commits;
mod preview;
mod questions;
mod request;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use stories::StoryId;
use system::interrupt;
use transaction::CheckoutWriter;

use self::authorise::{Authorised, authorise};
use self::request::{MigrateRequest, Purpose};
use super::Session;
use super::answers::Asked;
use super::impact::Looking;
use crate::checker::Checker;
use crate::checkout::Checkout;
use crate::cli::{CheckerChoice, Migrate};
use crate::exit::Exit;
use crate::guard;
use crate::pipeline::{Failure, Progress, Run};
use crate::plan_file::{Plan, PlanInputs};
use crate::report::{self, Summary};
use crate::state::runs::Start;

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// For the shell.
    pub exit: Exit,
    /// The stories that wait for a person and stop nothing else; none where something else stopped
    /// the run.
    pub open: Vec<StoryId>,
}

/// Runs the command.
///
/// # Errors
/// What kept it from looking at everything.
pub fn run(session: &Session, flags: &Migrate) -> Result<Exit> {
    as_a_step(session, flags).map(|ended| ended.exit)
}

/// Runs the command as a step of another one, which may go on where only an answer is missing.
///
/// # Errors
/// What kept it from looking at everything.
pub fn as_a_step(session: &Session, flags: &Migrate) -> Result<Ended> {
    let mut writer = session.writer()?;
    let mut asked = Asked::default();
    loop {
        let tried = try_migrate(session, flags, writer, &mut asked)?;
        match tried {
            Some(ended) => return Ok(ended),
            // What another run has written is read before anything else, and nobody writes beside
            // this time.
            None => {
                writer = session.writer()?;
                writer.lock()?;
            }
        }
    }
}

/// None where the files are to be read anew: another run was faster, or a question was answered.
fn try_migrate(
    session: &Session,
    flags: &Migrate,
    mut writer: CheckoutWriter,
    asked: &mut Asked,
) -> Result<Option<Ended>> {
    let start = Instant::now();
    let mut checkout = session.checkout()?;
    let request = MigrateRequest::of(session, &checkout, flags)?;
    if request.accept_guesses {
        checkout.stack.accept_guesses();
    }
    if let Purpose::Check = request.purpose {
        return check_only(session, &checkout, &request).map(Some);
    }
    request.must_have_repository(&checkout)?;
    if questions::settle(session, &checkout, &request, &mut writer, asked)? {
        return Ok(None);
    }
    let new_plan = NewPlan::of(&request, &checkout)?;
    let open = request.open_environments(&checkout);
    let checker = checker(session, &checkout, flags.checker, &open, &request.scope)?;
    let mut run = Run::new(checkout, request.scope.clone(), checker, request.is_dry());
    (run.reapply, run.writer) = (request.reapply, writer);
    let Carried { progress, looking } = carry_out(session, &mut run, &request, &open);
    if progress.ended.as_ref().is_some_and(Failure::is_overtaken) {
        return Ok(None);
    }
    let saved = new_plan
        .filter(|_| is_a_plan(&progress))
        .map(|new| new.save(&run, &progress))
        .transpose()?;
    let impact = looking
        .filter(|_| !progress.reports.is_empty())
        .map(|looking| looking.end(&run))
        .unwrap_or_default();
    let (took, committed, plan) = (start.elapsed(), request.commit, saved);
    report::finish(
        session,
        &Summary {
            run: &run,
            stories: &request.stories,
            progress: &progress,
            took,
            committed,
            plan,
            impact: &impact,
        },
    );
    Ok(Some(Ended::of(&progress)))
}

/// What a run came to, and the look at what lives on an engine that it left going.
struct Carried {
    progress: Progress,
    looking: Option<Looking>,
}

/// Carries out what nothing stands in the way of.
fn carry_out(
    session: &Session,
    run: &mut Run,
    request: &MigrateRequest,
    open: &[String],
) -> Carried {
    let authorised = authorise(session, run, request, open);
    begin_log(run, !open.is_empty());
    let looking = authorised
        .as_ref()
        .ok()
        .filter(|_| !open.is_empty())
        .and_then(|_| Looking::begin(run));
    let progress = match authorised {
        Ok(authorised) => apply_all(session, run, &authorised),
        Err(failure) => Progress::ended_by(failure),
    };
    run.log.end_with(
        report::reason(&progress),
        progress.ended.as_ref().and_then(report::way_on),
    );
    Carried { progress, looking }
}

/// Who checks the drafts. Where there is nothing to do, nobody looks for Compose.
fn checker(
    session: &Session,
    checkout: &Checkout,
    choice: CheckerChoice,
    open: &[String],
    scope: &[String],
) -> Result<Checker> {
    if open.is_empty() {
        return Ok(Checker::Embedded);
    }
    complete(session, checkout, scope)?;
    session.checker(choice)
}

/// A plan that is to be saved.
struct NewPlan<'r> {
    file: &'r Path,
    /// What the checkout held before anything was decided.
    inputs: PlanInputs,
}

impl<'r> NewPlan<'r> {
    /// None where none is asked for.
    fn of(request: &'r MigrateRequest, checkout: &Checkout) -> Result<Option<Self>> {
        let Purpose::Save(file) = &request.purpose else {
            return Ok(None);
        };
        let inputs = PlanInputs::of(checkout);
        Plan::may_be_saved(file, checkout, &inputs)?;
        Ok(Some(Self { file, inputs }))
    }

    /// Writes it; where it then lies.
    fn save(self, run: &Run, progress: &Progress) -> Result<&'r Path> {
        Plan::of(run, self.inputs, &progress.reports).save(self.file)?;
        Ok(self.file)
    }
}

/// Whether there is something to save: that nothing is to be done is a plan too, that nothing can
/// be done is none.
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
        let stopped = progress
            .stopped
            .iter()
            .filter_map(|failure| Some(failure.story.as_ref()?.0.clone()));
        let waiting = progress.waiting.iter().map(|waiting| waiting.id.clone());
        let mut open: Vec<_> = stopped.chain(waiting).collect();
        // Each of a story's places may have stopped by itself.
        open.dedup();
        Self {
            exit,
            open: if progress.ended.is_none() {
                open
            } else {
                Vec::new()
            },
        }
    }
}

/// A run that writes is told of afterwards.
fn begin_log(run: &mut Run, is_checked: bool) {
    if !run.dry {
        let checker = is_checked.then(|| run.checker.to_string());
        let start = Start::now("migrate", checker, &run.scope);
        run.log = run.checkout.memory.begin(start);
    }
}

/// Story by story; each is told when it is done.
fn apply_all(session: &Session, run: &mut Run, authorised: &Authorised<'_>) -> Progress {
    let mut progress = match start(session, run, authorised) {
        Ok(stopped) => Progress {
            stopped,
            ..Progress::default()
        },
        Err(failure) => return Progress::ended_by(failure.or_interrupted()),
    };
    for story in &authorised.request.stories {
        progress.apply(run, story, |run, report| {
            report::story(session, run, report);
            commits::commit(run, authorised.request, story, report)
        });
    }
    progress
}

/// Looks at what stands before the first story: what the checker says of the files, and which
/// stories would hide data.
fn start(
    session: &Session,
    run: &mut Run,
    authorised: &Authorised<'_>,
) -> Result<Vec<Failure>, Failure> {
    let Authorised { request, open } = authorised;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let places = guard::covered_paths(run, &request.stories, request.guard);
    let (checked, looked) = std::thread::scope(|scope| {
        let looking = scope.spawn(|| guard::look(places));
        (run.check_start(open), looking.join())
    });
    report::start(session, &run.checkout, &checked?);
    interrupt::check()?;
    let seen = looked.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let judgement = guard::judge(&request.stories, seen)?;
    if !judgement.not_looked_at.is_empty() {
        let places = judgement
            .not_looked_at
            .into_iter()
            .collect::<Vec<_>>()
            .join(", ");
        session.screen.talk(format_args!(
            "note: no Docker engine answers here; data of {places} was not looked for"
        ));
    }
    Ok(judgement.at_risk)
}

/// The first environment runs here, so its env files must be here too; another one's are stood in
/// for.
fn complete(session: &Session, checkout: &Checkout, scope: &[String]) -> Result<()> {
    for missing in checkout
        .missing
        .iter()
        .filter(|missing| scope.contains(&missing.environment))
    {
        match &missing.example {
            Some(example) if checkout.is_first_name(&missing.environment) => bail!(
                "{}: {} is missing, and {} needs it\n  Make it from {example}: {}",
                missing.named_at,
                missing.path,
                missing.environment,
                session.command(&checkout.make_ready(&missing.environment))
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
fn check_only(session: &Session, checkout: &Checkout, request: &MigrateRequest) -> Result<Ended> {
    let rows = report::rows(checkout, &request.stories, &request.scope);
    report::check(session, checkout, &rows)?;
    let exit = if rows.iter().all(report::Row::is_up_to_date) {
        Exit::Done
    } else {
        Exit::Findings
    };
    Ok(Ended {
        exit,
        open: Vec::new(),
    })
}
