//! Whole screens and whole JSON documents, as somebody has looked at them last: 80 columns, with
//! and without colour.
//!
//! `BLESS=1 cargo test -p compose-stories --test cli screens` writes them anew; the difference is
//! then looked at in git. A new one of the plain shop is a text in `screens/text` of one line, the
//! command: `$ cargo xtask status`. Checkouts lie below `/tmp`: a longer `TMPDIR` would break some lines
//! elsewhere.

#[path = "../../../core/stories/tests/support/conforms.rs"]
mod conforms;
mod engines;
mod scenes;
mod schemas;
mod snapshot;

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use conforms::conforms;
use engines::STACK;
use scenes::{ERRORS, LEDGER, MACHINE, MIGRATE, STATUS, Scene, VERIFY, of_the_shop};
use serde_json::{Value, json};
use snapshot::{Kept, screen, steady};

use crate::machine::{Machine, Said};

const LISTED: [&[Scene]; 7] = [STATUS, MIGRATE, VERIFY, LEDGER, MACHINE, STACK, ERRORS];

/// The widest line of a result, in columns.
const WIDTH: usize = 80;

impl Scene {
    /// Whether the same command is shown to programs too: its form is not the point of the scene.
    fn has_document(&self) -> bool {
        !self
            .words
            .iter()
            .any(|word| matches!(*word, "--color" | "--format"))
    }

    /// Runs it, twice where programs get a document of it.
    fn compare(&self) -> Vec<String> {
        let machine = (self.machine)();
        let text = screen(&machine, self.words, &machine.xtask(self.words));
        let mut wrong: Vec<_> = Kept::committed("text")
            .compare(&format!("{}.txt", self.name), &text)
            .err()
            .into_iter()
            .collect();
        if self.has_document() {
            let machine = (self.machine)();
            let said = machine.xtask(&[&["--format", "json"], self.words].concat());
            if !schemas::is_well_formed(&said.json()) {
                wrong.push(format!("{}: not as its schema says", self.name));
            }
            wrong.extend(
                malformed(&said.json()).map(|one| format!("{}: no diagnostic: {one}", self.name)),
            );
            let text = steady(&machine, &said.stdout);
            wrong.extend(
                Kept::committed("json")
                    .compare(&format!("{}.json", self.name), &text)
                    .err(),
            );
        }
        wrong
    }
}

/// The findings and failures of a document that have another form than the committed schema's.
fn malformed(document: &Value) -> impl Iterator<Item = &Value> {
    let path = format!(
        "{}/../../compose/schema/diagnostic.schema.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    ["findings", "failures"]
        .into_iter()
        .filter_map(|member| document[member].as_array())
        .flatten()
        .filter(move |one| !conforms(&schema, &schema, one))
}

fn are_as_kept(scenes: &[Scene]) {
    let wrong: Vec<_> = scenes.iter().flat_map(Scene::compare).collect();
    assert!(
        wrong.is_empty(),
        "{}\nIf it is meant so: BLESS=1",
        wrong.join("\n")
    );
}

/// All scenes, those of the plain shop first.
fn all() -> Vec<&'static [Scene]> {
    let of_the_shop: &'static [Scene] = of_the_shop(&LISTED).leak();
    [of_the_shop].into_iter().chain(LISTED).collect()
}

#[test]
fn the_plain_shop() {
    let scenes = of_the_shop(&LISTED);
    assert!(scenes.len() > 10, "{}", scenes.len());
    are_as_kept(&scenes);
}

#[test]
fn status_and_explain() {
    are_as_kept(STATUS);
}

#[test]
fn migrate() {
    are_as_kept(MIGRATE);
}

#[test]
fn verify() {
    are_as_kept(VERIFY);
}

#[test]
fn revert_skip_and_the_ledger() {
    are_as_kept(LEDGER);
}

#[test]
fn the_machine() {
    are_as_kept(MACHINE);
}

#[test]
fn the_stack() {
    are_as_kept(STACK);
}

#[test]
fn errors() {
    are_as_kept(ERRORS);
}

/// That there are commands on them is what the kept ones show.
#[test]
fn a_tool_of_another_name_says_its_own() {
    let calls_it_otherwise = |scene: &&Scene| {
        let machine = (scene.machine)();
        let mut command = machine.command(scene.words);
        let said = Said::of(
            command
                .env("COMPOSE_STORIES_NAME", "stories")
                .output()
                .unwrap(),
        );
        said.all().contains("cargo xtask")
    };
    let wrong: Vec<_> = thread::scope(|scope| {
        let of = |scenes: &'static [Scene]| {
            scope.spawn(move || scenes.iter().filter(calls_it_otherwise).collect::<Vec<_>>())
        };
        let started: Vec<_> = all().into_iter().map(of).collect();
        started
            .into_iter()
            .flat_map(|scenes| scenes.join().unwrap())
            .map(|scene| scene.name)
            .collect()
    });
    assert_eq!(wrong, Vec::<&str>::new());
    let machine = Machine::bare();
    for words in [&["--help"][..], &["migrate", "--help"], &["--version"]] {
        let mut command = machine.command(words);
        let said = Said::of(
            command
                .env("COMPOSE_STORIES_NAME", "stories")
                .output()
                .unwrap(),
        );
        assert!(said.stdout.contains("stories"), "{said}");
        assert!(!said.stdout.contains("cargo xtask"), "{said}");
    }
}

