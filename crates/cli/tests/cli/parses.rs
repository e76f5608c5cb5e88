//! No command parses a Compose file twice: who asks about a checkout takes the documents that were
//! loaded.
//!
//! A command runs inside of a test of its own, in a process of its own, where the parses can be
//! counted. Each text counts by itself: one that an edit makes is parsed once as well.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::process::Command;

use clap::Parser as _;
use compose_stories::commands::{self, Cli};

use crate::machine::{FILES, Machine};

/// The words of the command that the child runs, one a line.
const COMMAND: &str = "PARSES_COMMAND";
/// Where the child writes what it counted.
const COUNTS: &str = "PARSES_COUNTS";

/// What the Compose stand-in does: it accepts, with a warning, so that what is secret is looked for
/// too.
const WARNS: &str = "echo 'level=warning msg=\"the attribute is obsolete\"' >&2; echo '{}'";

#[test]
#[ignore = "run by the tests below, as a process of its own"]
fn one_command() {
    let Ok(words) = env::var(COMMAND) else { return };
    let cli = Cli::try_parse_from(["compose-stories"].into_iter().chain(words.lines())).unwrap();
    // Parsing twice on purpose shows that it would be seen.
    if let Ok(path) = env::var("PARSES_TWICE") {
        compose_edit::Document::parse(fs::read_to_string(path).unwrap()).unwrap();
    }
    let ended = commands::run(cli).unwrap();
    println!("{words:?} ended with {ended:?}");
    let counts = compose_edit::parses::take();
    fs::write(
        env::var(COUNTS).unwrap(),
        serde_json::to_string(&counts).unwrap(),
    )
    .unwrap();
}

/// A command run where its parses are counted.
fn counted(
    machine: &Machine,
    words: &[&str],
    parsed_before: Option<&str>,
) -> BTreeMap<String, usize> {
    let counts = machine.folder().join("counts.json");
    let program = Command::new(env::current_exe().unwrap());
    let mut child = machine.spell(
        program,
        &["--exact", "parses::one_command", "--ignored", "--nocapture"],
    );
    child.env(COMMAND, words.join("\n")).env(COUNTS, &counts);
    if let Some(path) = parsed_before {
        child.env("PARSES_TWICE", path);
    }
    let output = child.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = fs::read_to_string(&counts).unwrap();
    fs::remove_file(counts).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The texts among those that are Compose files which were parsed more than once; all of the
/// checkout's files were.
fn twice(machine: &Machine, files: &[&str], counts: &BTreeMap<String, usize>) -> Vec<String> {
    for file in files {
        assert!(
            counts.contains_key(&machine.read(file)),
            "{file} was not parsed, or not counted"
        );
    }
    let is_compose = |text: &str| text.lines().any(|line| line.trim_end() == "services:");
    let many = counts
        .iter()
        .filter(|(text, times)| **times > 1 && is_compose(text));
    many.map(|(text, times)| format!("{times} times:\n{text}"))
        .collect()
}

#[test]
fn each_file_is_parsed_once() {
    let layers = [
        "docker-compose.yml",
        "docker-compose.override.yml",
        "docker-compose.prod.yml",
    ];
    for (machine, files) in [
        (Machine::with_shop(), &FILES[..]),
        (Machine::with_layers(), &layers[..]),
    ] {
        machine.compose_answers(WARNS);
        let commands: [&[&str]; 7] = [
            &["status"],
            &["verify"],
            &["status", "--format", "json"],
            &["migrate", "--dry-run"],
            &["migrate", "--allow-data-loss"],
            &["status"],
            &["verify", "--checker", "embedded"],
        ];
        for words in commands {
            let counts = counted(&machine, words, None);
            let twice = twice(&machine, files, &counts);
            assert!(twice.is_empty(), "{words:?}: {}", twice.join("\n"));
        }
        assert!(
            machine.read("docker-compose.yml").contains("redis_data"),
            "nothing was migrated"
        );
    }
}

#[test]
fn a_file_that_is_parsed_twice_would_be_seen() {
    let machine = Machine::with_shop();
    let file = machine.root().join(FILES[0]);
    let counts = counted(&machine, &["status"], file.to_str());
    assert_eq!(twice(&machine, &FILES, &counts).len(), 1);
}
