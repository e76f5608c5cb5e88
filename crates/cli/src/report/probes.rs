//! Health probes that nothing has run yet, and the command that proves each.

use diagnostics::shell_quote::all_quoted;
use stories::assessment::{Note, Probe};

use super::listed;

/// A line or two for each probe among the notes; environments that share one are named together.
pub(super) fn unproved<'n>(notes: impl Iterator<Item = &'n Note>, root: &str) -> Vec<String> {
    let mut found: Vec<(&Probe, Vec<&str>)> = Vec::new();
    for note in notes {
        let Note::Unproved(probe) = note else { continue };
        let same =
            |known: &&mut (&Probe, Vec<&str>)| known.0.service == probe.service && known.0.command == probe.command;
        match found.iter_mut().find(same) {
            Some((_, environments)) if environments.contains(&probe.environment.as_str()) => {}
            Some((_, environments)) => environments.push(&probe.environment),
            None => found.push((probe, vec![&probe.environment])),
        }
    }
    found.into_iter().map(|(probe, environments)| line(probe, &environments, root)).collect()
}

fn line(probe: &Probe, environments: &[&str], root: &str) -> String {
    format!(
        "Unproved: the health probe of {} in {}. On the running stack:\n  cargo xtask compose {}{root} -- exec {} {}",
        probe.service,
        listed(environments),
        probe.environment,
        probe.service,
        all_quoted(&probe.command)
    )
}
