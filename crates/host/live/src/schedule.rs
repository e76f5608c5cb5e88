//! Makes all proofs of an environment: their stages say which of them share a stack, and in which
//! order. Sandboxes of a proof's own come one after the other, beside the stack that the others
//! share.

mod shared;

use std::thread;
use std::time::{Duration, Instant};

use system::interrupt;

use super::error::LiveError;
use super::outcome::{EvidenceLog, Finding, Listed, Outcome, Verdict};
use super::overlay::Pace;
use super::proof::{self, Entry, HealthPace, ProofContext, SandboxSpec};
use super::reason::Reason;
use super::sandbox::Sandbox;
use super::test_environment::TestEnvironment;

/// Told what goes on: the environment and what is done now.
pub type Progress<'p> = &'p (dyn Fn(&str, &str) + Sync);

/// Makes all proofs of an environment; in the order of their numbers.
#[must_use]
pub fn run(subject: &TestEnvironment<'_>, progress: Progress<'_>) -> Vec<Finding> {
    let findings = thread::scope(|scope| {
        let beside = scope.spawn(|| alone(subject));
        let mut findings = shared::run(subject, progress);
        findings.extend(beside.join().unwrap_or_default());
        findings
    });
    one_each(findings)
}

/// The parts that have sandboxes of their own, one after the other.
fn alone(subject: &TestEnvironment<'_>) -> Vec<Finding> {
    let own = proof::parts()
        .into_iter()
        .filter_map(|part| Some((part.entry, part.stage.own()?)));
    own.map(|(entry, own)| in_sandbox(subject, entry, own))
        .collect()
}

fn in_sandbox(subject: &TestEnvironment<'_>, entry: Entry, own: SandboxSpec) -> Finding {
    let start = Instant::now();
    match made_in_sandbox(subject, entry, own) {
        Ok(verdict) => Finding::new(entry.listed, verdict, start.elapsed(), own.pace.in_words()),
        Err(error) => Finding {
            took: start.elapsed(),
            ..ended(entry.listed, &error, &told(subject, &error))
        },
    }
}

fn made_in_sandbox(
    subject: &TestEnvironment<'_>,
    entry: Entry,
    own: SandboxSpec,
) -> Result<Verdict, LiveError> {
    if let Some(obstacle) = entry.proof.applies(subject)?.obstacle() {
        return Ok(EvidenceLog::default().ends(obstacle));
    }
    let overrides = entry.proof.overrides(subject);
    let sandbox = Sandbox::new(subject, own.purpose, own.pace.of(subject), &overrides)?;
    let verdict = entry.proof.prove(&mut ProofContext::new(&sandbox))?;
    done_with(&sandbox)?;
    Ok(verdict)
}

impl HealthPace {
    fn of(self, subject: &TestEnvironment<'_>) -> Pace {
        match self {
            Self::Quick => Pace::quick(&subject.model),
            Self::Committed => Pace::Committed,
        }
    }

    /// As a report tells it.
    fn in_words(self) -> &'static str {
        match self {
            Self::Quick => "its own",
            Self::Committed => "as committed",
        }
    }
}

/// The parts of one proof are one: that on the shared stack comes first.
fn one_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut each: Vec<Finding> = Vec::new();
    for finding in findings {
        match each.iter_mut().find(|one| one.proof == finding.proof) {
            Some(first) => join(first, finding),
            None => each.push(finding),
        }
    }
    each.sort_by_key(|finding| finding.proof.number());
    each
}

/// Adds what was found in a sandbox of the proof's own to what was found on the shared stack.
fn join(shared: &mut Finding, own: Finding) {
    shared.took += own.took;
    if shared.pace != own.pace {
        shared.pace = format!(
            "{} {}; plain start: {}",
            own.pace,
            setting_of(own.proof),
            shared.pace
        );
    }
    shared.verdict.evidence.extend(own.verdict.evidence);
    // What was seen to fail is not hidden by what was not seen.
    let seen_to_fail = |outcome: &Outcome| matches!(outcome, Outcome::Failed { .. });
    let counts = shared.verdict.outcome == Outcome::Proved || seen_to_fail(&own.verdict.outcome);
    if counts && !seen_to_fail(&shared.verdict.outcome) {
        shared.verdict.outcome = own.verdict.outcome;
    }
}

