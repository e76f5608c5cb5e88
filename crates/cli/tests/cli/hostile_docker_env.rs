//! A shell whose variables lead elsewhere: to another project, other files, another engine or none.

use std::fs;

use crate::machine::{Machine, Said};

/// A client that answers for an engine and notes which variables of Compose's reach it.
const DOCKER: &str = r#"
env | grep -E '^(COMPOSE_|DOCKER_)' | grep -v '^COMPOSE_STORIES' >>"$here/environment"
case "$1 $2" in
"--version "*) echo "Docker version 28.2.2, build e6534b4" ;;
"version "*) echo 28.2.2 ;;
"context "*) echo unix:///var/run/docker.sock ;;
"info "*) echo /nowhere ;;
"ps "* | "compose "* | "volume "* | "diff "*) ;;
*) exit 1 ;;
esac"#;

/// Compose's own variables that would lead it to another stack.
const ELSEWHERE: [(&str, &str); 9] = [
    ("COMPOSE_PROJECT_NAME", "other"),
    ("COMPOSE_FILE", "/nowhere/other.yml:\u{1}"),
    ("COMPOSE_PATH_SEPARATOR", "x"),
    ("COMPOSE_ENV_FILES", "/nowhere/.env"),
    ("COMPOSE_DISABLE_ENV_FILE", "1"),
    ("COMPOSE_REMOVE_ORPHANS", "true"),
    ("COMPOSE_IGNORE_ORPHANS", "nonsense"),
    ("COMPOSE_COMPATIBILITY", "true"),
    ("COMPOSE_CONVERT_WINDOWS_PATHS", "1"),
];

/// The container of `redis`, as `docker inspect` has it.
const CONTAINER: &str = r#"[{"Id": "c0ffee", "Name": "/shop-redis-1", "Image": "sha256:1", "Mounts": [],
    "State": {"Status": "running", "StartedAt": "0001-01-01T00:00:00Z", "FinishedAt": "0001-01-01T00:00:00Z"},
    "Config": {"Image": "x", "Labels": {"com.docker.compose.project": "shop",
        "com.docker.compose.service": "redis"}}}]"#;

const COMMANDS: [&[&str]; 8] = [
    &["status"],
    &["migrate", "--dry-run"],
    &["verify"],
    &["up"],
    &["down"],
    &["ps"],
    &["compose", "local", "--", "stop"],
    &["restart"],
];

fn machine() -> Machine {
    let machine = Machine::with_shop();
    machine.replace("docker-compose.yml", "services:", "name: shop\nservices:");
    machine.xtask(&["init"]).with(0);
    fs::write(machine.docker.file("answer"), DOCKER).unwrap();
    machine
}

fn run(machine: &Machine, words: &[&str], variables: &[(&str, &str)]) -> Said {
    Said::of(
        machine
            .command(words)
            .envs(variables.iter().copied())
            .output()
            .unwrap(),
    )
}

#[test]
fn no_variable_leads_to_another_stack() {
    let machine = machine();
    for words in COMMANDS {
        let calls = |variables: &[(&str, &str)]| {
            let before = (machine.docker.calls().len(), machine.compose.calls().len());
            let said = run(&machine, words, variables);
            // What runs is looked at beside the checks: in which order is chance.
            let mut docker = machine.docker.calls().split_off(before.0);
            docker.sort();
            // Times differ from run to run, and checks run side by side in folders of their own.
            let screen: String = said
                .stdout
                .chars()
                .filter(|c| !c.is_ascii_digit())
                .collect();
            (
                said.code,
                screen,
                docker,
                machine.compose.calls().len() - before.1,
            )
        };
        calls(&[]);
        assert_eq!(calls(&ELSEWHERE), calls(&[]), "{words:?}");
    }
    let reached = fs::read_to_string(machine.docker.file("environment")).unwrap_or_default();
    let composed: Vec<_> = machine
        .docker
        .calls()
        .into_iter()
        .filter(|call| call.starts_with("compose "))
        .collect();
    assert!(
        composed.len() >= 10
            && composed
                .iter()
                .all(|call| call.contains(" --project-name shop ")),
        "{composed:#?}"
    );
    // The client itself reads none of them; Compose is started by it alone with `compose`, where
    // they are taken out.
    assert!(!reached.is_empty(), "the other calls inherit them");
}

