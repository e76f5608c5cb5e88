//! Runs a program that is written to and read from while it runs: any amount goes through it in
//! bounded memory, as a dump of a database does.

use std::fmt;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::group::Group;
use crate::interrupt;

/// How much is in memory on each of the two ways, in bytes.
const CHUNK: usize = 64 << 10;

/// How often the caller is told how far it is, and asked whether it shall go on.
const LOOK: Duration = Duration::from_millis(50);

/// How long the last words of a way are waited for once the program has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What a program reads and where what it says goes.
pub struct Streams<R, W> {
    /// Its standard input, to the end of it; [`io::empty`] for none.
    pub input: R,
    /// What takes its standard output.
    pub output: W,
    /// How much of its standard error is kept: its last bytes. The rest is read and let go, so that
    /// the program does not wait for a reader.
    pub kept_stderr: usize,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Bytes that the program was handed.
    pub input: u64,
    /// Bytes that the program said, and that were written.
    pub output: u64,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The end of what it wrote to its standard error.
    pub stderr: String,
    /// What went through it.
    pub moved: Moved,
}

/// A program that took all of its input and ended by itself.
#[derive(Debug)]
pub struct Piped<W> {
    /// How it ended.
    pub ended: Ended,
    /// What took its output, all of it.
    pub output: W,
}

/// Why not everything went through. The program and its whole process group are gone in each case.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipeError {
    /// It could not be started.
    #[error("{program} cannot be started")]
    Start {
        /// Its path or name.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
    /// It ended, or closed its input, before it had all of it.
    #[error("{program} did not take all of its input: {ended}")]
    ClosedEarly {
        /// Its path or name.
        program: String,
        /// How it ended.
        ended: Ended,
    },
    /// What it was to be handed cannot be read.
    #[error("what {program} is to get cannot be read")]
    Input {
        /// Its path or name.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
    /// What it says cannot be written.
    #[error("what {program} says cannot be written")]
    Output {
        /// Its path or name.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The caller had enough, or somebody pressed Ctrl-C.
    #[error("{program} was ended before it was done")]
    Cancelled {
        /// Its path or name.
        program: String,
        /// How far it was.
        moved: Moved,
    },
    /// Its end could not be seen.
    #[error("the end of {program} cannot be seen")]
    Wait {
        /// Its path or name.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
}

/// Runs a program in a process group of its own until it has ended and all that it said is written.
/// There is no time limit: `progress` is told several times a second how far it is, and its `Break`
/// ends the program as Ctrl-C does. Readers and writers that hang keep nobody waiting then.
///
/// An exit code other than 0 is no error here. What fits into the system's own buffer of a pipe
/// counts as taken (64 KiB on Linux).
///
/// # Errors
/// [`PipeError`].
pub fn pipe<R, W>(
    mut command: Command,
    streams: Streams<R, W>,
    progress: &mut dyn FnMut(Moved) -> ControlFlow<()>,
) -> Result<Piped<W>, PipeError>
where
    R: Read + Send + 'static,
    W: Write + Send + 'static,
{
    let program = command.get_program().to_string_lossy().into_owned();
    let mut group = match Group::spawn(&mut command, Stdio::piped()) {
        Ok(group) => group,
        Err(source) => return Err(PipeError::Start { program, source }),
    };
    let moved = Arc::<Counters>::default();
    let (sender, events) = mpsc::channel();
    let child = &mut group.child;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let Streams {
        input,
        mut output,
        kept_stderr,
    } = streams;
    let (tell, counters) = (sender.clone(), Arc::clone(&moved));
    // Nobody waits for these threads, nor listens any more once it is over.
    thread::spawn(move || {
        let end = stdin.map_or(InputEnd::Taken, |stdin| hand(input, stdin, &counters.input));
        tell.send(Event::Input(end)).ok();
    });
    let (tell, counters) = (sender.clone(), Arc::clone(&moved));
    thread::spawn(move || {
        let written = stdout.map_or(Ok(()), |out| take(out, &mut output, &counters.output));
        tell.send(Event::Output(written.map(|()| output))).ok();
    });
    thread::spawn(move || {
        let said = stderr.map_or_else(Vec::new, |stderr| last_bytes(stderr, kept_stderr));
        sender.send(Event::Stderr(said)).ok();
    });
    let mut running = Running {
        program,
        group,
        moved,
        events,
        seen: Seen::default(),
    };
    running.until_ended(progress)
}

#[derive(Default)]
struct Counters {
    input: AtomicU64,
    output: AtomicU64,
}

impl Counters {
    fn now(&self) -> Moved {
        Moved {
            input: self.input.load(Ordering::Relaxed),
            output: self.output.load(Ordering::Relaxed),
        }
    }
}

/// One of the three ways has come to its end.
enum Event<W> {
    Input(InputEnd),
    Output(io::Result<W>),
    Stderr(Vec<u8>),
}

enum InputEnd {
    /// The program was handed all of it, and that there is no more.
    Taken,
    /// The program takes no more.
    Refused,
    /// There is no more to be had. Closed would the pipe tell the program that this was all, so it
    /// stays open until the program is gone.
    Unreadable(io::Error, ChildStdin),
}

fn hand(mut from: impl Read, mut to: ChildStdin, count: &AtomicU64) -> InputEnd {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => return InputEnd::Taken,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return InputEnd::Unreadable(error, to),
        };
        if to.write_all(&chunk[..read]).is_err() {
            return InputEnd::Refused;
        }
        count.fetch_add(read as u64, Ordering::Relaxed);
    }
}

fn take(mut from: impl Read, to: &mut impl Write, count: &AtomicU64) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => return to.flush(),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        to.write_all(&chunk[..read])?;
        count.fetch_add(read as u64, Ordering::Relaxed);
    }
}