fn setting_of(proof: Listed) -> &'static str {
    let own = proof::parts()
        .into_iter()
        .filter(|part| part.entry.listed == proof)
        .find_map(|part| part.stage.own());
    own.map_or("in a sandbox of its own", |own| own.setting)
}

/// What is proved makes room for what goes on.
fn done_with(sandbox: &Sandbox<'_>) -> Result<(), LiveError> {
    if !sandbox.subject.run.is_kept() {
        sandbox.engine().remove_project(sandbox.project())?;
    }
    Ok(())
}

/// What an error in the middle of a proof means for it: a stack that does not start is a failure of
/// the stack.
fn ended(proof: Listed, error: &LiveError, words: &str) -> Finding {
    let outcome = match error {
        LiveError::Start(_) if proof.reasons().contains(&Reason::NotStarted) => {
            Outcome::failed(Reason::NotStarted, words)
        }
        _ => Outcome::Inconclusive(words.to_owned()),
    };
    finding(proof, outcome)
}

fn not_looked(proof: Listed, why: &str) -> Finding {
    let why = if interrupt::is_requested() {
        "interrupted"
    } else {
        why
    };
    finding(proof, Outcome::Inconclusive(why.to_owned()))
}

fn finding(proof: Listed, outcome: Outcome) -> Finding {
    Finding::new(
        proof,
        EvidenceLog::default().ends(outcome),
        Duration::ZERO,
        "",
    )
}

/// An error with its causes, each once, without secrets.
fn told(subject: &TestEnvironment<'_>, error: &LiveError) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    subject.redact(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start_order() -> Listed {
        proof::all()
            .map(|entry| entry.listed)
            .find(|listed| listed.id() == "start-order")
            .unwrap()
    }

    fn found(outcome: Outcome, pace: &str) -> Finding {
        let mut log = EvidenceLog::default();
        log.see("what", pace);
        Finding::new(
            start_order(),
            log.ends(outcome),
            Duration::from_secs(1),
            pace,
        )
    }

    /// What two parts of a proof are together, at paces of their own.
    fn together(shared: Outcome, own: Outcome) -> Finding {
        let mut all = one_each(vec![found(shared, "quick"), found(own, "as committed")]);
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    #[test]
    fn parts_of_a_proof_are_one_finding() {
        let one = together(Outcome::Proved, Outcome::Proved);
        assert_eq!(
            (one.verdict.outcome, one.took),
            (Outcome::Proved, Duration::from_secs(2))
        );
        assert_eq!(
            one.verdict
                .evidence
                .iter()
                .map(|one| one.seen.as_str())
                .collect::<Vec<_>>(),
            ["quick", "as committed"]
        );
        assert_eq!(
            one.pace,
            "as committed with the slow backend; plain start: quick"
        );
    }

    #[test]
    fn what_was_seen_to_fail_is_not_hidden_by_what_was_not_seen() {
        let failed = |words: &str| Outcome::failed(Reason::NotWaited, words);
        let unseen = || Outcome::Inconclusive("nobody looked".to_owned());
        for (shared, own, whole) in [
            (failed("a"), Outcome::Proved, failed("a")),
            (Outcome::Proved, failed("b"), failed("b")),
            (failed("a"), failed("b"), failed("a")),
            (unseen(), failed("b"), failed("b")),
            (failed("a"), unseen(), failed("a")),
            (Outcome::Proved, unseen(), unseen()),
            (unseen(), Outcome::Proved, unseen()),
        ] {
            assert_eq!(together(shared, own).verdict.outcome, whole);
        }
    }

    #[test]
    fn findings_come_in_the_order_of_their_numbers() {
        let mut findings: Vec<_> = proof::all()
            .map(|entry| not_looked(entry.listed, ""))
            .collect();
        findings.reverse();
        let numbers: Vec<_> = one_each(findings)
            .iter()
            .map(|finding| finding.proof.number())
            .collect();
        assert!(numbers.is_sorted() && numbers.len() > 1, "{numbers:?}");
    }
}
