//! `compose`: runs docker compose with an environment's files.

use anyhow::{Context as _, Result, bail};

use super::Session;
use crate::cli::Compose;
use crate::docker::{Docker, NoDocker};
use crate::exit::Exit;
use crate::interrupt;
use crate::probe;

/// Runs the command; the exit code is docker's own.
///
/// # Errors
/// When docker cannot be started, and for what would delete volumes.
pub fn run(session: &Session, flags: &Compose) -> Result<Exit> {
    let checkout = session.checkout()?;
    let named: Vec<_> = flags.environment.iter().cloned().collect();
    let environment = checkout.select(&named)?.swap_remove(0);
    if deletes_volumes(&flags.arguments) {
        bail!(
            "`{}` deletes the volumes with their data; back them up, then run docker compose yourself",
            flags.arguments.join(" ")
        );
    }
    let call = checkout.call(&environment);
    let mut command = Docker::new().compose(&call, &flags.arguments).context("docker")?;
    interrupt::leave_to_child().context("Ctrl-C cannot be left to docker")?;
    let status = command.status().map_err(NoDocker)?;
    if status.success() {
        probe::remember(&checkout, &environment, &flags.arguments);
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(if code == 0 { Exit::Done } else { Exit::Program(code) })
}

/// Whether the arguments are a `down` that takes the volumes along.
fn deletes_volumes(arguments: &[String]) -> bool {
    let verb = arguments.iter().position(|word| matches!(word.as_str(), "down" | "rm"));
    verb.is_some_and(|at| has_flag(&arguments[at + 1..], 'v', "--volumes"))
}

/// Whether a flag is among arguments, by its letter or in full, with a value too.
pub(super) fn has_flag(arguments: &[String], letter: char, name: &str) -> bool {
    let is_it = |word: &String| {
        word.split('=').next() == Some(name)
            || (word.starts_with('-') && !word.starts_with("--") && word.contains(letter))
    };
    arguments.iter().any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_down_with_volumes_is_known_in_every_spelling() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for text in [
            "down -v",
            "down --volumes",
            "--profile x down -tv 3",
            "rm -fv redis",
            "down --remove-orphans -v",
            "down --volumes=true",
        ] {
            assert!(deletes_volumes(&words(text)), "{text}");
        }
        for text in ["down", "up -d", "exec redis redis-cli -v", "logs -v", "down --remove-orphans"] {
            assert!(!deletes_volumes(&words(text)), "{text}");
        }
    }
}
