//! Ctrl-C at any moment: the work ends where it is whole, and nothing temporary stays.

use crate::place::Place;
use crate::strace::{self, Call};
use crate::valid::{Valid, said};
use crate::{MIGRATE, side_by_side, tell};

fn interrupt(call: &Call, signal: &str, valid: &Valid) -> Result<(), String> {
    let place = Place::new();
    let ran = strace::inject(&place, MIGRATE, call, &format!("signal={signal}"));
    if ran.output.status.code() != Some(130) {
        return Err(format!("{signal} at {}: {}", call.line, said(&ran.output)));
    }
    match valid.position(&place.files()) {
        Some(_) => Ok(()),
        None => Err(format!(
            "{signal} at {}: {:?}",
            call.line,
            place.files().keys()
        )),
    }
}

#[test]
fn ctrl_c_at_any_moment() {
    if !strace::is_here() {
        return;
    }
    let (whole, valid) = (Place::new(), Valid::learnt());
    let calls = strace::calls(&whole, MIGRATE)
        .into_iter()
        .filter(|call| call.is_in(&whole.root()));
    let points: Vec<_> = calls
        .flat_map(|call| ["INT", "TERM"].map(|signal| (call.clone(), signal)))
        .collect();
    let results = side_by_side(&points, |(call, signal)| interrupt(call, signal, &valid));
    let bad: Vec<_> = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
    tell(&format!(
        "interrupts: {} points with SIGINT and SIGTERM: exit 130, whole, nothing temporary",
        points.len()
    ));
    assert!(points.len() > 200, "the points are not all seen");
}
