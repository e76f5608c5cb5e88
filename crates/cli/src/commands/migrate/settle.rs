//! What is settled before the first story: on a terminal by a question, in scripts by a flag.

use stories::{State, Story};

use super::{Orders, commits, open_environments, rehearse};
use crate::ask::{self, Answer};
use crate::commands::{Session, dirty};
use crate::git;
use crate::pipeline::{Failure, Run, record_path};
use crate::plan_file::Plan;

/// Asks what is to be asked.
///
/// # Errors
/// [`Failure`] for what is not settled; nothing is written then.
pub(super) fn settle(
    session: &Session,
    run: &mut Run,
    orders: &Orders,
    allow_dirty: bool,
    plan: Option<&Plan>,
) -> Result<(), Failure> {
    if let Some(plan) = plan {
        plan.must_hold(run, || rehearse(run, orders))?;
    }
    if run.dry {
        return Ok(());
    }
    settle_drift(session, run, &orders.stories)?;
    if orders.commit {
        commits::must_be_possible(session, run, orders)?;
    }
    if allow_dirty { Ok(()) } else { dirty::settle(session, dirty(run, orders)) }
}

/// What was removed by hand is not applied again unless somebody says so. Without a yes the run stops at the story. Where
/// the files are rejected as they are, there is nothing to ask.
fn settle_drift(session: &Session, run: &mut Run, stories: &[Story]) -> Result<(), Failure> {
    if run.reapply || !ask::is_possible(&session.screen) {
        return Ok(());
    }
    let gone = gone(run, stories);
    if !gone.is_empty() {
        run.check_start(&open_environments(run, stories))?;
        let question = format!("{}\nApply it again? (in scripts: --reapply)", gone.join("\n"));
        run.reapply = ask::confirm(&session.screen, question) == Answer::Yes;
    }
    Ok(())
}

/// What was removed by hand and can be applied again, in lines for a person.
fn gone(run: &Run, stories: &[Story]) -> Vec<String> {
    let mut gone = Vec::new();
    for story in stories {
        for environment in &run.scope {
            let state = run.state(story, environment);
            if let State::Drifted(drifts) = &state
                && state.can_return()
            {
                let what = |drift: &stories::Drift| format!("  {environment}: {} ({})", drift.what, drift.at);
                gone.push(format!("{} {} was applied, and is gone:", story.id, story.title));
                gone.extend(drifts.iter().map(what));
            }
        }
    }
    gone
}

/// The files that the run would write and that hold somebody's uncommitted edits. What would get into a commit counts as
/// edited, whoever wrote it, and whether git knows the file or not.
fn dirty(run: &Run, orders: &Orders) -> Result<Vec<String>, Failure> {
    let is_open = |story: &Story| run.open_environments(story).is_ok_and(|open| !open.is_empty());
    if !orders.stories.iter().any(is_open) {
        return Ok(Vec::new());
    }
    let checkout = &run.checkout;
    let records = orders.stories.iter().map(record_path);
    let files: Vec<_> = checkout.stack.files.keys().cloned().chain(records).collect();
    let mut modified = match orders.commit {
        true => git::uncommitted(&checkout.root, &files).map_err(Failure::no_answer)?,
        false => dirty::edited(run, &files)?,
    };
    if modified.is_empty() {
        return Ok(modified);
    }
    let reports = rehearse(run, orders);
    modified.retain(|path| reports.iter().flat_map(|report| &report.hashes).any(|file| file.path == *path));
    if orders.commit && !modified.is_empty() {
        let restored = commits::restored(run, &reports);
        modified.retain(|path| !restored.contains(path));
    }
    Ok(modified)
}
