//! Ctrl-C: the work ends at the next point at which it is whole, and what is temporary goes. A
//! second one ends it at once, which loses nothing either; and so does the first one where no such
//! point is reached: nothing that is waited for, a disk or a reader of ours, keeps a person
//! waiting.

use std::io::{self, Read as _};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::{self, pipe};

/// The exit code of an interrupted command, as shells have it.
pub const EXIT: u8 = 130;

static REQUESTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Whether the next Ctrl-C ends the process there and then.
static AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// How many pieces of work go on that have to be done in spite of a Ctrl-C.
static DESPITE: AtomicUsize = AtomicUsize::new(0);

/// How many pieces of work go on that are to be whole: they write.
static WRITING: AtomicUsize = AtomicUsize::new(0);

/// How long the work has to reach a point at which it may end.
const GRACE: Duration = Duration::from_secs(1);

/// Somebody pressed Ctrl-C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// Listens from now on, instead of being ended. `tell` says that the process ends where it hung and
/// wrote nothing.
///
/// # Errors
/// Where the system does not let it.
pub fn listen(tell: fn()) -> io::Result<()> {
    let (mut wake, waker) = UnixStream::pair()?;
    for signal in [SIGINT, SIGTERM] {
        pipe::register(signal, waker.try_clone()?)?;
        flag::register_conditional_shutdown(signal, EXIT.into(), Arc::clone(&AT_ONCE))?;
        flag::register(signal, Arc::clone(&REQUESTED))?;
        flag::register(signal, Arc::clone(&AT_ONCE))?;
    }
    let end = move || {
        if wake.read(&mut [0]).is_ok() {
            end_what_hangs(tell);
        }
    };
    thread::Builder::new()
        .name("interrupts".to_owned())
        .spawn(end)
        .map(drop)
}

/// Ends the process where the work does not by itself, unless it is just writing or cleaning up.
fn end_what_hangs(tell: fn()) {
    let mut quiet_since = Instant::now();
    while quiet_since.elapsed() < GRACE {
        thread::sleep(GRACE / 20);
        if [&WRITING, &DESPITE]
            .iter()
            .any(|going_on| going_on.load(Ordering::Relaxed) > 0)
        {
            quiet_since = Instant::now();
        }
    }
    // Nobody may read what is said either.
    thread::spawn(tell);
    thread::sleep(GRACE / 20);
    low_level::exit(EXIT.into());
}

/// Writes what is to be whole: Ctrl-C waits for its end, a second one does not.
pub fn whole<T>(write: impl FnOnce() -> T) -> T {
    WRITING.fetch_add(1, Ordering::Relaxed);
    let written = write();
    WRITING.fetch_sub(1, Ordering::Relaxed);
    written
}

/// Does what waits for a person and has begun nothing: Ctrl-C ends it at once.
pub fn at_once<T>(wait: impl FnOnce() -> T) -> T {
    AT_ONCE.store(true, Ordering::Relaxed);
    let answer = wait();
    AT_ONCE.store(is_requested(), Ordering::Relaxed);
    answer
}

/// Leaves Ctrl-C to a program that shares the terminal: whoever waits for its end must outlive it.
///
/// # Errors
/// Where the system does not let it.
pub fn leave_to_child() -> io::Result<()> {
    flag::register(SIGINT, Arc::default()).map(drop)
}

/// Whether somebody pressed Ctrl-C.
#[must_use]
pub fn is_requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// To be asked wherever the work may end.
///
/// # Errors
/// [`Interrupted`] when it shall.
pub fn check() -> Result<(), Interrupted> {
    if is_requested() && DESPITE.load(Ordering::Relaxed) == 0 {
        Err(Interrupted)
    } else {
        Ok(())
    }
}

/// Cleans up, which a first Ctrl-C does not end; a second one ends the process at once.
pub fn despite<T>(clean_up: impl FnOnce() -> T) -> T {
    DESPITE.fetch_add(1, Ordering::Relaxed);
    let done = clean_up();
    DESPITE.fetch_sub(1, Ordering::Relaxed);
    done
}
