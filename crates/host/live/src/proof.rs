//! What is proved: the list, and what the runner asks of a proof.
//!
//! A new proof is a file in this folder, its `mod`, and its line of [`PROOFS`]; `cargo test` wants
//! a control for each of its reasons. On which sandbox and in which order it is made follows from
//! its stages.

mod backend_health;
mod never_healthy;
mod postgres_data;
mod redis_data;
mod redis_upgrade;
mod start_order;
mod volumes;

use super::durability::DurabilityTest;
use super::error::LiveError;
use super::outcome::{About, Listed, Outcome, Verdict};
use super::overlay::Overrides;
use super::sandbox::Sandbox;
use super::start::StartTimeline;
use super::store::DataStore;
use super::test_environment::TestEnvironment;

/// All proofs, in the order of their numbers.
static PROOFS: &[&dyn Proof] = &[
    &redis_data::RedisData,
    &postgres_data::PostgresData,
    &redis_upgrade::RedisUpgrade,
    &backend_health::BackendHealth,
    &start_order::StartOrder,
    &volumes::Volumes,
    &never_healthy::NeverHealthy,
];

/// Something that the files promise, and how it is proved on running containers.
pub trait Proof: Sync {
    /// What it is called, what it proves, and how it can fail.
    fn about(&self) -> About;

    /// On what it is made. Of several stages each is a part of it: all have to hold.
    fn stages(&self) -> &'static [Stage];

    /// Whether an environment has what it is about.
    ///
    /// # Errors
    /// [`LiveError`] where an engine does not tell.
    fn applies(&self, subject: &TestEnvironment<'_>) -> Result<Applies, LiveError>;

    /// What is otherwise than in the files when it begins: in a sandbox of its own, or at the
    /// shared stack's first start.
    fn overrides(&self, _subject: &TestEnvironment<'_>) -> Overrides {
        Overrides::default()
    }

    /// The store that goes through the [steps](super::durability::run_durability_steps), for a
    /// proof of [`Phase::Steps`].
    ///
    /// # Errors
    /// [`LiveError`] where nobody is let in.
    fn store<'s>(
        &self,
        _sandbox: &'s Sandbox<'s>,
    ) -> Result<Option<Box<dyn DataStore + 's>>, LiveError> {
        Ok(None)
    }

    /// What a person is told while it is made.
    fn progress(&self) -> Option<&'static str> {
        None
    }

    /// Makes it, or its part at the stage that the context is at.
    ///
    /// # Errors
    /// [`LiveError`] where it could not be made to its end.
    fn prove(&self, context: &mut ProofContext<'_>) -> Result<Verdict, LiveError>;
}

/// On what a proof is made, in the order of the shared stack's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// In a sandbox of its own, which it starts itself. These are made one after the other beside
    /// the shared stack.
    Fresh(SandboxSpec),
    /// On the stack that proofs share, at a moment of its life; it is left as well as it was.
    Shared(Phase),
    /// On the shared stack as the last, for it takes away what others look at.
    Disruptive,
}

/// A sandbox of a proof's own; those at a quick pace come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SandboxSpec {
    /// How fast its health checks run.
    pub pace: HealthPace,
    /// What its project's name ends with.
    pub purpose: &'static str,
    /// What is special about it, in words that go on behind a pace: `with a slow backend`.
    pub setting: &'static str,
}

/// How fast health checks run in a sandbox of a proof's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HealthPace {
    /// As on the shared stack; what counts is a check that the proof brings along.
    Quick,
    /// As in the files.
    Committed,
}

/// A moment of the shared stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It was never started: the one proof that is made here starts it, and tells the context what it
    /// saw.
    Start,
    /// It has just been started, and all of it is well.
    Started,
    /// The stores have been written to, and nothing was made anew since.
    Written,
    /// The stores go through the steps that data has to survive, all of them together.
    Steps,
}

/// Whether an environment has what a proof is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applies {
    /// It has.
    Yes,
    /// It has not; why.
    No(String),
    /// It has, and this machine lacks something that it takes; what.
    Blocked(String),
}

/// What a proof is made on.
pub struct ProofContext<'s> {
    /// The sandbox.
    pub sandbox: &'s Sandbox<'s>,
    /// What was seen of its services while it was started; none before that.
    pub timeline: Option<StartTimeline>,
    /// The stores that go through the steps together, each by its proof's id.
    pub stores: Vec<DurabilityTest<'s>>,
}

