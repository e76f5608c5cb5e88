//! Starts a sandbox and waits until all of it is well; a start that fails is told with the
//! service's last words.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use docker::engine::container::{Container, HealthStatus, Probe, Status, Timestamp, now};
use system::process::{Output, RunError};

use super::error::{LiveError, StartFailure};
use super::sandbox::Sandbox;
use super::test_environment::last_lines;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(300);

/// How long a container without a health check has to run before it counts as well.
const STEADY: Duration = Duration::from_secs(1);

/// How often a container may be started anew before it counts as broken.
const MOST_RESTARTS: u64 = 3;

/// How many looks in a row have to find a container ended; one that the engine is about to start is
/// ended for a moment.
const LOOKS_ENDED: usize = 3;

/// How many log lines are told.
const LINES: usize = 5;

/// What was seen of each service while it started; the engine itself forgets all but the last five
/// probes.
#[derive(Debug, Default)]
pub struct StartTimeline {
    probes: BTreeMap<String, BTreeMap<Timestamp, Probe>>,
    started: BTreeMap<String, Timestamp>,
}

impl StartTimeline {
    fn see(&mut self, containers: &[Container]) {
        for container in containers {
            let probes = self.probes.entry(container.service.clone()).or_default();
            let log = container.health.iter().flat_map(|health| &health.log);
            probes.extend(log.map(|probe| (probe.start, probe.clone())));
            if let Some(started) = container.state.started_at {
                self.started.insert(container.service.clone(), started);
            }
        }
    }

    /// When a service was last started.
    #[must_use]
    pub fn started(&self, service: &str) -> Option<Timestamp> {
        self.started.get(service).copied()
    }

    /// The end of the first probe that found a service well since its start.
    #[must_use]
    pub fn first_healthy(&self, service: &str) -> Option<Timestamp> {
        let since = self.started(service)?;
        let probes = self.probes.get(service)?.values();
        probes
            .filter(|probe| probe.exit_code == 0 && probe.start >= since)
            .map(|probe| probe.end)
            .next()
    }
}