#[test]
fn compose_itself_gets_none_of_them_and_the_rest() {
    let machine = machine();
    let only_compose = DOCKER.replacen("env |", "[ \"$1\" != compose ] || env |", 1);
    fs::write(machine.docker.file("answer"), &only_compose).unwrap();
    let kept = [
        ("COMPOSE_PROFILES", "debug"),
        ("DOCKER_HOST", "unix:///run/x.sock"),
        ("DOCKER_CONTEXT", "there"),
    ];
    for words in [
        &["up"][..],
        &["down"],
        &["ps"],
        &["logs"],
        &["restart"],
        &["compose", "--", "config"],
        &["shell", "redis"],
    ] {
        fs::write(machine.docker.file("environment"), "").unwrap();
        if words == ["restart"] {
            // There is a container to restart.
            let container =
                "\"ps \"*) echo c0ffee ;;\n\"inspect \"*) cat \"$here/inspect\" ;;\n\"compose \"*";
            let answer = only_compose.replacen("\"ps \"* | \"compose \"*", container, 1);
            fs::write(machine.docker.file("answer"), answer).unwrap();
            fs::write(machine.docker.file("inspect"), CONTAINER).unwrap();
        }
        run(&machine, words, &[&ELSEWHERE[..], &kept].concat()).with(0);
        let reached = fs::read_to_string(machine.docker.file("environment")).unwrap();
        let mut names: Vec<_> = reached
            .lines()
            .filter_map(|line| line.split('=').next())
            .collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(
            names,
            ["COMPOSE_PROFILES", "DOCKER_CONTEXT", "DOCKER_HOST"],
            "{words:?}"
        );
    }
}

#[test]
fn a_project_of_the_shell_is_told_and_not_taken() {
    let machine = machine();
    let other = [("COMPOSE_PROJECT_NAME", "other")];
    for words in [&["up"][..], &["down"], &["compose", "--", "ps"]] {
        let words_of_note = [
            "COMPOSE_PROJECT_NAME=other of this shell is not taken",
            "local is the project shop",
        ];
        run(&machine, words, &other).with(0).says(&words_of_note);
    }
    run(&machine, &["doctor"], &other).says(&[
        "COMPOSE_PROJECT_NAME=other of this shell",
        "unset COMPOSE_PROJECT_NAME",
    ]);
    let said = run(&machine, &["down"], &[("COMPOSE_PROJECT_NAME", "shop")]).with(0);
    assert!(!said.all().contains("COMPOSE_PROJECT_NAME"), "{said}");
}

#[test]
fn neither_a_language_nor_a_home_is_needed() {
    let machine = machine();
    let screen = |said: Said| {
        (
            said.code,
            said.stdout
                .chars()
                .filter(|c| !c.is_ascii_digit())
                .collect::<String>(),
        )
    };
    for words in COMMANDS.into_iter().chain([&["doctor"][..]]) {
        // `verify` remembers what it has checked, so the first run is another one.
        run(&machine, words, &[]);
        let plain = run(&machine, words, &[]);
        let bare = Said::of(
            machine
                .command(words)
                .env_remove("HOME")
                .env("LC_ALL", "xx_XX.nonsense")
                .output()
                .unwrap(),
        );
        assert_eq!(screen(bare), screen(plain), "{words:?}");
    }
}

/// What the client says where a variable leads to no engine.
const DEAD: &str = r#"
[ "$1" != --version ] || { echo "Docker version 28.2.2, build e6534b4"; exit; }
echo "error during connect: Get \"http://h:2375/v1.50/version\": dial tcp: lookup h: no such host" >&2; exit 1"#;

#[test]
fn a_dead_engine_is_told_with_who_leads_there() {
    let machine = machine();
    fs::write(machine.docker.file("answer"), DEAD).unwrap();
    let away = machine.folder().join("client");
    fs::create_dir(&away).unwrap();
    fs::write(away.join("config.json"), r#"{"currentContext": "colima"}"#).unwrap();
    let away = away.display().to_string();
    for (variable, value, who, mend) in [
        (
            "DOCKER_HOST",
            "tcp://me:fixture-word@h:2375",
            "DOCKER_HOST=tcp://me@h:2375 of this shell",
            "unset DOCKER_HOST",
        ),
        (
            "DOCKER_CONTEXT",
            "there",
            "DOCKER_CONTEXT=there of this shell",
            "unset DOCKER_CONTEXT",
        ),
        (
            "DOCKER_CONFIG",
            away.as_str(),
            "the context colima of docker's",
            "docker context use default",
        ),
    ] {
        let variables = [(variable, value)];
        let up = run(&machine, &["up"], &variables).with(12).says(&[
            "no Docker engine answers",
            who,
            mend,
        ]);
        assert!(
            !up.all().contains("is it installed") && !up.all().contains("systemctl"),
            "{up}"
        );
        run(&machine, &["down"], &variables)
            .with(12)
            .says(&[who, mend]);
        let doctor = run(&machine, &["doctor"], &variables).says(&[mend]);
        assert!(
            !doctor.all().contains("systemctl") && !doctor.all().contains("fixture-word"),
            "{doctor}"
        );
        let before = machine.tree();
        run(&machine, &["migrate"], &variables)
            .with(1)
            .says(&["redis may hold data at /data", mend]);
        assert!(
            machine.tree() == before,
            "what was not looked into is not known to be safe"
        );
        run(&machine, &["verify"], &variables).says(&["whether data is at risk was not looked at"]);
        run(&machine, &["status"], &variables).with(1);
    }
    run(&machine, &["doctor"], &[])
        .with(1)
        .says(&["no engine answers", "sudo systemctl start docker"]);
    run(&machine, &["migrate"], &[])
        .with(0)
        .says(&["note: no Docker engine answers here"]);
}
