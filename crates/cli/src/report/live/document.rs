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

#[cfg(test)]
mod tests {
    use ::live::outcome::Verdict;
    use ::live::proofs;
    use diagnostics::Evidence;

    use super::*;
    use crate::report::value;

    #[test]
    fn a_proof_says_how_it_ended_and_how_long_it_took() {
        let proof = proofs().next().unwrap();
        let reason = proof.reasons()[0];
        let words = "nothing is there".to_owned();
        let ended = |outcome, evidence| Finding {
            proof,
            verdict: Verdict { outcome, evidence },
            took: Duration::from_micros(1_500_900),
            pace: "as committed".to_owned(),
        };
        let findings = vec![
            ended(
                Outcome::Failed { reason, words },
                vec![Evidence::seen("an empty volume")],
            ),
            ended(Outcome::Proved, Vec::new()),
        ];
        let (environment, notes) = ("local".to_owned(), Vec::new());
        let live = Live {
            engine: "28.2.2".to_owned(),
            compose: "2.40.3".to_owned(),
            environments: vec![Proved {
                environment,
                findings,
                notes,
            }],
            leftovers: Vec::new(),
            kept: Vec::new(),
            took: Duration::from_secs(3),
        };
        let told = value(&document(&live));
        assert_eq!(told["milliseconds"], 3000);
        let proofs = &told["environments"][0]["proofs"];
        let (failed, proved) = (&proofs[0], &proofs[1]);
        assert_eq!(failed["status"], "failed");
        assert_eq!(failed["reason"], reason.word());
        assert_eq!(failed["message"], "nothing is there");
        assert_eq!(failed["milliseconds"], 1500);
        assert_eq!(failed["evidence"][0]["seen"], "an empty volume");
        assert_eq!(proved["status"], "proved");
        assert!(proved["reason"].is_null() && proved["message"].is_null());
    }
}
