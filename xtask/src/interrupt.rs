//! Ctrl-C: the work ends at the next point at which it is whole, and what is temporary goes. A second one ends it at once,
//! which loses nothing either.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The exit code of an interrupted command, as shells have it.
pub const EXIT: u8 = 130;

static REQUESTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Whether the next Ctrl-C ends the process there and then.
static AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// How many pieces of work go on that have to be done in spite of a Ctrl-C.
static DESPITE: AtomicUsize = AtomicUsize::new(0);

/// Somebody pressed Ctrl-C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

/// Listens from now on, instead of being ended.
///
/// # Errors
/// Where the system does not let it.
pub fn listen() -> io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, EXIT.into(), Arc::clone(&AT_ONCE))?;
        flag::register(signal, Arc::clone(&REQUESTED))?;
        flag::register(signal, Arc::clone(&AT_ONCE))?;
    }
    Ok(())
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
    if is_requested() && DESPITE.load(Ordering::Relaxed) == 0 { Err(Interrupted) } else { Ok(()) }
}

/// Cleans up, which a first Ctrl-C does not end; a second one ends the process at once.
pub fn despite<T>(clean_up: impl FnOnce() -> T) -> T {
    DESPITE.fetch_add(1, Ordering::Relaxed);
    let done = clean_up();
    DESPITE.fetch_sub(1, Ordering::Relaxed);
    done
}
