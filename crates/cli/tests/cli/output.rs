//! What is printed, where, how wide, and for whom.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::machine::{Machine, Said};

/// The start of every colour.
const ESCAPE: char = '\u{1b}';

#[test]
fn json_says_what_people_are_told() {
    let (told, shown) = (Machine::with_shop(), Machine::with_shop());
    let people = told.xtask(&["migrate"]).with(0).stdout;
    let programs = shown.xtask(&["migrate", "--format", "json"]).with(0).json();
    assert_eq!(programs["schema"], 1);
    assert_eq!(programs["command"], "migrate");
    assert_eq!(programs["failures"], serde_json::json!([]));
    let stories = programs["stories"].as_array().unwrap();
    assert_eq!(stories.len(), 4);
    for story in stories {
        assert!(people.contains(&format!(
            "{}  {}",
            story["id"].as_str().unwrap(),
            story["title"].as_str().unwrap()
        )));
        for file in story["files"].as_array().unwrap() {
            let [path, added] = [
                file["path"].as_str().unwrap(),
                &format!("+{}", file["added"]),
            ];
            assert!(
                people
                    .lines()
                    .any(|line| line.contains(path) && line.contains(added)),
                "{path} {added}\n{people}"
            );
        }
        assert_eq!(story["checks"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn every_verb_speaks_json_alone_on_stdout() {
    let machine = Machine::with_shop();
    for (args, code) in [
        (&["status"][..], 1),
        (&["migrate", "--check"], 1),
        (&["migrate", "--dry-run"], 0),
        (&["migrate"], 0),
        (&["migrate"], 0),
        (&["status"], 0),
        (&["verify"], 0),
        (&["explain", "5.1"], 0),
        (&["revert", "5.4"], 0),
        (&["skip", "5.4", "--reason", "no"], 0),
        (&["init", "--dry-run"], 0),
    ] {
        let document = machine
            .xtask(&[args, &["--format", "json"]].concat())
            .with(code)
            .json();
        assert_eq!(document["schema"], 1, "{args:?}");
        assert_eq!(document["command"], args[0], "{args:?}");
    }
}

#[test]
fn the_states_in_json_are_those_of_the_table() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--to", "5.1"]).with(0);
    let table = machine.xtask(&["status"]).with(1).stdout;
    let document = machine
        .xtask(&["status", "--format", "json"])
        .with(1)
        .json();
    for story in document["stories"].as_array().unwrap() {
        let line = table
            .lines()
            .find(|line| line.starts_with(story["id"].as_str().unwrap()))
            .unwrap();
        for (environment, cell) in story["environments"].as_object().unwrap() {
            assert!(
                line.contains(&format!(
                    "{environment} {}",
                    cell["state"].as_str().unwrap().replace('-', " ")
                )),
                "{line}"
            );
        }
    }
}

#[test]
fn results_go_to_stdout_and_errors_to_stderr() {
    let machine = Machine::with_shop();
    let said = machine.xtask(&["status"]).with(1);
    assert_eq!(said.stderr, "");
    let said = machine.xtask(&["status", "--environment", "none"]).with(2);
    assert!(
        said.stdout.is_empty() && said.stderr.starts_with("error: "),
        "{said}"
    );
}

#[test]
fn a_pipe_gets_no_colour_unless_it_is_wanted() {
    let machine = Machine::with_shop();
    assert!(
        !machine
            .xtask(&["migrate", "--dry-run"])
            .all()
            .contains(ESCAPE)
    );
    let coloured = machine
        .xtask(&["migrate", "--dry-run", "--color", "always"])
        .stdout;
    assert!(
        coloured.contains("\u{1b}[32m+") && coloured.contains("\u{1b}[31m-"),
        "{coloured}"
    );
    let never = machine
        .xtask(&["migrate", "--dry-run", "--color", "never"])
        .stdout;
    let strip = |text: &str| {
        let codes = ["0", "1", "2", "31", "32", "33"];
        let text = codes.iter().fold(text.to_owned(), |text, code| {
            text.replace(&format!("{ESCAPE}[{code}m"), "")
        });
        // Times differ from run to run.
        text.chars()
            .filter(|c| !c.is_ascii_digit())
            .collect::<String>()
    };
    assert_eq!(strip(&coloured), strip(&never), "colour alone says nothing");
    assert!(
        !machine
            .xtask(&["migrate", "--format", "json", "--color", "always"])
            .stdout
            .contains(ESCAPE)
    );
}

/// What the binary prints on a terminal; none where `script` is not installed.
fn on_a_terminal(machine: &Machine, no_color: &str) -> Option<String> {
    let mut script = Command::new("script");
    let run = format!("{} status", env!("CARGO_BIN_EXE_compose-stories"));
    script.args(["--quiet", "--return", "--command", &run, "/dev/null"]);
    let output = machine
        .spell(script, &[] as &[&str])
        .env("NO_COLOR", no_color)
        .env("TERM", "xterm")
        .output();
    let Ok(output) = output else {
        eprintln!("SKIPPED: no `script` here to make a terminal");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_terminal_gets_colour_unless_no_color_is_set() {
    let machine = Machine::with_shop();
    if let (Some(colour), Some(plain)) = (on_a_terminal(&machine, ""), on_a_terminal(&machine, "1"))
    {
        assert!(colour.contains(ESCAPE), "{colour}");
        assert!(plain.contains("5.1") && !plain.contains(ESCAPE), "{plain}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_talk_and_not_the_work() {
    let machine = Machine::with_shop();
    let mut command = machine.command(&["migrate", "--dry-run"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdout
        .take()
        .unwrap()
        .read_exact(&mut [0; 1])
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Said::of(output).with(0);

    let mut child = machine
        .command(&["migrate"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["Up to date in local and prod: 4 stories applied"]);
}

#[test]
fn lines_fit_a_plain_terminal() {
    let machine = Machine::with_shop();
    let mut long = Vec::new();
    for args in [
        &["status"][..],
        &["migrate", "--check"],
        &["explain", "5.1"],
        &["explain", "5.4"],
        &["init", "--dry-run"],
        &["migrate"],
        &["migrate"],
        &["status"],
        &["verify"],
        &["skip", "5.1", "--reason", "no"],
        &["status"],
    ] {
        let said = machine.xtask(args).all();
        let root = machine.root().display().to_string();
        // A path and a command to copy are as long as they are.
        let wide = |line: &&str| {
            line.chars().count() > 80 && !line.contains(&root) && !line.contains("cargo xtask")
        };
        long.extend(
            said.lines()
                .filter(wide)
                .map(|line| format!("{}: {line}", args.join(" "))),
        );
    }
    assert!(long.is_empty(), "over 80 columns:\n{}", long.join("\n"));
}

#[test]
fn who_asks_for_json_gets_errors_as_json() {
    let machine = Machine::with_shop();
    let wrong = [
        (&["migrate", "--nonsense"][..], "--nonsense"),
        (
            &["status", "--environment", "none"],
            "no environment is called none",
        ),
        (&["migrate", "--only", "9.9"], "there is no story 9.9"),
    ];
    for (args, words) in wrong {
        let said = machine
            .xtask(&[args, &["--format", "json"]].concat())
            .with(2);
        let document = said.json();
        assert_eq!(document["schema"], 1);
        assert!(
            document["error"].as_str().unwrap().contains(words),
            "{said}"
        );
        assert!(said.stderr.starts_with("error: "), "{said}");
        assert_eq!(machine.xtask(args).with(2).stdout, "");
    }
    machine.xtask(&["--help"]).with(0);
    machine.write("compose/ledger", "a file");
    let said = machine.xtask(&["init", "--format", "json"]).with(2);
    assert!(said.json().is_object(), "one document alone: {said}");
}

#[test]
fn a_result_that_is_lost_is_no_success() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    for args in [
        &["status"][..],
        &["status", "--format", "json"],
        &["migrate"],
    ] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = machine.command(args).stdout(full).output().unwrap();
        Said::of(output)
            .with(2)
            .says(&["error: stdout cannot be written"]);
    }
}

#[test]
fn a_reason_does_not_steer_the_terminal() {
    let machine = Machine::with_shop();
    let reason = "not\u{1b}[2Jhere";
    assert!(
        !machine
            .xtask(&["skip", "5.1", "--reason", reason])
            .with(0)
            .all()
            .contains(ESCAPE)
    );
    for args in [
        &["status"][..],
        &["migrate", "--check"],
        &["explain", "5.1"],
        &["verify"],
        &["ledger", "rebuild", "--dry-run"],
    ] {
        let said = machine.xtask(args);
        assert!(!said.all().contains(ESCAPE), "{args:?}: {said}");
    }
    machine
        .xtask(&["status"])
        .says(&["skipped: not\\x1b[2Jhere"]);
}

#[test]
fn commands_can_be_pasted() {
    let machine = crate::repository::committed(Machine::bare());
    for file in [
        ".env",
        ".env.prod",
        "docker-compose.yml",
        "docker-compose.prod.yml",
        "compose/stack.yaml",
    ] {
        machine.write(&format!("my shop/{file}"), Machine::with_shop().read(file));
    }
    let words = ["Next: cargo xtask migrate --root 'my shop'"];
    machine
        .xtask(&["migrate", "--dry-run", "--root", "my shop"])
        .with(0)
        .says(&words);
    crate::repository::commit_all(&machine, "My shop");
    machine.replace("my shop/docker-compose.yml", "# The shop", "# Mine");
    machine
        .xtask(&["migrate", "--root", "my shop"])
        .with(1)
        .says(&["git -C '", "my shop' diff -- docker-compose.yml"]);
}

#[test]
fn what_cannot_be_remembered_is_told_once() {
    let machine = Machine::with_shop();
    let mut command = machine.command(&["migrate"]);
    let said = Said::of(
        command
            .env("XDG_STATE_HOME", "/dev/null/state")
            .output()
            .unwrap(),
    )
    .with(0);
    assert_eq!(
        said.stderr
            .matches("warning: cannot write /dev/null/state")
            .count(),
        1,
        "{said}"
    );
    let mut command = machine.command(&["status"]);
    let said = Said::of(
        command
            .env("XDG_STATE_HOME", "/dev/null/state")
            .output()
            .unwrap(),
    )
    .with(0);
    assert_eq!(said.stderr, "");
}

#[test]
fn what_was_found_done_is_adopted_and_what_is_committed_is_not_to_be_committed() {
    let machine = Machine::with_shop();
    machine
        .xtask(&["migrate", "--to", "5.1"])
        .with(0)
        .says(&["Applied 1 story", "commit it with the files"]);
    machine.remove("compose/ledger/5.1-redis-data-volume.yaml");
    let said = machine
        .xtask(&["migrate", "--to", "5.1"])
        .with(0)
        .says(&["Adopted 1 story in local and prod"]);
    assert!(!said.stdout.contains("Applied"), "{said}");
    let machine = crate::repository::committed(Machine::with_shop());
    let said = machine
        .xtask(&["migrate", "--commit"])
        .with(0)
        .says(&["committed, each story by itself"]);
    assert!(!said.stdout.contains("commit it"), "{said}");
}
