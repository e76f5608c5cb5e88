//! `restart`: stops and starts an environment's services as they are.

use anyhow::Result;
use docker::engine::Engine;

use super::Session;
use super::before::Before;
use super::compose::read;
use super::compose_environment::{ComposeEnvironment, Out, exit, words};
use crate::cli::ServiceArgs;
use crate::exit::Exit;
use crate::report;

/// Runs the command; the exit code is docker's own.
///
/// # Errors
/// When docker cannot be started.
pub fn run(session: &Session, flags: &ServiceArgs) -> Result<Exit> {
    let (target, more) = ComposeEnvironment::open_with_services(session, flags)?;
    let words = words(&["restart"], &more);
    let asked = read(&target, &words)?;
    if let Some(engine) = Engine::find() {
        let before = Before::look(session, &target, &engine)?;
        if !before.are_own(&asked) {
            return Ok(Exit::Findings);
        }
        if !before.has_containers(&asked) {
            report::nothing_to_restart(session, &target.environment.name, &asked);
            return Ok(Exit::Findings);
        }
    }
    let status = target.compose(&words, Out::Talk)?;
    if !status.success() {
        report::failed(session, "restart", status);
        target.tell_missing(session);
        return Ok(exit(status));
    }
    report::restarted(session, &target.environment);
    Ok(Exit::Done)
}
