//! Every reason for which a proof can fail has a control.

use live::outcome::Proof;
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
        Reason::NotStarted => &[REDIS_NOT_AGAIN, POSTGRES_NOT_AGAIN, NOTHING_STARTS, NEVER_AGAIN, REDIS_STAYS_AWAY],
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

#[test]
fn each_proof_has_a_control_for_each_of_its_reasons() {
    for proof in Proof::ALL {
        for reason in proof.reasons() {
            let has = controls(*reason).iter().any(|control| control.turns(proof, *reason));
            assert!(has, "no control turns {} red for {reason}", proof.id());
        }
    }
}
