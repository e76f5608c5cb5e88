//! `up`: starts an environment, waits until it is healthy, and looks again.

mod rollback;

use std::process::ExitStatus;
use std::sync::mpsc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use compose_model::{Environment, ImageRef, ResolvedModel, resolved};
use data_safety::Impact;
use docker::engine::Engine;
use docker::{Arguments, Compose};

use super::before::{Before, meant, profiles};
use super::compose::read;
use super::compose_environment::{ComposeEnvironment, Out, exit, words};
use super::volumes_before::Volumes;
use super::{Session, before};
use crate::cli::Up;
use crate::exit::Exit;
use crate::standing::{FirstPassword, LAST_LINES, Service, ServiceProblem};
use crate::{health_path, model, report, standing};
use rollback::Rollback;

/// How long a service without a health check is given to fail after docker has called it started.
const GRACE: Duration = Duration::from_millis(1500);

/// How often it is looked at who waits for whom.
const LOOK: Duration = Duration::from_secs(1);

/// Runs the command.
///
/// # Errors
/// When Compose or an engine is not there, and for flags that would cost data.
pub fn run(session: &Session, flags: &Up) -> Result<Exit> {
    let target = ComposeEnvironment::open(session, &flags.environment)?;
    start(session, target, flags)
}

/// Starts an environment within a command that listens for Ctrl-C itself.
///
/// # Errors
/// As for [`run`].
pub(super) fn start(session: &Session, mut target: ComposeEnvironment, flags: &Up) -> Result<Exit> {
    let begun = Instant::now();
    let words = spelt(flags);
    let asked = read(&target, &words)?;
    target.tell_left_out(session);
    if !flags.rollback && lacks_env_file(session, &target) {
        return Ok(Exit::Findings);
    }
    let compose = Compose::find()?;
    let engine = before::reach()?;
    let rollback = flags.rollback.then(|| Rollback::of(&target, &engine));
    let rollback = rollback.transpose()?;
    let model = match &rollback {
        Some(rollback) => Some(target.go_back(rollback)),
        None => accepted_model(session, &mut target, &asked, &compose),
    };
    let Some(model) = model else {
        return Ok(Exit::Findings);
    };
    let Environment { name, project, .. } = target.environment.clone();
    let project = project.name;
    let impact = {
        let before = Before::look(session, &target, &engine)?;
        let may_go_on = flags.allow_data_loss
            || before.are_own(&asked) && before.is_safe_to_recreate(&compose, &model, &asked)?;
        if !may_go_on {
            return Ok(Exit::Findings);
        }
        before.impact(&compose, &model, &asked)
    };
    report::before(&session.screen, &name, &impact);
    let there = Volumes::of(&engine, &project)?;
    let unbuilt = unbuilt(&target, &engine, &project, &model, &asked);
    if let Some(failed) = build(session, &target, &unbuilt)? {
        return Ok(failed);
    }
    let watched = Watched {
        session,
        engine: &engine,
        project: &project,
        model: &model,
    };
    let status = watched.during(|| target.compose(&words, Out::Calm))?;
    let gone = there.vanished()?;
    if !gone.is_empty() {
        report::vanished(session, "up", &target.environment, &gone);
        return Ok(Exit::Findings);
    }
    if exit(status) == Exit::Interrupted || status.code() == Some(130) {
        return Ok(Exit::Interrupted);
    }
    target.checkout.memory.started(&name, &project);
    let started = Started {
        target: &target,
        engine: &engine,
        project: &project,
        model: &model,
        status,
        begun,
        impact: &impact,
        there: &there,
        rollback: rollback.as_ref(),
    };
    started.tell(session, &asked)
}

impl ComposeEnvironment {
    /// Works with what ran from now on; its model.
    fn go_back(&mut self, rollback: &Rollback) -> ResolvedModel {
        self.secrets = model::secrets(&self.checkout, &self.environment, Some(&rollback.model));
        self.instead = Some(rollback.call.clone());
        rollback.model.clone()
    }
}

