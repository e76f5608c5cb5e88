//! The screens of `up`, `down`, `restart` and `ps`: how the services stand, where to look at them,
//! and what comes next.

use std::time::Duration;

use compose_model::Environment;
use data_safety::Impact;
use diagnostics::Remedy;
use docker::engine::container::{Container, HealthStatus, Status};
use serde::Serialize;
use serde_json::{Map, Value};

use super::first_password::{self, FirstPasswordDocument};
use super::impact::ImpactDocument;
use super::last::ago;
use super::not_done::offer;
use super::{SCHEMA, count, listed, value};
use crate::commands::Session;
use crate::health_path::Answer;
use crate::screen::Tone;
use crate::standing::{self, FirstPassword, Service, ServiceProblem};

/// The document of `up`, once docker compose was asked to start it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "up"))]
pub(super) struct UpDocument<'s> {
    schema: u32,
    command: &'static str,
    /// The environment.
    environment: &'s str,
    /// Its project.
    project: &'s str,
    /// Whether all that was asked for is up.
    done: bool,
    /// The code with which docker compose failed; null where it did not.
    exit_code: Option<i32>,
    /// How the services stand, an entry for each container.
    services: Vec<ServiceDocument<'s>>,
    /// What is wrong.
    troubles: Vec<TroubleDocument<'s>>,
    /// What the published health paths answered.
    answers: Vec<AnswerDocument<'s>>,
    /// The servers that may have another password than the files say.
    first_passwords: Vec<FirstPasswordDocument<'s>>,
    /// The services that a plain `up` starts and that do not run.
    not_started: Vec<&'s str>,
    /// Where the page is; null where none is published.
    url: Option<String>,
    /// What became of the containers that were there.
    impact: [ImpactDocument<'s>; 1],
}

/// How a service stands.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ServiceDocument<'s> {
    /// The service.
    service: &'s str,
    /// Its container's state in docker's word; `absent` without one.
    state: &'static str,
    /// What its health check says, in docker's word; null where it has none.
    health: Option<&'static str>,
    /// The code with which its container ended last; null without one.
    exit_code: Option<i64>,
    /// Where it is published, as `127.0.0.1:8080`.
    published: &'s [String],
    /// What is wrong with it.
    trouble: Option<&'s str>,
}

/// A service that does not run as it should.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct TroubleDocument<'s> {
    /// The service.
    service: &'s str,
    /// What is wrong.
    what: &'s str,
    /// What its health check said last, line by line.
    health_log: &'s [String],
    /// What it said last, line by line.
    log: &'s [String],
}

/// What a published health path answered.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct AnswerDocument<'s> {
    /// The service.
    service: &'s str,
    /// What was asked for.
    url: String,
    /// The HTTP status; null where nobody answered in HTTP.
    status: Option<u16>,
}

/// The document of `down`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "down"))]
pub(super) struct DownDocument<'s> {
    schema: u32,
    command: &'static str,
    /// The environment.
    environment: &'s str,
    /// Its project.
    project: &'s str,
    /// True.
    done: bool,
    /// The volumes that stay, with the data.
    volumes: &'s [String],
}

/// The document of `restart`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "restart"))]
pub(super) struct RestartDocument<'s> {
    schema: u32,
    command: &'static str,
    /// The environment.
    environment: &'s str,
    /// Its project.
    project: &'s str,
    /// True.
    done: bool,
}

/// The document of `ps`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ps"))]
pub(super) struct PsDocument<'s> {
    schema: u32,
    command: &'static str,
    /// The environment.
    environment: &'s str,
    /// Its project.
    project: &'s str,
    /// Its containers, each as docker compose writes it.
    containers: Vec<Map<String, Value>>,
}

/// An environment that was started, or was to be.
pub struct Started<'s> {
    /// The environment and its project.
    pub running: (&'s str, &'s str),
    /// The service that serves the page.
    pub frontend: Option<String>,
    /// How the services stand.
    pub services: &'s [Service],
    /// What is wrong.
    pub troubles: &'s [ServiceProblem],
    /// What the published health paths answered.
    pub answers: &'s [Answer],
    /// Servers that may have another password than the files say.
    pub first_passwords: &'s [FirstPassword],
    /// The code with which docker compose failed.
    pub docker: Option<i32>,
    /// From the first look to the last.
    pub took: Duration,
    /// What it did to the containers that were there.
    pub impact: &'s Impact,
    /// When it ran as it was started now, in seconds since 1970, where it was to go back.
    pub rolled_back: Option<u64>,
    /// Whether it can run as it did when all was well.
    pub can_roll_back: bool,
}

