//! `restart`: stops and starts an environment's services as they are.

use anyhow::Result;
use docker::engine::Engine;
use serde_json::json;

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
        target.tell_missing(session);
        return Ok(exit(status));
    }
    let (screen, environment) = (&session.screen, &target.environment.name);
    screen.json(&report::document(
        "restart",
        json!({ "environment": environment }),
    ));
    screen.say(format_args!(
        "{environment} is restarted, with the files as they were when it was started."
    ));
    screen.say(format_args!(
        "Changed files take effect with: {}",
        session.command(&["up", environment])
    ));
    Ok(Exit::Done)
}
