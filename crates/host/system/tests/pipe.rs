//! Gigabytes go through a program in bounded memory, and whatever ends early is told by its kind.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(clippy::expect_used, reason = "a test fails by it")]

use std::fs;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use system::interrupt;
use system::pipe::{Ended, Moved, PipeError, Piped, Streams, pipe};

/// How much goes through, in bytes.
const MUCH: u64 = 512 << 20;

/// By how much this process may grow meanwhile, in bytes.
const BOUND: u64 = 32 << 20;

/// Where it is set, this program is the one that somebody interrupts; it is a folder.
const INTERRUPTED: &str = "PIPE_TEST_INTERRUPTED";

/// A reader of numbers that never repeat, so that none is lost, doubled or moved unseen.
struct Numbers {
    next: u64,
    end: u64,
}

impl Read for Numbers {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        for word in into.chunks_exact_mut(8) {
            if self.next == self.end {
                break;
            }
            word.copy_from_slice(&self.next.to_le_bytes());
            self.next += 1;
            filled += 8;
        }
        Ok(filled)
    }
}

/// Compares what comes with [`Numbers`].
#[derive(Debug, Default)]
struct Expected {
    seen: u64,
    wrong: bool,
}

impl Write for Expected {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        for byte in from {
            let wanted = (self.seen / 8).to_le_bytes()[(self.seen % 8) as usize];
            self.wrong |= *byte != wanted;
            self.seen += 1;
        }
        Ok(from.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn sh(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

fn go_on(_: Moved) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Runs a script with some input; its output is kept.
fn run(script: &str, input: impl Read + Send + 'static) -> Result<Piped<Vec<u8>>, PipeError> {
    let streams = Streams {
        input,
        output: Vec::new(),
        kept_stderr: 100,
    };
    pipe(sh(script), streams, &mut go_on)
}

/// What this process has in memory, in bytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes: u64 = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    kilobytes << 10
}

#[test]
fn much_goes_through_in_bounded_memory() {
    let (before, largest) = (resident(), AtomicU64::new(0));
    let mut told = Vec::new();
    let mut progress = |moved| {
        largest.fetch_max(resident(), Ordering::Relaxed);
        told.push(moved);
        ControlFlow::Continue(())
    };
    let streams = Streams {
        input: Numbers {
            next: 0,
            end: MUCH / 8,
        },
        output: Expected::default(),
        kept_stderr: 100,
    };
    let piped = pipe(Command::new("cat"), streams, &mut progress).unwrap();
    assert_eq!((piped.output.seen, piped.output.wrong), (MUCH, false));
    let all = Moved {
        input: MUCH,
        output: MUCH,
    };
    assert!(
        piped.ended.is_success() && piped.ended.moved == all,
        "{:?}",
        piped.ended
    );
    assert!(
        told.len() > 2 && told.is_sorted_by_key(|moved| moved.output),
        "{told:?}"
    );
    assert_eq!(told.last(), Some(&all), "the last word is the whole");
    let grown = largest.into_inner().saturating_sub(before);
    assert!(grown < BOUND, "{grown} bytes more than before");
}

/// Input that never ends, and never blocks.
struct Endless;

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        into.fill(b'x');
        Ok(into.len())
    }
}

/// Whether a process is there, and more than its name.
fn lives(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    test_kill_process(Pid::from_raw(pid).unwrap()).is_ok() && !stat.contains(") Z ")
}

fn gone_soon(pid: i32) {
    let begun = Instant::now();
    while lives(pid) {
        assert!(begun.elapsed() < Duration::from_secs(5), "{pid} goes on");
        thread::sleep(Duration::from_millis(10));
    }
}

