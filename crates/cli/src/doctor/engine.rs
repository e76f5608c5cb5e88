//! The engine: whether it answers, and what its version costs.

use compose_model::ResolvedModel;
use compose_model::resolved::Service;
use docker::engine;
use docker::engine::{Engine, EngineError};
use docker::{Endpoint, FailureKind, parse_version};
use semver::Version;

use diagnostics::{Diagnostic, Remedy};

use super::{failure, pass, unknown};

/// The oldest engine that this tool is tested with.
const OLDEST: Version = Version::new(20, 10, 0);

/// What older engines lack.
const LACKS: [(Version, &str); 2] = [
    (
        Version::new(23, 0, 0),
        "docker volume prune deletes named volumes too (until 23)",
    ),
    (Version::new(25, 0, 0), "start_interval needs 25"),
];

pub(super) fn check(reached: &Result<Engine, EngineError>) -> Diagnostic {
    let engine = match reached {
        Ok(engine) => engine,
        Err(error) => return away(error),
    };
    let shown = engine.version();
    let Some(version) = parse_version(shown) else {
        return unknown(
            "engine",
            format!("the engine answers, and its version is no version: {shown:?}"),
        );
    };
    if version < OLDEST {
        let says = format!(
            "engine {shown} is too old (needs {}.{})",
            OLDEST.major, OLDEST.minor
        );
        return failure(
            "engine",
            says,
            Remedy::advice("", "https://docs.docker.com/engine/install/"),
        );
    }
    let lacks: Vec<_> = LACKS
        .iter()
        .filter(|(since, _)| version < *since)
        .map(|(_, lack)| *lack)
        .collect();
    let note = if lacks.is_empty() {
        String::new()
    } else {
        format!("; note: {}", lacks.join("; "))
    };
    pass(
        "engine",
        format!(
            "engine answers, {shown} (needs {}.{}){note}",
            OLDEST.major, OLDEST.minor
        ),
    )
}

fn away(error: &EngineError) -> Diagnostic {
    let mend = engine::mend(error);
    if error.kind() == FailureKind::Denied {
        return failure(
            "engine",
            "the engine is there and lets only root and the group docker in",
            mend,
        );
    }
    let first = engine::first_line(error);
    match Endpoint::chosen() {
        Endpoint::Usual => failure("engine", format!("no engine answers: {first}"), mend),
        chosen => failure(
            "engine",
            format!("{chosen} leads to no engine that answers: {first}"),
            mend,
        ),
    }
}

/// A start interval that the engine does not know: Compose then starts nothing.
pub(super) fn start_interval(engine: Option<&Engine>, model: &ResolvedModel) -> Option<Diagnostic> {
    let version = parse_version(engine?.version())?;
    let uses = |service: &Service| {
        service
            .health
            .as_ref()
            .is_some_and(|check| check.start_interval.is_some())
    };
    let names: Vec<_> = model
        .services
        .iter()
        .filter(|(_, own)| uses(own))
        .map(|(name, _)| name.as_str())
        .collect();
    if names.is_empty() || version >= Version::new(25, 0, 0) {
        return None;
    }
    let says = format!(
        "start_interval of {} needs engine 25, this one is {version}",
        names.join(", ")
    );
    Some(failure(
        "start-interval",
        says,
        Remedy::advice("", "take it out of the health check, or update the engine"),
    ))
}
