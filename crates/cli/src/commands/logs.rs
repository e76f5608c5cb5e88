//! `logs`: what an environment's services say, their secrets taken out.

use anyhow::Result;

use super::Session;
use super::before;
use super::compose_environment::Out;
use super::compose_environment::{ComposeEnvironment, exit, words};
use crate::cli::ServiceArgs;
use crate::exit::Exit;

/// How many lines of each service are shown unless somebody asks for more.
const LINES: &str = "100";

/// Runs the command; the exit code is docker's own.
///
/// # Errors
/// When docker cannot be started.
pub fn run(session: &Session, flags: &ServiceArgs) -> Result<Exit> {
    let (mut target, more) = ComposeEnvironment::open_with_services(session, flags)?;
    target.learn_secrets();
    before::tell_whose(session, &target);
    let colour = if session.screen.has_colour() {
        "always"
    } else {
        "never"
    };
    let mut first = vec!["--ansi", colour, "logs"];
    let chosen = |word: &String| {
        ["--tail", "-n", "--since", "--until"]
            .iter()
            .any(|flag| word.starts_with(flag))
    };
    if !more.iter().any(chosen) {
        first.extend(["--tail", LINES]);
        let all = ["logs", &target.environment.name, "--", "--tail", "all"];
        session.screen.talk(format_args!(
            "The last {LINES} lines of each service; all of them: {}",
            session.command(&all)
        ));
    }
    let status = target.compose(&words(&first, &more), Out::Result)?;
    if !status.success() {
        target.tell_missing(session);
    }
    Ok(exit(status))
}
