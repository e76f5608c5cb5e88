//! Every reason for which a proof can fail has a control.

use live::reason::Reason;

use crate::controls::{self, Control};

/// The reasons of proofs that no control turns red for.
fn without_control(proofs: impl Iterator<Item = (&'static str, Reason)>) -> Vec<String> {
    let lacks =
        |(id, reason): &(&str, Reason)| !controls::all().any(|control| control.turns(id, *reason));
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
fn each_reason_is_one_of_a_proof() {
    let is_listed = |reason: &&Reason| listed().any(|(_, own)| own == **reason);
    let unused: Vec<_> = Reason::ALL.iter().filter(|one| !is_listed(one)).collect();
    assert!(unused.is_empty(), "{unused:?}");
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
    let reds = controls::all().flat_map(Control::reds);
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
