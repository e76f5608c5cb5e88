//! `down`: stops an environment and removes its containers. Its volumes stay.

use anyhow::{Result, bail};

use super::Session;
use super::compose::has_flag;
use super::running::{Running, exit, words};
use crate::cli::Down;
use crate::docker::Out;
use crate::engine::Engine;
use crate::exit::Exit;
use crate::guard::living;
use crate::report;

/// Runs the command.
///
/// # Errors
/// When docker cannot be started, and for what would take volumes along.
pub fn run(session: &Session, flags: &Down) -> Result<Exit> {
    if has_flag(&flags.arguments, 'v', "--volumes") {
        bail!(
            "`down {}` deletes the volumes with their data, and this command never does; back them up, then run docker \
             compose yourself",
            flags.arguments.join(" ")
        );
    }
    let running = Running::open(session, &flags.one)?;
    let (environment, project) = (&running.environment, running.checkout.project(&running.environment));
    let engine = Engine::find();
    if let Some(engine) = engine.as_ref().filter(|_| !flags.data_is_expendable) {
        let losses = living::left_by_down(engine, &project)?;
        if !losses.is_empty() {
            report::left_by_down(session, environment, &losses);
            return Ok(Exit::Findings);
        }
    }
    let status = running.compose(&words(&["down"], &flags.arguments), Out::Talk)?;
    if !status.success() {
        running.tell_missing(session);
        return Ok(exit(status));
    }
    let volumes = engine.map(|engine| engine.volumes_of(&project)).transpose()?.unwrap_or_default();
    let names: Vec<_> = volumes.into_iter().map(|volume| volume.name).collect();
    report::down(session, environment, &names);
    Ok(Exit::Done)
}
