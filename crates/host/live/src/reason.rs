//! Why a proof failed, in one word for programs. Each has its control: a stack that turns the proof
//! red for it.

use std::fmt;

macro_rules! registry {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The kind of a failure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its word for programs.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

registry! {
    /// The data lies where it goes with the container.
    WrongTarget = "wrong-target",
    /// The volume that held the data is gone, or another took its place.
    VolumeRemoved = "volume-removed",
    /// Redis keeps no log.
    AofOff = "aof-off",
    /// PostgreSQL does not wait for the disk.
    FsyncOff = "fsync-off",
    /// Data is gone, and nothing that is known explains it.
    Lost = "lost",
    /// A new Redis with a log does not read the snapshot of the old one.
    RdbOnly = "rdb-only",
    /// An option of the command is not in force.
    Option = "option",
    /// There is no health check.
    NoCheck = "no-check",
    /// The health check does not notice that the backend cannot serve.
    NeverUnhealthy = "never-unhealthy",
    /// The health check does not notice it at a start.
    NoFailure = "no-failure",
    /// Failures in the start period count.
    Counted = "counted",
    /// The backend does not serve again when it could.
    NeverHealthyAgain = "never-healthy-again",
    /// A service did not come up.
    NotStarted = "not-started",
    /// A service did not wait for another one.
    NotWaited = "not-waited",
    /// Data lies in a container's own layer.
    Layer = "layer",
    /// Data lies on a volume without a name.
    AnonymousVolume = "anonymous-volume",
    /// A start that must fail is called well.
    CalledWell = "called-well",
    /// Another service than the one that fails is named.
    WrongName = "wrong-name",
    /// What the health check said is not told.
    NoHealthOutput = "no-health-output",
    /// What the service logged is not told.
    NoLogLines = "no-log-lines",
    /// It takes longer than its limit.
    TooLate = "too-late",
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
