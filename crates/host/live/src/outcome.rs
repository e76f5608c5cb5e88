//! What a proof says in the end.

use std::time::Duration;

use diagnostics::Evidence;

use super::reason::Reason;

/// What a proof is called, and what it proves. Programs know it by its id, people by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name for programs, such as `redis-data`; no other proof has it.
    pub id: &'static str,
    /// Its name for people, in a few words.
    pub title: &'static str,
    /// What it proves, in a sentence.
    pub requirement: &'static str,
    /// For which reasons it can fail. A finding with any other is a mistake of this program, and
    /// `cargo test` has a control for each of these.
    pub reasons: &'static [Reason],
}

/// A proof as reports name it: with its number in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    number: usize,
    about: About,
}

/// How a proof ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Proved,
    /// It does not.
    Failed {
        /// The kind of failure.
        reason: Reason,
        /// What was seen, in a sentence.
        words: String,
    },
    /// The stack has nothing that it is about.
    NotApplicable(String),
    /// It could not be looked at.
    Inconclusive(String),
}

/// An outcome with what led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// What was seen on the way.
    pub evidence: Vec<Evidence>,
}

/// A proof that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub proof: Listed,
    /// How it ended, and what was seen.
    pub verdict: Verdict,
    /// How long it took.
    pub took: Duration,
    /// How fast the health checks ran, in words.
    pub pace: String,
}

impl Listed {
    /// A proof of a list by its place there, from 0.
    pub(crate) fn new(place: usize, about: About) -> Self {
        Self {
            number: place + 1,
            about,
        }
    }

    /// Its number, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        self.number
    }

    /// For which reasons it can fail.
    #[must_use]
    pub fn reasons(self) -> &'static [Reason] {
        self.about.reasons
    }

    /// Its name for programs.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.about.id
    }

    /// Its name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.about.title
    }

    /// What it proves, in a sentence.
    #[must_use]
    pub fn requirement(self) -> &'static str {
        self.about.requirement
    }
}

impl Finding {
    /// A proof that was made.
    #[must_use]
    pub fn new(proof: Listed, verdict: Verdict, took: Duration, pace: impl Into<String>) -> Self {
        if let Outcome::Failed { reason, .. } = &verdict.outcome {
            debug_assert!(
                proof.reasons().contains(reason),
                "{} has no control for {reason}",
                proof.id()
            );
        }
        Self {
            proof,
            verdict,
            took,
            pace: pace.into(),
        }
    }

    /// How fast the health checks ran in what was seen; none where nothing was.
    #[must_use]
    pub fn told_pace(&self) -> Option<&str> {
        (!self.verdict.evidence.is_empty() && !self.pace.is_empty()).then_some(self.pace.as_str())
    }
}

impl Outcome {
    /// A failure.
    pub fn failed(reason: Reason, words: impl Into<String>) -> Self {
        Self::Failed {
            reason,
            words: words.into(),
        }
    }

    /// Its word for programs.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Failed { .. } => "failed",
            Self::NotApplicable(_) => "not-applicable",
            Self::Inconclusive(_) => "not-looked",
        }
    }
}

impl Verdict {
    /// Nothing to prove, for this reason.
    pub fn not_applicable(why: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::NotApplicable(why.into()),
            evidence: Vec::new(),
        }
    }
}

/// Evidence as it is gathered.
#[derive(Clone, Debug, Default)]
pub struct EvidenceLog(Vec<Evidence>);

impl EvidenceLog {
    /// Something more was seen.
    pub fn see(&mut self, what: impl Into<String>, seen: impl Into<String>) {
        self.0.push(Evidence {
            what: what.into(),
            seen: seen.into(),
        });
    }

    /// All of it was as it should be.
    #[must_use]
    pub fn proved(self) -> Verdict {
        Verdict {
            outcome: Outcome::Proved,
            evidence: self.0,
        }
    }

    /// It was not.
    #[must_use]
    pub fn ends(self, outcome: Outcome) -> Verdict {
        Verdict {
            outcome,
            evidence: self.0,
        }
    }

    /// It was not, for a reason.
    #[must_use]
    pub fn failed(self, reason: Reason, words: impl Into<String>) -> Verdict {
        self.ends(Outcome::failed(reason, words))
    }
}

/// Seconds as people read them: `0.4 s`, `12.3 s`.
#[must_use]
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
