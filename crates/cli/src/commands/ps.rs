//! `ps`: an environment's containers, stopped ones included.

use anyhow::Result;
use docker::Docker;
use serde_json::{Map, Value};

use super::Session;
use super::before;
use super::compose_environment::Out;
use super::compose_environment::{ComposeEnvironment, exit, words};
use crate::cli::ServiceArgs;
use crate::exit::Exit;
use crate::report;

/// Runs the command; the exit code is docker's own.
///
/// # Errors
/// When docker cannot be started.
pub fn run(session: &Session, flags: &ServiceArgs) -> Result<Exit> {
    let (target, more) = ComposeEnvironment::open_with_services(session, flags)?;
    before::tell_whose(session, &target);
    if session.screen.is_human() {
        let status = target.compose(&words(&["ps", "--all"], &more), Out::Result)?;
        if !status.success() {
            target.tell_missing(session);
        }
        return Ok(exit(status));
    }
    let arguments = words(&["ps", "--all", "--format", "json"], &more);
    let said = system::process::run(
        Docker::new().compose(&target.call(), &arguments)?,
        super::PATIENCE,
    )?;
    if !said.success {
        let words = target.secrets.redact(said.stderr.trim_end());
        session.screen.talk(&words);
        session.screen.json(&report::error(&words));
        return Ok(Exit::Program(1));
    }
    let containers = target
        .secrets
        .redact(&String::from_utf8_lossy(&said.stdout));
    report::containers(session, &target.environment, objects(&containers));
    Ok(Exit::Done)
}

/// One object a line, or in older versions an array of them.
fn objects(text: &str) -> Vec<Map<String, Value>> {
    match serde_json::from_str(text) {
        Ok(objects) => objects,
        Err(_) => text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let lines = "{\"Name\": \"a\"}\n{\"Name\": \"b\"}\n";
        assert_eq!(
            objects(lines),
            objects("[{\"Name\": \"a\"}, {\"Name\": \"b\"}]")
        );
        assert_eq!(objects("{\"Name\": \"a\"}\n").len(), 1);
        assert!(objects("").is_empty());
    }
}
