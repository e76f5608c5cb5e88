//! What kind of failure the words of the `docker` client tell. The client has one exit code for all
//! of them, so its words are read, and read here alone.

/// Why the client did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// An engine answers, and the container, volume, image or network is not there.
    NotFound,
    /// An engine answers, and the container has nothing at the path.
    NoSuchPath,
    /// No engine was reached, or the context that chooses one is not there.
    Unreachable,
    /// There is an engine, and this user may not talk to it.
    Denied,
    /// There was no answer in time.
    TimedOut,
    /// Anything else.
    Other,
}

/// Words that only a client without an engine says. They come first: `no such host` is no container
/// that has gone, and `no such file` of a socket is no empty folder.
const UNREACHABLE: [&str; 10] = [
    "cannot connect to the docker daemon",
    "failed to connect to the docker api",
    "error during connect",
    "unable to resolve docker endpoint",
    "context not found",
    "failed to initialize",
    "dial tcp",
    "dial unix",
    "is the docker daemon running",
    "check if the server supports the requested api version",
];

const DENIED: [&str; 2] = [
    "permission denied while trying to connect",
    "connect: permission denied",
];

const TIMED_OUT: [&str; 4] = [
    "i/o timeout",
    "context deadline exceeded",
    "timeout exceeded",
    "tls handshake timeout",
];

/// What a client adds below the engine's own words.
const TRAILERS: [&str; 3] = ["[]", "exit status", "error: failed to "];

impl FailureKind {
    /// Of what the client wrote to its standard error. Of several lines each must say that
    /// something is not there: a volume that has gone does not excuse another one that is in use.
    #[must_use]
    pub fn of(stderr: &str) -> Self {
        let words = stderr.to_ascii_lowercase();
        let has = |any: &[&str]| any.iter().any(|known| words.contains(known));
        if has(&DENIED) {
            return Self::Denied;
        }
        if has(&TIMED_OUT) {
            return Self::TimedOut;
        }
        if has(&UNREACHABLE) {
            return Self::Unreachable;
        }
        let lines = words
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !is_trailer(line));
        let mut kinds = lines.map(of_line);
        let first = kinds.next().unwrap_or(Self::Other);
        if kinds.all(|kind| kind == first) {
            first
        } else {
            Self::Other
        }
    }
}

fn is_trailer(line: &str) -> bool {
    TRAILERS.iter().any(|trailer| line.starts_with(trailer))
}

/// A line of an engine that answers, in small letters.
fn of_line(line: &str) -> FailureKind {
    let things = ["container", "volume", "image", "network", "object"];
    if things
        .iter()
        .any(|thing| line.contains(&format!("no such {thing}")))
    {
        return FailureKind::NotFound;
    }
    if line.contains("network ") && line.ends_with(" not found") {
        return FailureKind::NotFound;
    }
    if line.contains("could not find the file ") {
        return FailureKind::NoSuchPath;
    }
    FailureKind::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Docker CLI 28.2 and Engine 20.10 said, a line a case: the kind, a bar, the words.
    const SAID: &str = include_str!("../tests/fixtures/engine/failures.txt");

    #[test]
    fn each_sentence_is_of_its_kind() {
        for line in SAID
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let (kind, words) = line.split_once(" | ").unwrap();
            let words = words.replace("\\n", "\n");
            assert_eq!(format!("{:?}", FailureKind::of(&words)), kind, "{words}");
        }
    }
}
