//! `compose`: runs docker compose with an environment's files, once it is known that no data goes.

use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use compose_model::Environment;
use docker::engine::Engine;
use docker::{Arguments, Compose as Plugin, Docker, Effect, NoDocker};

use super::Session;
use super::before::{self, Before};
use super::compose_environment::{ComposeEnvironment, exit};
use super::volumes_before::Volumes;
use crate::cli::Compose;
use crate::exit::Exit;
use crate::probe;
use crate::report;

/// Runs the command; the exit code is docker's own.
///
/// # Errors
/// When docker cannot be started, and for what would delete volumes or is not known to keep them.
pub fn run(session: &Session, flags: &Compose) -> Result<Exit> {
    let mut target = ComposeEnvironment::open(session, &flags.environment)?;
    let asked = read(&target, &flags.arguments)?;
    target.tell_left_out(session);
    if looks_at_containers(&asked) {
        before::tell_whose(session, &target);
    }
    let project = target.environment.project.name.clone();
    let engine = match asked.effect {
        Effect::Looks => None,
        _ if changes_containers(&asked) => Some(before::reach()?),
        // Without an engine docker says itself that there is none.
        _ => Engine::find(),
    };
    if let Some(engine) = &engine
        && !flags.allow_data_loss
        && !is_safe(session, &mut target, engine, &asked)?
    {
        return Ok(Exit::Findings);
    }
    let there = engine
        .as_ref()
        .map(|engine| Volumes::of(engine, &project))
        .transpose()?;
    let mut command = Docker::new()
        .compose(&target.call(), &flags.arguments)
        .context("docker")?;
    if asks_questions(&asked) && !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        // Compose's question whether a volume may be destroyed is not answered by what is piped to
        // us.
        command.stdin(Stdio::null());
    }
    let status = command.status().map_err(NoDocker)?;
    if status.success() {
        probe::remember(&target.checkout, &target.environment.name, &flags.arguments);
    }
    if let Some(there) = &there {
        let gone = there.vanished()?;
        if !gone.is_empty() {
            report::vanished(session, &asked.verb, &target.environment, &gone);
            return Ok(Exit::Findings);
        }
    }
    Ok(exit(status))
}

/// What is asked for, if it is known to keep the data and is about this environment.
pub(super) fn read(target: &ComposeEnvironment, arguments: &[String]) -> Result<Arguments> {
    let Environment {
        name: environment,
        project,
        ..
    } = &target.environment;
    let by_hand = || target.by_hand(arguments);
    let asked = match Arguments::parse(arguments) {
        Ok(asked) => asked,
        Err(refusal) => {
            bail!(
                "{refusal}; nothing was done. Once the data is backed up, by hand:\n  {}",
                by_hand()
            )
        }
    };
    if let Some(other) = asked.projects().find(|other| *other != project.name) {
        bail!(
            "--project-name {other} leads to another project, {environment} is {}; nothing was done. For that project run \
             docker compose where its files are",
            project.name
        );
    }
    if changes_containers(&asked)
        && let Some(other) = asked.other_files()
    {
        bail!(
            "with {other} `{}` would go by other files than those of {environment}, and what they do to its data is not \
             looked at; nothing was done. Name them in compose/stack.yaml, or by hand:\n  {}",
            asked.verb,
            by_hand()
        );
    }
    Ok(asked)
}

fn changes_containers(asked: &Arguments) -> bool {
    matches!(
        asked.effect,
        Effect::Recreates | Effect::Renews | Effect::Removes
    ) || asked.removes_orphans()
}

/// Whether Compose may ask what becomes of data. What is piped to `run` is its process's own, and
/// the question of `rm` is about containers that have been looked at.
fn asks_questions(asked: &Arguments) -> bool {
    changes_containers(asked) && !matches!(asked.verb.as_str(), "run" | "rm")
}

/// Whether it works on containers, which may be another checkout's; the others are about images.
fn acts_on_containers(asked: &Arguments) -> bool {
    asked.effect == Effect::Works
        && !matches!(asked.verb.as_str(), "build" | "publish" | "pull" | "push")
}

/// Whether it shows containers, which may be another checkout's; the others are about files, or
/// about all projects.
fn looks_at_containers(asked: &Arguments) -> bool {
    let verbs = [
        "events", "images", "logs", "port", "ps", "stats", "top", "volumes",
    ];
    asked.effect == Effect::Looks && verbs.contains(&asked.verb.as_str()) && !asked.has("help")
}

/// Whether nothing gets out of reach; what would is told.
fn is_safe(
    session: &Session,
    target: &mut ComposeEnvironment,
    engine: &Engine,
    asked: &Arguments,
) -> Result<bool> {
    if !changes_containers(asked) {
        return Ok(
            !acts_on_containers(asked) || Before::look(session, target, engine)?.are_own(asked)
        );
    }
    if asked.effect == Effect::Removes {
        let before = Before::look(session, target, engine)?;
        return Ok(before.are_own(asked) && before.is_safe_to_remove(asked)?);
    }
    let compose = Plugin::find()?;
    let model = match target.resolve(&compose) {
        Ok(model) => model,
        Err(words) => {
            report::rejected(session, &asked.verb, &target.environment, &words);
            return Ok(false);
        }
    };
    let before = Before::look(session, target, engine)?;
    Ok(before.are_own(asked)
        && match asked.effect {
            Effect::Recreates | Effect::Renews => {
                before.is_safe_to_recreate(&compose, &model, asked)?
            }
            _ => before.is_safe_without_orphans(&model, asked)?,
        })
}
