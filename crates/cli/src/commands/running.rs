//! An environment to work with on an engine: its files, and what must not be printed of it.

use std::io;
use std::process::ExitStatus;

use anyhow::{Context as _, Result, bail};
use diagnostics::redact::Secrets;
use diagnostics::shell_quote::all_quoted;
use docker::compose_config::Model;
use docker::{Compose, Docker, NoDocker, Progress, Sink, Streams, stream};
use system::interrupt;

use super::Session;
use crate::checkout::Checkout;
use crate::cli::{One, Passed};
use crate::exit::Exit;
use crate::model;
use crate::report;

/// Where the standard output of Docker Compose goes; its standard error goes to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Out {
    /// To ours: it is the result.
    Result,
    /// To our standard error: it is messages.
    Talk,
    /// The same without Compose's own progress, where ours takes its place.
    Calm,
}

/// One environment, and how docker compose is called for it.
pub(super) struct Running {
    pub(super) checkout: Checkout,
    pub(super) environment: String,
    pub(super) secrets: Secrets,
}

impl Running {
    /// Reads the checkout. Ctrl-C is docker's business from now on: who waits for its end must outlive it.
    ///
    /// # Errors
    /// For an environment that there is not, or a checkout that cannot be read.
    pub(super) fn open(session: &Session, one: &One) -> Result<Self> {
        let named: Vec<_> = one.environment.iter().chain(&one.named).cloned().collect();
        let checkout = session.checkout()?;
        let environment = checkout.select(&named)?.swap_remove(0);
        Self::of(checkout, environment)
    }

    /// The same with what docker compose gets beside: the services that were named, which must be there, and more.
    ///
    /// # Errors
    /// As for [`Self::open`], and for a service that there is not.
    pub(super) fn open_with_services(session: &Session, flags: &Passed) -> Result<(Self, Vec<String>)> {
        let checkout = session.checkout()?;
        let is_environment = |name: &String| checkout.stack.layout.environments.contains_key(name);
        let (named, services) = match (&flags.environment, flags.targets.split_first()) {
            (None, Some((first, rest))) if is_environment(first) => (Some(first), rest),
            (named, _) => (named.as_ref(), &flags.targets[..]),
        };
        let environment = checkout.select(named.map(std::slice::from_ref).unwrap_or_default())?.swap_remove(0);
        let view = checkout.stack.view(&environment);
        if let Some(unknown) = services.iter().find(|service| view.service(service).is_none()) {
            let services: Vec<_> = view.services().map(|service| service.name.to_owned()).collect();
            let environments: Vec<_> = checkout.stack.layout.environments.keys().cloned().collect();
            let (services, environments) = (report::listed(&services), report::listed(&environments));
            bail!("{unknown} is neither an environment ({environments}) nor a service of {environment} ({services})");
        }
        let words = flags.arguments.iter().chain(services).cloned().collect();
        Ok((Self::of(checkout, environment)?, words))
    }

    fn of(checkout: Checkout, environment: String) -> Result<Self> {
        let secrets = model::secrets(&checkout, &environment, None);
        interrupt::leave_to_child().context("Ctrl-C cannot be left to docker")?;
        Ok(Self { checkout, environment, secrets })
    }

    /// What the environment resolves to; its secrets are known from now on.
    ///
    /// # Errors
    /// Where Compose is not there. Compose's words, where it rejects the files.
    pub(super) fn resolve(&mut self, compose: &Compose) -> Result<Model, String> {
        let resolved = model::resolve(compose, &self.checkout, &self.environment)?;
        self.secrets = model::secrets(&self.checkout, &self.environment, Some(&resolved.model));
        Ok(resolved.model)
    }

    /// The secrets that only the model tells, where Compose gives one.
    pub(super) fn learn_secrets(&mut self) {
        if let Ok(compose) = Compose::find() {
            self.resolve(&compose).ok();
        }
    }

    /// Tells that the shell names another project, which is not taken: data is never another project's by accident.
    pub(super) fn tell_left_out(&self, session: &Session) {
        let project = self.checkout.project(&self.environment);
        let set = std::env::var("COMPOSE_PROJECT_NAME").ok().filter(|set| !set.is_empty() && *set != project);
        if let Some(set) = set {
            session.screen.talk(format_args!(
                "note: COMPOSE_PROJECT_NAME={set} of this shell is not taken:\n  {} is the project {project}",
                self.environment
            ));
        }
    }

    /// Runs docker compose for a person; what it says is redacted.
    ///
    /// # Errors
    /// [`NoDocker`].
    pub(super) fn compose(&self, arguments: &[String], out: Out) -> Result<ExitStatus> {
        let command = Docker::new().compose(&self.checkout.call(&self.environment), arguments).context("docker")?;
        let (mut stdout, mut stderr, mut talk) = (io::stdout(), io::stderr(), io::stderr());
        let stdout: &mut dyn Sink = if out == Out::Result { &mut stdout } else { &mut talk };
        let progress = if out == Out::Calm { Progress::LeftOut } else { Progress::Shown };
        let streams = Streams { stdout, stderr: &mut stderr };
        Ok(stream(command, &self.secrets, progress, streams).map_err(NoDocker)?)
    }

    /// Docker compose for the environment as a person would type it.
    pub(super) fn by_hand(&self, arguments: &[String]) -> String {
        let spelt = Docker::at("docker").compose(&self.checkout.call(&self.environment), arguments);
        let words =
            spelt.map(|spelt| spelt.get_args().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>());
        format!("docker {}", all_quoted(&words.unwrap_or_default()))
    }

    /// The env files that the environment names and that are not there.
    pub(super) fn missing_env_files(&self) -> Vec<&str> {
        let own = self.checkout.missing.iter().filter(|missing| missing.environment == self.environment);
        own.map(|missing| missing.path.as_str()).collect()
    }

    /// Tells which env files are missing, after docker compose failed for it.
    pub(super) fn tell_missing(&self, session: &Session) {
        for path in self.missing_env_files() {
            let (environment, root) = (&self.environment, session.root_flag());
            session.screen.talk(format_args!(
                "  {path} is missing; make it: cargo xtask onboard --environment {environment}{root}"
            ));
        }
    }
}

/// `["ps", "--all"]` and what a person adds.
pub(super) fn words(first: &[&str], more: &[String]) -> Vec<String> {
    first.iter().map(|word| (*word).to_owned()).chain(more.iter().cloned()).collect()
}

/// How docker compose ended: its own code.
pub(super) fn exit(status: ExitStatus) -> Exit {
    use std::os::unix::process::ExitStatusExt;
    match status.code() {
        Some(0) => Exit::Done,
        Some(code) => Exit::Program(u8::try_from(code).unwrap_or(1)),
        None if status.signal() == Some(2) => Exit::Interrupted,
        None => Exit::Program(1),
    }
}
