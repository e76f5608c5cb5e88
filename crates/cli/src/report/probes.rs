//! Health probes that nothing has run yet, and the command that proves each.

use stories::assessment::{Note, Probe};

use super::listed;
use crate::commands::Session;

/// A sentence for each probe among the notes, and below it a command for each environment that has
/// it.
pub(super) fn unproved<'n>(
    session: &Session,
    notes: impl Iterator<Item = &'n Note>,
) -> Vec<String> {
    let mut found: Vec<(&Probe, Vec<&str>)> = Vec::new();
    for note in notes {
        let Note::Unproved(probe) = note else {
            continue;
        };
        let same = |known: &&mut (&Probe, Vec<&str>)| {
            known.0.service == probe.service && known.0.command == probe.command
        };
        match found.iter_mut().find(same) {
            Some((_, environments)) if environments.contains(&probe.environment.as_str()) => {}
            Some((_, environments)) => environments.push(&probe.environment),
            None => found.push((probe, vec![&probe.environment])),
        }
    }
    found
        .into_iter()
        .map(|(probe, environments)| lines(session, probe, &environments))
        .collect()
}

fn lines(session: &Session, probe: &Probe, environments: &[&str]) -> String {
    let command = |environment: &&str| {
        let mut words = vec!["compose", environment, "--", "exec", &probe.service];
        words.extend(probe.command.iter().map(String::as_str));
        format!("\n  {}", session.command(&words))
    };
    format!(
        "Unproved: the health probe of {} in {}. On the running {}:{}",
        probe.service,
        listed(environments),
        if environments.len() == 1 {
            "stack"
        } else {
            "stacks"
        },
        environments.iter().map(command).collect::<String>()
    )
}