/// The process that a file names, once it does.
fn named_in(file: &Path) -> i32 {
    let begun = Instant::now();
    loop {
        let pid = fs::read_to_string(file)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        if let Some(pid) = pid {
            return pid;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "no {}",
            file.display()
        );
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_cancel_in_mid_stream_ends_the_whole_group() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let script = format!("sleep 100 & echo $! >{}; cat", file.display());
    let mut progress = |moved: Moved| match moved.output > 1 << 20 {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let streams = Streams {
        input: Endless,
        output: io::sink(),
        kept_stderr: 100,
    };
    let error = pipe(sh(&script), streams, &mut progress).unwrap_err();
    assert!(
        matches!(error, PipeError::Cancelled { moved, .. } if moved.output > 1 << 20),
        "{error:?}"
    );
    gone_soon(named_in(&file));
}

/// The leader has ended, and a child of its holds the output open: there is nothing to wait for but
/// a person.
#[test]
fn a_cancel_ends_what_outlives_the_program_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let script = format!("sleep 100 & echo $! >{}", file.display());
    let begun = Instant::now();
    let mut progress = |_| match begun.elapsed() > Duration::from_millis(500) {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let streams = Streams {
        input: io::empty(),
        output: io::sink(),
        kept_stderr: 100,
    };
    let error = pipe(sh(&script), streams, &mut progress).unwrap_err();
    assert!(matches!(error, PipeError::Cancelled { .. }), "{error:?}");
    gone_soon(named_in(&file));
}

/// In a process of its own, for Ctrl-C is the whole process's.
#[test]
fn ctrl_c_ends_it() {
    if let Some(folder) = std::env::var_os(INTERRUPTED) {
        return interrupted(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut tool = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ctrl_c_ends_it"])
        .env(INTERRUPTED, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let program = named_in(&folder.path().join("pid"));
    assert!(lives(program));
    let tool_pid = Pid::from_raw(i32::try_from(tool.id()).unwrap()).unwrap();
    kill_process(tool_pid, Signal::INT).unwrap();
    gone_soon(program);
    tool.wait().unwrap();
    let said = fs::read_to_string(folder.path().join("said")).unwrap();
    assert!(said.contains("was ended before it was done"), "{said}");
}

fn interrupted(folder: &Path) {
    interrupt::listen(|| {}).unwrap();
    let script = format!("echo $$ >{}; exec cat", folder.join("pid").display());
    let streams = Streams {
        input: Endless,
        output: io::sink(),
        kept_stderr: 100,
    };
    let error = pipe(sh(&script), streams, &mut go_on).unwrap_err();
    fs::write(folder.join("said"), error.to_string()).unwrap();
}

#[test]
fn a_program_that_takes_no_more_is_told_with_its_last_words() {
    let error = run("head -c 1000 >/dev/null; echo full >&2; exit 3", Endless).unwrap_err();
    let PipeError::ClosedEarly { ended, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(3), "full\n"));
    assert_eq!(
        error.to_string(),
        "sh did not take all of its input: it ended with exit code 3: full"
    );
    // It ended well, and has not got all.
    let error = run("exec head -c 1000", Endless).unwrap_err();
    assert!(
        matches!(&error, PipeError::ClosedEarly { ended, .. } if ended.is_success()),
        "{error:?}"
    );
}

/// A reader that waits for ever, as a terminal does.
struct Silent;

impl Read for Silent {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        loop {
            thread::park();
        }
    }
}

#[test]
fn a_reader_that_hangs_keeps_nobody_waiting() {
    let error = run("echo done", Silent).unwrap_err();
    assert!(matches!(error, PipeError::ClosedEarly { .. }), "{error:?}");
}

/// A reader that breaks in the middle.
struct Broken(u32);

impl Read for Broken {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0 += 1;
        match self.0 {
            1 => Endless.read(into),
            _ => Err(io::Error::other("the disk is gone")),
        }
    }
}

#[test]
fn what_cannot_be_read_is_never_taken_for_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let script = format!("cat >/dev/null && touch {}", whole.display());
    let error = run(&script, Broken(0)).unwrap_err();
    assert!(
        matches!(&error, PipeError::Input { source, .. } if source.to_string() == "the disk is gone"),
        "{error:?}"
    );
    assert!(!whole.exists(), "the program took a part for the whole");
}

/// A disk with room for some bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        let room = self.0.min(from.len());
        self.0 -= room;
        match room {
            0 => Err(io::ErrorKind::StorageFull.into()),
            room => Ok(room),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_ends_it() {
    let streams = Streams {
        input: Endless,
        output: Full(1 << 20),
        kept_stderr: 100,
    };
    let error = pipe(Command::new("cat"), streams, &mut go_on)
        .map(drop)
        .unwrap_err();
    assert!(
        matches!(&error, PipeError::Output { source, .. } if source.kind() == io::ErrorKind::StorageFull),
        "{error:?}"
    );
}

#[test]
fn the_end_of_what_it_complains_is_kept_and_its_exit_code() {
    let piped = run(
        "i=0; while [ $i -lt 20000 ]; do echo warning $i >&2; i=$((i + 1)); done; echo out; exit 7",
        io::empty(),
    )
    .unwrap();
    let Ended { code, stderr, .. } = &piped.ended;
    assert_eq!((*code, piped.output.as_slice()), (Some(7), &b"out\n"[..]));
    assert_eq!(stderr.len(), 100);
    assert!(
        stderr.ends_with("warning 19998\nwarning 19999\n"),
        "{stderr}"
    );
}

#[test]
fn a_signal_is_told() {
    let piped = run("kill -TERM $$", io::empty()).unwrap();
    assert_eq!((piped.ended.code, piped.ended.signal), (None, Some(15)));
}

#[test]
fn a_program_that_is_not_there_cannot_be_started() {
    let streams = Streams {
        input: io::empty(),
        output: io::sink(),
        kept_stderr: 0,
    };
    let error = pipe(Command::new("/no/such/program"), streams, &mut go_on).unwrap_err();
    assert!(matches!(error, PipeError::Start { .. }), "{error:?}");
}
