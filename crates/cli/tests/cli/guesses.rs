//! What no file says is asked: nothing is guessed unasked.

use crate::machine::Machine;

const COMPOSE: &str = "services:
  redis:
    image: redis:6.2-alpine
  backend:
    build: ./backend
    ports: [\"5678:5678\", \"8000:8000\"]
  frontend:
    image: nginx:1.27-alpine
    depends_on: [backend]
";

/// A slim image without curl, a debugger's port first, and no path anywhere.
fn checkout() -> Machine {
    let machine = Machine::bare();
    machine.write("docker-compose.yml", COMPOSE);
    machine.write(
        "backend/Dockerfile",
        "FROM python:3.12-slim\nCMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]\n",
    );
    machine
}

#[test]
fn a_guess_waits_and_the_rest_goes_on() {
    let machine = checkout();
    let words = [
        "waiting: 5.3 Backend health check: local: what is the path",
        "found port 8000: CMD (backend/Dockerfile:2:1), ports (docker-compose.yml:8:13)",
        "found python3: in python:3.12-slim (backend/Dockerfile:1:1)",
        "guessed path /health",
        "parameters: { backend-health-path: /health }",
        "cargo xtask migrate --accept-guesses",
        "5.4 (waits for 5.3)",
    ];
    let said = machine.xtask(&["migrate"]).with(1);
    let flat = said.all().split_whitespace().collect::<Vec<_>>().join(" ");
    for words in words {
        assert!(flat.contains(words), "{words:?} is not said: {said}");
    }
    let text = machine.read("docker-compose.yml");
    assert!(text.contains("redis:7"), "5.2 does not need it: {text}");
    assert!(
        !text.contains("healthcheck") && !text.contains("service_healthy"),
        "{text}"
    );
    // The answer that is told settles it.
    machine.write(
        "compose/stack.yaml",
        "parameters: { backend-health-path: /up }\n",
    );
    machine.xtask(&["migrate"]).with(0);
    let text = machine.read("docker-compose.yml");
    assert!(text.contains("http://127.0.0.1:8000/up"), "{text}");
    assert!(
        !text.contains("curl") && text.contains("service_healthy"),
        "{text}"
    );
    machine
        .xtask(&["revert", "--all", "--accept-irreversible"])
        .with(0);
    assert_eq!(machine.read("docker-compose.yml"), COMPOSE);
}

#[test]
fn guesses_are_taken_where_somebody_says_so_and_go_again() {
    let machine = checkout();
    let words = ["guessed", "path /health"];
    machine
        .xtask(&["migrate", "--accept-guesses"])
        .with(0)
        .says(&words);
    let text = machine.read("docker-compose.yml");
    assert!(
        text.contains("http://127.0.0.1:8000/health") && !text.contains("curl"),
        "{text}"
    );
    machine.xtask(&["verify"]).with(0);
    machine
        .xtask(&["revert", "--all", "--accept-irreversible"])
        .with(0);
    assert_eq!(machine.read("docker-compose.yml"), COMPOSE);
}

#[test]
fn a_plan_keeps_what_was_accepted() {
    let machine = checkout();
    let plan = ["migrate", "--accept-guesses", "--plan", "plan.json"];
    machine.xtask(&plan).with(0);
    machine.xtask(&["migrate", "--apply", "plan.json"]).with(0);
    assert!(machine.read("docker-compose.yml").contains("/health"));
}

#[test]
fn an_image_without_any_program_is_asked_whatever_is_accepted() {
    let machine = checkout();
    machine.write("backend/Dockerfile", "FROM scratch\nEXPOSE 8000\n");
    let said = machine.xtask(&["migrate", "--accept-guesses"]).with(1);
    let words = "backend-health-command: [CMD, PROGRAM, ARGUMENT]";
    assert!(said.all().contains(words), "{said}");
    assert!(!machine.read("docker-compose.yml").contains("healthcheck"));
}

/// A Dockerfile beside the root, inside the same git repository, counts; one outside does not.
#[test]
fn a_dockerfile_beside_the_root_counts_within_the_repository() {
    let machine = Machine::bare();
    let compose = "services:\n  backend:\n    build: { context: .., dockerfile: api/Dockerfile }\n";
    machine.write("docker/docker-compose.yml", compose);
    machine.write(
        "api/Dockerfile",
        "FROM node:22-alpine\nHEALTHCHECK CMD wget -qO- localhost:4000/ready || exit 1\n",
    );
    let migrate = ["migrate", "--root", "docker"];
    machine.xtask(&migrate).with(1).says(&["waiting: 5.3"]);
    crate::repository::git(&machine, &["init", "--quiet"]);
    machine.xtask(&migrate).with(0);
    assert_eq!(machine.read("docker/docker-compose.yml"), compose);
}
