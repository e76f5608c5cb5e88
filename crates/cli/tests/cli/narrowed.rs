//! Commands that are offered stay within what was asked for: its environments, its stories, its dry
//! run.

use crate::machine::Machine;

/// The line that says what comes next.
fn next(machine: &Machine, words: &[&str]) -> String {
    let said = machine.xtask(words);
    let line = said
        .stdout
        .lines()
        .find_map(|line| line.split_once("Next: "));
    line.map(|(_, next)| next.to_owned())
        .unwrap_or_else(|| panic!("{said}"))
}

#[test]
fn what_must_come_first_is_as_dry_and_as_narrow() {
    let machine = Machine::with_shop();
    let before = machine.tree();
    for (typed, offered) in [
        (
            &["migrate", "--only", "5.4", "-e", "prod", "--dry-run"][..],
            "run: cargo xtask migrate -e prod --dry-run --to 5.4\n",
        ),
        (
            &[
                "migrate",
                "--only=5.4",
                "--environment=prod",
                "--check",
                "--root",
                ".",
            ],
            "run: cargo xtask migrate --environment=prod --check --root . --to 5.4\n",
        ),
        (
            &["migrate", "--only", "5.4", "--root=."],
            "run: cargo xtask migrate --root=. --to 5.4\n",
        ),
    ] {
        machine.xtask(typed).with(2).says(&[offered]);
    }
    assert!(machine.tree() == before);
}

#[test]
fn what_comes_next_is_for_what_was_asked_for() {
    let machine = Machine::with_shop();
    for (typed, offered) in [
        (&["migrate", "--check"][..], "migrate"),
        (
            &["migrate", "--check", "-e", "prod", "--only", "5.2"],
            "migrate -e prod --only 5.2",
        ),
        (&["migrate", "--check", "--to", "5.2"], "migrate --to 5.2"),
        (
            &["status", "-eprod"],
            "migrate --dry-run --environment prod",
        ),
        (&["status"], "migrate --dry-run"),
    ] {
        assert_eq!(
            next(&machine, typed),
            format!("cargo xtask {offered}"),
            "{typed:?}"
        );
    }
    machine.xtask(&["migrate"]).with(0);
    assert_eq!(
        next(&machine, &["status", "-e", "prod"]),
        "cargo xtask verify --environment prod"
    );
}

#[test]
fn what_mends_a_finding_is_for_what_was_asked_for() {
    let machine = Machine::with_shop();
    for (typed, offered) in [
        (&["status", "-e", "prod"][..], "migrate --environment prod"),
        (&["verify", "-e", "prod"], "migrate --environment prod"),
        (
            &["migrate", "--check", "-e", "prod", "--only", "5.2"],
            "migrate --environment prod --only 5.2",
        ),
    ] {
        let document = machine
            .xtask(&[typed, &["--format", "json"]].concat())
            .json();
        let remedies = document.to_string();
        let argv: Vec<_> = offered.split(' ').collect();
        let argv = serde_json::to_string(&argv).unwrap();
        assert!(remedies.contains(&argv), "{argv} in {document:#}");
        assert!(!remedies.contains(r#"["migrate"]"#), "{document:#}");
    }
}

/// Who does without a story does so where it is still to be applied, and nowhere else.
#[test]
fn doing_without_is_offered_where_the_story_is_open() {
    let machine = Machine::with_shop();
    machine
        .xtask(&["migrate", "--only", "5.1", "--environment", "prod"])
        .with(0);
    let shared = "x-r: &r\n  volumes: [./conf:/conf]\nservices:\n  redis:\n    <<: *r\n";
    machine.replace("docker-compose.yml", "services:\n  redis:\n", shared);
    let offered = "Do without it:  cargo xtask skip 5.1 --environment local --reason \"...\"\n";
    machine
        .xtask(&["migrate", "--only", "5.1"])
        .with(1)
        .says(&[offered]);
    machine
        .xtask(&["skip", "5.1", "--environment", "local", "--reason", "ours"])
        .with(0);
    machine
        .xtask(&["status"])
        .says(&["local skipped", "prod applied"]);
}
