//! 7: a stack that never becomes healthy ends in time, with the service's name and its last words.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::error::LiveError;
use super::super::model::Service;
use super::super::outcome::{Outcome, Trail, Verdict, seconds};
use super::super::overlay::Variation;
use super::super::reason::Reason;
use super::super::sandbox::Sandbox;
use super::super::subject::Subject;

/// How long this start may take.
const LIMIT: Duration = Duration::from_secs(12);

/// What Docker itself may take beyond it.
const SLACK: Duration = Duration::from_secs(5);

/// A program that no image has, so that the probe fails in all of them, and the engine's words are known.
const NO_PROGRAM: &str = "/compose-stories/never-healthy";

/// The service that is made to fail: of those with a health check, the first that waits for nobody.
fn victim<'s>(subject: &'s Subject<'_>) -> Option<Service<'s>> {
    let with_health = || subject.model.services().filter(|service| service.health().is_some());
    with_health().find(|service| service.dependencies().next().is_none()).or_else(|| with_health().next())
}

/// Gives one service a check that never succeeds and whose failures never suffice.
#[must_use]
pub fn variation(subject: &Subject<'_>) -> Variation {
    let check = json!({ "test": ["CMD", NO_PROGRAM], "interval": "1s", "timeout": "3s", "retries": 1000 });
    let health = victim(subject).map(|service| (service.name.to_owned(), check));
    Variation { health: health.into_iter().collect(), ..Variation::default() }
}

/// Starts the sandbox for the first time, which must fail.
///
/// # Errors
/// [`LiveError`] of any other kind.
pub fn prove(sandbox: &Sandbox<'_>) -> Result<Verdict, LiveError> {
    let Some(victim) = victim(sandbox.subject) else {
        return Ok(Verdict::not_applicable("no service has a health check in the files"));
    };
    let mut trail = Trail::default();
    let (start, limit) = (Instant::now(), LIMIT.min(sandbox.subject.tools.wait));
    let failure = match sandbox.up_with(&[], &[], limit, &mut |_| Ok(())) {
        Err(LiveError::Start(failure)) => failure,
        Err(error) => return Err(error),
        Ok(_) => {
            return Ok(trail.failed(Reason::CalledWell, format!("the start ended well, and {} never was", victim.name)));
        }
    };
    let took = start.elapsed();
    trail.see(
        "made to fail",
        format!("{}: a health check that never succeeds, time limit {}", victim.name, seconds(limit)),
    );
    trail.see("ended", format!("after {}: {} {}", seconds(took), failure.service, failure.state));
    trail.see("health output", failure.health.clone().unwrap_or_default());
    trail.see("last log line", failure.lines.last().cloned().unwrap_or_else(|| "(it has logged nothing)".to_owned()));
    let came_so_far = !failure.service.is_empty() && (failure.service != victim.name || failure.health.is_some());
    if !came_so_far {
        let why = format!("no health check of {} ran within {}; is this machine busy?", victim.name, seconds(limit));
        return Ok(trail.ends(Outcome::NotLooked(why)));
    }
    let logged = !failure.lines.is_empty()
        || sandbox.engine().last_lines(&sandbox.container(victim.name)?.id, 1)?.trim().is_empty();
    Ok(if failure.service != victim.name {
        trail.failed(Reason::WrongName, format!("it is {} that is named, not {}", failure.service, victim.name))
    } else if !failure.health.as_ref().is_some_and(|health| health.contains(NO_PROGRAM)) {
        trail.failed(Reason::NoHealthOutput, "the last health output is not told")
    } else if !logged {
        trail.failed(Reason::NoLogLines, "the last log lines are not told")
    } else if took > limit + SLACK {
        trail.failed(Reason::TooLate, format!("it ended after {}, the limit was {}", seconds(took), seconds(limit)))
    } else {
        trail.proved()
    })
}
