//! Runs a program to its end, or to a limit.

use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::group::{Group, not_interrupted};

pub use crate::group::MEMORY;

/// How often a wait looks whether somebody pressed Ctrl-C.
const LOOK: Duration = Duration::from_millis(50);

/// How far a program may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until it has ended; then its whole process group is killed.
    pub time: Duration,
    /// Bytes on each of its outputs; what comes after is not read and the group is killed.
    pub output: usize,
}

/// What a program that ended said.
#[derive(Debug)]
pub struct Output {
    /// Whether it exited with 0.
    pub success: bool,
    /// Its exit code; none where it was killed.
    pub code: Option<i32>,
    /// The signal that somebody else killed it with.
    pub signal: Option<i32>,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: String,
    /// Whether it was killed for saying more than [`Limits::output`].
    pub truncated: bool,
    /// From its start to its end.
    pub took: Duration,
}

/// Why a program gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started.
    #[error("{program} cannot be started")]
    Start {
        /// Its path or name.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
    /// It was killed at the time limit, with its whole process group.
    #[error("{program} gave no answer within {} s and was ended", after.as_secs_f32())]
    TimedOut {
        /// Its path or name.
        program: String,
        /// The limit.
        after: Duration,
    },
    /// Its outputs or its exit status could not be read.
    #[error("the answer of {program} cannot be read")]
    Io {
        /// Its path or name.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
}

/// Runs a program without input, in a process group of its own.
///
/// # Errors
/// [`RunError`]; an exit code other than 0 is none.
pub fn run(mut command: Command, limits: Limits) -> Result<Output, RunError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let group = match Group::spawn(&mut command, Stdio::null()) {
        Ok(group) => group,
        Err(source) => return Err(RunError::Start { program, source }),
    };
    match finish(group, limits, start) {
        Ok(Some(output)) => Ok(output),
        Ok(None) => Err(RunError::TimedOut {
            program,
            after: limits.time,
        }),
        Err(source) => Err(RunError::Io { program, source }),
    }
}

/// Takes its outputs and its end; none when the time is over.
///
/// # Errors
/// Also when somebody pressed Ctrl-C.
fn finish(mut group: Group, limits: Limits, start: Instant) -> io::Result<Option<Output>> {
    let deadline = start + limits.time;
    let (sender, streams) = mpsc::channel();
    let (out, err) = (group.child.stdout.take(), group.child.stderr.take());
    read_aside(out, Stream::Out, limits.output, sender.clone());
    read_aside(err, Stream::Err, limits.output, sender);
    let Some(Said {
        stdout,
        stderr,
        truncated,
    }) = Said::until(deadline, &streams, limits.output)?
    else {
        return Ok(None);
    };
    let (code, signal) = match truncated {
        true => (None, None),
        false => match group.wait(deadline)? {
            Some(status) => (status.code(), status.signal()),
            None => return Ok(None),
        },
    };
    let stderr = String::from_utf8_lossy(&stderr).into_owned();
    let success = code == Some(0);
    Ok(Some(Output {
        success,
        code,
        signal,
        stdout,
        stderr,
        truncated,
        took: start.elapsed(),
    }))
}

#[derive(Clone, Copy)]
enum Stream {
    Out,
    Err,
}

type Chunk = (Stream, io::Result<Vec<u8>>);

/// Reads on a thread that nothing waits for: a grandchild that fled the group may hold the pipe
/// open for ever.
fn read_aside(
    pipe: Option<impl Read + Send + 'static>,
    stream: Stream,
    most: usize,
    sender: Sender<Chunk>,
) {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.map_or(Ok(0), |pipe| {
            pipe.take(most as u64 + 1).read_to_end(&mut bytes)
        });
        // Nobody listens any more after a time-out.
        sender.send((stream, read.map(|_| bytes))).ok();
    });
}

/// The next output that is complete; none when the time is over.
fn next(deadline: Instant, streams: &Receiver<Chunk>) -> io::Result<Option<Chunk>> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match streams.recv_timeout(left.min(LOOK)) {
            Ok(chunk) => return Ok(Some(chunk)),
            Err(RecvTimeoutError::Timeout) if !left.is_zero() => not_interrupted()?,
            Err(_) => return Ok(None),
        }
    }
}

#[derive(Default)]
struct Said {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    truncated: bool,
}

impl Said {
    /// Both outputs, or the first that is too long; none when the time is over.
    fn until(
        deadline: Instant,
        streams: &Receiver<Chunk>,
        most: usize,
    ) -> io::Result<Option<Self>> {
        let mut said = Self::default();
        for _ in 0..2 {
            let Some((stream, bytes)) = next(deadline, streams)? else {
                return Ok(None);
            };
            let mut bytes = bytes?;
            said.truncated = bytes.len() > most;
            bytes.truncate(most);
            match stream {
                Stream::Out => said.stdout = bytes,
                Stream::Err => said.stderr = bytes,
            }
            if said.truncated {
                break;
            }
        }
        Ok(Some(said))
    }
}
