//! A program with all that it starts: a process group, which ends with whoever waits for it.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::interrupt;

/// What a program may use of memory, in bytes. A stack of 1,000 services needs half of it, an alias
/// bomb any amount.
pub const MEMORY: u64 = 512 << 20;

/// A child that leads a process group; dropped before its end, the whole group is killed.
pub(crate) struct Group {
    pub(crate) child: Child,
    ended: bool,
}

impl Group {
    pub(crate) fn spawn(command: &mut Command, stdin: Stdio) -> io::Result<Self> {
        command
            .process_group(0)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command.spawn()?;
        limit_memory(&child);
        Ok(Self {
            child,
            ended: false,
        })
    }

    /// Whether its leader has ended. It is not taken leave of, so that the group can still be ended
    /// by its number, which nobody else can have got meanwhile.
    pub(crate) fn has_ended(&self) -> io::Result<bool> {
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let Some(leader) = self.leader() else {
            return Ok(true);
        };
        Ok(waitid(WaitId::Pid(leader), ended)?.is_some())
    }

    fn leader(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
    }

    /// A program that has closed its outputs ends at once, as a rule; hence no blocking wait beside
    /// a timer.
    pub(crate) fn wait(&mut self, deadline: Instant) -> io::Result<Option<ExitStatus>> {
        let mut pause = Duration::from_micros(50);
        loop {
            if let Some(status) = self.child.try_wait()? {
                self.ended = true;
                return Ok(Some(status));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            not_interrupted()?;
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    /// Kills all of it, unless its end was waited for.
    pub(crate) fn end(&mut self) {
        if self.ended {
            return;
        }
        // Errors mean that it has gone meanwhile, which is what is wanted.
        if let Some(leader) = self.leader() {
            kill_process_group(leader, Signal::KILL).ok();
        }
        self.child.wait().ok();
        self.ended = true;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// Go reserves far more address space than it uses, so its data segment is what is bounded.
#[cfg(target_os = "linux")]
fn limit_memory(child: &Child) {
    use rustix::process::{Resource, Rlimit, prlimit};
    let limit = Rlimit {
        current: Some(MEMORY),
        maximum: Some(MEMORY),
    };
    // Where the system refuses, the time limit alone holds.
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        prlimit(Some(pid), Resource::Data, limit).ok();
    }
}

#[cfg(not(target_os = "linux"))]
fn limit_memory(_: &Child) {}

/// To be asked wherever a wait may end: an error when somebody pressed Ctrl-C.
pub(crate) fn not_interrupted() -> io::Result<()> {
    interrupt::check()
        .map_err(|interrupted| io::Error::new(io::ErrorKind::Interrupted, interrupted))
}
