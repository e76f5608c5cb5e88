//! 5: the frontend's container starts after the backend was first healthy, also when that takes 15 s.

use std::time::{Duration, Instant};

use docker::engine::container::{Container, Timestamp};

use super::super::error::LiveError;
use super::super::model::HealthTimes;
use super::super::outcome::{Outcome, Trail, Verdict, seconds};
use super::super::overlay::Variation;
use super::super::reason::Reason;
use super::super::sandbox::Sandbox;
use super::super::start::Watch;
use super::super::subject::Subject;

/// How long the backend is held still.
const SLOW: Duration = Duration::from_secs(15);

/// Whether the stack has both, and the backend a health check.
///
/// # Errors
/// The verdict where it has not.
pub fn applies<'s>(subject: &'s Subject<'_>) -> Result<(&'s str, &'s str), Verdict> {
    let missing = |role: &str| Verdict::not_applicable(format!("no service plays the {role}"));
    let backend = subject.role("backend").ok_or_else(|| missing("backend"))?;
    let frontend = subject.role("frontend").ok_or_else(|| missing("frontend"))?;
    Ok((backend.name, frontend.name))
}

/// Makes the backend slow: its first process is stopped as soon as it runs, and goes on 15 s later. So no shell is
/// needed in the image. An init in its place would be stopped alone, hence the variation; and failures must not count.
#[must_use]
pub fn variation(subject: &Subject<'_>) -> Variation {
    let Ok((backend, _)) = applies(subject) else { return Variation::default() };
    let mut variation = Variation { without_init: [backend.to_owned()].into(), ..Variation::default() };
    let service = subject.model.service(backend);
    if let Some((service, times)) = service.and_then(|service| Some((service, service.health()?))) {
        let mut check = service.value["healthcheck"].clone();
        check["start_period"] = format!("{}s", wide_enough(times).as_secs()).into();
        variation.health.insert(backend.to_owned(), check);
    }
    variation
}

/// The committed start period, or a longer one in which the failures of a slow start do not count.
fn wide_enough(times: HealthTimes) -> Duration {
    times.start_period.max(SLOW * 2 + times.interval + times.timeout)
}

/// What is not as committed is told.
fn tell_start_period(sandbox: &Sandbox<'_>, backend: &str, trail: &mut Trail) {
    let times = sandbox.subject.model.service(backend).and_then(|service| service.health());
    if let Some(times) = times.filter(|times| wide_enough(*times) != times.start_period) {
        let (wide, committed) = (seconds(wide_enough(times)), seconds(times.start_period));
        trail.see("start period", format!("{wide} (committed {committed}), so that waiting is no failure"));
    }
}

/// Starts a sandbox for the first time, with a slow backend.
///
/// # Errors
/// [`LiveError`], also where the stack does not start.
pub fn prove_slow(sandbox: &Sandbox<'_>, trail: &mut Trail) -> Result<Option<Outcome>, LiveError> {
    let Ok((backend, frontend)) = applies(sandbox.subject) else { return Ok(None) };
    let mut slow = Slow::default();
    let watch = sandbox.up_with(&[], &[], sandbox.subject.tools.wait + SLOW, &mut |containers| {
        slow.hold(sandbox, containers.iter().find(|container| container.service == backend))
    });
    slow.let_go(sandbox)?;
    let outcome = judge(&watch?, backend, frontend, "slow backend", trail);
    if let (None, Some(held)) = (&outcome, slow.held_from) {
        trail
            .see("held still", format!("{backend}'s first process, from {} for {}", held.time_of_day(), seconds(SLOW)));
        tell_start_period(sandbox, backend, trail);
    }
    Ok(outcome)
}

#[derive(Default)]
struct Slow {
    container: Option<String>,
    since: Option<Instant>,
    held_from: Option<Timestamp>,
}

impl Slow {
    fn hold(&mut self, sandbox: &Sandbox<'_>, backend: Option<&Container>) -> Result<(), LiveError> {
        match (&self.container, self.since) {
            (None, _) => {
                if let Some(backend) = backend.filter(|backend| backend.is_running()) {
                    sandbox.engine().signal("STOP", &[&backend.id])?;
                    (self.container, self.since) = (Some(backend.id.clone()), Some(Instant::now()));
                    self.held_from = Some(Timestamp::now());
                }
                Ok(())
            }
            (Some(_), Some(since)) if since.elapsed() >= SLOW => self.let_go(sandbox),
            _ => Ok(()),
        }
    }

    fn let_go(&mut self, sandbox: &Sandbox<'_>) -> Result<(), LiveError> {
        if let (Some(container), Some(_)) = (&self.container, self.since.take()) {
            sandbox.engine().signal("CONT", &[container])?;
        }
        Ok(())
    }
}

/// Compares the start of the frontend with the first probe that found the backend well; none where all is right.
pub fn judge(watch: &Watch, backend: &str, frontend: &str, what: &str, trail: &mut Trail) -> Option<Outcome> {
    let (Some(began), Some(started)) = (watch.started(backend), watch.started(frontend)) else {
        return Some(Outcome::failed(Reason::NotStarted, format!("{backend} or {frontend} was never started")));
    };
    let Some(healthy) = watch.first_healthy(backend) else {
        trail.see(what, format!("{frontend} started {} after {backend}", apart(began, started)));
        let words = format!("{frontend} started while no health probe of {backend} had succeeded");
        return Some(Outcome::failed(Reason::NotWaited, words));
    };
    let seen = format!(
        "{backend} started {}, first healthy {} later; {frontend} started {} ({} after {backend})",
        began.time_of_day(),
        apart(began, healthy),
        started.time_of_day(),
        apart(began, started)
    );
    trail.see(what, seen);
    (started < healthy).then(|| {
        let words = format!("{frontend} started {} before {backend} was first healthy", apart(started, healthy));
        Outcome::failed(Reason::NotWaited, words)
    })
}

fn apart(from: Timestamp, to: Timestamp) -> String {
    seconds(to.since(from).unwrap_or_default())
}
