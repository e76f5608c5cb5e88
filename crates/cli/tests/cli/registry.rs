//! The stories of the build, their folder, and the verbs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use compose_stories::commands::Cli;

use crate::machine::Machine;

#[test]
fn the_build_carries_every_story_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../compose/stories");
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let there: BTreeSet<_> = entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (
                format!("compose/stories/{name}"),
                fs::read_to_string(entry.path()).unwrap(),
            )
        })
        .collect();
    let carried: BTreeSet<_> = compose_stories::embedded::STORIES
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    assert_eq!(there, carried);
}

#[test]
fn every_verb_says_what_it_is_for() {
    let machine = Machine::bare();
    let all = machine.xtask(&["--help"]).with(0).stdout;
    let command = Cli::command();
    let verbs: BTreeSet<_> = command.get_subcommands().map(Command::get_name).collect();
    assert!(verbs.contains("migrate") && verbs.len() >= 20, "{verbs:?}");
    for verb in &verbs {
        let help = machine.xtask(&[verb, "--help"]).with(0).stdout;
        let purpose = help.lines().next().unwrap();
        assert!(purpose.len() > 20, "{verb}: {purpose:?}");
        assert!(all.contains(&format!("  {verb} ")), "{all}");
        assert!(
            help.contains(&format!("Usage: cargo xtask {verb}")),
            "{help}"
        );
    }
    let listed: BTreeSet<_> = all
        .lines()
        .take_while(|line| *line != "Options:")
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    assert_eq!(listed, verbs);
}

#[test]
fn every_story_is_explained() {
    let machine = Machine::bare();
    for id in ["5.1", "5.2", "5.3", "5.4"] {
        machine.xtask(&["explain", id]).with(0).says(&[
            id,
            "What ",
            "Undone",
            "How existing configuration is handled",
        ]);
    }
    let here = Machine::with_shop();
    here.xtask(&["explain", "5.1"])
        .with(0)
        .says(&["Here", "local pending"]);
}
