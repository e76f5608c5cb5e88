//! The checker against the real `docker compose config`: every file of the corpus, and thousands of
//! mutations of them.
//!
//! No false alarm is allowed; misses are counted by kind and printed. Skipped where no Compose is
//! installed; with `COMPOSE_STORIES_REQUIRE_DOCKER=1` that is a failure. With
//! `COMPOSE_STORIES_SCORE_OLDEST=1` the verdicts of the plugin in `COMPOSE_STORIES_OLDEST_COMPOSE`
//! (a Docker configuration folder with an older one) are printed, too.
#![expect(
    clippy::expect_used,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests run the real Compose"
)]

mod compose;
mod corpus;
mod mutation;
mod tally;
#[path = "../judge/verdict.rs"]
mod verdict;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use compose::Compose;
use corpus::Subject;
use mutation::Mutation;
use tally::Tally;
use verdict::judge;

/// How many mutations there are to be, about: a small corpus gets more of each file.
const MUTATIONS: usize = 2_100;

/// How many of what Compose rejects may be missed, in percent.
const MISSES_ALLOWED: f64 = 1.0;

/// How many overrides of a broken form the view may refuse to merge where Compose drops them
/// without a word.
const UNMERGED_ALLOWED: usize = 5;

#[test]
fn compose_itself_is_the_judge() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let subjects = corpus::subjects();
    let valid = valid(&compose, &subjects);
    let mutated = score(&compose, mutations(&valid));
    println!("{mutated}missed:\n{}\n", mutated.misses());
    if let Some(oldest) = Compose::oldest() {
        let some = mutations(&valid).into_iter().step_by(4).collect();
        println!(
            "every fourth by the oldest supported Compose, which differs:\n{}",
            score(&oldest, some)
        );
    }
    hold(&mutated);
}

/// The files that Compose accepts as they are, and so must the checker.
fn valid<'s>(compose: &Compose, subjects: &'s [Subject]) -> Vec<&'s Subject> {
    let untouched = score(
        compose,
        subjects
            .iter()
            .map(|subject| (subject, Mutation::none(subject)))
            .collect(),
    );
    println!("{untouched}");
    assert!(
        untouched.alarms().is_empty(),
        "false alarms on files as they are:\n{}",
        untouched.alarms()
    );
    assert!(
        untouched.unmerged().is_empty(),
        "not merged:\n{}",
        untouched.unmerged().join("\n")
    );
    subjects
        .iter()
        .filter(|subject| untouched.accepted.contains(&subject.name))
        .collect()
}

fn mutations<'s>(valid: &[&'s Subject]) -> Vec<(&'s Subject, Mutation)> {
    let count = MUTATIONS / (valid.len().max(1) * mutation::SORTS.len()) + 1;
    let of_each = valid
        .iter()
        .enumerate()
        .map(|(turn, subject)| (*subject, mutation::some_of(subject, turn, count)));
    of_each
        .flat_map(|(subject, some)| some.into_iter().map(move |mutation| (subject, mutation)))
        .collect()
}

fn hold(mutated: &Tally) {
    assert!(
        mutated.total() >= 2_000,
        "only {} mutations",
        mutated.total()
    );
    assert!(mutated.kinds() >= 25, "only {} kinds", mutated.kinds());
    assert!(
        mutated.alarms().is_empty(),
        "false alarms:\n{}",
        mutated.alarms()
    );
    let unmerged = mutated.unmerged();
    assert!(
        unmerged.len() <= UNMERGED_ALLOWED,
        "not merged:\n{}",
        unmerged.join("\n")
    );
    let missed = mutated.missed_percent();
    assert!(
        missed < MISSES_ALLOWED,
        "{missed:.2} % missed:\n{}",
        mutated.misses()
    );
}

/// Judges every case twice: by Compose, on as many threads as there are processors, and by the
/// checker.
fn score(compose: &Compose, cases: Vec<(&Subject, Mutation)>) -> Tally {
    let tally = Mutex::new(Tally::default());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((subject, mutation)) =
                    cases.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let theirs = compose.judge(subject, &mutation.texts());
                    let ours = judge(&mutation.texts(), &|name| {
                        subject.variables.get(name).cloned()
                    });
                    tally
                        .lock()
                        .expect("no panic while counting")
                        .count(subject, mutation, &theirs, ours);
                }
            });
        }
    });
    tally.into_inner().expect("no panic while counting")
}
