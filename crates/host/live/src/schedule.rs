//! Which proofs share which start: three sandboxes an environment, two of them one after the other beside the third.

use std::thread;
use std::time::{Duration, Instant};

use system::interrupt;

use super::error::LiveError;
use super::outcome::{Finding, Outcome, Proof, Trail, Verdict};
use super::overlay::{Pace, Variation};
use super::proof::{backend_health, never_healthy, postgres_data, redis_data, redis_upgrade, start_order, volumes};
use super::reason::Reason;
use super::sandbox::Sandbox;
use super::start::Watch;
use super::store::Store;
use super::subject::Subject;
use super::survival::{Subjected, survive};

/// Told what goes on: the environment and what is done now.
pub type Progress<'p> = &'p (dyn Fn(&str, &str) + Sync);

/// Makes all proofs of an environment; in the order of their numbers.
#[must_use]
pub fn run(subject: &Subject<'_>, progress: Progress<'_>) -> Vec<Finding> {
    let mut findings = thread::scope(|scope| {
        let beside = scope.spawn(|| {
            let mut findings = vec![broken(subject)];
            findings.push(slow(subject));
            findings
        });
        let mut findings = steady(subject, progress);
        findings.extend(beside.join().unwrap_or_default());
        findings
    });
    merge_start_order(&mut findings);
    findings.sort_by_key(|finding| finding.proof);
    findings
}

/// Both halves of the proof of the order are one: a start as committed with a slow backend, and a plain one.
fn merge_start_order(findings: &mut Vec<Finding>) {
    let Some(at) = findings.iter().rposition(|finding| finding.proof == Proof::StartOrder) else { return };
    let slow = findings.remove(at);
    let Some(plain) = findings.iter_mut().find(|finding| finding.proof == Proof::StartOrder) else {
        findings.push(slow);
        return;
    };
    plain.took += slow.took;
    if plain.pace != slow.pace {
        plain.pace = format!("{} with the slow backend; plain start: {}", slow.pace, plain.pace);
    }
    plain.verdict.evidence.extend(slow.verdict.evidence);
    // What was seen to fail is not hidden by what was not seen.
    let seen_to_fail = |outcome: &Outcome| matches!(outcome, Outcome::Failed { .. });
    let counts = plain.verdict.outcome == Outcome::Proved || seen_to_fail(&slow.verdict.outcome);
    if counts && !seen_to_fail(&plain.verdict.outcome) {
        plain.verdict.outcome = slow.verdict.outcome;
    }
}

/// The proof of a start that fails, in a sandbox of its own.
fn broken(subject: &Subject<'_>) -> Finding {
    timed(Proof::NeverHealthy, "its own", || {
        let variation = never_healthy::variation(subject);
        let sandbox = Sandbox::new(subject, "broken", Pace::quick(&subject.model), &variation)?;
        let verdict = never_healthy::prove(&sandbox)?;
        done_with(&sandbox)?;
        Ok(verdict)
    })
}

/// The proof of the order with a slow backend, at the committed pace.
fn slow(subject: &Subject<'_>) -> Finding {
    timed(Proof::StartOrder, "as committed", || {
        if let Err(verdict) = start_order::applies(subject) {
            return Ok(verdict);
        }
        let sandbox = Sandbox::new(subject, "slow", Pace::Committed, &start_order::variation(subject))?;
        let mut trail = Trail::default();
        let outcome = start_order::prove_slow(&sandbox, &mut trail)?;
        done_with(&sandbox)?;
        Ok(trail.ends(outcome.unwrap_or(Outcome::Proved)))
    })
}

/// What is proved makes room for what goes on.
fn done_with(sandbox: &Sandbox<'_>) -> Result<(), LiveError> {
    if !sandbox.subject.run.is_kept() {
        sandbox.engine().remove_project(sandbox.project())?;
    }
    Ok(())
}

/// The proofs that share a stack: it is started, written to, disturbed, and at last robbed of its Redis.
struct Steady<'s> {
    sandbox: &'s Sandbox<'s>,
    progress: Progress<'s>,
    pace: String,
    findings: Vec<Finding>,
}

const STEADY: [Proof; 6] = [
    Proof::RedisUpgrade,
    Proof::StartOrder,
    Proof::Volumes,
    Proof::RedisData,
    Proof::PostgresData,
    Proof::BackendHealth,
];

fn steady(subject: &Subject<'_>, progress: Progress<'_>) -> Vec<Finding> {
    let pace = Pace::quick(&subject.model);
    let sandbox = match Sandbox::new(subject, "steady", pace, &Variation::default()) {
        Ok(sandbox) => sandbox,
        Err(error) => return STEADY.map(|proof| not_looked(proof, &error.to_string())).to_vec(),
    };
    let mut steady = Steady { sandbox: &sandbox, progress, pace: pace.in_words(), findings: Vec::new() };
    let end = steady.all();
    let mut findings = steady.findings;
    if let Err(error) = end {
        let words = told(subject, &error);
        let is_made = |proof: &Proof| findings.iter().any(|one| one.proof == *proof);
        let missing: Vec<_> = STEADY.into_iter().filter(|proof| !is_made(proof)).collect();
        let broken_off = broken_off(subject, &error, &missing);
        let rest = missing.into_iter().map(|proof| {
            if Some(proof) == broken_off {
                ended(proof, &error, &words)
            } else {
                not_looked(proof, "the stack did not get so far")
            }
        });
        findings.extend(rest.collect::<Vec<_>>());
    }
    findings
}

