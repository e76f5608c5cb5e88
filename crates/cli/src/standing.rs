//! How the services of a started environment stand, and what is wrong with those that do not.

mod first_password;

use compose_model::ResolvedModel;
use compose_model::resolved::{self, Condition};
use diagnostics::redact::Secrets;
use docker::engine::Engine;
use docker::engine::container::{Container, HealthStatus, Status};

pub use first_password::{FirstPassword, first_passwords};

/// How many of its last lines a service is quoted with.
pub(crate) const LAST_LINES: usize = 10;

/// A container of a service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The service.
    pub name: String,
    /// Its container; none where docker made none.
    pub container: Option<Container>,
    /// Where it is published, as `127.0.0.1:8080`.
    pub published: Vec<String>,
    /// What is wrong with it.
    pub trouble: Option<String>,
}

/// Something wrong, with what a person needs to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProblem {
    /// The service.
    pub service: String,
    /// What is wrong.
    pub what: String,
    /// What its health check said last, redacted.
    pub health: Vec<String>,
    /// What it said last, redacted.
    pub log: Vec<String>,
}

/// The services that a plain `up` starts, each of its containers as it stands now and stood a
/// little before.
#[must_use]
pub fn services(model: &ResolvedModel, before: &[Container], now: &[Container]) -> Vec<Service> {
    let mut found = Vec::new();
    for (name, service) in model
        .services
        .iter()
        .filter(|(_, service)| service.starts())
    {
        let own: Vec<_> = now
            .iter()
            .filter(|container| container.service == *name && !container.is_one_off())
            .collect();
        let published = published(service);
        if own.is_empty() {
            found.push(Service {
                name: name.clone(),
                container: None,
                published,
                trouble: None,
            });
            continue;
        }
        for container in own {
            let earlier = before.iter().find(|other| other.id == container.id);
            let trouble = trouble(container, earlier);
            let (published, container) = (published.clone(), Some(container.clone()));
            found.push(Service {
                name: name.clone(),
                container,
                published,
                trouble,
            });
        }
    }
    found
}

/// Whether its container runs and its health check succeeds.
#[must_use]
pub fn is_healthy(service: &Service) -> bool {
    let container = service.container.as_ref().filter(|one| one.is_running());
    let health = container.and_then(|one| one.health.as_ref());
    health.is_some_and(|health| health.status == HealthStatus::Healthy)
}

/// Who waits for whom while services start: `api waits until redis is healthy`, in the files'
/// order.
#[must_use]
pub fn waits(model: &ResolvedModel, now: &[Container]) -> Vec<String> {
    let running = |name: &str| {
        now.iter()
            .find(|one| one.service == name && one.is_running() && !one.is_one_off())
    };
    let waiting = |(name, service): (&String, &resolved::Service)| {
        let has_come =
            running(name).is_some() || now.iter().any(|one| one.service == *name && has_ended(one));
        if has_come || !service.starts() {
            return None;
        }
        let open = service.depends_on.iter().filter_map(|(other, how)| {
            until(
                &how.condition,
                other,
                now.iter()
                    .find(|one| one.service == *other && !one.is_one_off()),
            )
        });
        let open: Vec<_> = open.collect();
        (!open.is_empty()).then(|| format!("{name} waits until {}", open.join(" and ")))
    };
    model.services.iter().filter_map(waiting).collect()
}

/// What has still to come true of a service that another one waits for.
fn until(condition: &Condition, name: &str, container: Option<&Container>) -> Option<String> {
    let runs = container.filter(|one| one.is_running());
    let health = runs
        .and_then(|one| one.health.as_ref())
        .map(|health| health.status);
    let ended = container.is_some_and(|one| has_ended(one) && one.state.exit_code == 0);
    match condition {
        Condition::Healthy if health != Some(HealthStatus::Healthy) => {
            Some(format!("{name} is healthy"))
        }
        Condition::CompletedSuccessfully if !ended => Some(format!("{name} has ended")),
        Condition::Started if runs.is_none() && !ended => Some(format!("{name} has started")),
        _ => None,
    }
}

fn has_ended(container: &Container) -> bool {
    matches!(container.state.status, Status::Exited | Status::Dead)
}

/// The services that were to be started and do not run; one that ended well did what it was there
/// for.
#[must_use]
pub fn not_started(services: &[Service]) -> Vec<&str> {
    let is_there = |service: &Service| {
        service.trouble.is_some()
            || service
                .container
                .as_ref()
                .is_some_and(|one| one.is_running() || has_ended(one))
    };
    services
        .iter()
        .filter(|service| !is_there(service))
        .map(|service| service.name.as_str())
        .collect()
}

/// `127.0.0.1:8080`; on all addresses `localhost:8080`.
fn published(service: &resolved::Service) -> Vec<String> {
    let place = |port: &resolved::Port| {
        let address = port
            .host_ip
            .as_deref()
            .filter(|ip| *ip != "0.0.0.0")
            .unwrap_or("localhost");
        Some(format!("{address}:{}", port.published?))
    };
    service.known_ports().filter_map(place).collect()
}

/// A service that ended well is no trouble: it may be meant to.
fn trouble(container: &Container, earlier: Option<&Container>) -> Option<String> {
    let state = &container.state;
    let again = earlier.is_some_and(|earlier| container.restarts > earlier.restarts);
    match (
        state.status,
        container.health.as_ref().map(|health| health.status),
    ) {
        _ if state.out_of_memory => Some("was ended for using too much memory".to_owned()),
        (Status::Restarting, _) => Some(format!(
            "ends again and again, last with exit code {}",
            state.exit_code
        )),
        (Status::Running, _) if again => Some(format!(
            "ends again and again, last with exit code {}",
            state.exit_code
        )),
        (Status::Exited, _) if state.exit_code != 0 => {
            Some(format!("ended with exit code {}", state.exit_code))
        }
        (Status::Dead, _) => Some("is dead".to_owned()),
        (Status::Created, _) if !state.error.is_empty() => {
            Some(format!("could not be started: {}", state.error))
        }
        (Status::Created, _) => Some("was not started: what it waits for is not there".to_owned()),
        (Status::Paused, _) => Some("is paused".to_owned()),
        (Status::Running, Some(HealthStatus::Unhealthy)) => Some("is unhealthy".to_owned()),
        (Status::Running, Some(HealthStatus::Starting)) => Some("is not healthy yet".to_owned()),
        _ => None,
    }
}

/// What is wrong, with quotations.
#[must_use]
pub fn troubles(engine: &Engine, services: &[Service], secrets: &Secrets) -> Vec<ServiceProblem> {
    let lines = |text: &str| -> Vec<String> {
        let lines: Vec<_> = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .collect();
        lines[lines.len().saturating_sub(LAST_LINES)..]
            .iter()
            .map(|line| secrets.redact(line))
            .collect()
    };
    let quote = |service: &Service, what: &String| {
        let container = service.container.as_ref()?;
        let probe = container
            .health
            .as_ref()
            .and_then(|health| health.log.last());
        let mut health = probe.map(|probe| lines(&probe.output)).unwrap_or_default();
        if let Some(probe) = probe.filter(|_| !health.is_empty() || container.is_running()) {
            health.insert(0, format!("exit code {}", probe.exit_code));
        }
        let log = engine
            .last_lines(&container.id, LAST_LINES)
            .unwrap_or_default();
        Some(ServiceProblem {
            service: service.name.clone(),
            what: secrets.redact(what),
            health,
            log: lines(&log),
        })
    };
    services
        .iter()
        .filter_map(|service| quote(service, service.trouble.as_ref()?))
        .collect()
}