/// A proof and its place in the list.
#[derive(Clone, Copy)]
pub struct Entry {
    /// As reports name it.
    pub listed: Listed,
    /// The proof.
    pub proof: &'static dyn Proof,
}

/// A proof at one of its stages.
#[derive(Clone, Copy)]
pub struct Part {
    /// The proof.
    pub entry: Entry,
    /// The stage.
    pub stage: Stage,
}

/// All proofs, in the order of their numbers.
pub fn all() -> impl Iterator<Item = Entry> {
    let entry = |(at, proof): (usize, &&'static dyn Proof)| Entry {
        listed: Listed::new(at, proof.about()),
        proof: *proof,
    };
    PROOFS.iter().enumerate().map(entry)
}

/// The parts of all proofs, in the order of their stages.
#[must_use]
pub fn parts() -> Vec<Part> {
    let of = |entry: Entry| {
        entry.proof.stages().iter().map(move |stage| Part {
            entry,
            stage: *stage,
        })
    };
    let mut parts: Vec<_> = all().flat_map(of).collect();
    parts.sort_by_key(|part| part.stage);
    parts
}

impl Stage {
    /// The sandbox of a proof's own, where it has one.
    #[must_use]
    pub fn own(self) -> Option<SandboxSpec> {
        if let Self::Fresh(own) = self {
            Some(own)
        } else {
            None
        }
    }
}

impl Applies {
    /// What the proof ends with where it cannot be made.
    #[must_use]
    pub fn obstacle(self) -> Option<Outcome> {
        match self {
            Self::Yes => None,
            Self::No(why) => Some(Outcome::NotApplicable(why)),
            Self::Blocked(what) => Some(Outcome::Inconclusive(what)),
        }
    }
}

impl<'s> ProofContext<'s> {
    /// A sandbox that was not started.
    #[must_use]
    pub fn new(sandbox: &'s Sandbox<'s>) -> Self {
        Self {
            sandbox,
            timeline: None,
            stores: Vec::new(),
        }
    }

    /// What became of a proof's store on its way through the steps; none where it has none.
    pub fn survived(&mut self, id: &str) -> Option<Verdict> {
        let at = self.stores.iter().position(|one| one.proof == id)?;
        Some(self.stores.swap_remove(at).verdict())
    }
}

/// Whether a service runs an official image.
fn runs(subject: &TestEnvironment<'_>, image: &str) -> Applies {
    match subject.model.service_of(image) {
        Some(_) => Applies::Yes,
        None => Applies::No(format!("no service runs {image}")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ids(is: impl Fn(&Stage) -> bool) -> Vec<&'static str> {
        parts()
            .iter()
            .filter(|part| is(&part.stage))
            .map(|part| part.entry.listed.id())
            .collect()
    }

    #[test]
    fn each_proof_has_a_name_a_reason_and_a_stage_of_its_own() {
        let all: Vec<_> = all().collect();
        let ids: BTreeSet<_> = all.iter().map(|entry| entry.listed.id()).collect();
        assert_eq!(ids.len(), all.len(), "two proofs have one id");
        for (at, Entry { listed, proof }) in all.into_iter().enumerate() {
            let id = listed.id();
            assert_eq!(listed.number(), at + 1, "{id}");
            assert!(
                id.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{id}"
            );
            assert!(
                !listed.title().is_empty() && !listed.requirement().is_empty(),
                "{id}"
            );
            assert!(!listed.reasons().is_empty(), "{id} cannot fail");
            let stages: BTreeSet<_> = proof.stages().iter().collect();
            assert!(
                !stages.is_empty() && stages.len() == proof.stages().len(),
                "{id}"
            );
        }
    }

    #[test]
    fn the_order_follows_from_the_stages() {
        let shared = [
            "redis-upgrade",
            "start-order",
            "volumes",
            "redis-data",
            "postgres-data",
            "backend-health",
        ];
        assert_eq!(ids(|stage| stage.own().is_none()), shared);
        assert_eq!(
            ids(|stage| stage.own().is_some()),
            ["never-healthy", "start-order"]
        );
    }

    #[test]
    fn one_proof_makes_the_first_start_and_projects_do_not_share_a_name() {
        assert_eq!(ids(|stage| *stage == Stage::Shared(Phase::Start)).len(), 1);
        let purposes: Vec<_> = parts()
            .iter()
            .filter_map(|part| part.stage.own())
            .map(|own| own.purpose)
            .collect();
        assert_eq!(
            purposes.iter().collect::<BTreeSet<_>>().len(),
            purposes.len(),
            "{purposes:?}"
        );
    }
}
