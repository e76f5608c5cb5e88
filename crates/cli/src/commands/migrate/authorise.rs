//! What must be settled before the first story: on a terminal by a question, in scripts by a flag.

use stories::{PlaceState, State, Story};

use super::commits;
use super::preview::Preview;
use super::request::{MigrateRequest, Purpose};
use crate::ask::{self, Answer};
use crate::commands::{Session, dirty};
use crate::git;
use crate::pipeline::{Failure, Run, record_path};

/// A request that nothing stands in the way of any more. Only [`authorise`] makes one; only one is
/// carried out.
#[derive(Debug)]
pub(super) struct Authorised<'r> {
    /// What is asked for.
    pub(super) request: &'r MigrateRequest,
    /// The environments in which there is something to do.
    pub(super) open: &'r [String],
}

/// Looks at what may stand in the way, and asks what is to be asked.
///
/// # Errors
/// [`Failure`] for what is not settled; nothing is written then.
pub(super) fn authorise<'r>(
    session: &Session,
    run: &mut Run,
    request: &'r MigrateRequest,
    open: &'r [String],
) -> Result<Authorised<'r>, Failure> {
    // A plan says itself whether what was removed by hand is applied again.
    if let Purpose::Write = request.purpose {
        settle_drift(session, run, &request.stories, open)?;
    }
    let preview = Preview::of(run, &request.stories);
    if let Purpose::WriteAsPlanned(plan) = &request.purpose {
        plan.must_hold(&run.checkout, || preview.reports())?;
    }
    if !request.is_dry() {
        may_be_written(session, request, &preview)?;
    }
    Ok(Authorised { request, open })
}

/// Git is asked whether it would commit, and a person whether somebody's edits may be written over.
fn may_be_written(
    session: &Session,
    request: &MigrateRequest,
    preview: &Preview<'_>,
) -> Result<(), Failure> {
    if request.commit
        && let Some(warning) = commits::must_be_possible(preview)?
    {
        session.screen.warn(warning);
    }
    if request.allow_dirty {
        Ok(())
    } else {
        dirty::settle(session, dirty(request, preview))
    }
}

/// What was removed by hand is not applied again unless somebody says so. Without a yes the run
/// stops at the story. Where the files are rejected as they are, there is nothing to ask.
fn settle_drift(
    session: &Session,
    run: &mut Run,
    stories: &[Story],
    open: &[String],
) -> Result<(), Failure> {
    if run.reapply || !ask::is_possible(&session.screen) {
        return Ok(());
    }
    let gone = gone(run, stories);
    if !gone.is_empty() {
        run.check_start(open)?;
        let question = format!(
            "{}\nApply it again? (in scripts: --reapply)",
            gone.join("\n")
        );
        run.reapply = ask::confirm(&session.screen, question) == Answer::Yes;
    }
    Ok(())
}

/// What was removed by hand and can be applied again, in lines for a person.
fn gone(run: &Run, stories: &[Story]) -> Vec<String> {
    let mut gone = Vec::new();
    for story in stories {
        for environment in &run.scope {
            for PlaceState { state, .. } in run.places(story, environment) {
                let State::Drifted(drifts) = &state else {
                    continue;
                };
                if !state.can_return() {
                    continue;
                }
                let what = |drift: &stories::Drift| {
                    format!("  {environment}: {} ({})", drift.what, drift.at)
                };
                gone.push(format!(
                    "{} {} was applied, and is gone:",
                    story.id, story.title
                ));
                gone.extend(drifts.iter().map(what));
            }
        }
    }
    gone
}

/// The files that the run would write and that hold somebody's uncommitted edits. What would get
/// into a commit counts as edited, whoever wrote it, and whether git knows the file or not.
fn dirty(request: &MigrateRequest, preview: &Preview<'_>) -> Result<Vec<String>, Failure> {
    let run = preview.run;
    let is_open = |story: &Story| !run.open(story).places.is_empty();
    if !request.stories.iter().any(is_open) {
        return Ok(Vec::new());
    }
    let checkout = &run.checkout;
    let records = request.stories.iter().map(record_path);
    let files: Vec<_> = checkout
        .stack
        .files
        .keys()
        .cloned()
        .chain(records)
        .collect();
    let mut modified = match request.commit {
        true => git::uncommitted(&checkout.root, &files).map_err(Failure::no_answer)?,
        false => dirty::edited(run, &files)?,
    };
    if modified.is_empty() {
        return Ok(modified);
    }
    let written = preview.files();
    modified.retain(|path| written.contains(path.as_str()));
    if request.commit && !modified.is_empty() {
        let restored = preview.restored();
        modified.retain(|path| !restored.contains(path.as_str()));
    }
    Ok(modified)
}
