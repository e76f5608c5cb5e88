//! The `docker` client.

use std::time::Duration;

use docker::{Docker, parse_version};
use semver::Version;
use system::process::{Limits, run};

use diagnostics::{Diagnostic, Remedy};

use super::{failure, pass, unknown};

/// The oldest client that this tool is used with.
const OLDEST: Version = Version::new(20, 10, 0);

const INSTALL: &str = "https://docs.docker.com/engine/install/";

const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    output: 1 << 20,
};

pub(super) fn check(docker: &Docker) -> Diagnostic {
    let output = docker
        .client_version()
        .ok()
        .and_then(|command| run(command, LIMITS).ok());
    let Some(output) = output.filter(|output| output.success) else {
        let install = Remedy::advice("", INSTALL);
        return failure(
            "client",
            "docker cannot be started: no stack can run here",
            install,
        );
    };
    // `Docker version 28.2.2, build e6534b4`.
    let said = String::from_utf8_lossy(&output.stdout);
    let version = said.split([' ', ',']).find_map(parse_version);
    match version {
        Some(version) if version < OLDEST => failure(
            "client",
            format!(
                "docker {version} is too old (needs {}.{})",
                OLDEST.major, OLDEST.minor
            ),
            Remedy::advice("", INSTALL),
        ),
        Some(version) => pass(
            "client",
            format!("docker {version} (needs {}.{})", OLDEST.major, OLDEST.minor),
        ),
        None => unknown(
            "client",
            format!("docker tells no version: {:?}", said.trim()),
        ),
    }
}
