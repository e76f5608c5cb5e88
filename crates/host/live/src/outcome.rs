//! What a proof says in the end.

use std::time::Duration;

use super::reason::Reason;

/// A proof, by its number in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// Redis keeps its data.
    RedisData,
    /// PostgreSQL keeps its data.
    PostgresData,
    /// Redis 6's data is there under 7.
    RedisUpgrade,
    /// The backend's health check tells the truth.
    BackendHealth,
    /// The frontend waits.
    StartOrder,
    /// Volumes are mounted where the data is.
    Volumes,
    /// A start that fails says why.
    NeverHealthy,
}

/// What was seen, and when or how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What was looked at.
    pub what: String,
    /// What was seen.
    pub seen: String,
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
    NotLooked(String),
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
    pub proof: Proof,
    /// How it ended, and what was seen.
    pub verdict: Verdict,
    /// How long it took.
    pub took: Duration,
    /// How fast the health checks ran, in words.
    pub pace: String,
}

impl Proof {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::RedisData,
        Self::PostgresData,
        Self::RedisUpgrade,
        Self::BackendHealth,
        Self::StartOrder,
        Self::Volumes,
        Self::NeverHealthy,
    ];

    /// Its number, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// For which reasons it can fail. A finding with any other is a mistake of this program, and `cargo test` has a control
    /// for each of these.
    #[must_use]
    pub fn reasons(self) -> &'static [Reason] {
        use Reason as R;
        match self {
            Self::RedisData => &[R::WrongTarget, R::VolumeRemoved, R::AofOff, R::Lost, R::NotStarted],
            Self::PostgresData => &[R::WrongTarget, R::VolumeRemoved, R::FsyncOff, R::Lost, R::NotStarted],
            Self::RedisUpgrade => &[R::RdbOnly, R::Lost, R::Option, R::NotStarted],
            Self::BackendHealth => {
                &[R::NoCheck, R::NeverUnhealthy, R::NoFailure, R::Counted, R::NeverHealthyAgain, R::NotStarted]
            }
            Self::StartOrder => &[R::NotWaited, R::NotStarted],
            Self::Volumes => &[R::Layer, R::AnonymousVolume, R::WrongTarget],
            Self::NeverHealthy => &[R::CalledWell, R::WrongName, R::NoHealthOutput, R::NoLogLines, R::TooLate],
        }
    }

    /// Its name for programs.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::RedisData => "redis-data",
            Self::PostgresData => "postgres-data",
            Self::RedisUpgrade => "redis-upgrade",
            Self::BackendHealth => "backend-health",
            Self::StartOrder => "start-order",
            Self::Volumes => "volumes",
            Self::NeverHealthy => "never-healthy",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::RedisData => "Redis keeps its data",
            Self::PostgresData => "PostgreSQL keeps its data",
            Self::RedisUpgrade => "Redis 6 to 7 with data",
            Self::BackendHealth => "Backend health is true",
            Self::StartOrder => "Frontend waits for the backend",
            Self::Volumes => "Volumes hold the data",
            Self::NeverHealthy => "A failed start says why",
        }
    }

    /// What it proves, in a sentence.
    #[must_use]
    pub fn requirement(self) -> &'static str {
        match self {
            Self::RedisData => "Redis data survives restart, SIGKILL, recreate, and down and up",
            Self::PostgresData => "PostgreSQL data survives restart, SIGKILL, recreate, and down and up",
            Self::RedisUpgrade => {
                "Data of Redis 6 is still there under 7, all services start, and the command's options are in force"
            }
            Self::BackendHealth => {
                "The backend is healthy only while it can serve; failures in its start period do not count"
            }
            Self::StartOrder => "The frontend starts after the backend was first healthy, also when that takes 15 s",
            Self::Volumes => "Named volumes are mounted where the images keep their data, and no data is anywhere else",
            Self::NeverHealthy => {
                "A stack that never becomes healthy ends in time, with the service's name and its last words"
            }
        }
    }
}

impl Finding {
    /// A proof that was made.
    #[must_use]
    pub fn new(proof: Proof, verdict: Verdict, took: Duration, pace: impl Into<String>) -> Self {
        if let Outcome::Failed { reason, .. } = &verdict.outcome {
            debug_assert!(proof.reasons().contains(reason), "{} has no control for {reason}", proof.id());
        }
        Self { proof, verdict, took, pace: pace.into() }
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
        Self::Failed { reason, words: words.into() }
    }

    /// Its word for programs.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Failed { .. } => "failed",
            Self::NotApplicable(_) => "not-applicable",
            Self::NotLooked(_) => "not-looked",
        }
    }
}

impl Verdict {
    /// Nothing to prove, for this reason.
    pub fn not_applicable(why: impl Into<String>) -> Self {
        Self { outcome: Outcome::NotApplicable(why.into()), evidence: Vec::new() }
    }
}

/// Evidence as it is gathered.
#[derive(Clone, Debug, Default)]
pub struct Trail(Vec<Evidence>);

impl Trail {
    /// Something more was seen.
    pub fn see(&mut self, what: impl Into<String>, seen: impl Into<String>) {
        self.0.push(Evidence { what: what.into(), seen: seen.into() });
    }

    /// All of it was as it should be.
    #[must_use]
    pub fn proved(self) -> Verdict {
        Verdict { outcome: Outcome::Proved, evidence: self.0 }
    }

    /// It was not.
    #[must_use]
    pub fn ends(self, outcome: Outcome) -> Verdict {
        Verdict { outcome, evidence: self.0 }
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
