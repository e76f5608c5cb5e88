//! Many at once on one checkout: one applies, the rest find nothing to do or do not get the lock.

use std::process::Stdio;

use crate::place::Place;
use crate::valid::{Valid, said};
use crate::{MIGRATE, tell};

const PROCESSES: usize = 16;
const ROUNDS: usize = 25;

/// What a round came to.
#[derive(Default)]
struct Round {
    applied: usize,
    up_to_date: usize,
    locked_out: usize,
    faults: Vec<String>,
}

/// Every other round nobody waits.
fn round(number: usize, valid: &Valid, naive: Option<&'static str>) -> Round {
    let place = Place::new().naive(naive);
    let args = if number.is_multiple_of(2) {
        MIGRATE.to_vec()
    } else {
        [MIGRATE, &["--no-wait"]].concat()
    };
    let start = |_| {
        place
            .command(None, &args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let running: Vec<_> = (0..PROCESSES).map(start).collect();
    let mut round = Round::default();
    for child in running {
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        match output.status.code() {
            Some(0) if told.contains("Applied 4 stories") => round.applied += 1,
            Some(0) if told.contains("Up to date") => round.up_to_date += 1,
            Some(11) => round.locked_out += 1,
            _ => round.faults.push(said(&output)),
        }
    }
    if round.applied != 1 {
        round.faults.push(format!("{} applied", round.applied));
    }
    if !valid.is_complete(&place.files()) {
        round.faults.push(format!(
            "not as after all stories: {:?}",
            place.files().keys()
        ));
    }
    round
}

fn rounds(naive: Option<&'static str>) -> Vec<Round> {
    let valid = Valid::learnt();
    (0..ROUNDS)
        .map(|number| round(number, &valid, naive))
        .collect()
}

#[test]
fn one_applies_and_the_rest_find_nothing_to_do() {
    let rounds = rounds(None);
    let sum = |count: fn(&Round) -> usize| rounds.iter().map(count).sum::<usize>();
    let faults: Vec<_> = rounds.iter().flat_map(|round| &round.faults).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let (up_to_date, locked_out) = (sum(|round| round.up_to_date), sum(|round| round.locked_out));
    tell(&format!(
        "together: {PROCESSES} processes x {ROUNDS} rounds: {} applied, {up_to_date} found nothing to do, {locked_out} exit 11",
        sum(|round| round.applied)
    ));
}

#[test]
fn a_naive_writer_is_caught() {
    let bad = rounds(Some("in-place"))
        .iter()
        .filter(|round| !round.faults.is_empty())
        .count();
    tell(&format!(
        "together, control: {bad} bad rounds of {ROUNDS} with a naive writer"
    ));
    assert!(bad > 0);
}
