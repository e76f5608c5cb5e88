//! The main job with the real Compose, on express-mongo where it lies beside the repository, else
//! on the example.

use std::collections::BTreeSet;
use std::process::Command;

use docker::Compose;
use docker::compose_config::differences;
use serde_json::Value;

use crate::machine::{FILES, Machine};

/// What Compose itself says of a file, asked without this tool.
fn model(machine: &Machine, file: &str, env_file: &str) -> Value {
    let mut compose = Command::new(Compose::find().unwrap().plugin());
    compose.args([
        "--env-file",
        env_file,
        "--file",
        file,
        "--profile",
        "*",
        "config",
        "--format",
        "json",
    ]);
    let output = compose.current_dir(machine.root()).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn models(machine: &Machine) -> [Value; 2] {
    [
        model(machine, FILES[0], ".env"),
        model(machine, FILES[1], ".env.prod"),
    ]
}

/// Lines added and removed.
fn lines(before: &str, after: &str) -> (usize, usize) {
    let patch = diffy::create_patch(before, after);
    let changes = || patch.hunks().iter().flat_map(diffy::Hunk::lines);
    let added = changes()
        .filter(|line| matches!(line, diffy::Line::Insert(_)))
        .count();
    (
        added,
        changes()
            .filter(|line| matches!(line, diffy::Line::Delete(_)))
            .count(),
    )
}

#[test]
fn an_old_checkout_is_migrated_and_nothing_else_changes() {
    let Some(machine) = Machine::with_old_checkout().with_real_compose() else {
        return;
    };
    let (texts, before) = (FILES.map(|file| machine.read(file)), models(&machine));
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 4 stories to local and prod", "docker compose 2."]);
    if machine.root().join("gitignore.txt").exists() {
        for (file, text) in FILES.iter().zip(&texts) {
            assert_eq!(lines(text, &machine.read(file)), (12, 2), "{file}");
        }
    }
    for (before, after) in before.iter().zip(&models(&machine)) {
        let changed: BTreeSet<_> = differences(before, after)
            .iter()
            .map(|found| found.path.to_string())
            .collect();
        let declared = |path: &String| {
            [
                "volumes.redis_data",
                "services.redis.volumes",
                "services.redis.image",
                "services.backend.healthcheck",
            ]
            .iter()
            .any(|own| path.starts_with(own))
                || path.starts_with("services.frontend.depends_on.backend")
        };
        assert!(changed.iter().all(declared), "{changed:#?}");
        for story in [
            "volumes.redis_data",
            "services.redis.image",
            "services.backend.health",
            "services.frontend",
        ] {
            assert!(
                changed.iter().any(|path| path.starts_with(story)),
                "{story}: {changed:#?}"
            );
        }
    }
}

#[test]
fn layered_files_are_migrated_as_their_dry_run_says() {
    let Some(machine) = Machine::with_layers().with_real_compose() else {
        return;
    };
    let files = |args: &[&str]| {
        let stories = machine
            .xtask(&[args, &["--format", "json"]].concat())
            .with(0)
            .json()["stories"]
            .clone();
        stories
            .as_array()
            .unwrap()
            .iter()
            .map(|story| story["files"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(files(&["migrate", "--dry-run"]), files(&["migrate"]));
    machine.xtask(&["verify"]).with(0);
}

#[test]
fn a_second_run_finds_nothing_to_do_and_verify_agrees() {
    let Some(machine) = Machine::with_old_checkout().with_real_compose() else {
        return;
    };
    machine.xtask(&["migrate"]).with(0);
    let before = machine.tree();
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Nothing written."]);
    machine.xtask(&["verify"]).with(0).says(&[
        "accepts local",
        "accepts prod",
        "Verified: 4 stories",
    ]);
    assert!(machine.tree() == before);
}

#[test]
fn the_real_compose_is_quoted_where_it_rejects() {
    let Some(machine) = Machine::with_shop().with_real_compose() else {
        return;
    };
    machine.replace("docker-compose.yml", "    ports:\n", "    prots:\n");
    let before = machine.tree();
    machine
        .xtask(&["migrate"])
        .with(1)
        .says(&["rejects local as it is, before any story", "prots"]);
    assert!(machine.tree() == before);
}

/// Compose leaves a volume that no service mounts out of its model.
#[test]
fn a_volume_that_is_declared_and_not_mounted_comes_into_use() {
    for declaration in [
        "",
        " { labels: { team: shop } }",
        " { name: shop-cache, driver_opts: { type: none } }",
    ] {
        let Some(machine) = Machine::bare().with_real_compose() else {
            return;
        };
        let text = format!(
            "services:\n  redis:\n    image: redis:7\nvolumes:\n  redis_data:{declaration}\n"
        );
        machine.write("compose.yml", &text);
        machine
            .xtask(&["migrate", "--only", "5.1"])
            .with(0)
            .says(&["Applied 1 story"]);
        machine
            .xtask(&["revert", "5.1"])
            .with(0)
            .says(&["byte for byte as before"]);
        assert_eq!(machine.read("compose.yml"), text);
    }
}

/// The name under which Compose keeps containers and volumes is the same for the tool.
#[test]
fn a_project_is_called_as_compose_calls_it() {
    for (name, later, variable, expected) in [
        ("name: Foo_Bar", "", "", "foo_bar"),
        ("name: a.b", "", "", "ab"),
        ("name: _foo", "", "", "foo"),
        ("name: ${N:-Abc}", "", "", "abc"),
        ("name: ''", "", "", "checkout"),
        ("name: one", "name: ''", "", "one"),
        ("name: one", "name: two", "", "two"),
        ("name: one", "", "COMPOSE_PROJECT_NAME=", "one"),
        ("name: one", "", "COMPOSE_PROJECT_NAME=two", "two"),
    ] {
        let Some(machine) = Machine::bare().with_real_compose() else {
            return;
        };
        let services = "services: { web: { image: nginx:1.27.0 } }\n";
        machine.write("docker-compose.yml", format!("{name}\n{services}"));
        machine.write(
            "docker-compose.override.yml",
            format!("{later}\n{services}"),
        );
        machine.write(".env", format!("{variable}\n"));
        let says = format!("ok    local: the project is called {expected} ");
        let says = if expected == "checkout" {
            "write at the top of docker-compose.yml:  name: checkout".to_owned()
        } else {
            says
        };
        machine.xtask(&["doctor"]).says(&[&says]);
        let called = plain_compose(&machine);
        assert_eq!(called, expected, "{name} {later} {variable}");
    }
}

/// The project's name as plain `docker compose config` says it.
fn plain_compose(machine: &Machine) -> String {
    let mut command = Command::new(Compose::find().unwrap().plugin());
    command.arg("config").current_dir(machine.root());
    command.env_remove("COMPOSE_PROJECT_NAME");
    let said = command.output().unwrap();
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("name: ").to_owned()
}