/// Reads to the end and keeps the last bytes.
fn last_bytes(mut from: impl Read, most: usize) -> Vec<u8> {
    let (mut kept, mut chunk) = (Vec::new(), vec![0; 4 << 10]);
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return kept,
            Ok(read) => {
                kept.extend_from_slice(&chunk[..read]);
                kept.drain(..kept.len().saturating_sub(most));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return kept,
        }
    }
}

/// What has come to its end so far.
struct Seen<W> {
    input: Option<InputEnd>,
    output: Option<W>,
    stderr: Option<Vec<u8>>,
    /// Whether the program has ended.
    exit: bool,
}

impl<W> Default for Seen<W> {
    fn default() -> Self {
        Self {
            input: None,
            output: None,
            stderr: None,
            exit: false,
        }
    }
}

struct Running<W> {
    program: String,
    /// Gone with this.
    group: Group,
    moved: Arc<Counters>,
    events: Receiver<Event<W>>,
    seen: Seen<W>,
}

impl<W> Running<W> {
    fn until_ended(
        &mut self,
        progress: &mut dyn FnMut(Moved) -> ControlFlow<()>,
    ) -> Result<Piped<W>, PipeError> {
        let output = loop {
            let moved = self.moved.now();
            if progress(moved).is_break() || interrupt::check().is_err() {
                let program = self.program.clone();
                return Err(PipeError::Cancelled { program, moved });
            }
            self.look(LOOK)?;
            // Until all that it said is written, however long that takes.
            if self.seen.exit
                && let Some(output) = self.seen.output.take()
            {
                break output;
            }
        };
        let deadline = Instant::now() + LAST_WORDS;
        while (self.seen.input.is_none() || self.seen.stderr.is_none()) && Instant::now() < deadline
        {
            self.look(LOOK)?;
        }
        // The last word, which may be all of it.
        let moved = self.moved.now();
        let _: ControlFlow<()> = progress(moved);
        let ended = self.ended(moved)?;
        match self.seen.input {
            Some(InputEnd::Taken) => Ok(Piped { ended, output }),
            _ => Err(PipeError::ClosedEarly {
                program: self.program.clone(),
                ended,
            }),
        }
    }

    /// Takes in what happens within a time.
    fn look(&mut self, within: Duration) -> Result<(), PipeError> {
        let program = || self.program.clone();
        match self.events.recv_timeout(within) {
            Ok(Event::Input(InputEnd::Unreadable(source, _open))) => {
                // With the pipe still open, so that the program cannot take it for the end.
                self.group.end();
                return Err(PipeError::Input {
                    program: program(),
                    source,
                });
            }
            Ok(Event::Input(end)) => self.seen.input = Some(end),
            Ok(Event::Output(Ok(output))) => self.seen.output = Some(output),
            Ok(Event::Output(Err(source))) => {
                return Err(PipeError::Output {
                    program: program(),
                    source,
                });
            }
            Ok(Event::Stderr(said)) => self.seen.stderr = Some(said),
            Err(RecvTimeoutError::Timeout) => {}
            // All three have ended, and the program has not.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(within),
        }
        if !self.seen.exit {
            let seen = self.group.has_ended();
            self.seen.exit = seen.map_err(|source| PipeError::Wait {
                program: program(),
                source,
            })?;
        }
        Ok(())
    }

    fn ended(&mut self, moved: Moved) -> Result<Ended, PipeError> {
        let status = self
            .group
            .wait(Instant::now())
            .map_err(|source| PipeError::Wait {
                program: self.program.clone(),
                source,
            })?;
        let stderr = self.seen.stderr.take().unwrap_or_default();
        Ok(Ended {
            code: status.and_then(|status| status.code()),
            signal: status.and_then(|status| status.signal()),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            moved,
        })
    }
}

impl Ended {
    /// Whether it exited with 0.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code == Some(0)
    }
}

/// As the end of a sentence; what it said last is in it, and may hold a secret.
impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.signal) {
            (Some(code), _) => write!(f, "it ended with exit code {code}")?,
            (None, Some(signal)) => write!(f, "signal {signal} ended it")?,
            (None, None) => f.write_str("it ended")?,
        }
        match self.stderr.trim() {
            "" => Ok(()),
            said => write!(f, ": {said}"),
        }
    }
}
