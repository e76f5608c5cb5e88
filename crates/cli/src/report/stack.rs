//! The screens of `up` and `down`: how the services stand, where to look at them, and what comes
//! next.

use std::time::Duration;

use data_safety::Impact;
use diagnostics::render::text;
use diagnostics::shell_quote::quoted;
use diagnostics::{Action, Remedy};
use docker::engine::container::{Container, HealthStatus, Status};
use docker::{Arguments, Effect};
use serde_json::{Value, json};

use super::last::ago;
use super::{count, document, impact, listed};
use crate::commands::Session;
use crate::guard::living::Loss;
use crate::health_path::Answer;
use crate::screen::{Screen, Tone};
use crate::standing::{self, FirstPassword, Service, Trouble};

/// An environment that was started, or was to be.
pub struct Started<'s> {
    /// The environment and its project.
    pub running: (&'s str, &'s str),
    /// The service that serves the page.
    pub frontend: Option<String>,
    /// How the services stand.
    pub services: &'s [Service],
    /// What is wrong.
    pub troubles: &'s [Trouble],
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
}

/// Shows how it went.
pub fn up(session: &Session, started: &Started<'_>) {
    session.screen.json(&document("up", up_json(started)));
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

fn up_json(started: &Started<'_>) -> Value {
    let (environment, project) = started.running;
    let trouble = |one: &Trouble| json!({ "service": one.service, "what": one.what, "health": one.health, "log": one.log });
    let troubles: Vec<_> = started.troubles.iter().map(trouble).collect();
    json!({
        "environment": environment, "project": project, "up": started.is_up(), "docker_exit": started.docker,
        "services": standing::json(started.services), "troubles": troubles, "url": url(started),
        "not_started": standing::not_started(started.services),
        "first_passwords": started.first_passwords.iter().map(first_password).collect::<Vec<_>>(),
        "impact": impact::of(environment, project, started.impact),
        "answers": started.answers.iter().map(Answer::json).collect::<Vec<_>>(),
    })
}

fn first_password(first: &FirstPassword) -> Value {
    json!({ "service": first.service, "volume": first.volume, "variable": first.variable })
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
        tell_first_password(session, environment, first);
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

/// Tells of a password that a variable does not set any more.
fn tell_first_password(session: &Session, environment: &str, first: &FirstPassword) {
    let FirstPassword {
        service,
        volume,
        variable,
        change,
    } = first;
    let why = format!(
        "A log-in at {service} was refused. Its volume {volume} was there before this start and \
         keeps the password of the first one; a {variable} that was changed since sets nothing."
    );
    for line in Screen::wrap_behind("  ", &why) {
        session.screen.talk(line);
    }
    if let Some(words) = change {
        let mut command = vec!["compose", environment, "--", "exec", service];
        command.extend(words.iter().map(String::as_str));
        offer(session, &[Remedy::command("Set it in the data", &command)]);
    }
}

/// What can be done, below an error.
fn offer(session: &Session, remedies: &[Remedy]) {
    text::remedies(remedies, "  ", &session.invocation())
        .iter()
        .for_each(|line| session.screen.talk(line));
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

fn tell(session: &Session, trouble: &Trouble) {
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
pub fn down(session: &Session, environment: &str, volumes: &[String]) {
    let screen = &session.screen;
    screen.json(&document(
        "down",
        json!({ "environment": environment, "down": true, "volumes": volumes }),
    ));
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

/// Data that would go out of reach with its containers.
pub fn losses(session: &Session, asked: &Arguments, environment: &str, losses: &[Loss]) {
    let (screen, verb) = (&session.screen, asked.verb.as_str());
    let lost = |loss: &Loss| json!({ "service": loss.service, "target": loss.path, "contents": loss.holds });
    let lost: Vec<_> = losses.iter().map(lost).collect();
    screen.json(&document(
        verb,
        json!({ "environment": environment, verb: false, "risks": lost }),
    ));
    screen
        .talk("error: data first: some of it has no name, and the next up would not find it again");
    for loss in losses {
        screen.talk(format_args!(
            "  {} keeps {} in {}: {}",
            loss.service, loss.path, loss.place, loss.holds
        ));
    }
    screen.talk("  Nothing was done. Give it a volume with a name (5.1 does it for Redis), or:");
    offer(session, &safe_ways(asked, environment, losses));
}

fn safe_ways(asked: &Arguments, environment: &str, losses: &[Loss]) -> Vec<Remedy> {
    let mut ways = Vec::new();
    if asked.effect == Effect::Removes {
        ways.push(Remedy::command(
            "Stop and keep it",
            &["compose", environment, "--", "stop"],
        ));
    } else {
        let of_paths = losses.iter().filter(|loss| loss.path.starts_with('/'));
        let copies: Vec<_> = of_paths
            .map(|loss| copy(loss, losses, environment))
            .collect();
        ways.extend((!copies.is_empty()).then(|| Remedy::steps("Copy it out", copies)));
    }
    if asked.effect == Effect::Renews {
        ways.push(Remedy::command(
            format!("Hand volumes on, then {}", asked.verb),
            &["up", environment],
        ));
    }
    ways.push(Remedy::command("Let it go", &again(asked, environment)));
    ways
}

/// The command that copies it to the folder one is in.
fn copy(loss: &Loss, all: &[Loss], environment: &str) -> Action {
    let Loss {
        service,
        container,
        number,
        path,
        ..
    } = loss;
    let from = |name: &str| format!("{name}:{path}");
    let to = |name: &str| format!("./{name}{}", path.replace('/', "-"));
    let is_only = !all
        .iter()
        .any(|other| other.service == *service && other.number != *number);
    let compose =
        |words: &[&str]| Action::command(&[&["compose", environment, "--", "cp"], words].concat());
    match number {
        None => Action::Shell(format!(
            "docker cp {} {}",
            quoted(&from(container)),
            quoted(&to(container))
        )),
        Some(1) if is_only => compose(&[&from(service), &to(service)]),
        Some(number) => {
            let of_one = to(&format!("{service}-{number}"));
            compose(&["--index", &number.to_string(), &from(service), &of_one])
        }
    }
}

/// The arguments of the same command, whatever becomes of the data: with all that was typed, for
/// without it more may go.
#[must_use]
pub fn again(asked: &Arguments, environment: &str) -> Vec<String> {
    let rest = |own: &[&str]| {
        let (first, rest) = asked.typed.split_at_checked(own.len())?;
        first.iter().eq(own).then(|| rest.to_vec())
    };
    let verbs = [
        ("up", &["up", "--detach", "--wait"][..]),
        ("down", &["down"]),
    ];
    let own = verbs
        .into_iter()
        .find_map(|(verb, own)| Some((verb, rest(own)?)));
    let (verb, words) = own.unwrap_or_else(|| ("compose", asked.typed.clone()));
    let behind = (!words.is_empty()).then(|| "--".to_owned());
    let head = [verb, environment, "--allow-data-loss"].map(str::to_owned);
    head.into_iter().chain(behind).chain(words).collect()
}

/// Volumes that were there before a command of docker compose and are not any more.
pub fn vanished(session: &Session, verb: &str, volumes: &[String]) {
    let screen = &session.screen;
    screen.json(&document(verb, json!({ verb: false, "vanished": volumes })));
    let what = count(volumes.len(), "volume", "volumes");
    screen.talk(format_args!(
        "error: {what} vanished during {verb}, with the data: {}",
        listed(volumes)
    ));
    screen.talk("  If nobody meant that: stop writing to this engine, and take the last backup.");
}

/// Who else has containers of the same project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// Another environment of this checkout.
    Environment(String),
    /// Another checkout, in this folder.
    Checkout(String),
}

/// Somebody else's containers under the project's name of an environment.
#[derive(Clone, Copy, Debug)]
pub struct InTheWay<'a> {
    /// The environment.
    pub environment: &'a str,
    /// Whose containers they are.
    pub other: &'a Other,
    /// The name.
    pub project: &'a str,
    /// The file that the environment has for itself, where it has one.
    pub own_file: Option<&'a str>,
}

/// Tells that nothing was done, and what may be.
pub fn in_the_way(session: &Session, asked: &Arguments, found: InTheWay<'_>) {
    let InTheWay {
        environment,
        other,
        project,
        ..
    } = found;
    let (screen, verb) = (&session.screen, asked.verb.as_str());
    let (name, who) = match other {
        Other::Environment(name) => (name, format!("{name} runs here")),
        Other::Checkout(folder) => (folder, "another checkout has containers here".to_owned()),
    };
    screen.json(&document(
        verb,
        json!({ "environment": environment, "project": project, verb: false, "in_the_way": name }),
    ));
    match other {
        Other::Environment(_) => screen.talk(format_args!(
            "error: nothing was done with {environment}: {who} as the same project, {project}"
        )),
        Other::Checkout(folder) => {
            screen.talk(format_args!(
                "error: nothing was done with {environment}: {who}"
            ));
            screen.talk(format_args!("  as the same project, {project}: {folder}"));
        }
    }
    screen.talk(match asked.effect {
        Effect::Removes => "  It would take those containers down.".to_owned(),
        Effect::Looks | Effect::Works => {
            format!("  `{verb}` would act on those containers, not on any of {environment}.")
        }
        Effect::Recreates | Effect::Renews => {
            format!("  {environment} would take over its containers and use its data.")
        }
    });
    offer(session, &ways_around(asked, found));
}

/// Tells that there is no container to restart, and what makes one.
pub fn nothing_to_restart(session: &Session, environment: &str, asked: &Arguments) {
    let screen = &session.screen;
    let of = if asked.words.is_empty() {
        environment.to_owned()
    } else {
        format!("{} in {environment}", listed(&asked.words))
    };
    let words = format!("nothing was restarted: there is no container of {of}");
    screen.json(&super::error(&words));
    screen.talk(format_args!("error: {words}"));
    let mut up = vec!["up", environment];
    if !asked.words.is_empty() {
        up.push("--");
        up.extend(asked.words.iter().map(String::as_str));
    }
    offer(session, &[Remedy::command("Start it", &up)]);
}

fn ways_around(asked: &Arguments, found: InTheWay<'_>) -> Vec<Remedy> {
    let InTheWay {
        environment,
        other,
        project,
        own_file,
    } = found;
    let stop: [&str; 3] = match other {
        Other::Environment(name) => ["down", name, ""],
        Other::Checkout(folder) => ["down", "--root", folder],
    };
    let stop: Vec<_> = stop.into_iter().filter(|word| !word.is_empty()).collect();
    let keep = match (other, own_file) {
        (Other::Environment(_), Some(file)) => Some(format!(
            "write at the top of {file}:  name: {project}-{environment}"
        )),
        (Other::Environment(_), None) => None,
        (Other::Checkout(_), _) => Some(format!(
            "COMPOSE_PROJECT_NAME={project}-2 in an env file of {environment}"
        )),
    };
    let label = match asked.verb.as_str() {
        "up" => "Use its data",
        "down" => "Take it down",
        _ => "All the same",
    };
    let keep = keep.map(|keep| Remedy::advice("Or keep both", keep));
    let again = Remedy::command(label, &again(asked, environment));
    [Remedy::command("Stop it first", &stop)]
        .into_iter()
        .chain(keep)
        .chain([again])
        .collect()
}

/// Says whose the containers are that are shown, where they are somebody else's under the same
/// project's name.
pub fn whose(session: &Session, environment: &str, other: &Other, project: &str) {
    let (kind, name) = match other {
        Other::Environment(name) => ("environment", name),
        Other::Checkout(folder) => ("checkout", folder),
    };
    session.screen.talk(format_args!(
        "note: the containers of the project {project} are not of {environment} here,"
    ));
    session
        .screen
        .talk(format_args!("  but of another {kind}: {name}"));
}

/// Files that Compose rejects.
pub fn rejected(session: &Session, environment: &str, words: &str) {
    session.screen.json(&document(
        "up",
        json!({ "environment": environment, "up": false, "rejected": words }),
    ));
    session.screen.talk(format_args!(
        "error: docker compose rejects {environment}; nothing was started"
    ));
    words
        .lines()
        .for_each(|line| session.screen.talk(format_args!("  {line}")));
}
