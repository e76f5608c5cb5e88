//! `up`: starts an environment, waits until it is healthy, and looks again.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::Session;
use super::compose::has_flag;
use super::running::{Running, exit, words};
use crate::check::Model;
use crate::cli::Up;
use crate::docker::{Compose, Docker, NoDocker, Out};
use crate::engine::Engine;
use crate::engine::container::{Container, FILES};
use crate::exit::Exit;
use crate::guard::living;
use crate::report::{self, Started};
use crate::standing::{self, Service};

/// How long a service without a health check is given to fail after docker has called it started.
const GRACE: Duration = Duration::from_millis(1500);

/// Runs the command.
///
/// # Errors
/// When Compose or an engine is not there, and for flags that would cost data.
pub fn run(session: &Session, flags: &Up) -> Result<Exit> {
    refuse(&flags.arguments)?;
    let running = Running::open(session, &flags.one)?;
    start(session, running, flags)
}

/// The same within a command that listens for Ctrl-C itself.
///
/// # Errors
/// As for [`run`].
pub(super) fn start(session: &Session, mut running: Running, flags: &Up) -> Result<Exit> {
    let begun = Instant::now();
    if let [first, ..] = running.missing_env_files()[..] {
        session.screen.talk(format_args!("error: {} is not started: {first} is missing", running.environment));
        running.tell_missing(session);
        return Ok(Exit::Findings);
    }
    let compose = Compose::find()?;
    let engine = Engine::reach(Docker::new()).map_err(|error| NoDocker(std::io::Error::other(error)))?;
    let model = match running.resolve(&compose) {
        Ok(model) => model,
        Err(words) => {
            report::rejected(session, &running.environment, &words);
            return Ok(Exit::Findings);
        }
    };
    if !flags.data_is_expendable {
        if let Some(other) = in_the_way(&running, &engine.containers(project(&model))?) {
            let files = &running.checkout.stack.layout.environments[&running.environment].files;
            let own = (files.len() > 1).then(|| files[files.len() - 1].as_str());
            report::in_the_way(session, (&running.environment, &other), project(&model), own);
            return Ok(Exit::Findings);
        }
        if !is_safe(session, &running, (&engine, &model), flags)? {
            return Ok(Exit::Findings);
        }
    }
    let status = running.compose(&spelt(flags), Out::Talk)?;
    if exit(status) == Exit::Interrupted || status.code() == Some(130) {
        return Ok(Exit::Interrupted);
    }
    let project = project(&model);
    running.checkout.memory.started(&running.environment, project);
    let services = look(&engine, project, (&model, status.success()))?;
    let troubles = standing::troubles(&engine, &services, &running.secrets);
    let started = Started {
        running: (&running.environment, project),
        roles: &running.checkout.stack.layout.roles,
        services: &services,
        troubles: &troubles,
        docker: status.code().filter(|code| *code != 0),
        took: begun.elapsed(),
    };
    report::up(session, &started);
    Ok(if status.success() && troubles.is_empty() { Exit::Done } else { Exit::Findings })
}

/// Flags by which docker compose would throw data away, or wait for an answer.
fn refuse(arguments: &[String]) -> Result<()> {
    let refused = [
        ('V', "--renew-anon-volumes", "gives every service without a named volume a new, empty one"),
        ('y', "--yes", "lets Compose destroy volumes whose labels have changed"),
    ];
    for (letter, name, why) in refused {
        if has_flag(arguments, letter, name) {
            bail!("`up -{letter}` ({name}) {why}, and this command never does; run docker compose yourself for that");
        }
    }
    Ok(())
}

/// `--wait` implies `--detach`; both are said.
fn spelt(flags: &Up) -> Vec<String> {
    let mut words = words(&["up", "--detach", "--wait"], &[]);
    if flags.build {
        words.push("--build".to_owned());
    }
    if let Some(seconds) = flags.wait_timeout {
        words.extend(["--wait-timeout".to_owned(), seconds.to_string()]);
    }
    words.extend(flags.arguments.iter().cloned());
    words
}

/// The environment whose running containers this one would take over, and their data: it has the same project's name.
fn in_the_way(running: &Running, containers: &[Container]) -> Option<String> {
    let layout = &running.checkout.stack.layout;
    let files = |environment: &str| {
        let files = running.checkout.call(environment).files;
        files.iter().map(|file| file.to_string_lossy().into_owned()).collect::<Vec<_>>().join(",")
    };
    let running_files = containers.iter().filter(|one| one.is_running()).filter_map(|one| one.labels.get(FILES));
    let own = files(&running.environment);
    let others: Vec<_> = running_files.filter(|found| **found != own).collect();
    layout.environments.keys().find(|environment| others.contains(&&files(environment))).cloned()
}

/// Looks at what is there already, and stops before data is out of reach.
fn is_safe(session: &Session, running: &Running, (engine, model): (&Engine, &Model), flags: &Up) -> Result<bool> {
    let mut wanted = living::wanted(&running.checkout, &running.environment, model, &session.root_flag());
    wanted.removes_orphans = flags.arguments.iter().any(|word| word == "--remove-orphans");
    let verdict = living::look(engine, &running.checkout, &wanted)?;
    verdict.notes.iter().for_each(|note| session.screen.talk(format_args!("note: {note}")));
    if verdict.risks.is_empty() {
        return Ok(true);
    }
    report::at_risk(session, &wanted, &verdict);
    Ok(false)
}

fn project(model: &Model) -> &str {
    model.get("name").and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// Looks at every service; at those that nothing probes once more a little later.
fn look(engine: &Engine, project: &str, (model, started): (&Model, bool)) -> Result<Vec<Service>> {
    let first = engine.containers(project)?;
    if started && first.iter().any(|container| container.is_running() && container.health.is_none()) {
        std::thread::sleep(GRACE);
    }
    let second = engine.containers(project)?;
    Ok(standing::services(model, &first, &second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_costs_data_is_refused_in_every_spelling() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for text in ["-V", "--renew-anon-volumes", "redis -y", "--yes", "-dV", "--yes=true"] {
            assert!(refuse(&words(text)).is_err(), "{text}");
        }
        for text in ["redis", "--remove-orphans", "--force-recreate", "--no-build --pull never"] {
            assert!(refuse(&words(text)).is_ok(), "{text}");
        }
    }
}
