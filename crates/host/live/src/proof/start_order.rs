//! 5: the frontend's container starts after the backend was first healthy, also when that takes 15
//! s.

use std::time::{Duration, Instant};

use docker::engine::container::{Container, Timestamp, now};

use super::super::error::LiveError;
use super::super::model::HealthTimes;
use super::super::outcome::{About, EvidenceLog, Outcome, Verdict, seconds};
use super::super::overlay::Overrides;
use super::super::reason::Reason;
use super::super::sandbox::Sandbox;
use super::super::start::StartTimeline;
use super::super::test_environment::TestEnvironment;
use super::{Applies, HealthPace, Phase, Proof, ProofContext, SandboxSpec, Stage};

/// How long the backend is held still.
const SLOW: Duration = Duration::from_secs(15);

/// The frontend waits for the backend.
pub struct StartOrder;

impl Proof for StartOrder {
    fn about(&self) -> About {
        About {
            id: "start-order",
            title: "Frontend waits for the backend",
            requirement: "The frontend starts after the backend was first healthy, also when that takes 15 s",
            reasons: &[Reason::NotWaited, Reason::NotStarted],
        }
    }

    /// A plain start, and one as committed with a slow backend.
    fn stages(&self) -> &'static [Stage] {
        const OWN: SandboxSpec = SandboxSpec {
            pace: HealthPace::Committed,
            purpose: "slow",
            setting: "with the slow backend",
        };
        &[Stage::Shared(Phase::Started), Stage::Fresh(OWN)]
    }

    fn applies(&self, subject: &TestEnvironment<'_>) -> Result<Applies, LiveError> {
        Ok(Roles::of(subject).map_or_else(Applies::No, |_| Applies::Yes))
    }

    /// Makes the backend slow: its first process is stopped as soon as it runs, and goes on 15 s
    /// later. So no shell is needed in the image. An init in its place would be stopped alone, so
    /// it has none; and failures must not count.
    fn overrides(&self, subject: &TestEnvironment<'_>) -> Overrides {
        let Ok(Roles { backend, .. }) = Roles::of(subject) else {
            return Overrides::default();
        };
        let mut overrides = Overrides {
            without_init: [backend.to_owned()].into(),
            ..Overrides::default()
        };
        let service = subject.model.service(backend);
        if let Some((service, times)) =
            service.and_then(|service| Some((service, service.health()?)))
        {
            let mut check = service.answer["healthcheck"].clone();
            check["start_period"] = format!("{}s", wide_enough(times).as_secs()).into();
            overrides.health.insert(backend.to_owned(), check);
        }
        overrides
    }

    /// Of a stack that was started its start is looked at; one that was not is started with a slow
    /// backend.
    fn prove(&self, context: &mut ProofContext<'_>) -> Result<Verdict, LiveError> {
        let roles = match Roles::of(context.sandbox.subject) {
            Ok(roles) => roles,
            Err(why) => return Ok(Verdict::not_applicable(why)),
        };
        let mut log = EvidenceLog::default();
        let outcome = match &context.timeline {
            Some(timeline) => judge(timeline, roles, "plain start", &mut log),
            None => start_slowly(context.sandbox, roles, &mut log)?,
        };
        Ok(log.ends(outcome.unwrap_or(Outcome::Proved)))
    }
}

/// The services that play the two roles.
#[derive(Clone, Copy)]
struct Roles<'s> {
    backend: &'s str,
    frontend: &'s str,
}

impl<'s> Roles<'s> {
    /// Both of them.
    ///
    /// # Errors
    /// Which role nobody plays, in words.
    fn of(subject: &'s TestEnvironment<'_>) -> Result<Self, String> {
        let named = |role: &str| match subject.role(role) {
            Some(service) => Ok(service.name),
            None => Err(format!("no service plays the {role}")),
        };
        Ok(Self {
            backend: named("backend")?,
            frontend: named("frontend")?,
        })
    }
}

/// The committed start period, or a longer one in which the failures of a slow start do not count.
fn wide_enough(times: HealthTimes) -> Duration {
    times
        .start_period
        .max(SLOW * 2 + times.interval + times.timeout)
}

/// What is not as committed is told.
fn tell_start_period(sandbox: &Sandbox<'_>, backend: &str, log: &mut EvidenceLog) {
    let times = sandbox
        .subject
        .model
        .service(backend)
        .and_then(|service| service.health());
    if let Some(times) = times.filter(|times| wide_enough(*times) != times.start_period) {
        let (wide, committed) = (seconds(wide_enough(times)), seconds(times.start_period));
        log.see(
            "start period",
            format!("{wide} (committed {committed}), so that waiting is no failure"),
        );
    }
}

/// Starts a sandbox for the first time, with a slow backend.
fn start_slowly(
    sandbox: &Sandbox<'_>,
    roles: Roles<'_>,
    log: &mut EvidenceLog,
) -> Result<Option<Outcome>, LiveError> {
    let backend = roles.backend;
    let mut slow = Slow::default();
    let timeline = sandbox.up_with(
        &[],
        &[],
        sandbox.subject.tools.wait + SLOW,
        &mut |containers| {
            slow.hold(
                sandbox,
                containers
                    .iter()
                    .find(|container| container.service == backend),
            )
        },
    );
    slow.let_go(sandbox)?;
    let outcome = judge(&timeline?, roles, "slow backend", log);
    if let (None, Some(held)) = (&outcome, slow.held_from) {
        let seen = format!(
            "{backend}'s first process, from {} for {}",
            held.time_of_day(),
            seconds(SLOW)
        );
        log.see("held still", seen);
        tell_start_period(sandbox, backend, log);
    }
    Ok(outcome)
}

/// A backend whose first process is held still for a while.
#[derive(Default)]
struct Slow {
    container: Option<String>,
    since: Option<Instant>,
    held_from: Option<Timestamp>,
}

impl Slow {
    fn hold(
        &mut self,
        sandbox: &Sandbox<'_>,
        backend: Option<&Container>,
    ) -> Result<(), LiveError> {
        match (&self.container, self.since) {
            (None, _) => {
                if let Some(backend) = backend.filter(|backend| backend.is_running()) {
                    sandbox.engine().signal("STOP", &[&backend.id])?;
                    (self.container, self.since) = (Some(backend.id.clone()), Some(Instant::now()));
                    self.held_from = Some(now());
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

/// Compares the start of the frontend with the first probe that found the backend well; none where
/// all is right.
fn judge(
    timeline: &StartTimeline,
    roles: Roles<'_>,
    what: &str,
    log: &mut EvidenceLog,
) -> Option<Outcome> {
    let Roles { backend, frontend } = roles;
    let (Some(began), Some(started)) = (timeline.started(backend), timeline.started(frontend))
    else {
        return Some(Outcome::failed(
            Reason::NotStarted,
            format!("{backend} or {frontend} was never started"),
        ));
    };
    let Some(healthy) = timeline.first_healthy(backend) else {
        log.see(
            what,
            format!(
                "{frontend} started {} after {backend}",
                apart(began, started)
            ),
        );
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
    log.see(what, seen);
    (started < healthy).then(|| {
        let words = format!(
            "{frontend} started {} before {backend} was first healthy",
            apart(started, healthy)
        );
        Outcome::failed(Reason::NotWaited, words)
    })
}

fn apart(from: Timestamp, to: Timestamp) -> String {
    seconds(to.since(from).unwrap_or_default())
}
