//! Findings in the forms of other programs: also where a command could not be run, and with the
//! paths that these programs know.

use std::fs;

use crate::machine::{Machine, Said};
use crate::repository::committed;

/// What each form says of an error.
const FORMS: [(&str, &str); 4] = [
    ("junit", "<failure"),
    ("sarif", "\"level\": \"error\""),
    ("markdown", "**Status:**"),
    ("github", "::error "),
];

#[test]
fn a_command_that_cannot_be_run_says_so_in_every_form() {
    let machine = Machine::with_shop();
    let stack = "environments:\n  local: { files: [gone.yml] }\n";
    for (form, sign) in FORMS {
        let in_form = |words: &[&str], says: &str| {
            let said = machine
                .xtask(&[words, &["--format", form]].concat())
                .with(2);
            assert!(
                said.stdout.contains(sign) && said.stdout.contains(says),
                "{said}"
            );
        };
        machine.write("compose/stack.yaml", "");
        in_form(&["verify", "--root", "nowhere"], "nowhere");
        in_form(&["verify", "--no-such-flag"], "no-such-flag");
        in_form(&["explain", "5.1"], "--format junit");
        machine.write("compose/stack.yaml", stack);
        in_form(&["verify"], "gone.yml");
        in_form(&["status"], "gone.yml");
        in_form(&["migrate", "--check"], "gone.yml");
    }
}

#[test]
fn an_error_with_a_place_is_shown_there() {
    let machine = Machine::with_shop();
    machine.write("compose/stack.yaml", "roles:\n  api: a\n  api: b\n");
    let said = machine.xtask(&["verify", "--format", "github"]).with(2);
    assert!(
        said.stdout
            .starts_with("::error file=compose/stack.yaml,line=3,col=3,"),
        "{said}"
    );
}

/// What is misspelt there would do nothing, and nobody would know.
#[test]
fn what_no_story_asks_for_is_told_with_its_place() {
    let machine = Machine::with_shop();
    machine.write(
        "compose/stack.yaml",
        "roles:\n  backend: backend\n  frontdoor: web\nparameters: { backend-prot: 80 }\n",
    );
    machine.xtask(&["status"]).with(1).says(&[
        "compose/stack.yaml:3:3: roles: no story asks for frontdoor; they ask for: backend, frontend",
        "compose/stack.yaml:4:15: parameters: no story asks for backend-prot; they ask for: ",
    ]);
    machine.write(
        "compose/stack.yaml",
        "roles: { backend: backend, redis: redis }\n",
    );
    let said = machine.xtask(&["status"]).with(1);
    assert!(!said.stderr.contains("asks for"), "{said}");
}

/// A checkout that is a folder of its repository.
#[test]
fn paths_count_from_the_repository() {
    let machine = committed(Machine::with_shop());
    let deploy = machine.root().join("my deploy");
    fs::create_dir(&deploy).unwrap();
    for file in ["docker-compose.yml", "docker-compose.prod.yml"] {
        fs::copy(machine.root().join(file), deploy.join(file)).unwrap();
    }
    fs::write(deploy.join("docker-compose.yml"), "services:\n  a: {\n").unwrap();
    for (form, path) in [
        ("github", "::error file=my deploy/docker-compose.yml,"),
        ("sarif", "\"uri\": \"my%20deploy/docker-compose.yml\""),
    ] {
        let words = ["status", "--root", "my deploy", "--format", form];
        let said = Said::of(machine.command(&words).output().unwrap());
        assert!(said.stdout.contains(path), "{said}");
    }
}
