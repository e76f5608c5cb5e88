//! Why a proof failed, in one word for programs. Each has its control: a stack that turns the proof
//! red for it.

use std::fmt;

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The data lies where it goes with the container.
    WrongTarget,
    /// The volume that held the data is gone, or another took its place.
    VolumeRemoved,
    /// Redis keeps no log.
    AofOff,
    /// PostgreSQL does not wait for the disk.
    FsyncOff,
    /// Data is gone, and nothing that is known explains it.
    Lost,
    /// A new Redis with a log does not read the snapshot of the old one.
    RdbOnly,
    /// An option of the command is not in force.
    Option,
    /// There is no health check.
    NoCheck,
    /// The health check does not notice that the backend cannot serve.
    NeverUnhealthy,
    /// The health check does not notice it at a start.
    NoFailure,
    /// Failures in the start period count.
    Counted,
    /// The backend does not serve again when it could.
    NeverHealthyAgain,
    /// A service did not come up.
    NotStarted,
    /// A service did not wait for another one.
    NotWaited,
    /// Data lies in a container's own layer.
    Layer,
    /// Data lies on a volume without a name.
    AnonymousVolume,
    /// A start that must fail is called well.
    CalledWell,
    /// Another service than the one that fails is named.
    WrongName,
    /// What the health check said is not told.
    NoHealthOutput,
    /// What the service logged is not told.
    NoLogLines,
    /// The start takes longer than its limit.
    TooLate,
}

impl Reason {
    /// Its word for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::WrongTarget => "wrong-target",
            Self::VolumeRemoved => "volume-removed",
            Self::AofOff => "aof-off",
            Self::FsyncOff => "fsync-off",
            Self::Lost => "lost",
            Self::RdbOnly => "rdb-only",
            Self::Option => "option",
            Self::NoCheck => "no-check",
            Self::NeverUnhealthy => "never-unhealthy",
            Self::NoFailure => "no-failure",
            Self::Counted => "counted",
            Self::NeverHealthyAgain => "never-healthy-again",
            Self::NotStarted => "not-started",
            Self::NotWaited => "not-waited",
            Self::Layer => "layer",
            Self::AnonymousVolume => "anonymous-volume",
            Self::CalledWell => "called-well",
            Self::WrongName => "wrong-name",
            Self::NoHealthOutput => "no-health-output",
            Self::NoLogLines => "no-log-lines",
            Self::TooLate => "too-late",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
