//! The list of commands, by when one needs them.

use std::fmt::Write as _;

use clap::Command;

/// The commands by when they are needed, each group in the order in which they are used.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Once in a checkout", &["onboard", "init", "demo"]),
    (
        "Keep the stack up to date",
        &["status", "migrate", "explain", "skip", "revert"],
    ),
    (
        "Run the stack",
        &["up", "down", "restart", "logs", "ps", "shell", "compose"],
    ),
    ("Look closer", &["verify", "doctor", "facts", "volumes"]),
    ("After a crash or a merge", &["recover", "ledger"]),
];

/// The same command line, its `--help` with the commands in groups.
pub(crate) fn grouped(command: Command) -> Command {
    let list = list(&command);
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}Options:\n{{options}}"
    ))
}

fn list(command: &Command) -> String {
    let mut list = String::new();
    for (title, names) in GROUPS {
        // Writing to a String cannot fail.
        writeln!(list, "{title}:").ok();
        for name in names {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            writeln!(list, "  {name:8} {about}").ok();
        }
        list.push('\n');
    }
    list
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_command_is_in_one_group() {
        let command = Cli::command();
        let all: BTreeSet<_> = command.get_subcommands().map(Command::get_name).collect();
        let named: Vec<_> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        assert_eq!(named.iter().copied().collect::<BTreeSet<_>>(), all);
        assert_eq!(named.len(), all.len(), "one is in two groups");
        let list = list(&command);
        assert!(
            list.lines().all(|line| line.chars().count() <= 80),
            "{list}"
        );
    }
}
