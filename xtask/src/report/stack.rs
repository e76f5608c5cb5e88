//! The screens of `up` and `down`: how the services stand, where to look at them, and what comes next.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::{count, document, listed};
use crate::commands::Session;
use crate::engine::Contents;
use crate::engine::container::{HealthStatus, Status};
use crate::screen::Tone;
use crate::standing::{self, Service, Trouble};

/// An environment that was started, or was to be.
pub struct Started<'s> {
    /// The environment and its project.
    pub running: (&'s str, &'s str),
    /// Which service plays which role.
    pub roles: &'s BTreeMap<String, String>,
    /// How the services stand.
    pub services: &'s [Service],
    /// What is wrong.
    pub troubles: &'s [Trouble],
    /// The code with which docker compose failed.
    pub docker: Option<i32>,
    /// From the first look to the last.
    pub took: Duration,
}

/// Shows how it went.
pub fn up(session: &Session, started: &Started<'_>) {
    let (screen, root) = (&session.screen, session.root_flag());
    let (environment, project) = started.running;
    let trouble =
        |one: &Trouble| json!({ "service": one.service, "what": one.what, "health": one.health, "log": one.log });
    let troubles: Vec<_> = started.troubles.iter().map(trouble).collect();
    let is_up = started.troubles.is_empty() && started.docker.is_none();
    screen.json(&document(
        "up",
        json!({
            "environment": environment, "project": project, "up": is_up, "docker_exit": started.docker,
            "services": standing::json(started.services), "troubles": troubles, "url": url(started),
        }),
    ));
    table(session, started.services);
    started.troubles.iter().for_each(|trouble| tell(session, trouble));
    if is_up {
        let seconds = started.took.as_secs_f32();
        screen.say(format_args!("{environment} is up, project {project}, in {seconds:.0} s."));
        if let Some(url) = url(started) {
            screen.say(format_args!("Open {url}"));
        }
        screen.say(format_args!(
            "Next: cargo xtask logs {environment}{root}   or   cargo xtask down {environment}{root}"
        ));
        return;
    }
    let names: Vec<_> = started.troubles.iter().map(|trouble| trouble.service.as_str()).collect();
    match names.as_slice() {
        [] => screen.talk(format_args!(
            "error: docker compose up ended with exit code {}; what it said stands above",
            started.docker.unwrap_or(1)
        )),
        names => screen.talk(format_args!("error: {environment} is not up: {}", listed(names))),
    }
    screen.talk(format_args!("  All of the log:  cargo xtask logs {environment}{root} -- --tail all"));
    screen.talk(format_args!("  The machine:     cargo xtask doctor --environment {environment}{root}"));
}

fn table(session: &Session, services: &[Service]) {
    let screen = &session.screen;
    let width = services.iter().map(|service| service.name.chars().count()).max().unwrap_or_default();
    for service in services {
        let (word, tone) = stands(service);
        let word = screen.tone(tone, &format!("{word:13}"));
        let line = format!("{:width$}  {word}  {}", service.name, service.published.join(", "));
        screen.say(line.trim_end());
    }
}

fn stands(service: &Service) -> (&'static str, Tone) {
    let Some(container) = &service.container else { return ("not started", Tone::Faint) };
    match (container.state.status, container.health.as_ref().map(|health| health.status)) {
        (Status::Running, Some(HealthStatus::Healthy)) => ("healthy", Tone::Good),
        (Status::Running, Some(HealthStatus::Unhealthy)) => ("unhealthy", Tone::Bad),
        (Status::Running, Some(HealthStatus::Starting)) => ("not healthy", Tone::Bad),
        (Status::Running, _) if service.trouble.is_none() => ("runs, unprobed", Tone::Good),
        (Status::Exited, _) if container.state.exit_code == 0 => ("ended, 0", Tone::Faint),
        _ => ("failed", Tone::Bad),
    }
}

fn tell(session: &Session, trouble: &Trouble) {
    let screen = &session.screen;
    screen.say(screen.tone(Tone::Bad, &format!("{} {}", trouble.service, trouble.what)));
    for (title, lines) in [("its health check said last", &trouble.health), ("its last lines", &trouble.log)] {
        if !lines.is_empty() {
            screen.say(format_args!("  {title}:"));
            lines.iter().for_each(|line| screen.say(format_args!("    {line}")));
        }
    }
}

/// Where the page is: the frontend's, else that of whatever is published like one.
fn url(started: &Started<'_>) -> Option<String> {
    let frontend = started.roles.get("frontend").map_or("frontend", String::as_str);
    let first = |service: &Service| service.published.first().cloned();
    let place = started.services.iter().find(|service| service.name == frontend).and_then(first)?;
    let place = place.replace("127.0.0.1", "localhost");
    Some(format!("http://{}/", place.strip_suffix(":80").unwrap_or(&place)))
}

/// What stays after a `down`.
pub fn down(session: &Session, environment: &str, volumes: &[String]) {
    let (screen, root) = (&session.screen, session.root_flag());
    screen.json(&document("down", json!({ "environment": environment, "down": true, "volumes": volumes })));
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
    screen.say(format_args!("Next: cargo xtask up {environment}{root}"));
}

/// Data that a `down` would leave where nothing finds it again.
pub fn left_by_down(session: &Session, environment: &str, losses: &[(String, String, Contents)]) {
    let (screen, root) = (&session.screen, session.root_flag());
    let lost = |(service, target, contents): &(String, String, Contents)| json!({ "service": service, "target": target, "contents": contents.to_string() });
    let lost: Vec<_> = losses.iter().map(lost).collect();
    screen.json(&document("down", json!({ "environment": environment, "down": false, "risks": lost })));
    screen.talk("error: data first: some of it has no name, and the next up would not find it again");
    for (service, target, contents) in losses {
        screen.talk(format_args!("  {service} keeps {target} in a volume without a name: {contents}"));
    }
    screen.talk("  Nothing was stopped. Give it a volume with a name (story 5.1 does it for Redis), or:");
    let compose = format!("cargo xtask compose {environment}{root} --");
    screen.talk(format_args!("  Stop and keep it:  {compose} stop"));
    screen.talk(format_args!("  Let it go:         cargo xtask down {environment}{root} --data-is-expendable"));
}

/// Another environment that runs as the same project; `file` is this one's own, where it has one.
pub fn in_the_way(session: &Session, (environment, other): (&str, &str), project: &str, file: Option<&str>) {
    let (screen, root) = (&session.screen, session.root_flag());
    screen.json(&document(
        "up",
        json!({ "environment": environment, "project": project, "up": false, "in_the_way": other }),
    ));
    screen.talk(format_args!("error: {environment} is not started: {other} runs here as the same project, {project}"));
    screen.talk(format_args!("  {environment} would take over its containers and use its data."));
    screen.talk(format_args!("  Stop it first:    cargo xtask down {other}{root}"));
    if let Some(file) = file {
        screen.talk(format_args!("  Or keep both:     write at the top of {file}:  name: {project}-{environment}"));
    }
    screen.talk(format_args!("  Use its data:     cargo xtask up {environment}{root} --data-is-expendable"));
}

/// Files that Compose rejects.
pub fn rejected(session: &Session, environment: &str, words: &str) {
    session.screen.json(&document("up", json!({ "environment": environment, "up": false, "rejected": words })));
    session.screen.talk(format_args!("error: docker compose rejects {environment}; nothing was started"));
    words.lines().for_each(|line| session.screen.talk(format_args!("  {line}")));
}
