//! `down`: stops an environment and removes its containers. Its volumes stay.

use anyhow::Result;
use compose_model::Environment;

use super::before::Before;
use super::compose::read;
use super::compose_environment::{ComposeEnvironment, Out, exit, words};
use super::volumes_before::Volumes;
use super::{Session, before};
use crate::cli::Down;
use crate::exit::Exit;
use crate::report;

/// Runs the command.
///
/// # Errors
/// When no engine answers, and for what would take volumes along.
pub fn run(session: &Session, flags: &Down) -> Result<Exit> {
    let target = ComposeEnvironment::open(session, &flags.environment)?;
    let words = words(&["down"], &flags.arguments);
    let asked = read(&target, &words)?;
    target.tell_left_out(session);
    let Environment { project, .. } = &target.environment;
    let engine = before::reach()?;
    let before = Before::look(session, &target, &engine)?;
    let may_go =
        flags.allow_data_loss || (before.are_own(&asked) && before.is_safe_to_remove(&asked)?);
    if !may_go {
        return Ok(Exit::Findings);
    }
    let there = Volumes::of(&engine, &project.name)?;
    let status = target.compose(&words, Out::Talk)?;
    let gone = there.vanished()?;
    if !gone.is_empty() {
        report::vanished(session, "down", &target.environment, &gone);
        return Ok(Exit::Findings);
    }
    if !status.success() {
        report::failed(session, "down", status);
        target.tell_missing(session);
        return Ok(exit(status));
    }
    let names: Vec<_> = engine
        .volumes_of(&project.name)?
        .into_iter()
        .map(|volume| volume.name)
        .collect();
    report::down(session, &target.environment, &names);
    Ok(Exit::Done)
}