/// What the environment comes to; where Compose does not accept its files, that is told.
fn accepted_model(
    session: &Session,
    target: &mut ComposeEnvironment,
    asked: &Arguments,
    compose: &Compose,
) -> Option<ResolvedModel> {
    match target.resolve(compose) {
        Ok(model) => Some(model),
        Err(words) => {
            report::rejected(session, &asked.verb, &target.environment, &words);
            None
        }
    }
}

/// Tells of the env files without which Compose would not start.
fn lacks_env_file(session: &Session, target: &ComposeEnvironment) -> bool {
    let Some(first) = target.missing_env_files().first().copied() else {
        return false;
    };
    let words = format!(
        "{} is not started: {first} is missing",
        target.environment.name
    );
    session.screen.json(&report::error(&words));
    session.screen.talk(format_args!("error: {words}"));
    target.tell_missing(session);
    true
}

/// Builds the images of these services. How Compose ended, where it failed.
fn build(
    session: &Session,
    target: &ComposeEnvironment,
    services: &[String],
) -> Result<Option<Exit>> {
    if services.is_empty() {
        return Ok(None);
    }
    let built = target.compose(
        &super::compose_environment::words(&["build"], services),
        Out::Talk,
    )?;
    if built.success() {
        return Ok(None);
    }
    report::failed(session, "build", built);
    Ok(Some(exit(built)))
}

/// An environment that docker compose has tried to start.
struct Started<'s> {
    target: &'s ComposeEnvironment,
    engine: &'s Engine,
    project: &'s str,
    model: &'s ResolvedModel,
    /// How Compose ended.
    status: ExitStatus,
    begun: Instant,
    /// What it did to the containers that were there.
    impact: &'s Impact,
    /// The volumes that were there before.
    there: &'s Volumes<'s>,
    /// What it was to run as again, where that was asked for.
    rollback: Option<&'s Rollback>,
}

impl Started<'_> {
    /// Tells how the services stand.
    fn tell(&self, session: &Session, asked: &Arguments) -> Result<Exit> {
        let mut services = look(self.engine, self.project, self.model, self.status.success())?;
        let meant = meant(self.model, asked, &profiles(self.target, asked));
        // What was not asked for may be as it is.
        services
            .iter_mut()
            .filter(|service| !meant.contains(&service.name))
            .for_each(|service| service.trouble = None);
        let mut troubles = standing::troubles(self.engine, &services, &self.target.secrets);
        let first_passwords = self.first_passwords(&services, &troubles);
        let answers = match self.status.success() && troubles.is_empty() {
            true => health_path::ask(self.model, &services, self.engine),
            false => Vec::new(),
        };
        troubles.extend(answers.iter().filter_map(health_path::Answer::trouble));
        let is_well = self.status.success() && troubles.is_empty();
        let stack = &self.target.checkout.stack;
        let shown = report::Started {
            running: (&self.target.environment.name, self.project),
            frontend: stack.player(&self.target.environment.name, "frontend"),
            services: &services,
            troubles: &troubles,
            answers: &answers,
            first_passwords: &first_passwords,
            docker: self.status.code().filter(|code| *code != 0),
            took: self.begun.elapsed(),
            impact: self.impact,
            rolled_back: self.rollback.map(|rollback| rollback.when),
            can_roll_back: !is_well && self.rollback.is_none() && self.has_run_well(),
        };
        report::up(session, &shown);
        if !is_well {
            return Ok(Exit::Findings);
        }
        if self.rollback.is_none() && asked.words.is_empty() {
            rollback::remember(self.target, &services);
        }
        Ok(Exit::Done)
    }

    /// Whether this machine knows what it ran as when all was well.
    fn has_run_well(&self) -> bool {
        let name = &self.target.environment.name;
        let good = self.target.checkout.memory.last_good(name);
        good.is_some_and(|good| good.project == self.project)
    }

    /// The servers whose first password may be what keeps others from them: by what the services in
    /// trouble said last, and the datastores beside them.
    fn first_passwords(
        &self,
        services: &[Service],
        troubles: &[ServiceProblem],
    ) -> Vec<FirstPassword> {
        if troubles.is_empty() {
            return Vec::new();
        }
        let mut said: Vec<_> = troubles
            .iter()
            .flat_map(|trouble| trouble.health.iter().chain(&trouble.log))
            .cloned()
            .collect();
        let is_datastore = |service: &&Service| {
            let image = self.model.service(&service.name)?.image_name()?;
            datastores::of(&ImageRef::parse(&image))
        };
        let containers = services.iter().filter(|one| is_datastore(one).is_some());
        for container in containers.filter_map(|one| one.container.as_ref()) {
            let log = self.engine.last_lines(&container.id, LAST_LINES);
            said.extend(log.unwrap_or_default().lines().map(str::to_owned));
        }
        standing::first_passwords(self.model, &said, |name| self.there.has(name))
    }
}

