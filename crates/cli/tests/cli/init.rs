//! `init`: writes down the layout that was found.

use crate::bad_input::refuses;
use crate::machine::Machine;
use crate::repository::{committed, git};

const FILE: &str = "compose/stack.yaml";

#[test]
fn it_writes_what_it_shows() {
    let machine = Machine::with_shop();
    let before = machine.tree();
    let shown = machine
        .xtask(&["init", "--dry-run"])
        .with(0)
        .says(&["Nothing written."])
        .stdout;
    assert!(machine.tree() == before);
    machine.xtask(&["init"]).with(0).says(&[
        "Wrote compose/stack.yaml",
        "cargo xtask status",
        "guessed",
    ]);
    let text = machine.read(FILE);
    assert!(shown.contains(text.trim_end()), "{shown}");
    assert!(
        text.contains("local: { files: [docker-compose.yml], env_files: [.env] }"),
        "{text}"
    );
    assert!(
        text.contains("prod: { files: [docker-compose.prod.yml], env_files: [.env.prod] }"),
        "{text}"
    );
}

#[test]
fn what_it_wrote_changes_nothing_that_is_found() {
    let (found, written) = (Machine::with_shop(), Machine::with_shop());
    written.xtask(&["init"]).with(0);
    let states = |machine: &Machine| {
        machine
            .xtask(&["status", "--format", "json"])
            .with(1)
            .json()["stories"]
            .clone()
    };
    assert_eq!(states(&found), states(&written));
}

#[test]
fn it_finds_services_by_their_usual_names() {
    let machine = Machine::with_shop();
    for file in crate::machine::FILES {
        machine.write(
            file,
            machine
                .read(file)
                .replace("backend", "api")
                .replace("frontend", "web"),
        );
    }
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["4 stories to apply"]);
    machine
        .xtask(&["init"])
        .with(0)
        .says(&["the backend is api: ", "the frontend is web: "]);
    let text = machine.read(FILE);
    assert!(
        text.contains("roles:\n  backend: api\n  frontend: web\n"),
        "{text}"
    );
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 4 stories", "services.api.healthcheck"]);
}

#[test]
fn a_layout_that_is_there_stays() {
    let machine = Machine::with_shop();
    machine.xtask(&["init"]).with(0);
    refuses(
        &machine,
        &["init"],
        2,
        &[
            "compose/stack.yaml is there already",
            "edit it, or remove it",
        ],
    );
}

#[test]
fn a_file_that_compose_file_leaves_out_is_named() {
    let machine = Machine::with_shop();
    machine.write(".env", "COMPOSE_FILE=docker-compose.yml\n");
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["docker-compose.prod.yml belongs to no environment"]);
}

#[test]
fn compose_file_of_the_env_file_is_honoured() {
    let machine = Machine::with_shop();
    machine.write(
        ".env",
        "COMPOSE_FILE=docker-compose.yml:docker-compose.prod.yml\n",
    );
    machine
        .xtask(&["init", "--dry-run"])
        .with(0)
        .says(&["local: { files: [docker-compose.yml, docker-compose.prod.yml]"]);
}

/// `init` lists what this machine reads; on another one a private override is not there.
#[test]
fn a_private_override_is_not_expected_on_every_machine() {
    let machine = committed(Machine::with_layers());
    machine.write(".gitignore", ".env*\ndocker-compose.override.yml\n");
    git(
        &machine,
        &["rm", "--quiet", "--cached", "docker-compose.override.yml"],
    );
    machine
        .xtask(&["init"])
        .with(0)
        .says(&["docker-compose.override.yml"]);
    machine.remove("docker-compose.override.yml");
    machine
        .xtask(&["status"])
        .says(&["local: docker-compose.yml\n"]);
    // One that git has is missed.
    machine.remove("docker-compose.prod.yml");
    refuses(
        &machine,
        &["status"],
        2,
        &["docker-compose.prod.yml is not there"],
    );
}