impl Started<'_> {
    fn is_up(&self) -> bool {
        self.troubles.is_empty() && self.docker.is_none()
    }

    fn document(&self) -> UpDocument<'_> {
        let (environment, project) = self.running;
        UpDocument {
            schema: SCHEMA,
            command: "up",
            environment,
            project,
            done: self.is_up(),
            exit_code: self.docker,
            services: self.services.iter().map(ServiceDocument::of).collect(),
            troubles: self.troubles.iter().map(TroubleDocument::of).collect(),
            answers: self.answers.iter().map(AnswerDocument::of).collect(),
            first_passwords: self.first_passwords.iter().map(Into::into).collect(),
            not_started: standing::not_started(self.services),
            url: url(self),
            impact: [ImpactDocument::of(environment, project, self.impact)],
        }
    }
}

impl<'s> ServiceDocument<'s> {
    fn of(service: &'s Service) -> Self {
        let container = service.container.as_ref();
        let health = container.and_then(|one| one.health.as_ref());
        Self {
            service: &service.name,
            state: container.map_or("absent", |one| state(one.state.status)),
            health: health.map(|health| health_state(health.status)),
            exit_code: container.map(|one| one.state.exit_code),
            published: &service.published,
            trouble: service.trouble.as_deref(),
        }
    }
}

impl<'s> TroubleDocument<'s> {
    fn of(trouble: &'s ServiceProblem) -> Self {
        Self {
            service: &trouble.service,
            what: &trouble.what,
            health_log: &trouble.health,
            log: &trouble.log,
        }
    }
}

impl<'s> AnswerDocument<'s> {
    fn of(answer: &'s Answer) -> Self {
        Self {
            service: &answer.of.service,
            url: answer.of.url(),
            status: answer.status,
        }
    }
}

/// A container's state, in docker's word.
fn state(status: Status) -> &'static str {
    match status {
        Status::Created => "created",
        Status::Running => "running",
        Status::Paused => "paused",
        Status::Restarting => "restarting",
        Status::Removing => "removing",
        Status::Exited => "exited",
        Status::Dead => "dead",
        Status::Unknown => "unknown",
    }
}

/// What a health check says, in docker's word.
fn health_state(status: HealthStatus) -> &'static str {
    match status {
        HealthStatus::Starting => "starting",
        HealthStatus::Healthy => "healthy",
        HealthStatus::Unhealthy => "unhealthy",
        HealthStatus::None => "none",
    }
}

/// Shows how it went.
pub fn up(session: &Session, started: &Started<'_>) {
    session.screen.json(&value(&started.document()));
    table(session, started.services);
    started
        .troubles
        .iter()
        .for_each(|trouble| tell(session, trouble));
    if started.is_up() {
        tell_up(session, started)
    } else {
        tell_not_up(session, started)
    }
}

fn tell_up(session: &Session, started: &Started<'_>) {
    let screen = &session.screen;
    let (environment, project) = started.running;
    let seconds = started.took.as_secs_f32();
    match standing::not_started(started.services).as_slice() {
        [] => screen.say(format_args!(
            "{environment} is up, project {project}, in {seconds:.0} s."
        )),
        names => {
            screen.say(format_args!(
                "A part of {environment} is up, project {project}, in {seconds:.0} s."
            ));
            screen.say_behind("", &format!("Not started: {}.", listed(names)));
            screen.say(format_args!(
                "All of it: {}",
                session.command(&["up", environment])
            ));
        }
    }
    for answer in started.answers {
        screen.say(answer.told());
    }
    if let Some(when) = started.rolled_back {
        let words = format!(
            "It runs the files and images of {} ago; the files here are as they were, and come \
             into effect with:",
            ago(when)
        );
        screen.say_behind("", &words);
        screen.say(format_args!("  {}", session.command(&["up", environment])));
    }
    if let Some(url) = url(started) {
        screen.say(format_args!("Open {url}"));
    }
    let next = ["logs", "down"].map(|verb| session.command(&[verb, environment]));
    screen.say(format_args!("Next: {}", next.join("   or   ")));
}