impl Sandbox<'_> {
    /// Starts services, all without a name, and waits until they are well.
    ///
    /// # Errors
    /// [`LiveError::Start`] with the service that is not, its last health output and its last log
    /// lines.
    pub fn up(&self, services: &[&str]) -> Result<StartTimeline, LiveError> {
        self.up_with(&[], services, self.subject.tools.wait, &mut |_| Ok(()))
    }

    /// Starts with options of `up`, within a time limit; `looked` is called at every look.
    ///
    /// # Errors
    /// As for [`Self::up`].
    pub fn up_with(
        &self,
        options: &[&str],
        services: &[&str],
        limit: Duration,
        looked: &mut dyn FnMut(&[Container]) -> Result<(), LiveError>,
    ) -> Result<StartTimeline, LiveError> {
        let (start, mut timeline) = (Instant::now(), StartTimeline::default());
        let args = [
            &["up", "--detach", "--no-build", "--pull", "never"],
            options,
            services,
        ]
        .concat();
        let output = thread::scope(|scope| {
            let compose = scope.spawn(|| self.compose_within(&args, limit));
            while !compose.is_finished() {
                let containers = self.containers()?;
                timeline.see(&containers);
                looked(&containers)?;
                thread::sleep(LOOK);
            }
            match compose.join() {
                Ok(Err(LiveError::Run(RunError::TimedOut { .. }))) => Ok(None),
                Ok(output) => output.map(Some),
                Err(_) => Ok(None),
            }
        })?;
        self.settle_within(
            output,
            services,
            Deadline { start, limit },
            &mut |containers| {
                timeline.see(containers);
                looked(containers)
            },
        )?;
        Ok(timeline)
    }

    /// Waits until services that were disturbed are well again, or one of them has ended: these
    /// were started already.
    ///
    /// # Errors
    /// As for [`Self::up`].
    pub fn settle(&self, services: &[&str]) -> Result<Duration, LiveError> {
        let limit = self.subject.tools.wait;
        let of_those = |container: &&Container| services.contains(&container.service.as_str());
        let (mut well, mut looks_ended) = (false, 0);
        let took = self.wait_until(limit, |containers| {
            let those: Vec<_> = containers.iter().filter(of_those).collect();
            well = !those.is_empty() && those.iter().all(|container| self.is_well(container));
            looks_ended = if those.iter().any(|container| self.has_failed(container)) {
                looks_ended + 1
            } else {
                0
            };
            well || looks_ended >= LOOKS_ENDED
        })?;
        match took {
            Some(took) if well => Ok(took),
            took => {
                let containers = self.containers()?;
                let those: Vec<_> = containers.iter().filter(of_those).cloned().collect();
                Err(LiveError::Start(Box::new(self.failure(
                    &those,
                    took.unwrap_or(limit),
                    String::new(),
                ))))
            }
        }
    }

    fn settle_within(
        &self,
        output: Option<Output>,
        services: &[&str],
        deadline: Deadline,
        looked: &mut dyn FnMut(&[Container]) -> Result<(), LiveError>,
    ) -> Result<(), LiveError> {
        let is_up = output.as_ref().is_some_and(|output| output.success);
        loop {
            let mut containers = self.containers()?;
            looked(&containers)?;
            containers.retain(|container| {
                services.is_empty() || services.contains(&container.service.as_str())
            });
            let broken = containers.iter().any(|container| self.is_broken(container));
            if is_up && !broken && containers.iter().all(|container| self.is_well(container)) {
                return Ok(());
            }
            if !is_up || broken || deadline.is_over() {
                let words = output
                    .map(|output| self.subject.redact(&last_lines(&output.stderr, 2)))
                    .unwrap_or_default();
                return Err(LiveError::Start(Box::new(self.failure(
                    &containers,
                    deadline.start.elapsed(),
                    words,
                ))));
            }
            thread::sleep(LOOK);
        }
    }

    fn is_one_shot(&self, container: &Container) -> bool {
        let model = self.subject.model.resolved();
        model.is_one_shot(&container.service)
    }

    fn is_well(&self, container: &Container) -> bool {
        if self.is_one_shot(container) {
            return container.state.status == Status::Exited && container.state.exit_code == 0;
        }
        match container.health.as_ref().map(|health| health.status) {
            Some(HealthStatus::Healthy) => container.is_running(),
            Some(HealthStatus::Starting | HealthStatus::Unhealthy) => false,
            Some(HealthStatus::None) | None => {
                container.is_running() && runs_since(container) >= STEADY
            }
        }
    }

    /// What no waiting mends.
    fn is_broken(&self, container: &Container) -> bool {
        let unhealthy = container
            .health
            .as_ref()
            .is_some_and(|health| health.status == HealthStatus::Unhealthy);
        self.has_failed(container) || unhealthy || container.restarts >= MOST_RESTARTS
    }

    /// Whether it has ended, and not as a job ends that is done.
    fn has_failed(&self, container: &Container) -> bool {
        let ended = matches!(container.state.status, Status::Exited | Status::Dead);
        ended && (container.state.exit_code != 0 || !self.is_one_shot(container))
    }

    fn failure(&self, containers: &[Container], after: Duration, compose: String) -> StartFailure {
        let waiting = |container: &&Container| {
            container.state.status != Status::Created && !self.is_well(container)
        };
        let culprit = containers
            .iter()
            .find(|container| self.is_broken(container));
        let culprit = culprit.or_else(|| containers.iter().find(waiting));
        let culprit = culprit.or_else(|| {
            containers
                .iter()
                .find(|container| !container.state.error.is_empty())
        });
        let Some(culprit) = culprit else {
            let (service, state) = (String::new(), String::new());
            return StartFailure {
                service,
                state,
                health: None,
                lines: Vec::new(),
                after,
                compose,
            };
        };
        let health = culprit.health.as_ref().and_then(|health| health.log.last());
        let said = self
            .engine()
            .last_lines(&culprit.id, LINES)
            .unwrap_or_default();
        StartFailure {
            service: culprit.service.clone(),
            state: state_in_words(culprit),
            health: health.map(|probe| self.subject.redact(probe.output.trim())),
            lines: said
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(|line| self.subject.redact(line.trim_end()))
                .collect(),
            after,
            compose,
        }
    }
}

/// Until when a start may take.
#[derive(Clone, Copy)]
struct Deadline {
    start: Instant,
    limit: Duration,
}

impl Deadline {
    fn is_over(self) -> bool {
        self.start.elapsed() >= self.limit
    }
}

fn runs_since(container: &Container) -> Duration {
    container
        .state
        .started_at
        .and_then(|started| now().since(started))
        .unwrap_or_default()
}

fn state_in_words(container: &Container) -> String {
    if !container.state.error.is_empty() {
        return format!("cannot be started: {}", container.state.error);
    }
    let health = container.health.as_ref().map(|health| health.status);
    match (container.state.status, health) {
        (Status::Exited | Status::Dead, _) => {
            format!("ended with exit code {}", container.state.exit_code)
        }
        (Status::Restarting, _) => format!("ended again and again, {} times", container.restarts),
        (_, Some(HealthStatus::Unhealthy)) => "is unhealthy".to_owned(),
        (_, Some(HealthStatus::Starting)) => "is still starting".to_owned(),
        (Status::Created, _) => "was not started".to_owned(),
        _ => "is not well".to_owned(),
    }
}
