//! `restart`: stops and starts an environment's services as they are.

use anyhow::Result;
use serde_json::json;

use super::compose::read;
use super::running::{Out, Running, exit, words};
use super::{Session, before};
use crate::cli::ServiceArgs;
use crate::exit::Exit;
use crate::report;

/// Runs the command; the exit code is docker's own.
///
/// # Errors
/// When docker cannot be started.
pub fn run(session: &Session, flags: &ServiceArgs) -> Result<Exit> {
    let (running, more) = Running::open_with_services(session, flags)?;
    let words = words(&["restart"], &more);
    let asked = read(&running, &words)?;
    if !before::are_own(session, &running, &asked)? {
        return Ok(Exit::Findings);
    }
    let status = running.compose(&words, Out::Talk)?;
    if !status.success() {
        running.tell_missing(session);
        return Ok(exit(status));
    }
    let (screen, environment, root) = (&session.screen, &running.environment.name, session.root_flag());
    screen.json(&report::document("restart", json!({ "environment": environment })));
    screen.say(format_args!("{environment} is restarted, with the files as they were when it was started."));
    screen.say(format_args!("Changed files take effect with: cargo xtask up {environment}{root}"));
    Ok(Exit::Done)
}
