//! Who plays the backend and the frontend where no service is called so: seen, asked, or stated.

use crate::drift::on_a_terminal;
use crate::machine::Machine;

const FILE: &str = "compose.yaml";
const STACK: &str = "compose/stack.yaml";

/// An API with a database, and a page that talks to it.
const SEEN: &str = "services:
  api:
    build: ./api
    environment: { HEALTH_PATH: /up }
    depends_on: [db]
  web:
    image: example/page:1
    environment: { API_URL: \"http://api:8000\" }
  db:
    image: postgres:17
";

/// Two that may be the backend.
pub const SEVERAL: &str = "services:
  orders-api:
    build: ./api
  users-api:
    build: ./api
  ui:
    image: example/page:1
    environment: { API_URL: \"http://users-api:8000\" }
";

fn of(compose: &str) -> Machine {
    let machine = Machine::bare();
    machine.write(FILE, compose);
    machine.write(
        "api/Dockerfile",
        "FROM python:3.12-slim\nEXPOSE 8000\nCMD [\"python3\", \"main.py\"]\n",
    );
    machine
}

#[test]
fn one_that_is_seen_is_taken_and_said() {
    let machine = of(SEEN);
    let said = machine.xtask(&["migrate"]).with(0);
    let flat = said.all().split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "found the backend is api: starts after db (compose.yaml:5:18)",
        "found the frontend is web: API_URL names api (compose.yaml:",
    ] {
        assert!(flat.contains(words), "{words:?} is not said: {said}");
    }
    let text = machine.read(FILE);
    assert!(text.contains("http://127.0.0.1:8000/up"), "{text}");
    assert!(text.contains("service_healthy"), "{text}");
    assert!(!machine.root().join(STACK).exists(), "nothing is guessed");
    machine.xtask(&["verify"]).with(0);
    machine.xtask(&["revert", "--all"]).with(0);
    assert_eq!(machine.read(FILE), SEEN);
}

/// A service that comes later takes nothing from the one that a story was applied to.
#[test]
fn what_was_applied_stays_whoever_comes() {
    let machine = of(SEEN);
    machine.xtask(&["migrate"]).with(0);
    let text = machine.read(FILE);
    machine.write(
        FILE,
        text.replace("  db:\n", "  server:\n    build: ./api\n  db:\n"),
    );
    machine.xtask(&["status"]).with(0).says(&["applied"]);
    machine.xtask(&["verify"]).with(0);
}

#[test]
fn several_wait_for_the_line_that_is_told() {
    let machine = of(SEVERAL);
    let said = machine.xtask(&["migrate", "--accept-guesses"]).with(1);
    let flat = said.all().split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "waiting: 5.3 Backend health check: local: which service is the backend?",
        "unclear orders-api: built here (compose.yaml:3:5)",
        "unclear users-api: ui calls it (compose.yaml:8:20)",
        "roles: { backend: NAME }",
    ] {
        assert!(flat.contains(words), "{words:?} is not said: {said}");
    }
    assert_eq!(machine.read(FILE), SEVERAL);
    machine.write(
        STACK,
        "roles: { backend: users-api }\nparameters: { backend-health-path: /up }\n",
    );
    machine.xtask(&["migrate"]).with(0);
    let text = machine.read(FILE);
    let users = text.split("  users-api:").nth(1).unwrap();
    assert!(
        users.contains("healthcheck") && text.contains("service_healthy"),
        "{text}"
    );
}

#[test]
fn a_name_alone_is_a_guess() {
    let compose = "services:\n  api:\n    image: python:3.12\n  web:\n    image: a/c:1\n";
    let machine = of(compose);
    let words = [
        "which service is the backend?",
        "api: by its name alone",
        "roles: { backend: api }",
        "--accept-guesses",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
    assert_eq!(machine.read(FILE), compose);
    machine.xtask(&["migrate", "--accept-guesses"]).with(0);
    assert!(machine.read(FILE).contains("service_healthy"));
    // The record says who it was.
    machine.xtask(&["status"]).with(0);
    machine.xtask(&["verify"]).with(0);
    machine.xtask(&["revert", "--all"]).with(0);
    assert_eq!(machine.read(FILE), compose);
}

/// What is asked of the service comes after who it is, in one run; what is left open stays so.
#[test]
fn a_terminal_is_asked_who_and_then_what() {
    let machine = of(SEVERAL);
    let Some(said) = on_a_terminal(&machine, "migrate", "users-api\n/up\n") else {
        return;
    };
    said.with(0)
        .says(&["which service is the backend?", "the path that answers 200"]);
    let text = machine.read(STACK);
    assert_eq!(
        text,
        "roles:\n  backend: users-api\nparameters:\n  backend-health-path: /up\n"
    );
    let machine = of(SEVERAL);
    let said = on_a_terminal(&machine, "migrate", "-\n").unwrap();
    said.with(1);
    assert!(!machine.root().join(STACK).exists());
}

#[test]
fn init_asks_on_a_terminal_and_leaves_a_line_elsewhere() {
    let machine = of(SEVERAL);
    machine
        .xtask(&["init"])
        .with(0)
        .says(&["open", "which service is the backend?"]);
    let text = machine.read(STACK);
    assert!(
        text.contains("\nroles:\n#  backend: NAME\n  frontend: ui\n"),
        "{text}"
    );
    machine.xtask(&["status"]).with(1);
    let machine = of(SEVERAL);
    let Some(said) = on_a_terminal(&machine, "init", "orders-api\n") else {
        return;
    };
    said.with(0);
    let text = machine.read(STACK);
    assert!(text.contains("roles:\n  backend: orders-api\n"), "{text}");
}