#[test]
fn nothing_is_kept_that_nothing_shows() {
    let all = all();
    let scenes = || all.iter().copied().flatten();
    let texts: BTreeSet<_> = scenes()
        .map(|scene| format!("{}.txt", scene.name))
        .collect();
    assert_eq!(texts.len(), scenes().count(), "two scenes have one name");
    let documents = scenes()
        .filter(|scene| scene.has_document())
        .map(|scene| format!("{}.json", scene.name))
        .collect();
    assert_eq!(
        Kept::committed("text").unknown(&texts),
        Vec::<String>::new()
    );
    assert_eq!(
        Kept::committed("json").unknown(&documents),
        Vec::<String>::new()
    );
}

/// A path, a command and what is to be pasted are as long as they are.
fn is_free(line: &str) -> bool {
    let words = ["cargo xtask", "[MACHINE]", "checkout  /", "sha256:"];
    words.iter().any(|word| line.contains(word))
}

/// The forms for other programs have lines of their own length.
#[test]
fn kept_screens_fit_a_plain_terminal() {
    let mut long = Vec::new();
    for scene in all()
        .into_iter()
        .flatten()
        .filter(|scene| !scene.words.contains(&"--format"))
    {
        let kept = format!(
            "{}/tests/cli/screens/text/{}.txt",
            env!("CARGO_MANIFEST_DIR"),
            scene.name
        );
        let text = fs::read_to_string(kept).unwrap();
        let result = text.split("--- stderr").next().unwrap();
        let width = |line: &str| line.replace("␛[", "").chars().count();
        let wide = result
            .lines()
            .filter(|line| width(line) > WIDTH && !is_free(line));
        long.extend(wide.map(|line| format!("{}: {line}", scene.name)));
    }
    assert!(
        long.is_empty(),
        "over {WIDTH} columns:\n{}",
        long.join("\n")
    );
}

/// Whatever stories say of a checkout, and however many environments it has.
#[test]
fn screens_of_other_stacks_fit_too() {
    let elsewhere = "services:\n  api:\n    image: a/b:1\n";
    let by_hand =
        "services:\n  redis:\n    image: redis:7-alpine\n    volumes: [r:/data]\nvolumes:\n  r:\n";
    let old = "services:\n  redis:\n    image: redis:6.2\n    tmpfs: /data\n";
    let stacks = [
        [
            ("docker-compose.yml", elsewhere),
            ("docker-compose.prod.yml", elsewhere),
        ],
        [
            ("docker-compose.yml", by_hand),
            ("docker-compose.prod.yml", old),
        ],
        [
            ("docker-compose.yml", old),
            ("docker-compose.staging.yml", by_hand),
        ],
    ];
    let commands: [&[&str]; 7] = [
        &["status"],
        &["migrate", "--dry-run"],
        &["migrate", "--check"],
        &["explain", "5.1"],
        &["migrate"],
        &["verify"],
        &["status"],
    ];
    let mut long = Vec::new();
    for files in stacks {
        let machine = Machine::bare();
        machine.write(".env.prod.example", "A=1\n");
        machine.write(
            "compose/stack.yaml",
            "roles: { backend: some-service-of-another-name }\n",
        );
        files
            .iter()
            .for_each(|(path, text)| machine.write(path, text));
        for command in commands {
            let said = machine.xtask(command).stdout;
            let wide = said
                .lines()
                .filter(|line| line.chars().count() > WIDTH && !is_free(line));
            long.extend(wide.map(|line| format!("{command:?}: {line}")));
        }
    }
    assert!(
        long.is_empty(),
        "over {WIDTH} columns:\n{}",
        long.join("\n")
    );
}

/// The control: another text, a text more and a text less are all seen.
#[test]
fn a_difference_would_be_seen() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("kept.txt"), "one\ntwo\n").unwrap();
    let kept = Kept::at(folder.path());
    assert_eq!(kept.compare("kept.txt", "one\ntwo\n"), Ok(()));
    let changed = kept.compare("kept.txt", "one\nthree\n").unwrap_err();
    assert!(changed.contains("-two\n+three\n"), "{changed}");
    assert!(
        kept.compare("new.txt", "one\n")
            .unwrap_err()
            .contains("not kept yet")
    );
    assert_eq!(kept.unknown(&BTreeSet::new()), ["kept.txt"]);
    assert!(
        kept.unknown(&BTreeSet::from(["kept.txt".to_owned()]))
            .is_empty()
    );
}

#[test]
fn another_form_would_be_seen() {
    let document = Machine::with_shop()
        .xtask(&["status", "--format", "json"])
        .json();
    assert!(
        document["findings"].as_array().unwrap().len() == 8
            && malformed(&document).next().is_none()
    );
    for (key, other) in [
        ("severity", json!("bad")),
        ("message", json!(null)),
        ("remedies", json!({})),
    ] {
        let mut document = document.clone();
        document["findings"][0][key] = other;
        assert_eq!(malformed(&document).count(), 1, "{key}");
    }
}

/// What is replaced is what differs, and nothing beside it.
#[test]
fn placeholders_stand_for_what_differs_alone() {
    let machine = Machine::bare();
    let root = machine.root().display().to_string();
    for (text, expected) in [
        (
            "checked  docker compose 2.40.3: local 31 ms, prod 3 ms",
            "checked  docker compose 2.40.3: local [MS] ms, prod [MS] ms",
        ),
        (
            "Applied 4 stories to local in 0.1 s.",
            "Applied 4 stories to local in [SECONDS] s.",
        ),
        (
            "interval: 10s, port 8080, 2 stories",
            "interval: 10s, port 8080, 2 stories",
        ),
        ("  \"milliseconds\": 12,", "  \"milliseconds\": \"[MS]\","),
        ("**Date:** 2026-11-29 00:46 UTC", "**Date:** [TIME] UTC"),
        (root.as_str(), "[MACHINE]/checkout"),
    ] {
        assert_eq!(steady(&machine, text), expected);
    }
}
