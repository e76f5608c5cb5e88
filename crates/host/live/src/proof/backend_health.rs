//! 4: the backend is healthy only while its endpoint answers 200, and failures in its start period
//! do not count.

use std::time::{Duration, Instant};

use docker::engine::container::{Container, HealthStatus};

use super::super::error::LiveError;
use super::super::http;
use super::super::model::{HealthTimes, Service};
use super::super::outcome::{About, EvidenceLog, Outcome, Verdict, seconds};
use super::super::reason::Reason;
use super::super::sandbox::Sandbox;
use super::super::test_environment::TestEnvironment;
use super::{Applies, Proof, ProofContext, Stage};

/// What Docker itself may take beyond a health check's own times, on a busy machine.
const SLACK: Duration = Duration::from_secs(4);

/// The backend's health check tells the truth.
pub struct BackendHealth;

impl Proof for BackendHealth {
    fn about(&self) -> About {
        About {
            id: "backend-health",
            title: "Backend health is true",
            requirement: "The backend is healthy only while it can serve; failures in its start period do not count",
            reasons: &[
                Reason::NoCheck,
                Reason::NeverUnhealthy,
                Reason::NoFailure,
                Reason::Counted,
                Reason::NeverHealthyAgain,
                Reason::NotStarted,
            ],
        }
    }

    fn stages(&self) -> &'static [Stage] {
        &[Stage::Disruptive]
    }

    fn progress(&self) -> Option<&'static str> {
        Some("Redis is stopped; will the backend notice?")
    }

    fn applies(&self, subject: &TestEnvironment<'_>) -> Result<Applies, LiveError> {
        Ok(services(subject).map_or_else(Applies::No, |_| Applies::Yes))
    }

    /// Stops and starts Redis in a sandbox that is well.
    fn prove(&self, context: &mut ProofContext<'_>) -> Result<Verdict, LiveError> {
        let sandbox = context.sandbox;
        let Services { backend, redis } = match services(sandbox.subject) {
            Ok(services) => services,
            Err(why) => return Ok(Verdict::not_applicable(why)),
        };
        let mut log = EvidenceLog::default();
        let Some(times) = backend.health() else {
            return Ok(log.failed(
                Reason::NoCheck,
                format!("{} has no health check in the files", backend.name),
            ));
        };
        let pair = Pair {
            sandbox,
            backend,
            redis,
            times: sandbox.pace.of(times),
        };
        log.see("health check", pair.times_in_words(times));
        let outcome = match pair.follows_redis(&mut log)? {
            Some(outcome) => Some(outcome),
            None => pair.start_period(&mut log)?,
        };
        Ok(log.ends(outcome.unwrap_or(Outcome::Proved)))
    }
}

/// The backend, and the Redis that it needs.
struct Services<'s> {
    backend: Service<'s>,
    redis: Service<'s>,
}

/// Both of them.
///
/// # Errors
/// What the stack has not, in words.
fn services<'s>(subject: &'s TestEnvironment<'_>) -> Result<Services<'s>, String> {
    let backend = subject
        .role("backend")
        .ok_or("no service plays the backend")?;
    let redis = subject.model.service_of("redis");
    let redis = redis.ok_or("no service runs redis, which is stopped to see the backend notice")?;
    Ok(Services { backend, redis })
}

/// The two services and the backend's times, as they run in the sandbox.
struct Pair<'s> {
    sandbox: &'s Sandbox<'s>,
    backend: Service<'s>,
    redis: Service<'s>,
    times: HealthTimes,
}

