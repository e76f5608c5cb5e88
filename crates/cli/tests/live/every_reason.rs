//! Every reason for which a proof can fail has a control.

use live::reason::Reason;

use crate::controls::*;

/// The controls for a reason. A new reason does not compile without one.
fn controls(reason: Reason) -> &'static [Control] {
    match reason {
        Reason::WrongTarget => &[WRONG_TARGETS, OWN_LAYER, ANONYMOUS],
        Reason::VolumeRemoved => &[VOLUMES_REMOVED],
        Reason::AofOff => &[LOG_OFF],
        Reason::FsyncOff => &[DATA_LOST],
        Reason::Lost => &[LOG_OFF, DATA_LOST, OWN_LAYER],
        Reason::RdbOnly => &[SNAPSHOT_ALONE],
        Reason::Option => &[ANONYMOUS, REDIS_NOT_AGAIN],
        Reason::NoCheck => &[NO_CHECK],
        Reason::NeverUnhealthy => &[CANNOT_FAIL],
        Reason::NoFailure => &[LENIENT],
        Reason::Counted => &[COUNTED],
        Reason::NeverHealthyAgain => &[NEVER_AGAIN, LOOKS_ONCE],
        Reason::NotStarted => &[
            REDIS_NOT_AGAIN,
            POSTGRES_NOT_AGAIN,
            NOTHING_STARTS,
            NEVER_AGAIN,
            REDIS_STAYS_AWAY,
        ],
        Reason::NotWaited => &[NO_CHECK, COUNTED],
        Reason::Layer => &[OWN_LAYER],
        Reason::AnonymousVolume => &[ANONYMOUS],
        Reason::CalledWell => &[VOLUMES_REMOVED],
        Reason::WrongName => &[LOG_OFF],
        Reason::NoHealthOutput => &[WRONG_TARGETS],
        Reason::NoLogLines => &[DATA_LOST],
        Reason::TooLate => &[SNAPSHOT_ALONE],
    }
}

/// The reasons of proofs that no control turns red for.
fn without_control(proofs: impl Iterator<Item = (&'static str, Reason)>) -> Vec<String> {
    let lacks = |(id, reason): &(&str, Reason)| {
        !controls(*reason)
            .iter()
            .any(|control| control.turns(id, *reason))
    };
    proofs
        .filter(lacks)
        .map(|(id, reason)| format!("{id}: {reason}"))
        .collect()
}

/// What controls are for, and no proof of the list fails by.
fn for_no_proof(reds: impl Iterator<Item = (&'static str, Reason)>) -> Vec<String> {
    let is_listed = |(id, reason): &(&str, Reason)| {
        live::proofs().any(|proof| proof.id() == *id && proof.reasons().contains(reason))
    };
    reds.filter(|red| !is_listed(red))
        .map(|(id, reason)| format!("{id}: {reason}"))
        .collect()
}

fn listed() -> impl Iterator<Item = (&'static str, Reason)> {
    live::proofs().flat_map(|proof| {
        proof
            .reasons()
            .iter()
            .map(move |reason| (proof.id(), *reason))
    })
}

#[test]
fn each_proof_has_a_control_for_each_of_its_reasons() {
    let reasons: Vec<_> = live::proofs().map(|proof| proof.reasons().len()).collect();
    assert!(
        !reasons.is_empty() && !reasons.contains(&0),
        "a proof that cannot fail is none: {reasons:?}"
    );
    assert_eq!(without_control(listed()), [""; 0]);
}

#[test]
fn a_reason_without_a_control_would_be_seen() {
    let reds = [
        ("volumes", Reason::Layer),
        ("volumes", Reason::RdbOnly),
        ("nothing", Reason::Lost),
    ];
    assert_eq!(
        without_control(reds.into_iter()),
        ["volumes: rdb-only", "nothing: lost"]
    );
}

/// A control for a proof that is called otherwise now would hold nothing.
#[test]
fn each_control_is_for_a_proof_of_the_list_and_a_reason_of_it() {
    let reds = listed()
        .flat_map(|(_, reason)| controls(reason))
        .flat_map(Control::reds);
    assert_eq!(for_no_proof(reds), [""; 0]);
}

#[test]
fn a_control_for_no_proof_would_be_seen() {
    let reds = [
        ("volumes", Reason::Layer),
        ("volumes", Reason::RdbOnly),
        ("volume", Reason::Layer),
    ];
    assert_eq!(
        for_no_proof(reds.into_iter()),
        ["volumes: rdb-only", "volume: layer"]
    );
}
