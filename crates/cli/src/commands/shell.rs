//! `shell`: a shell in a service's running container.

use anyhow::{Context as _, Result, bail};
use docker::{Docker, NoDocker};
use system::process::run as run_aside;

use super::Session;
use super::before;
use super::compose::read;
use super::compose_environment::{ComposeEnvironment, exit, words};
use crate::cli::Shell;
use crate::exit::Exit;

/// Runs the command; the exit code is the shell's own.
///
/// # Errors
/// When docker cannot be started, the service is not there or does not run, or its image has no
/// shell.
pub fn run(session: &Session, flags: &Shell) -> Result<Exit> {
    let target = ComposeEnvironment::open(session, &flags.environment)?;
    let (service, environment) = (&flags.service, &target.environment.name);
    let view = target.checkout.stack.view(environment);
    if view.service(service).is_none() {
        let names: Vec<_> = view
            .services()
            .map(|service| service.name.to_owned())
            .collect();
        bail!(
            "no service of {environment} is called {service}; known: {}",
            names.join(", ")
        );
    }
    let shell = ["sh".to_owned()];
    let command = if flags.arguments.is_empty() {
        &shell[..]
    } else {
        &flags.arguments
    };
    if !before::are_own(
        session,
        &target,
        &read(&target, &words(&["exec", service], command))?,
    )? {
        return Ok(Exit::Findings);
    }
    if flags.arguments.is_empty() {
        has_shell(session, &target, service)?;
    }
    let call = target.call();
    let mut spelt = Docker::new()
        .compose(&call, &words(&["exec", service], command))
        .context("docker")?;
    if !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        spelt = Docker::new()
            .compose(&call, &words(&["exec", "--no-TTY", service], command))
            .context("docker")?;
    }
    Ok(exit(spelt.status().map_err(NoDocker)?))
}

/// Tries the shell with nothing to do, so that what is wrong can be said.
fn has_shell(session: &Session, target: &ComposeEnvironment, service: &str) -> Result<()> {
    let call = target.call();
    let probe = words(&["exec", "--no-TTY", service, "sh", "-c", ":"], &[]);
    let said = run_aside(Docker::new().compose(&call, &probe)?, super::PATIENCE)?;
    if said.success {
        return Ok(());
    }
    // Of an engine that does not answer Compose's words tell of files that are not there, as of an
    // image without a shell.
    before::reach()?;
    let text = target.secrets.redact(
        &[
            String::from_utf8_lossy(&said.stdout).trim(),
            said.stderr.trim(),
        ]
        .join("\n"),
    );
    let words = text.trim();
    let (environment, root) = (&target.environment.name, session.root_flag());
    if words.contains("is not running") {
        bail!(
            "{service} does not run in {environment}; start it: cargo xtask up {environment}{root}"
        );
    }
    if words.contains("executable file not found") || words.contains("no such file or directory") {
        bail!(
            "the image of {service} has no shell (sh); what there is besides:\n  \
             cargo xtask logs {environment}{root} -- {service}\n  \
             cargo xtask shell {service} -e {environment}{root} -- PROGRAM   (one that the image has)"
        );
    }
    bail!("docker opens no shell in {service}: {words}")
}
