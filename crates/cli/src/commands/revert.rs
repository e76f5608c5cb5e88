//! `revert`: takes stories back, the last one first.

use std::time::Instant;

use anyhow::{Result, bail};
use stories::{Record, Story, StoryId};
use system::interrupt;

use super::impact::Looking;
use super::{Session, dirty};
use crate::ask::{self, Answer};
use crate::checker::Checker;
use crate::checkout::{Checkout, names};
use crate::cli::Revert;
use crate::exit::Exit;
use crate::pipeline::{Failure, Reverted, Run, SettledRevert, one_way, record_path};
use crate::report::{self, RevertSummary};
use crate::state::runs::Start;

/// Runs the command. A story is taken back in all of its environments: they share files.
///
/// # Errors
/// What kept it from looking at everything; stories that depend on the one to be reverted.
pub fn run(session: &Session, flags: &Revert) -> Result<Exit> {
    let start = Instant::now();
    let checkout = session.checkout()?;
    if flags
        .skip_reason
        .as_ref()
        .is_some_and(|reason| reason.trim().is_empty())
    {
        bail!("--skip is empty; say why, for those who come later");
    }
    let stories = chosen(session, &checkout, flags)?;
    let scope = names(&checkout.environments());
    let checker = if stories.is_empty() {
        Checker::Embedded
    } else {
        session.checker(flags.checker)?
    };
    let mut run = Run::new(checkout, scope, checker, flags.dry_run);
    run.writer = session.writer()?;
    begin_log(&mut run);
    let looking = (!stories.is_empty())
        .then(|| Looking::begin(&run))
        .flatten();
    let (reverted, failure) = match settle_dirt(session, &run, &stories, flags) {
        Ok(()) => revert_all(session, &mut run, &stories, flags),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    run.log.end(failure.as_ref().map(report::headline));
    let failure = failure.as_ref();
    let impact = looking
        .filter(|_| !reverted.is_empty())
        .map(|looking| looking.end(&run))
        .unwrap_or_default();
    report::reverted(
        session,
        &RevertSummary {
            run: &run,
            reverted: &reverted,
            failure,
            took: start.elapsed(),
            impact: &impact,
        },
    );
    Ok(failure.map_or(Exit::Done, Failure::exit))
}

/// A run that writes is told of afterwards.
fn begin_log(run: &mut Run) {
    if !run.dry {
        let start = Start::now("revert", Some(run.checker.to_string()), &run.scope);
        run.log = run.checkout.memory.begin(start);
    }
}

/// Asks about somebody's uncommitted edits in the files that the records name.
fn settle_dirt(
    session: &Session,
    run: &Run,
    stories: &[Story],
    flags: &Revert,
) -> Result<(), Failure> {
    if run.dry || flags.allow_dirty {
        return Ok(());
    }
    let record = |story: &Story| run.checkout.ledger.get(&story.id);
    let undone = stories.iter().filter_map(record).flat_map(Record::files);
    let files: Vec<_> = undone.chain(stories.iter().map(record_path)).collect();
    dirty::settle(session, dirty::edited(run, &files))
}

/// All are settled before the first is written: a refusal or a no leaves everything as it was. Each
/// is told when it is done.
fn revert_all(
    session: &Session,
    run: &mut Run,
    stories: &[Story],
    flags: &Revert,
) -> (Vec<Reverted>, Option<Failure>) {
    let settled: Result<Vec<_>, _> = stories
        .iter()
        .map(|story| settle(session, run, story, flags))
        .collect();
    let settled = match settled {
        Ok(settled) => settled,
        Err(failure) => return (Vec::new(), Some(failure.or_interrupted())),
    };
    let mut done = Vec::new();
    for one in settled {
        match interrupt::check()
            .map_err(Failure::from)
            .and_then(|()| run.commit_revert(one))
        {
            Ok(reverted) => {
                report::revert(session, run, &reverted);
                done.push(reverted);
            }
            Err(failure) => return (done, Some(failure.or_interrupted())),
        }
    }
    (done, None)
}

fn settle(
    session: &Session,
    run: &mut Run,
    story: &Story,
    flags: &Revert,
) -> Result<SettledRevert, Failure> {
    interrupt::check()?;
    let record = run
        .checkout
        .ledger
        .get(&story.id)
        .cloned()
        .unwrap_or_else(|| Record::of(story));
    let revert = run.revert(story, &record)?;
    if !revert.edited.is_empty() && !flags.discard_edits {
        return Err(Failure::edited_since(story, revert.into_revert().edited));
    }
    let words = one_way(story, &record, &revert);
    let checked = run.check_revert(story, revert)?;
    let accepted = words.is_empty() || run.dry || flags.accept_irreversible;
    if !accepted && !accepts(session, story, &words) {
        return Err(Failure::one_way(story, words));
    }
    run.settle_revert(story, checked, flags.skip_reason.as_deref().map(str::trim))
}

fn accepts(session: &Session, story: &Story, words: &[String]) -> bool {
    let question = format!(
        "{} {} is a one-way step: {}.\nGo back all the same?",
        story.id,
        story.title,
        words.join("; ")
    );
    ask::confirm(&session.screen, question) == Answer::Yes
}

/// The stories that the flags choose, the last one first.
fn chosen(session: &Session, checkout: &Checkout, flags: &Revert) -> Result<Vec<Story>> {
    let mut all: Vec<&Story> = checkout.catalog.in_order();
    all.reverse();
    let known = |id: &StoryId| match all.iter().position(|story| story.id == *id) {
        Some(position) => Ok(position),
        None => Err(session.unknown_story(id)),
    };
    let is_applied = |story: &&&Story| {
        checkout
            .ledger
            .get(&story.id)
            .is_some_and(Record::is_applied)
    };
    let later = match (&flags.id, &flags.to) {
        (Some(id), _) => {
            let story = all[known(id)?];
            must_be_recorded(session, checkout, story)?;
            let dependents = dependents(checkout, story);
            refuse_dependents(session, story, &dependents, flags.with_dependents)?;
            return Ok(dependents.into_iter().chain([story]).cloned().collect());
        }
        (None, Some(to)) => &all[..known(to)?],
        (None, None) => &all[..],
    };
    Ok(later
        .iter()
        .filter(is_applied)
        .map(|story| (*story).clone())
        .collect())
}

fn must_be_recorded(session: &Session, checkout: &Checkout, story: &Story) -> Result<()> {
    let (id, title) = (&story.id, &story.title);
    match checkout.ledger.get(id) {
        None => {
            bail!(
                "{id} {title} is not recorded here; there is nothing to take back: {}",
                session.command(&["status"])
            )
        }
        Some(record) if record.is_applied() || record.is_skipped() => Ok(()),
        Some(record) => {
            let id = id.to_string();
            let environments = checkout.stack.layout.unless_all(record.environments.keys());
            let words = report::skip_in(&id, environments.iter().map(String::as_str), None);
            bail!(
                "{id} {title} was found done by hand, and only the hand that did it knows what was before; to drop it, \
                 take it out by hand and run: {}",
                session.command(&words)
            )
        }
    }
}

/// The applied stories that need a story, be it by way of another one; the last one first.
fn dependents<'c>(checkout: &'c Checkout, story: &Story) -> Vec<&'c Story> {
    let mut needed = vec![story.id.clone()];
    let mut found = Vec::new();
    for other in checkout.catalog.in_order() {
        if other.needs.iter().any(|id| needed.contains(id)) {
            needed.push(other.id.clone());
            found.extend(
                checkout
                    .ledger
                    .get(&other.id)
                    .filter(|record| record.is_applied())
                    .map(|_| other),
            );
        }
    }
    found.reverse();
    found
}

fn refuse_dependents(
    session: &Session,
    story: &Story,
    dependents: &[&Story],
    allowed: bool,
) -> Result<()> {
    let lifted = dependents.is_empty() || allowed;
    let names: Vec<_> = dependents
        .iter()
        .map(|story| format!("{} {}", story.id, story.title))
        .collect();
    if lifted {
        return Ok(());
    }
    let (id, title) = (&story.id, &story.title);
    bail!(
        "{id} {title} is needed by {}; revert that first, or both: {}",
        report::listed(&names),
        session.command(&session.again("revert", "--with-dependents"))
    )
}
