//! Why a verb of docker compose was not done, or not without a loss, and every way on.

use std::process::ExitStatus;

use compose_model::Environment;
use diagnostics::render::json::{DiagnosticDocument, documents};
use diagnostics::render::text;
use diagnostics::shell_quote::quoted;
use diagnostics::{Action, Diagnostic, Evidence, Remedy, Severity};
use docker::{Arguments, Effect};
use serde::Serialize;

use super::{SCHEMA, count, findings, listed, value};
use crate::commands::Session;
use crate::guard::living::Loss;

/// The document of a verb that was not done, or not without a loss.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "not-done"))]
pub(super) struct NotDoneDocument<'d> {
    schema: u32,
    /// The command; of `compose` and `shell` the verb of docker compose.
    command: &'d str,
    /// The environment.
    environment: &'d str,
    /// Its project.
    project: &'d str,
    /// False.
    done: bool,
    /// Why, and what can be done.
    findings: Vec<DiagnosticDocument>,
}

/// A verb, and where it was to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Undone<'u> {
    pub(super) verb: &'u str,
    pub(super) environment: &'u str,
    pub(super) project: &'u str,
}

impl<'u> Undone<'u> {
    fn of(verb: &'u str, on: &'u Environment) -> Self {
        Self {
            verb,
            environment: &on.name,
            project: &on.project.name,
        }
    }
}

/// Tells programs why.
pub(super) fn for_programs(session: &Session, undone: Undone<'_>, why: &[Diagnostic]) {
    session.screen.json(&value(&NotDoneDocument {
        schema: SCHEMA,
        command: undone.verb,
        environment: undone.environment,
        project: undone.project,
        done: false,
        findings: documents(why, &session.invocation()),
    }));
}

/// Files that Compose rejects.
pub fn rejected(session: &Session, verb: &str, on: &Environment, words: &str) {
    let environment = &on.name;
    let said = findings::of_rejection("docker compose accepts the files", environment, words);
    for_programs(session, Undone::of(verb, on), &said);
    session.screen.talk(format_args!(
        "error: docker compose rejects {environment}; nothing was started"
    ));
    words
        .lines()
        .for_each(|line| session.screen.talk(format_args!("  {line}")));
}

/// Data that would go out of reach with its containers.
pub fn losses(session: &Session, asked: &Arguments, on: &Environment, losses: &[Loss]) {
    let (screen, environment) = (&session.screen, &on.name);
    let lost = |loss: &Loss| lost(loss, environment, safe_ways(asked, environment, losses));
    let lost: Vec<_> = losses.iter().map(lost).collect();
    for_programs(session, Undone::of(&asked.verb, on), &lost);
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

fn lost(loss: &Loss, environment: &str, ways: Vec<Remedy>) -> Diagnostic {
    let (service, place) = (&loss.service, loss.place);
    let message = format!(
        "{service} keeps {} in {place}, and the next up would not find it again",
        loss.path
    );
    let evidence = Evidence {
        what: loss.path.clone(),
        seen: loss.holds.clone(),
    };
    Diagnostic::new("data-unnamed", Severity::Error, service, message)
        .of(environment)
        .with_evidence(vec![evidence])
        .with_remedies(ways)
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
pub fn vanished(session: &Session, verb: &str, on: &Environment, volumes: &[String]) {
    let screen = &session.screen;
    let gone = |volume: &String| {
        let message = format!("it vanished during {verb}, with the data");
        let then = Remedy::advice(
            "If nobody meant that",
            "stop writing to this engine, and take the last backup",
        );
        Diagnostic::new("volume-vanished", Severity::Error, volume, message)
            .of(&on.name)
            .with_remedies(vec![then])
    };
    let gone: Vec<_> = volumes.iter().map(gone).collect();
    for_programs(session, Undone::of(verb, on), &gone);
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

impl Other {
    /// What it is, and its name.
    fn named(&self) -> (&'static str, &str) {
        match self {
            Self::Environment(name) => ("environment", name),
            Self::Checkout(folder) => ("checkout", folder),
        }
    }
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
    let (kind, name) = other.named();
    let who = match other {
        Other::Environment(name) => format!("{name} runs here"),
        Other::Checkout(_) => "another checkout has containers here".to_owned(),
    };
    let evidence = Evidence {
        what: kind.to_owned(),
        seen: name.to_owned(),
    };
    let message = format!("{who} as the same project");
    let found_there = Diagnostic::new("project-in-use", Severity::Error, project, message)
        .of(environment)
        .with_evidence(vec![evidence])
        .with_remedies(ways_around(asked, found));
    let undone = Undone {
        verb,
        environment,
        project,
    };
    for_programs(session, undone, &[found_there]);
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

/// Tells programs that docker compose failed; people have its words before them.
pub fn failed(session: &Session, verb: &str, status: ExitStatus) {
    let code = status.code().unwrap_or(1);
    let words = format!(
        "docker compose {verb} ended with exit code {code}; what it said is on the standard error"
    );
    session.screen.json(&super::error(&words));
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

/// Says whose the containers are that are shown, where they are somebody else's under the same
/// project's name.
pub fn whose(session: &Session, environment: &str, other: &Other, project: &str) {
    let (kind, name) = other.named();
    session.screen.talk(format_args!(
        "note: the containers of the project {project} are not of {environment} here,"
    ));
    session
        .screen
        .talk(format_args!("  but of another {kind}: {name}"));
}

/// What can be done, below an error.
pub(super) fn offer(session: &Session, remedies: &[Remedy]) {
    text::remedies(remedies, "  ", &session.invocation())
        .iter()
        .for_each(|line| session.screen.talk(line));
}
