//! The Compose plugin.

use docker::{Compose, NoCompose, OLDEST_COMPOSE};

use diagnostics::{Diagnostic, Remedy};

use super::{failure, pass};

pub(super) fn check(found: &Result<Compose, NoCompose>) -> Diagnostic {
    let needs = format!("needs {}.{}", OLDEST_COMPOSE.major, OLDEST_COMPOSE.minor);
    let install = Remedy::advice("", "https://docs.docker.com/compose/install/");
    match found {
        Ok(compose) => pass(
            "compose",
            format!("docker compose {} ({needs})", compose.version()),
        ),
        Err(NoCompose::Missing { .. }) => {
            let cost = "nothing starts, and files are checked by the embedded checker alone";
            failure(
                "compose",
                format!("no Docker Compose plugin ({needs}): {cost}"),
                install,
            )
        }
        Err(NoCompose::TooOld { found, .. }) => {
            let cost =
                "its answers are untried here, and files are checked by the embedded checker alone";
            failure(
                "compose",
                format!("docker compose {found} is too old ({needs}): {cost}"),
                install,
            )
        }
        Err(other) => failure("compose", other.to_string(), install),
    }
}
