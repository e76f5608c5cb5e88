//! An error of the system's in every call: the command fails, names the file, and nothing is lost.

use crate::place::Place;
use crate::strace::{self, Call};
use crate::valid::{Valid, said};
use crate::{MIGRATE, side_by_side, tell};

const ERRORS: [&str; 6] = ["EIO", "ENOSPC", "EACCES", "EROFS", "EMFILE", "EINTR"];

/// What came of an error.
#[derive(PartialEq)]
enum Outcome {
    /// The command did without, and did everything.
    Done,
    /// It failed, and nothing is wrong.
    Failed,
    Bad(String),
}

/// All errors in all calls that are about the checkout or the memory beside it.
fn fail_everywhere(valid: &Valid, errors: &[&str], naive: Option<&'static str>) -> Vec<Outcome> {
    let whole = Place::new().naive(naive);
    let mut points = Vec::new();
    for call in strace::calls(&whole, MIGRATE) {
        match call.name.as_str() {
            "flock" => {}
            _ if call.is_in(&whole.root()) => {
                points.extend(errors.iter().map(|error| (call.clone(), *error)))
            }
            // To the memory beside the checkout one error is as good as another.
            _ if call.is_in(whole.folder()) => points.push((call, errors[0])),
            _ => {}
        }
    }
    side_by_side(&points, |(call, error)| {
        let place = Place::new().naive(naive);
        fail(&place, call, error, valid)
            .unwrap_or_else(|fault| Outcome::Bad(format!("{error} in {}: {fault}", call.line)))
    })
}

fn fail(place: &Place, call: &Call, error: &str, valid: &Valid) -> Result<Outcome, String> {
    let ran = strace::inject(place, MIGRATE, call, &format!("error={error}"));
    if !ran.hit.contains("(INJECTED)") {
        return Err(format!("not injected: {}", ran.hit));
    }
    if ran.output.status.success() {
        return if valid.is_complete(&place.files()) {
            Ok(Outcome::Done)
        } else {
            Err(format!(
                "exit 0, and not everything is done: {}",
                said(&ran.output)
            ))
        };
    }
    let told = String::from_utf8_lossy(&ran.output.stderr).into_owned();
    if !names(&told, &ran.hit, place) {
        return Err(format!("the file is not named: {told}"));
    }
    if valid.position(&place.files()).is_none() {
        valid.judge(place)?;
    }
    Ok(Outcome::Failed)
}

/// Whether a message names the file that a call is about; for a folder one in it will do, for a
/// temporary file the one that it would become.
fn names(told: &str, call: &str, place: &Place) -> bool {
    let call = strace::about(call);
    let root = place.root();
    let own_root = root.to_str().unwrap();
    let paths = call
        .split(['"', '<', '>'])
        .filter(|part| part.starts_with('/'));
    let own = paths.filter_map(|path| path.strip_prefix(own_root));
    own.map(|path| path.trim_start_matches('/')).any(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let file = name
            .strip_suffix(".xtask-new")
            .map_or(name, |name| name.strip_prefix('.').unwrap_or(name));
        let is_folder = root.join(path).is_dir();
        told.contains(file) && !file.is_empty()
            || is_folder && (told.contains("compose") || told.contains(own_root))
    })
}

fn bad(outcomes: &[Outcome]) -> Vec<&String> {
    outcomes
        .iter()
        .filter_map(|outcome| {
            if let Outcome::Bad(fault) = outcome {
                Some(fault)
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn every_error_is_told_and_loses_nothing() {
    if !strace::is_here() {
        return;
    }
    let outcomes = fail_everywhere(&Valid::learnt(), &ERRORS, None);
    let done = outcomes
        .iter()
        .filter(|outcome| **outcome == Outcome::Done)
        .count();
    let (all, kinds, bad) = (outcomes.len(), ERRORS.join(", "), bad(&outcomes));
    tell(&format!(
        "errors: {all} of {kinds}: {done} survived, {} told, {} bad",
        all - done - bad.len(),
        bad.len()
    ));
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(all > 600, "the points are not all seen");
}

#[test]
fn a_naive_writer_is_caught() {
    if !strace::is_here() {
        return;
    }
    let outcomes = fail_everywhere(&Valid::learnt(), &["ENOSPC"], Some("in-place"));
    tell(&format!(
        "errors, control: {} bad of {} with a naive writer",
        bad(&outcomes).len(),
        outcomes.len()
    ));
    assert!(
        bad(&outcomes)
            .iter()
            .any(|fault| !fault.contains("not injected"))
    );
}
