//! A kill at every call that changes something, and another one at every such call of the recovery.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;

use transaction::IGNORE_FILE;

use crate::place::{self, Files, JOURNAL, Place};
use crate::strace::{self, Call};
use crate::valid::Valid;
use crate::{FIRST, MIGRATE, STATUS, side_by_side, tell};

/// What a kill left, and what is wrong with it.
struct Left {
    files: Files,
    fault: Result<(), String>,
}

fn points(place: &Place, args: &[&str]) -> Vec<Call> {
    strace::calls(place, args)
        .into_iter()
        .filter(Call::changes_something)
        .collect()
}

/// What a kill of the command leaves, and what the next command makes of it.
fn kill(
    place: Place,
    args: &[&str],
    call: &Call,
    judge: impl Fn(&Place) -> Result<(), String>,
) -> Left {
    let ran = strace::inject(&place, args, call, "signal=KILL");
    assert_eq!(ran.output.status.signal(), Some(9), "{call:?}");
    let files = place.files();
    let is_ignored =
        |name| !place.root().join(name).exists() || place.root().join(IGNORE_FILE).exists();
    assert!(is_ignored(JOURNAL), "git would see the journal: {call:?}");
    let fault = judge(&place).map_err(|fault| format!("killed at {}: {fault}", call.line));
    Left { files, fault }
}

/// Kills at every point; what each kill left.
fn kill_everywhere(args: &[&str], valid: &Valid, naive: Option<&'static str>) -> Vec<Left> {
    let place = || Place::new().naive(naive);
    side_by_side(&points(&place(), args), |call| {
        kill(place(), args, call, |place| valid.judge_whole(place))
    })
}

fn faults(left: &[Left]) -> Vec<&String> {
    left.iter()
        .filter_map(|left| left.fault.as_ref().err())
        .collect()
}

#[test]
fn every_state_is_before_or_after_a_story() {
    if !strace::is_here() {
        return;
    }
    let valid = Valid::learnt();
    let left = kill_everywhere(MIGRATE, &valid, None);
    assert!(faults(&left).is_empty(), "{:#?}", faults(&left));
    let twice = kill_again(&valid, &left);
    assert!(faults(&twice).is_empty(), "{:#?}", faults(&twice));
    tell(&format!(
        "kills: {} points of migrate, {} of its recoveries, no bad state",
        left.len(),
        twice.len()
    ));
    assert!(
        left.len() > 100 && twice.len() > 300,
        "the points are not all seen"
    );
}

/// A killed run's stories are the tool's own, and nobody is asked about them: neither on this
/// machine nor on another one, which remembers nothing. Git is left out where the kills happen, for
/// strace would kill it too.
#[test]
fn and_in_a_git_checkout_the_next_run_goes_on() {
    if !strace::is_here() {
        return;
    }
    let valid = Valid::learnt();
    let dirty = [MIGRATE, &["--allow-dirty"]].concat();
    let place = || Place::new().committed();
    let points = points(&place(), &dirty);
    for forgets in [false, true] {
        let judge = |place: &Place| {
            if forgets {
                place.forget();
            }
            valid.judge_whole(place)
        };
        let left = side_by_side(&points, |call| kill(place(), &dirty, call, judge));
        let how = if forgets {
            "of another machine"
        } else {
            "of the same machine"
        };
        tell(&format!(
            "kills: {} points in a git checkout, {} refused by the next run {how}",
            left.len(),
            faults(&left).len()
        ));
        assert!(faults(&left).is_empty(), "{:#?}", faults(&left));
        assert!(left.len() > 100, "the points are not all seen");
    }
}

/// It removes records, as no migration does.
#[test]
fn and_before_or_after_a_revert() {
    if !strace::is_here() {
        return;
    }
    let revert = ["revert", "--checker", "embedded", "--accept-irreversible"];
    let all = [&revert[..], &["--all"]].concat();
    let valid = Valid::learnt();
    let top = || Place::of(valid.last());
    let down = Valid::along(
        &top(),
        ["5.4", "5.3", "5.2", "5.1"].map(|id| [&revert[..], &[id]].concat()),
    );
    let left = side_by_side(&points(&top(), &all), |call| {
        kill(top(), &all, call, |place| down.judge(place))
    });
    assert!(faults(&left).is_empty(), "{:#?}", faults(&left));
    tell(&format!(
        "kills: {} points of a revert of all stories, no bad state",
        left.len()
    ));
    assert!(left.len() > 100, "the points are not all seen");
}

/// Kills the recovery of every different state that has something to recover, at every point.
/// States that differ in whose they are alone are the same: each is recovered in a place of its
/// own.
fn kill_again(valid: &Valid, left: &[Left]) -> Vec<Left> {
    let open = |files: &&Files| files.keys().any(|path| path.contains(".journal"));
    let states: BTreeMap<_, _> = left
        .iter()
        .map(|left| &left.files)
        .filter(open)
        .map(|files| (place::nobodys(files), files))
        .collect();
    let mut calls = Vec::new();
    for files in states.into_values() {
        let place = Place::of(files);
        let in_it = points(&place, STATUS)
            .into_iter()
            .filter(|call| call.is_in(&place.root()));
        calls.extend(in_it.map(|call| (files, call)));
    }
    side_by_side(&calls, |(files, call)| {
        kill(Place::of(files), STATUS, call, |place| valid.judge(place))
    })
}

#[test]
fn a_naive_writer_is_caught() {
    if !strace::is_here() {
        return;
    }
    let left = kill_everywhere(FIRST, &Valid::learnt(), Some("in-place"));
    tell(&format!(
        "kills, control: {} bad states of {} with a naive writer",
        faults(&left).len(),
        left.len()
    ));
    assert!(!faults(&left).is_empty());
}
