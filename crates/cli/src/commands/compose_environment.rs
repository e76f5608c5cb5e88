//! An environment to work with on an engine: its files, and what must not be printed of it.

use std::io;
use std::process::ExitStatus;

use anyhow::{Context as _, Result, bail};
use compose_model::{Environment, ResolvedModel};
use diagnostics::redact::Secrets;
use diagnostics::shell_quote::all_quoted;
use docker::{Compose, ConfigCall, Docker, NoDocker, Progress, Sink, Streams, stream};
use serde_json::Value;
use system::interrupt;

use super::Session;
use crate::checkout::{Checkout, Target, names};
use crate::cli::{EnvironmentArg, ServiceArgs};
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
    /// To our standard error, without Compose's own progress: ours takes its place.
    Calm,
}

/// One environment, and how docker compose is called for it.
pub(super) struct ComposeEnvironment {
    pub(super) checkout: Checkout,
    pub(super) environment: Environment,
    pub(super) secrets: Secrets,
    /// What Compose made of the files, once that was asked; it holds secrets.
    pub(super) said: Option<Value>,
    /// How docker compose is called where the checkout's files are not what it is to read.
    pub(super) instead: Option<ConfigCall>,
}

impl ComposeEnvironment {
    /// Reads the checkout. Ctrl-C is docker's business from now on: who waits for its end must
    /// outlive it.
    ///
    /// # Errors
    /// For an environment that there is not, or a checkout that cannot be read.
    pub(super) fn open(session: &Session, named: &EnvironmentArg) -> Result<Self> {
        let checkout = session.checkout()?;
        let environment = checkout.environment(named)?;
        Self::of(checkout, environment)
    }

    /// An environment and what docker compose gets beside: the services that were named, which must
    /// be there, and more.
    ///
    /// # Errors
    /// As for [`Self::open`], and for a service that there is not.
    pub(super) fn open_with_services(
        session: &Session,
        flags: &ServiceArgs,
    ) -> Result<(Self, Vec<String>)> {
        let checkout = session.checkout()?;
        let Target {
            environment,
            services,
        } = checkout.target(flags)?;
        must_have(&checkout, &environment.name, &services)?;
        let words = flags.arguments.iter().cloned().chain(services).collect();
        Ok((Self::of(checkout, environment)?, words))
    }

    fn of(checkout: Checkout, environment: Environment) -> Result<Self> {
        let secrets = model::secrets(&checkout, &environment, None);
        interrupt::leave_to_child().context("Ctrl-C cannot be left to docker")?;
        Ok(Self {
            checkout,
            environment,
            secrets,
            said: None,
            instead: None,
        })
    }

    /// What the environment resolves to; its secrets are known from now on.
    ///
    /// # Errors
    /// Where Compose is not there. Compose's words, where it rejects the files.
    pub(super) fn resolve(&mut self, compose: &Compose) -> Result<ResolvedModel, String> {
        let resolved = model::resolve(compose, &self.checkout, &self.environment)?;
        self.secrets = model::secrets(&self.checkout, &self.environment, Some(&resolved.model));
        self.said = resolved.said;
        Ok(resolved.model)
    }

    /// The secrets that only the model tells, where Compose gives one.
    pub(super) fn learn_secrets(&mut self) {
        if let Ok(compose) = Compose::find() {
            self.resolve(&compose).ok();
        }
    }

    /// Tells that the shell names another project, which is not taken: data is never another
    /// project's by accident.
    pub(super) fn tell_left_out(&self, session: &Session) {
        let Environment { name, project, .. } = &self.environment;
        let set = std::env::var("COMPOSE_PROJECT_NAME")
            .ok()
            .filter(|set| !set.is_empty() && *set != project.name);
        if let Some(set) = set {
            session.screen.talk(format_args!(
                "note: COMPOSE_PROJECT_NAME={set} of this shell is not taken:\n  {name} is the project {}",
                project.name
            ));
        }
    }

    /// How docker compose is called for it.
    pub(super) fn call(&self) -> ConfigCall {
        match &self.instead {
            Some(call) => call.clone(),
            None => self.checkout.call(&self.environment),
        }
    }

    /// Runs docker compose for a person; what it says is redacted.
    ///
    /// # Errors
    /// [`NoDocker`].
    pub(super) fn compose(&self, arguments: &[String], out: Out) -> Result<ExitStatus> {
        let command = Docker::new()
            .compose(&self.call(), arguments)
            .context("docker")?;
        let (mut stdout, mut stderr, mut talk) = (io::stdout(), io::stderr(), io::stderr());
        let stdout: &mut dyn Sink = if out == Out::Result {
            &mut stdout
        } else {
            &mut talk
        };
        let progress = if out == Out::Calm {
            Progress::LeftOut
        } else {
            Progress::Shown
        };
        let streams = Streams {
            stdout,
            stderr: &mut stderr,
        };
        Ok(stream(command, &self.secrets, progress, streams).map_err(NoDocker)?)
    }

    /// Docker compose for the environment as a person would type it.
    pub(super) fn by_hand(&self, arguments: &[String]) -> String {
        let spelt = Docker::at("docker").compose(&self.call(), arguments);
        let words = spelt.map(|spelt| {
            spelt
                .get_args()
                .map(|word| word.to_string_lossy().into_owned())
                .collect::<Vec<_>>()
        });
        format!("docker {}", all_quoted(&words.unwrap_or_default()))
    }

    /// The env files that the environment names and that are not there.
    pub(super) fn missing_env_files(&self) -> Vec<&str> {
        let own = self
            .checkout
            .missing
            .iter()
            .filter(|missing| missing.environment == self.environment.name);
        own.map(|missing| missing.path.as_str()).collect()
    }

    /// Tells which env files are missing, after docker compose failed for it.
    pub(super) fn tell_missing(&self, session: &Session) {
        for path in self.missing_env_files() {
            let make = self.checkout.make_ready(&self.environment.name);
            session.screen.talk(format_args!(
                "  {path} is missing; make it: {}",
                session.command(&make)
            ));
        }
    }
}

/// What is no service was perhaps meant for an environment.
fn must_have(checkout: &Checkout, environment: &str, services: &[String]) -> Result<()> {
    let view = checkout.stack.view(environment);
    let Some(unknown) = services
        .iter()
        .find(|service| view.service(service).is_none())
    else {
        return Ok(());
    };
    let services: Vec<_> = view
        .services()
        .map(|service| service.name.to_owned())
        .collect();
    let (services, environments) = (
        report::listed(&services),
        report::listed(&names(&checkout.environments())),
    );
    bail!(
        "{unknown} is neither an environment ({environments}) nor a service of {environment} ({services})"
    )
}

/// `["ps", "--all"]` and what a person adds.
pub(super) fn words(first: &[&str], more: &[String]) -> Vec<String> {
    first
        .iter()
        .map(|word| (*word).to_owned())
        .chain(more.iter().cloned())
        .collect()
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
