//! The stack that proofs share: it is started, written to, taken through the steps, and at last
//! robbed of its Redis.

use std::time::{Duration, Instant};

use super::super::durability::{DurabilityTest, run_durability_steps};
use super::super::error::LiveError;
use super::super::outcome::{EvidenceLog, Finding, Listed, Verdict};
use super::super::overlay::{Overrides, Pace};
use super::super::proof::{Part, Phase, ProofContext, Stage, parts};
use super::super::sandbox::Sandbox;
use super::super::test_environment::TestEnvironment;
use super::{Progress, done_with, ended, not_looked, told};

/// What the shared stack's project is called by.
const PURPOSE: &str = "steady";

/// Makes the parts of all proofs that are made on it.
pub(super) fn run(subject: &TestEnvironment<'_>, progress: Progress<'_>) -> Vec<Finding> {
    let pace = Pace::quick(&subject.model);
    let sandbox = match Sandbox::new(subject, PURPOSE, pace, &Overrides::default()) {
        Ok(sandbox) => sandbox,
        Err(error) => {
            return shared()
                .iter()
                .map(|part| not_looked(part.entry.listed, &error.to_string()))
                .collect();
        }
    };
    let context = ProofContext::new(&sandbox);
    let mut shared = Shared {
        context,
        progress,
        pace: pace.in_words(),
        findings: Vec::new(),
    };
    if let Err(error) = shared.all() {
        shared.broken_off(&error);
    }
    shared.findings
}

/// The parts that are made on it, in their order.
fn shared() -> Vec<Part> {
    parts()
        .into_iter()
        .filter(|part| part.stage.own().is_none())
        .collect()
}

fn at(stage: Stage) -> Vec<Part> {
    shared()
        .into_iter()
        .filter(|part| part.stage == stage)
        .collect()
}

struct Shared<'s> {
    context: ProofContext<'s>,
    progress: Progress<'s>,
    pace: String,
    findings: Vec<Finding>,
}

impl Shared<'_> {
    fn all(&mut self) -> Result<(), LiveError> {
        self.start()?;
        self.look(Stage::Shared(Phase::Started))?;
        self.write()?;
        self.look(Stage::Shared(Phase::Written))?;
        self.run_durability_steps()?;
        self.look(Stage::Disruptive)?;
        done_with(self.context.sandbox)
    }

    /// The first start is that of the proof which is about it; a plain one where there is nothing
    /// to prove.
    fn start(&mut self) -> Result<(), LiveError> {
        for part in at(Stage::Shared(Phase::Start)) {
            self.tell(part.entry.proof.progress());
            let (begun, proof) = (Instant::now(), part.entry.proof);
            let verdict = match proof.applies(self.context.sandbox.subject)?.obstacle() {
                None => {
                    self.context
                        .sandbox
                        .vary(&proof.overrides(self.context.sandbox.subject))?;
                    proof.prove(&mut self.context)?
                }
                Some(obstacle) => {
                    self.start_plainly()?;
                    EvidenceLog::default().ends(obstacle)
                }
            };
            self.found(part.entry.listed, verdict, begun.elapsed());
        }
        self.start_plainly()
    }

    fn start_plainly(&mut self) -> Result<(), LiveError> {
        if self.context.timeline.is_none() {
            self.context.timeline = Some(self.context.sandbox.up(&[])?);
        }
        Ok(())
    }

    /// Makes the parts of a stage, one after the other.
    fn look(&mut self, stage: Stage) -> Result<(), LiveError> {
        for part in at(stage) {
            self.tell(part.entry.proof.progress());
            let begun = Instant::now();
            let verdict = match part
                .entry
                .proof
                .applies(self.context.sandbox.subject)?
                .obstacle()
            {
                None => part.entry.proof.prove(&mut self.context)?,
                Some(obstacle) => EvidenceLog::default().ends(obstacle),
            };
            self.found(part.entry.listed, verdict, begun.elapsed());
        }
        Ok(())
    }

    /// Finds the stores and writes to them.
    fn write(&mut self) -> Result<(), LiveError> {
        for part in at(Stage::Shared(Phase::Steps)) {
            let (begun, proof, sandbox) = (Instant::now(), part.entry.proof, self.context.sandbox);
            if let Some(obstacle) = proof.applies(sandbox.subject)?.obstacle() {
                self.found(
                    part.entry.listed,
                    EvidenceLog::default().ends(obstacle),
                    begun.elapsed(),
                );
            } else if let Some(store) = proof.store(sandbox)? {
                self.context
                    .stores
                    .push(DurabilityTest::new(part.entry.listed.id(), store));
            }
        }
        self.context
            .stores
            .iter_mut()
            .try_for_each(|one| one.store.write().map(drop))
    }

    fn run_durability_steps(&mut self) -> Result<(), LiveError> {
        let begun = Instant::now();
        self.tell(Some("restart, SIGKILL, recreate, down and up"));
        run_durability_steps(self.context.sandbox, &mut self.context.stores)?;
        let mut parts = at(Stage::Shared(Phase::Steps));
        parts.retain(|part| !self.is_found(part));
        for part in parts {
            let verdict = part.entry.proof.prove(&mut self.context)?;
            self.found(part.entry.listed, verdict, begun.elapsed());
        }
        Ok(())
    }

    /// What an error means for the proofs that are not made yet: one of them was being made, the
    /// others were not come to.
    fn broken_off(&mut self, error: &LiveError) {
        let missing: Vec<_> = shared()
            .into_iter()
            .filter(|part| !self.is_found(part))
            .map(|part| part.entry.listed)
            .collect();
        let words = told(self.context.sandbox.subject, error);
        let broken_off = self.being_made(error, &missing);
        self.findings.extend(
            missing
                .iter()
                .map(|proof| match Some(*proof) == broken_off {
                    true => ended(*proof, error, &words),
                    false => not_looked(*proof, "the stack did not get so far"),
                }),
        );
    }

    /// The proof that was being made, the first that is missing. The stores go through their steps
    /// together: of those it is the one whose service did not come up.
    fn being_made(&self, error: &LiveError, missing: &[Listed]) -> Option<Listed> {
        let first = *missing.first()?;
        let stores = &self.context.stores;
        let is_stepping = stores.iter().any(|one| one.proof == first.id());
        let failed = match error {
            LiveError::Start(failure) if is_stepping => stores
                .iter()
                .find(|one| one.store.service() == failure.service),
            _ => None,
        };
        let of_store = failed.and_then(|one| missing.iter().find(|proof| proof.id() == one.proof));
        Some(of_store.copied().unwrap_or(first))
    }

    fn is_found(&self, part: &Part) -> bool {
        self.findings
            .iter()
            .any(|one| one.proof == part.entry.listed)
    }

    fn tell(&self, what: Option<&str>) {
        if let Some(what) = what {
            (self.progress)(&self.context.sandbox.subject.environment, what);
        }
    }

    fn found(&mut self, proof: Listed, verdict: Verdict, took: Duration) {
        self.findings
            .push(Finding::new(proof, verdict, took, self.pace.as_str()));
    }
}
