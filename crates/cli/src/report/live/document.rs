//! What `verify --live` proved, for programs.

use std::time::Duration;

use ::live::outcome::{Finding, Outcome};
use ::live::{Live, Proved};
use diagnostics::render::json::EvidenceDocument;
use serde::Serialize;

/// What was proved on running containers.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::report) struct LiveDocument<'l> {
    /// The engine's version.
    engine: &'l str,
    /// Compose's version.
    compose: &'l str,
    /// How long all of it took.
    milliseconds: u64,
    /// The projects of ended runs that were removed first.
    removed_leftovers: Vec<&'l str>,
    /// The projects that stay, where that was asked for.
    kept: &'l [String],
    /// Each environment.
    environments: Vec<ProvedDocument<'l>>,
}

/// What was proved of an environment.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ProvedDocument<'l> {
    /// Its name.
    environment: &'l str,
    /// What was not as in the files, and why.
    notes: &'l [String],
    /// The proofs, by their numbers.
    proofs: Vec<ProofDocument<'l>>,
}

/// A proof that was made.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ProofDocument<'l> {
    /// Its number, from 1.
    number: usize,
    /// Its name, in kebab-case.
    id: &'static str,
    /// Its title.
    title: &'static str,
    /// What it proves, in a sentence.
    requirement: &'static str,
    /// How it ended, in kebab-case.
    status: &'static str,
    /// The kind of failure, in kebab-case; null where it did not fail.
    reason: Option<&'static str>,
    /// What was seen, or why it was not made; null where it is proved.
    message: Option<&'l str>,
    /// How long it took.
    milliseconds: u64,
    /// How fast the health checks ran, in words.
    pace: &'l str,
    /// What was seen on the way.
    evidence: Vec<EvidenceDocument>,
}

/// The proofs for programs.
pub(in crate::report) fn document(live: &Live) -> LiveDocument<'_> {
    let left = live.leftovers.iter().flat_map(|left| &left.projects);
    LiveDocument {
        engine: &live.engine,
        compose: &live.compose,
        milliseconds: milliseconds(live.took),
        removed_leftovers: left.map(String::as_str).collect(),
        kept: &live.kept,
        environments: live.environments.iter().map(ProvedDocument::of).collect(),
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

impl<'l> ProvedDocument<'l> {
    fn of(one: &'l Proved) -> Self {
        Self {
            environment: &one.environment,
            notes: &one.notes,
            proofs: one.findings.iter().map(ProofDocument::of).collect(),
        }
    }
}

impl<'l> ProofDocument<'l> {
    fn of(finding: &'l Finding) -> Self {
        let Finding {
            proof,
            verdict,
            took,
            pace,
        } = finding;
        let (reason, message) = match &verdict.outcome {
            Outcome::Proved => (None, None),
            Outcome::Failed { reason, words } => (Some(reason.word()), Some(words.as_str())),
            Outcome::NotApplicable(why) | Outcome::Inconclusive(why) => (None, Some(why.as_str())),
        };
        Self {
            number: proof.number(),
            id: proof.id(),
            title: proof.title(),
            requirement: proof.requirement(),
            status: verdict.outcome.word(),
            reason,
            message,
            milliseconds: milliseconds(*took),
            pace,
            evidence: verdict.evidence.iter().map(EvidenceDocument::of).collect(),
        }
    }
}
