//! Nothing is lost: kills, errors, power cuts and rivals at every point at which `migrate` changes
//! something.
//!
//! Each suite enumerates all points, prints how many there were, and is run once more against a
//! writer that does it wrong (`COMPOSE_STORIES_NON_ATOMIC`, in test builds alone), where it must
//! find fault. What a machine cannot do is SKIPPED with the reason; with
//! `COMPOSE_STORIES_REQUIRE_DOCKER=1` that is a failure where it could be made to.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod errors;
mod interrupts;
mod kills;
mod place;
mod power;
mod strace;
mod together;
mod valid;

use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The state-changing command that everything is done to: all four stories, by the embedded
/// checker.
const MIGRATE: &[&str] = &["migrate", "--checker", "embedded", "--allow-data-loss"];

/// Its first story alone, which is enough to find fault with a writer that does it wrong.
const FIRST: &[&str] = &[
    "migrate",
    "--checker",
    "embedded",
    "--allow-data-loss",
    "--to",
    "5.1",
];

/// A command that only reads, and so comes upon what a crash left.
const STATUS: &[&str] = &["status"];

/// Prints a line even where the test passes.
fn tell(line: &str) {
    let mut stderr = std::io::stderr().lock();
    writeln!(stderr, "{line}").unwrap();
}

/// Tells why a suite does not run; a failure where everything is to run and could.
fn skip(reason: &str) {
    assert!(
        std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_none(),
        "{reason}"
    );
    tell(&format!("SKIPPED: {reason}"));
}

/// Does `work` for every item, side by side; the results come in no order.
fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let worker = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = work(item);
            done.lock().unwrap().push(result);
        }
    };
    thread::scope(|scope| {
        (0..thread::available_parallelism().map_or(2, usize::from))
            .for_each(|_| drop(scope.spawn(worker)));
    });
    done.into_inner().unwrap()
}
