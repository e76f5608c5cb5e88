//! Each way to be unsound turns its proofs red, for its own reasons and no others.
//!
//! A control is a stack and what must be red on it; each file lists its own. What waits for different things shares a stack:
//! a run makes all proofs anyway, and three sandboxes wait side by side.

mod backend;
mod stores;

use live::reason::Reason;
use serde_json::Value;

use crate::stack::{Stack, docker};

use backend::*;
use stores::*;

/// A stack on which proofs fail.
pub struct Control {
    stack: fn() -> Option<Stack>,
    red: &'static [Red],
}

/// A proof that fails, by its id, the reason, and what is told of it.
struct Red(&'static str, Reason, &'static [&'static str]);

/// All controls.
pub fn all() -> impl Iterator<Item = &'static Control> {
    [backend::ALL, stores::ALL].into_iter().flatten().copied()
}

impl Control {
    /// Whether a proof fails on it for a reason.
    pub fn turns(&self, proof: &str, reason: Reason) -> bool {
        self.red.iter().any(|red| (red.0, red.1) == (proof, reason))
    }

    /// The proofs that fail on it, each with the reason.
    pub fn reds(&self) -> impl Iterator<Item = (&'static str, Reason)> {
        self.red.iter().map(|red| (red.0, red.1))
    }

    /// Makes the proofs: these are red, and no other is.
    fn holds(&self) {
        if let Some(stack) = (self.stack)() {
            self.holds_on(&stack);
        }
    }

    fn holds_on(&self, stack: &Stack) -> Value {
        let proofs = stack.proofs();
        for proof in live::proofs() {
            let said = &proofs[proof.id()];
            let red = self.red.iter().find(|red| red.0 == proof.id());
            let Some(Red(_, reason, words)) = red else {
                assert_ne!(said["status"], "failed", "{said:#}");
                continue;
            };
            assert_eq!(
                (&said["status"], &said["reason"]),
                (&"failed".into(), &reason.word().into()),
                "{said:#}"
            );
            let told = said["message"].as_str().unwrap();
            words
                .iter()
                .for_each(|word| assert!(told.contains(word), "{word}: {told}"));
        }
        assert!(stack.left().is_empty(), "{:?}", stack.left());
        proofs
    }
}

/// Runs controls side by side, for they wait more than they compute.
fn hold(controls: &[Control]) {
    std::thread::scope(|scope| {
        controls
            .iter()
            .for_each(|control| drop(scope.spawn(|| control.holds())));
    });
}

/// The Redis alone: no backend, no frontend, no PostgreSQL.
fn redis_alone() -> Option<Stack> {
    Some(Stack::sound()?.without(&["postgres", "backend", "frontend"]))
}

/// The two that keep data.
fn stores() -> Option<Stack> {
    Some(Stack::sound()?.without(&["backend", "frontend"]))
}

/// The backend and what it needs.
fn backend() -> Option<Stack> {
    Some(Stack::sound()?.without(&["postgres", "frontend"]))
}

/// The same, and who waits for it.
fn frontend() -> Option<Stack> {
    Some(Stack::sound()?.without(&["postgres"]))
}

#[test]
fn all_hold_on_the_sound_stack() {
    let Some(stack) = Stack::sound() else { return };
    let proofs = stack.proofs();
    for proof in live::proofs() {
        assert_eq!(
            proofs[proof.id()]["status"],
            "proved",
            "{:#}",
            proofs[proof.id()]
        );
    }
    let text = proofs.to_string();
    let words = [
        "GET /cgi-bin/health answers 503",
        "interval x retries 3.0 s",
        "failing streak 0",
        "held still",
    ];
    for word in words
        .iter()
        .chain(&["appendfsync everysec", "34.0 s (committed 8.0 s)"])
    {
        assert!(text.contains(word), "{word}: {proofs:#}");
    }
    assert_eq!(proofs["start-order"]["pace"], "as committed");
    assert!(
        !text.contains("fixture-redis-secret") && !text.contains("fixture-postgres-secret"),
        "{proofs:#}"
    );
    assert!(stack.left().is_empty(), "{:?}", stack.left());
}

#[test]
fn volumes_that_are_removed_or_beside_the_data() {
    hold(&[VOLUMES_REMOVED, WRONG_TARGETS]);
}

#[test]
fn data_that_no_log_keeps_and_data_that_is_lost_for_no_known_reason() {
    hold(&[LOG_OFF, DATA_LOST]);
}

#[test]
fn a_new_redis_over_a_snapshot_and_data_in_a_containers_own_layer() {
    hold(&[SNAPSHOT_ALONE, OWN_LAYER]);
}

#[test]
fn databases_that_do_not_come_up_again_and_a_stack_that_does_not_start() {
    hold(&[REDIS_NOT_AGAIN, POSTGRES_NOT_AGAIN, NOTHING_STARTS]);
}

#[test]
fn a_backend_with_no_health_check_and_one_whose_check_cannot_fail() {
    hold(&[NO_CHECK, CANNOT_FAIL]);
}

#[test]
fn failures_that_count_from_the_start_and_starts_that_cannot_fail() {
    hold(&[COUNTED, LENIENT]);
}

#[test]
fn a_backend_that_does_not_find_redis_again() {
    hold(&[NEVER_AGAIN, LOOKS_ONCE, REDIS_STAYS_AWAY]);
}

#[test]
fn data_on_an_anonymous_volume_and_its_end() {
    let Some(stack) = (ANONYMOUS.stack)() else {
        return;
    };
    ANONYMOUS.holds_on(&stack);
    let anonymous = std::fs::read_to_string(stack.root().with_file_name("anonymous")).unwrap();
    assert!(anonymous.split_whitespace().count() > 0, "none was there");
    for volume in anonymous.split_whitespace() {
        assert_eq!(
            docker(&[
                "volume",
                "ls",
                "--quiet",
                "--filter",
                &format!("name={volume}")
            ]),
            "",
            "left behind"
        );
    }
}