impl Pair<'_> {
    fn times_in_words(&self, committed: HealthTimes) -> String {
        let HealthTimes {
            interval,
            timeout,
            start_period,
            retries,
        } = self.times;
        let scaled = if interval == committed.interval {
            String::new()
        } else {
            format!(" (committed {})", seconds(committed.interval))
        };
        format!(
            "interval {}{scaled}, timeout {}, retries {retries}, start period {}",
            seconds(interval),
            seconds(timeout),
            seconds(start_period)
        )
    }

    fn backend(&self) -> Result<Container, LiveError> {
        self.sandbox.container(self.backend.name)
    }

    /// What the endpoint answers, where it can be reached from here.
    fn answer(&self) -> Result<String, LiveError> {
        let Some((service, port, path)) = self.sandbox.subject.endpoint() else {
            return Ok("not asked".to_owned());
        };
        let address = self
            .sandbox
            .engine()
            .published(&self.sandbox.container(service)?.id, port)?;
        Ok(
            match address.and_then(|address| http::status(address, &path)) {
                Some(status) => format!("GET {path} answers {status}"),
                None => format!("GET {path} answers nothing"),
            },
        )
    }

    /// Waits until the backend's health is as wanted; how long it took.
    fn wait(&self, wanted: HealthStatus, limit: Duration) -> Result<Option<Duration>, LiveError> {
        let name = self.backend.name;
        let is = |container: &Container| {
            container
                .health
                .as_ref()
                .is_some_and(|health| health.status == wanted)
        };
        self.sandbox.wait_until(limit, |all| {
            all.iter()
                .any(|container| container.service == name && is(container))
        })
    }

    /// Unhealthy with Redis stopped, healthy with it again.
    fn follows_redis(&self, log: &mut EvidenceLog) -> Result<Option<Outcome>, LiveError> {
        let (name, redis) = (
            self.backend.name,
            self.sandbox.container(self.redis.name)?.id,
        );
        self.sandbox.settle(&[name])?;
        log.see("with Redis", format!("healthy; {}", self.answer()?));
        self.sandbox.engine().stop(&[&redis])?;
        let bound = self.times.until_unhealthy();
        let stopped = Instant::now();
        let Some(took) = self.wait(HealthStatus::Unhealthy, bound + SLACK)? else {
            let words = format!(
                "{name} is still healthy {} after Redis was stopped, while {}",
                seconds(stopped.elapsed()),
                self.answer()?
            );
            return Ok(Some(Outcome::failed(Reason::NeverUnhealthy, words)));
        };
        let (answer, backend) = (self.answer()?, self.backend()?);
        let streak = backend
            .health
            .as_ref()
            .map_or(0, |health| health.failing_streak);
        let plain = self.times.interval * self.times.retries.max(1);
        let bounds = format!(
            "interval x retries {}, at most {} with timeouts",
            seconds(plain),
            seconds(bound)
        );
        let seen = format!(
            "unhealthy after {} ({bounds}), failing streak {streak}; {answer}",
            seconds(took)
        );
        log.see("Redis stopped", seen);
        self.sandbox.engine().start(&[&redis])?;
        self.sandbox.settle(&[self.redis.name])?;
        let bound = self.times.interval + self.times.timeout;
        let Some(took) = self.wait(HealthStatus::Healthy, bound + SLACK)? else {
            return Ok(Some(Outcome::failed(
                Reason::NeverHealthyAgain,
                format!(
                    "{name} is not healthy {} after Redis is",
                    seconds(bound + SLACK)
                ),
            )));
        };
        log.see(
            "Redis started",
            format!("healthy {} after it; {}", seconds(took), self.answer()?),
        );
        Ok(None)
    }

    /// Starts the backend without Redis: as many failures as would suffice, and none of them
    /// counts.
    fn start_period(&self, log: &mut EvidenceLog) -> Result<Option<Outcome>, LiveError> {
        let period = self.times.start_period;
        let fitting = period.as_secs_f64() / self.times.interval.as_secs_f64().max(0.001);
        let wanted = (f64::from(self.times.retries)).min(fitting.floor() - 1.0);
        if wanted < 1.0 {
            log.see(
                "start period",
                format!(
                    "{}: shorter than two intervals, no probe falls into it",
                    seconds(period)
                ),
            );
            return Ok(None);
        }
        let (backend, redis) = (
            self.backend()?.id,
            self.sandbox.container(self.redis.name)?.id,
        );
        self.sandbox.engine().stop(&[&backend, &redis])?;
        self.sandbox.engine().start(&[&backend])?;
        let seen = self.failures(wanted as usize, period)?;
        self.sandbox.engine().start(&[&redis])?;
        let Some((failures, streak, status)) = seen else {
            log.see(
                "start period",
                "not seen: the backend ends by itself without Redis",
            );
            self.sandbox.engine().start(&[&backend])?;
            return Ok(None);
        };
        if failures == 0 {
            return Ok(Some(Outcome::failed(
                Reason::NoFailure,
                "no probe failed while the backend ran without Redis",
            )));
        }
        if streak > 0 || status != HealthStatus::Starting {
            let words = format!(
                "{failures} failures in the start period counted: streak {streak}, {status:?}"
            );
            return Ok(Some(Outcome::failed(Reason::Counted, words)));
        }
        let healthy = self.wait(
            HealthStatus::Healthy,
            self.times.interval + self.times.timeout + SLACK * 2,
        )?;
        log.see(
            "start period",
            format!("{failures} probes failed, failing streak {streak}, still starting"),
        );
        Ok(healthy.is_none().then(|| {
            Outcome::failed(
                Reason::NeverHealthyAgain,
                "not healthy after a start without Redis".to_owned(),
            )
        }))
    }

    /// How many probes failed in the start period, with the streak and the status then; none where
    /// the backend ended.
    fn failures(
        &self,
        wanted: usize,
        period: Duration,
    ) -> Result<Option<(usize, u64, HealthStatus)>, LiveError> {
        let start = Instant::now();
        loop {
            let backend = self.backend()?;
            if !backend.is_running() {
                return Ok(None);
            }
            let (Some(health), Some(since)) = (&backend.health, backend.state.started_at) else {
                return Ok(None);
            };
            let own = health.log.iter().filter(|probe| probe.start >= since);
            let failures = own.filter(|probe| probe.exit_code != 0).count();
            // The engine keeps five probes.
            if failures >= wanted.min(5) || start.elapsed() + self.times.interval >= period {
                return Ok(Some((failures, health.failing_streak, health.status)));
            }
            std::thread::sleep(Duration::from_millis(250));
        }
    }
}
