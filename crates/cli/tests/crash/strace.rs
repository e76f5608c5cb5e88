//! The points at which a command changes something, by `strace`, and faults injected there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::place::Place;
use crate::skip;

/// Calls that change what is on the disk or who has the lock, or let it be read.
const CALLS: [&str; 21] = [
    "openat",
    "write",
    "pwrite64",
    "writev",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "fchmod",
    "fchmodat",
    "fchown",
    "fsetxattr",
    "ftruncate",
    "flock",
];

/// One call of the main thread.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// The how manieth of this name, from 1.
    pub ordinal: usize,
    /// As strace prints it.
    pub line: String,
}

/// What came of a run with a fault.
pub struct Ran {
    /// How it ended; as the command itself, not as strace.
    pub output: Output,
    /// The call at which the fault was injected.
    pub hit: String,
}

/// Whether strace is here and may trace; told if not.
pub fn is_here() -> bool {
    let works = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .output();
    let works = works.is_ok_and(|output| output.status.success());
    if !works {
        skip(
            "no working strace here, and without it no fault can be injected: apt-get install strace",
        );
    }
    works
}

/// The calls of a command that runs undisturbed.
pub fn calls(place: &Place, args: &[&str]) -> Vec<Call> {
    let (output, lines) = trace(place, args, &[]);
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        crate::valid::said(&output)
    );
    let mut ordinals = BTreeMap::new();
    let count = |line: &String| {
        let name = line.split('(').next()?.to_owned();
        let ordinal = ordinals
            .entry(name.clone())
            .and_modify(|ordinal| *ordinal += 1)
            .or_insert(1);
        Some(Call {
            name,
            ordinal: *ordinal,
            line: line.clone(),
        })
    };
    lines.iter().filter_map(count).collect()
}

/// Runs a command with a fault in one of its calls, such as `signal=KILL` or `error=EIO`.
pub fn inject(place: &Place, args: &[&str], call: &Call, fault: &str) -> Ran {
    let Call { name, ordinal, .. } = call;
    let inject = format!("inject={name}:{fault}:when={ordinal}");
    let (output, lines) = trace(place, args, &["-e", &inject]);
    let same: Vec<_> = lines
        .into_iter()
        .filter(|line| line.starts_with(&format!("{name}(")))
        .collect();
    let hit = same.get(ordinal - 1).cloned().unwrap_or_default();
    Ran { output, hit }
}

/// The lines of the main thread, without its number.
fn trace(place: &Place, args: &[&str], inject: &[&str]) -> (Output, Vec<String>) {
    let file = place.folder().join("trace");
    let mut strace = Command::new("strace");
    // Without --seccomp-bpf, with which strace 6.1 delivers no signal.
    strace.args([
        "-f",
        "-y",
        "-qq",
        "-e",
        &format!("trace={}", CALLS.join(",")),
    ]);
    strace.args(inject).arg("-o").arg(&file);
    let output = place.command(Some(strace), args).output().unwrap();
    let text = fs::read_to_string(file).unwrap_or_default();
    let main = text
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let own = |line: &str| Some(line.strip_prefix(&main)?.trim_start().to_owned());
    (
        output,
        text.lines()
            .filter_map(own)
            .filter(|line| !line.starts_with(['<', '+', '-']))
            .collect(),
    )
}

impl Call {
    /// Whether something is different after it.
    pub fn changes_something(&self) -> bool {
        self.name != "openat" || self.line.contains("O_CREAT")
    }

    /// Whether it is about something in a folder.
    pub fn is_in(&self, folder: &Path) -> bool {
        about(&self.line).contains(folder.to_str().unwrap())
    }
}

/// A line without the working directory, which strace prints wherever a path could be relative to
/// it.
pub fn about(line: &str) -> String {
    let mut parts = line.split("AT_FDCWD<");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |line, part| {
        line + part.split_once('>').map_or("", |(_, rest)| rest)
    })
}