/// The services whose image is built here and not there yet: Compose would first ask a registry for
/// it, where a stranger may have an image of that name.
fn unbuilt(
    target: &ComposeEnvironment,
    engine: &Engine,
    project: &str,
    model: &ResolvedModel,
    asked: &Arguments,
) -> Vec<String> {
    if asked.has("build") || asked.has("no-build") || asked.has("pull") {
        return Vec::new();
    }
    let meant = meant(model, asked, &profiles(target, asked));
    let is_unbuilt = |name: &str, service: &resolved::Service| {
        let image = service
            .image_name()
            .unwrap_or_else(|| format!("{project}-{name}"));
        meant.contains(name)
            && service.starts()
            && service.is_built
            && service.pull_policy.is_none()
            && matches!(engine.image(&image), Ok(None))
    };
    let services = model
        .services
        .iter()
        .filter(|(name, service)| is_unbuilt(name, service));
    services.map(|(name, _)| name.clone()).collect()
}

/// A start that is looked at while it lasts.
#[derive(Clone, Copy)]
struct Watched<'w> {
    session: &'w Session,
    engine: &'w Engine,
    project: &'w str,
    model: &'w ResolvedModel,
}

impl Watched<'_> {
    /// Does it, and tells who waits for whom until it is done.
    fn during<T>(self, start: impl FnOnce() -> T) -> T {
        let (sender, ended) = mpsc::channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || self.tell_until(&ended));
            let done = start();
            drop(sender);
            done
        })
    }

    /// A line whenever it has changed.
    fn tell_until(self, ended: &Receiver<()>) {
        let mut told = Vec::new();
        while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
            // One look that fails is no news.
            let Ok(containers) = self.engine.containers(self.project) else {
                continue;
            };
            let waits = if containers.is_empty() {
                Vec::new()
            } else {
                standing::waits(self.model, &containers)
            };
            waits
                .iter()
                .filter(|line| !told.contains(*line))
                .for_each(|line| self.session.screen.talk(line));
            told = waits;
        }
    }
}

/// `--wait` implies `--detach`; both are said.
fn spelt(flags: &Up) -> Vec<String> {
    let mut words = words(&["up", "--detach", "--wait"], &[]);
    if flags.build {
        words.push("--build".to_owned());
    }
    if flags.rollback {
        words.push("--no-build".to_owned());
    }
    if let Some(seconds) = flags.wait_timeout {
        words.extend(["--wait-timeout".to_owned(), seconds.to_string()]);
    }
    words.extend(flags.arguments.iter().cloned());
    words
}

/// Looks at every service; at those that nothing probes once more a little later.
fn look(
    engine: &Engine,
    project: &str,
    model: &ResolvedModel,
    started: bool,
) -> Result<Vec<Service>> {
    let first = engine.containers(project)?;
    if started
        && first
            .iter()
            .any(|container| container.is_running() && container.health.is_none())
    {
        std::thread::sleep(GRACE);
    }
    let second = engine.containers(project)?;
    Ok(standing::services(model, &first, &second))
}