fn tell_not_up(session: &Session, started: &Started<'_>) {
    let screen = &session.screen;
    let (environment, _) = started.running;
    let names: Vec<_> = started
        .troubles
        .iter()
        .map(|trouble| trouble.service.as_str())
        .collect();
    match names.as_slice() {
        [] => screen.talk(format_args!(
            "error: docker compose up ended with exit code {}; what it said stands above",
            started.docker.unwrap_or(1)
        )),
        names => screen.talk(format_args!(
            "error: {environment} is not up: {}",
            listed(names)
        )),
    }
    for first in started.first_passwords {
        first_password::tell(session, environment, first);
    }
    let mut remedies = vec![
        Remedy::command(
            "All of the log",
            &["logs", environment, "--", "--tail", "all"],
        ),
        Remedy::command("The machine", &["doctor", "--environment", environment]),
    ];
    if started.can_roll_back {
        let words = ["up", environment, "--rollback"];
        remedies.push(Remedy::command("The files and images that ran", &words));
    }
    offer(session, &remedies);
}

fn table(session: &Session, services: &[Service]) {
    let screen = &session.screen;
    let width = services
        .iter()
        .map(|service| service.name.chars().count())
        .max()
        .unwrap_or_default();
    for service in services {
        let (word, tone) = stands(service);
        let word = screen.tone(tone, &format!("{word:13}"));
        let line = format!(
            "{:width$}  {word}  {}",
            service.name,
            service.published.join(", ")
        );
        screen.say(line.trim_end());
    }
}

fn stands(service: &Service) -> (&'static str, Tone) {
    let Some(container) = &service.container else {
        return ("not started", Tone::Faint);
    };
    match (
        container.state.status,
        container.health.as_ref().map(|health| health.status),
    ) {
        (Status::Running, Some(HealthStatus::Healthy)) => ("healthy", Tone::Good),
        (Status::Running, Some(HealthStatus::Unhealthy)) => ("unhealthy", Tone::Bad),
        (Status::Running, Some(HealthStatus::Starting)) => ("not healthy", Tone::Bad),
        (Status::Running, _) if service.trouble.is_none() => ("runs, unprobed", Tone::Good),
        (Status::Exited, _) if container.state.exit_code == 0 => ("ended, 0", Tone::Faint),
        _ => ("failed", Tone::Bad),
    }
}

fn tell(session: &Session, trouble: &ServiceProblem) {
    let screen = &session.screen;
    screen.say(screen.tone(Tone::Bad, &format!("{} {}", trouble.service, trouble.what)));
    for (title, lines) in [
        ("its health check said last", &trouble.health),
        ("its last lines", &trouble.log),
    ] {
        if !lines.is_empty() {
            screen.say(format_args!("  {title}:"));
            lines
                .iter()
                .for_each(|line| screen.say(format_args!("    {line}")));
        }
    }
}

/// Where the page is: the frontend's.
fn url(started: &Started<'_>) -> Option<String> {
    let frontend = started.frontend.as_deref()?;
    let runs = |service: &Service| {
        service
            .container
            .as_ref()
            .is_some_and(Container::is_running)
    };
    let first = |service: &Service| service.published.first().filter(|_| runs(service)).cloned();
    let place = started
        .services
        .iter()
        .find(|service| service.name == frontend)
        .and_then(first)?;
    let place = place.replace("127.0.0.1", "localhost");
    Some(format!(
        "http://{}/",
        place.strip_suffix(":80").unwrap_or(&place)
    ))
}

/// What stays after a `down`.
pub fn down(session: &Session, on: &Environment, volumes: &[String]) {
    let (screen, environment) = (&session.screen, &on.name);
    screen.json(&value(&DownDocument {
        schema: SCHEMA,
        command: "down",
        environment,
        project: &on.project.name,
        done: true,
        volumes,
    }));
    screen.say(match volumes {
        [] => format!("{environment} is down. It has no volumes."),
        names => {
            format!(
                "{environment} is down. {} with the data: {}",
                count(names.len(), "volume stays", "volumes stay"),
                names.join(", ")
            )
        }
    });
    screen.say(format_args!(
        "Next: {}",
        session.command(&["up", environment])
    ));
}

/// Tells that the containers were started again, and what that did not do.
pub fn restarted(session: &Session, on: &Environment) {
    let (screen, environment) = (&session.screen, &on.name);
    screen.json(&value(&RestartDocument {
        schema: SCHEMA,
        command: "restart",
        environment,
        project: &on.project.name,
        done: true,
    }));
    screen.say(format_args!(
        "{environment} is restarted, with the files as they were when it was started."
    ));
    screen.say(format_args!(
        "Changed files take effect with: {}",
        session.command(&["up", environment])
    ));
}

/// An environment's containers for programs, each as docker compose writes it.
pub fn containers(session: &Session, on: &Environment, containers: Vec<Map<String, Value>>) {
    session.screen.json(&value(&PsDocument {
        schema: SCHEMA,
        command: "ps",
        environment: &on.name,
        project: &on.project.name,
        containers,
    }));
}