/// The proof that was being made, the first that is missing. The stores go through their steps together: of those it is
/// the one whose service did not come up.
fn broken_off(subject: &Subject<'_>, error: &LiveError, missing: &[Proof]) -> Option<Proof> {
    let is_postgres = |name: &str| subject.model.service_of("postgres").is_some_and(|service| service.name == name);
    match error {
        LiveError::Start(failure)
            if missing.starts_with(&[Proof::RedisData, Proof::PostgresData]) && is_postgres(&failure.service) =>
        {
            Some(Proof::PostgresData)
        }
        _ => missing.first().copied(),
    }
}

impl Steady<'_> {
    fn all(&mut self) -> Result<(), LiveError> {
        let watch = self.upgrade()?;
        self.order(&watch);
        self.data()?;
        self.tell("Redis is stopped; will the backend notice?");
        let start = Instant::now();
        let verdict = backend_health::prove(self.sandbox)?;
        self.found(Proof::BackendHealth, verdict, start.elapsed());
        done_with(self.sandbox)
    }

    fn upgrade(&mut self) -> Result<Watch, LiveError> {
        self.tell("Redis 6 with data, then the files' own");
        let start = Instant::now();
        let (verdict, watch) = redis_upgrade::prove(self.sandbox)?;
        self.found(Proof::RedisUpgrade, verdict, start.elapsed());
        Ok(watch)
    }

    fn order(&mut self, watch: &Watch) {
        let verdict = match start_order::applies(self.sandbox.subject) {
            Err(verdict) => verdict,
            Ok((backend, frontend)) => {
                let mut trail = Trail::default();
                let outcome = start_order::judge(watch, backend, frontend, "plain start", &mut trail);
                trail.ends(outcome.unwrap_or(Outcome::Proved))
            }
        };
        self.found(Proof::StartOrder, verdict, Duration::ZERO);
    }

    /// The volumes are looked at when the stores have been written to, and before anything is recreated.
    fn data(&mut self) -> Result<(), LiveError> {
        let (mut redis, mut postgres) = (redis_data::store(self.sandbox)?, postgres_data::store(self.sandbox)?);
        let start = Instant::now();
        self.tell("where the data lies");
        redis.as_mut().map(Store::write).transpose()?;
        postgres.as_mut().map(Store::write).transpose()?;
        let verdict = volumes::prove(self.sandbox)?;
        self.found(Proof::Volumes, verdict, start.elapsed());
        let start = Instant::now();
        self.tell("restart, SIGKILL, recreate, down and up");
        let of_redis = redis.as_mut().map(|store| store as &mut dyn Store);
        let of_postgres = postgres.as_mut().map(|store| store as &mut dyn Store);
        let (mut proofs, mut stores) = (Vec::new(), Vec::new());
        for (proof, store, what) in
            [(Proof::RedisData, of_redis, "redis"), (Proof::PostgresData, of_postgres, "postgres")]
        {
            match store {
                Some(store) => {
                    proofs.push(proof);
                    stores.push(Subjected::new(store));
                }
                None => {
                    let verdict = Verdict::not_applicable(format!("no service runs {what}"));
                    self.found(proof, verdict, start.elapsed());
                }
            }
        }
        survive(self.sandbox, &mut stores)?;
        let verdicts: Vec<_> = stores.into_iter().map(Subjected::verdict).collect();
        proofs.into_iter().zip(verdicts).for_each(|(proof, verdict)| self.found(proof, verdict, start.elapsed()));
        Ok(())
    }

    fn tell(&self, what: &str) {
        (self.progress)(&self.sandbox.subject.environment, what);
    }

    fn found(&mut self, proof: Proof, verdict: Verdict, took: Duration) {
        self.findings.push(Finding::new(proof, verdict, took, self.pace.as_str()));
    }
}

fn timed(proof: Proof, pace: &str, prove: impl FnOnce() -> Result<Verdict, LiveError>) -> Finding {
    let start = Instant::now();
    match prove() {
        Ok(verdict) => Finding::new(proof, verdict, start.elapsed(), pace),
        Err(error) => Finding { took: start.elapsed(), ..ended(proof, &error, &format!("{:#}", chain(&error))) },
    }
}

/// What an error in the middle of a proof means for it: a stack that does not start is a failure of the stack.
fn ended(proof: Proof, error: &LiveError, words: &str) -> Finding {
    let outcome = match error {
        LiveError::Start(_) if proof.reasons().contains(&Reason::NotStarted) => {
            Outcome::failed(Reason::NotStarted, words)
        }
        _ => Outcome::NotLooked(words.to_owned()),
    };
    finding(proof, outcome)
}

fn not_looked(proof: Proof, why: &str) -> Finding {
    finding(
        proof,
        Outcome::NotLooked(if interrupt::is_requested() { "interrupted".to_owned() } else { why.to_owned() }),
    )
}

fn finding(proof: Proof, outcome: Outcome) -> Finding {
    Finding::new(proof, Trail::default().ends(outcome), Duration::ZERO, "")
}

fn told(subject: &Subject<'_>, error: &LiveError) -> String {
    subject.redact(&chain(error))
}

/// An error with its causes, each once.
fn chain(error: &LiveError) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    words
}
