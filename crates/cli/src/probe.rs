//! Which health probes were run on a running stack: the command that a screen shows to prove one is
//! remembered when it succeeds.

use stories::Context;
use stories::assessment::{Note, Probe};

use crate::checkout::Checkout;
use crate::state::Checks;

/// What a proof is known by: another command, service or environment is another proof.
#[must_use]
pub fn key(probe: &Probe) -> String {
    format!(
        "{} {} {:?}",
        probe.environment, probe.service, probe.command
    )
}

/// Whether a note is about a probe that succeeded here.
#[must_use]
pub fn is_proved(note: &Note, proofs: &Checks) -> bool {
    matches!(note, Note::Unproved(probe) if proofs.passed(&key(probe)))
}

/// Remembers the probe that `arguments` of docker compose ran in an environment, if they ran one.
pub fn remember(checkout: &Checkout, environment: &str, arguments: &[String]) {
    let cx = Context::new(&checkout.stack, environment);
    let notes = checkout
        .catalog
        .in_order()
        .into_iter()
        .flat_map(|story| story.notes(&cx));
    let ran = |probe: &Probe| {
        arguments.split_first().is_some_and(|(verb, rest)| {
            verb == "exec"
                && rest.split_first().is_some_and(|(service, command)| {
                    *service == probe.service && command == probe.command
                })
        })
    };
    for note in notes {
        if let Note::Unproved(probe) = note
            && ran(&probe)
        {
            checkout.memory.proofs().remember(&key(&probe));
        }
    }
}
