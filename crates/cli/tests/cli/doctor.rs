//! `doctor`: one line a check, with the command that mends it, and no value of a variable.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::machine::{Machine, Said};
use crate::repository::{committed, git};

/// A client and an engine that answer.
pub const DOCKER: &str = r#"
case "$1 $2" in
"--version "*) echo "Docker version 28.2.2, build e6534b4" ;;
"version "*) echo 28.2.2 ;;
"context "*) echo unix:///var/run/docker.sock ;;
"info "*) echo /nowhere ;;
"ps "*) [ ! -e "$here/publishers" ] || cat "$here/publishers" ;;
"volume ls") ;;
*) exit 1 ;;
esac"#;

/// A model with a port of this machine.
fn model(port: u16) -> String {
    let ports = format!(
        r#"[{{"published": "{port}", "target": 80, "protocol": "tcp", "host_ip": "127.0.0.1"}}]"#
    );
    format!(r#"echo '{{"name": "checkout", "services": {{"web": {{"ports": {ports}}}}}}}'"#)
}

fn well() -> Machine {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), DOCKER).unwrap();
    machine.write(".env.example", "SESSION_SECRET=CHANGE_ME\nLOG_LEVEL=info\n");
    machine.write(
        ".env",
        "SESSION_SECRET=fixture-session-secret\nAPI_TOKEN=fixture-api-token\nLOG_LEVEL=info\n",
    );
    mode(&machine, 0o600);
    machine.replace("docker-compose.yml", "services:", "name: shop\nservices:");
    machine
}

fn mode(machine: &Machine, mode: u32) {
    fs::set_permissions(
        machine.root().join(".env"),
        fs::Permissions::from_mode(mode),
    )
    .unwrap();
}

fn doctor(machine: &Machine) -> Said {
    let before = machine.tree();
    let said = machine.xtask(&["doctor"]);
    assert!(machine.tree() == before, "it only looks");
    for value in ["fixture-session-secret", "fixture-api-token"] {
        assert!(!said.all().contains(value), "{said}");
    }
    said.all()
        .lines()
        .for_each(|line| assert!(line.chars().count() <= 80, "{line}"));
    can_be_pasted(machine);
    said
}

/// What mends is a command, or words that a shell takes for one: nothing that it calls a syntax
/// error.
fn can_be_pasted(machine: &Machine) {
    let document = machine.xtask(&["doctor", "--format", "json"]).json();
    for mend in document["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|check| check["fix"].as_str())
    {
        let parsed = Command::new("bash")
            .args(["-n", "-c", mend])
            .output()
            .unwrap();
        assert!(parsed.status.success(), "{mend}");
    }
}

#[test]
fn a_machine_and_a_checkout_that_are_well() {
    let words = [
        "ok    docker 28.2.2",
        "ok    docker compose 2.40.3 (needs 2.26)",
        "ok    engine answers, 28.2.2",
        "All is well",
    ];
    let said = doctor(&well()).with(0).says(&words);
    assert!(!said.all().contains("warn"), "{said}");
}

#[test]
fn without_docker_it_says_what_that_costs() {
    let machine = Machine::with_shop().without_compose();
    let words = [
        "FAIL  docker cannot be started",
        "FAIL  the Compose plugin",
        "FAIL  no engine answers",
        "files and ports were not",
    ];
    doctor(&machine).with(1).says(&words);
}

#[test]
fn old_versions_are_told_with_what_they_cost() {
    let machine = well();
    fs::write(
        machine.docker.file("answer"),
        DOCKER.replace("echo 28.2.2 ;;", "echo 20.10.24+dfsg1 ;;"),
    )
    .unwrap();
    doctor(&machine).with(0).says(&["start_interval needs 25"]);
    machine.compose_answers(
        r#"echo '{"services": {"a": {"healthcheck": {"start_interval": "1s"}}}}'"#,
    );
    doctor(&machine)
        .with(1)
        .says(&["FAIL  start_interval of a needs engine 25"]);
    fs::write(
        machine.docker.file("answer"),
        DOCKER.replace("echo 28.2.2 ;;", "echo 19.3.0 ;;"),
    )
    .unwrap();
    doctor(&machine)
        .with(1)
        .says(&["FAIL  engine 19.3.0 is too old (needs 20.10)"]);
}

#[test]
fn an_env_file_is_there_or_the_command_is_told() {
    let machine = well();
    machine.remove(".env");
    doctor(&machine).with(1).says(&[
        "FAIL  .env is missing",
        "cargo xtask onboard   # makes it from .env.example",
    ]);
    machine.remove(".env.example");
    doctor(&machine)
        .with(1)
        .says(&["no example lies beside it"]);
}

#[test]
fn what_an_env_file_lacks_is_named() {
    let machine = well();
    machine.write(
        ".env.example",
        "SESSION_SECRET=CHANGE_ME\nLOG_LEVEL=info\nNEW_ONE=1\n",
    );
    doctor(&machine).with(0).says(&[
        "warn  .env lacks NEW_ONE of .env.example",
        "adds what is missing",
    ]);
    machine.replace(
        "docker-compose.yml",
        "name: shop\n",
        "name: shop\nx-a: ${NEW_ONE}\n",
    );
    doctor(&machine).with(1).says(&["FAIL  .env lacks NEW_ONE"]);
}

#[test]
fn placeholders_and_open_modes_are_told() {
    let machine = well();
    machine.replace(".env", "fixture-session-secret", "CHANGE_ME");
    doctor(&machine)
        .with(1)
        .says(&["FAIL  .env: SESSION_SECRET still has a placeholder value"]);
    machine.replace(".env", "CHANGE_ME", "change-me");
    doctor(&machine)
        .with(0)
        .says(&["warn  .env: SESSION_SECRET still has a placeholder value"]);
    mode(&machine, 0o644);
    doctor(&machine)
        .with(0)
        .says(&["mode 0644", "chmod 600 .env"]);
}

/// A value that everybody knows is no secret: neither private, nor to be hidden from git.
#[test]
fn examples_of_secrets_are_no_secrets() {
    let machine = committed(well());
    machine.write(".gitignore", "target\n");
    for example in [
        "change-me-please",
        "password123",
        "<your password>",
        "xxx",
        "secret",
        "todo",
        "",
    ] {
        machine.write(
            ".env",
            format!("SESSION_SECRET={example}\nLOG_LEVEL=info\n"),
        );
        let said = doctor(&machine)
            .with(0)
            .says(&["warn  .env: SESSION_SECRET still has a placeholder value"]);
        for word in ["private", "has secrets", "gitignore"] {
            assert!(!said.all().contains(word), "{word}: {said}");
        }
        machine
            .xtask(&["verify"])
            .says(&["note  local: .env: SESSION_SECRET still has a placeholder value"]);
    }
    machine.write(".env", "SESSION_SECRET=hunter2-of-ours\nLOG_LEVEL=info\n");
    doctor(&machine)
        .with(1)
        .says(&["FAIL  .env has secrets, and git does not ignore it"]);
    machine.write(
        ".env.example",
        "SESSION_SECRET=hunter2-of-ours\nLOG_LEVEL=info\n",
    );
    doctor(&machine)
        .with(0)
        .says(&["warn  .env: SESSION_SECRET is as in .env.example, which everybody reads"]);
}

#[test]
fn git_must_ignore_secrets() {
    let machine = committed(well());
    doctor(&machine)
        .with(0)
        .says(&["ok    .env is there, complete and private"]);
    machine.write(".gitignore", "target\n");
    doctor(&machine).with(1).says(&[
        "FAIL  .env has secrets, and git does not ignore it",
        "echo /.env >> .gitignore",
    ]);
    git(&machine, &["add", "--force", ".env"]);
    doctor(&machine).with(0).says(&[
        "warn  .env has secrets and is in git",
        "git rm --cached .env",
    ]);
}

/// What doctor offers is run where it was asked, and hits the checkout's own files there.
#[test]
fn what_mends_works_from_wherever_a_person_stands() {
    for (from, root) in [
        ("checkout", None),
        ("checkout/a b", None),
        ("other/a", Some("../../checkout")),
    ] {
        let machine = committed(well());
        machine.write(".gitignore", "target\n");
        git(&machine, &["add", "--force", ".env"]);
        mode(&machine, 0o644);
        let here = machine.root().with_file_name("").join(from);
        fs::create_dir_all(&here).unwrap();
        let ask = |words: &[&str]| {
            let root = root.iter().flat_map(|root| ["--root", root]);
            let words: Vec<_> = words.iter().copied().chain(root).collect();
            Said::of(machine.command(&words).current_dir(&here).output().unwrap())
        };
        let document = ask(&["doctor", "--format", "json"]).json();
        let checks = document["checks"].as_array().unwrap();
        let env = checks.iter().filter(|check| check["check"] == "env");
        let mends: Vec<_> = env.filter_map(|check| check["fix"].as_str()).collect();
        assert_eq!(mends.len(), 2, "{document}");
        for mend in mends {
            let ran = Command::new("bash")
                .args(["-c", mend])
                .current_dir(&here)
                .output()
                .unwrap();
            assert!(ran.status.success(), "{mend}: {ran:?}");
        }
        ask(&["doctor"])
            .with(0)
            .says(&["ok    .env is there, complete and private"]);
        assert!(machine.read(".gitignore").ends_with("target\n/.env\n"));
        assert!(from == "checkout" || fs::read_dir(&here).unwrap().next().is_none());
    }
}

/// Which services start is the profiles' and the numbers' to say; only those want their ports.
#[test]
fn ports_are_those_of_the_services_that_start() {
    let machine = well();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answers = |more: &str| {
        machine.compose_answers(
            &model(port).replace(r#"{"web": {"#, &format!(r#"{{"web": {{{more}, "#)),
        );
    };
    let taken = format!("port {port} of web is taken by another program");
    answers(r#""scale": 0"#);
    assert!(!doctor(&machine).with(0).all().contains("port"));
    answers(r#""profiles": ["debug"]"#);
    assert!(!doctor(&machine).with(0).all().contains("port"));
    let of_shell = machine
        .command(&["doctor"])
        .env("COMPOSE_PROFILES", "debug")
        .output();
    Said::of(of_shell.unwrap()).with(1).says(&[&taken]);
    let env = machine.read(".env");
    machine.write(".env", format!("{env}COMPOSE_PROFILES=debug\n"));
    doctor(&machine).with(1).says(&[&taken]);
    drop(listener);
    answers(r#""deploy": {"replicas": 3}"#);
    doctor(&machine)
        .with(1)
        .says(&["web is to get 3 containers", "give web a range of 3 ports"]);
}

#[test]
fn an_unpinned_name_is_a_risk() {
    let machine = well();
    machine.replace("docker-compose.yml", "name: shop\n", "");
    let words = [
        "warn  local: no top-level name",
        "write at the top of docker-compose.yml:  name: checkout",
    ];
    doctor(&machine).with(0).says(&words);
}

#[test]
fn a_port_is_free_or_its_holder_is_named() {
    let machine = well();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    machine.compose_answers(&model(port));
    doctor(&machine)
        .with(1)
        .says(&[&format!("port {port} of web is taken by another program")]);
    fs::write(machine.docker.file("publishers"), "other-web-1\tother\n").unwrap();
    doctor(&machine).with(1).says(&[
        "by other-web-1 of the project",
        "docker compose --project-name other stop",
    ]);
    fs::write(machine.docker.file("publishers"), "shop-web-1\tshop\n").unwrap();
    doctor(&machine)
        .with(0)
        .says(&[&format!("port {port} is free or our own")]);
    drop(listener);
    fs::remove_file(machine.docker.file("publishers")).unwrap();
    doctor(&machine)
        .with(0)
        .says(&[&format!("port {port} is free or our own")]);
}

#[test]
fn a_port_in_use_is_not_another_program_s_while_no_engine_says_so() {
    let machine = well();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    machine.compose_answers(&model(port));
    fs::remove_file(machine.docker.file("answer")).unwrap();
    let said = doctor(&machine).with(1).says(&[&format!(
        "port {port} of web is in use; by whom no engine says"
    )]);
    assert!(!said.all().contains("another program"), "{said}");
}

#[test]
fn two_environments_get_two_names() {
    let machine = well();
    let prod = || {
        let said = machine.xtask(&["doctor", "--environment", "prod"]);
        said.says(&[
            "local and prod are both the project",
            "write at the top of docker-compose.prod.yml:",
        ])
    };
    machine.replace("docker-compose.yml", "name: shop\n", "");
    prod().says(&["name: checkout-prod"]);
    doctor(&machine).says(&["write at the top of docker-compose.yml:  name: checkout"]);
    machine.replace("docker-compose.yml", "services:", "name: shop\nservices:");
    let text = machine.read("docker-compose.prod.yml");
    machine.write("docker-compose.prod.yml", format!("name: shop\n{text}"));
    prod().says(&["name: shop-prod"]);
    doctor(&machine).says(&["local and prod are both the project shop"]);
    machine.write(
        "docker-compose.prod.yml",
        format!("name: shop-prod\n{text}"),
    );
    let said = machine.xtask(&["doctor", "--environment", "prod"]);
    assert!(!said.all().contains("both the project"), "{said}");
}

/// What it advises is a name that Compose takes, and two spellings of one name are one project.
#[test]
fn a_name_that_compose_would_spell_otherwise() {
    let machine = well();
    machine.replace("docker-compose.yml", "name: shop\n", "name: SHOP\n");
    let text = machine.read("docker-compose.prod.yml");
    machine.write("docker-compose.prod.yml", format!("name: shop\n{text}"));
    doctor(&machine).says(&["local and prod are both the project shop"]);
    machine.write(".env", "COMPOSE_PROJECT_NAME=Shop\n");
    doctor(&machine).with(1).says(&[
        "Compose refuses the project name `Shop`",
        "COMPOSE_PROJECT_NAME=shop",
    ]);
}

#[test]
fn files_that_compose_rejects_are_a_failure() {
    let machine = well();
    machine.compose_answers("echo 'services.web must be a mapping, fixture-api-token' >&2; exit 1");
    doctor(&machine).with(1).says(&[
        "FAIL  local: Compose rejects the files: services.web",
        "cargo xtask verify",
    ]);
}

#[test]
fn another_environment_is_looked_at_when_it_is_named() {
    let machine = well();
    machine.remove(".env.prod");
    doctor(&machine)
        .with(0)
        .says(&["Looked at local alone; for prod: cargo xtask doctor --environment prod"]);
    let words = [
        ".env.prod is missing",
        "cargo xtask onboard --environment prod",
    ];
    machine
        .xtask(&["doctor", "--environment", "prod"])
        .with(1)
        .says(&words)
        .says(&["Looked at prod alone; for local: cargo xtask doctor --environment local"]);
    let both = ["doctor", "-e", "local", "-e", "prod"];
    let said = machine.xtask(&both).with(1);
    assert!(!said.stdout.contains("Looked at"), "{said}");
    let help = machine.xtask(&["doctor", "--help"]).with(0);
    help.says(&["[default: the first]; may be given more than once"]);
    machine
        .xtask(&["doctor", "--environment", "nowhere"])
        .with(2)
        .says(&["no environment is called nowhere"]);
}

#[test]
fn what_comes_next_is_for_the_environment_that_was_asked_for() {
    let machine = well();
    machine.compose_answers(r#"echo '{"services": {}}'"#);
    machine.replace(
        "docker-compose.prod.yml",
        "services:",
        "name: shop-prod\nservices:",
    );
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(machine.root().join(".env.prod"), private).unwrap();
    let next = |words: &[&str], next: &str| {
        let said = machine.xtask(&[&["doctor"], words].concat());
        let expected = format!("All is well. Next: cargo xtask up{next}");
        assert!(said.stdout.lines().any(|line| line == expected), "{said}");
    };
    next(&[], "");
    next(&["-e", "local"], "");
    next(&["-e", "prod"], " prod");
}

#[test]
fn a_checkout_that_cannot_be_read_leaves_the_machine() {
    let machine = Machine::bare();
    fs::write(machine.docker.file("answer"), DOCKER).unwrap();
    doctor(&machine).with(2).says(&[
        "ok    docker 28.2.2",
        "n/a   no Compose file in",
        "1 check could not run",
    ]);
}

#[test]
fn programs_get_every_check() {
    let machine = well();
    machine.remove(".env");
    let document = machine
        .xtask(&["doctor", "--format", "json"])
        .with(1)
        .json();
    assert_eq!(
        (&document["schema"], &document["command"]),
        (&1.into(), &"doctor".into())
    );
    let checks = document["checks"].as_array().unwrap();
    let failed: Vec<_> = checks
        .iter()
        .filter(|check| check["health"] == "fail")
        .collect();
    assert_eq!(failed.len(), 1, "{checks:#?}");
    assert_eq!(failed[0]["check"], "env");
    assert!(
        failed[0]["fix"]
            .as_str()
            .unwrap()
            .starts_with("cargo xtask onboard")
    );
}

/// A path of a mount is one of the engine's machine, whoever owns the checkout.
#[test]
fn an_engine_elsewhere_is_told_with_the_folders_that_it_needs() {
    let machine = well();
    machine.compose_answers(
        r#"echo '{"name": "checkout", "services": {"web": {"volumes": [
            {"type": "bind", "source": "/srv/page", "target": "/page"}]}}}'"#,
    );
    let remote = DOCKER.replace("unix:///var/run/docker.sock", "ssh://me@shop.example");
    fs::write(machine.docker.file("answer"), remote).unwrap();
    let flat = |said: Said| said.all().split_whitespace().collect::<Vec<_>>().join(" ");
    let said = flat(doctor(&machine).with(0));
    let words = "warn local: the engine is on another machine (";
    assert!(said.contains(words), "{said}");
    let words = "where these paths must be too: /srv/page of web copy them there";
    assert!(said.contains(words), "{said}");
    machine.compose_answers(r#"echo '{"name": "checkout", "services": {"web": {}}}'"#);
    let said = flat(doctor(&machine).with(0));
    assert!(
        said.contains("no service mounts a folder of this one"),
        "{said}"
    );
}

/// What a panel made changes when the panel's files do.
#[test]
fn containers_that_were_not_made_from_this_checkout_are_told() {
    let machine = well();
    machine.compose_answers(r#"echo '{"name": "checkout", "services": {"web": {}}}'"#);
    let inspected = |folder: &str| {
        let labels = serde_json::json!({
            "com.docker.compose.project": "shop", "com.docker.compose.service": "web",
            "com.docker.compose.project.working_dir": folder,
        });
        let state = serde_json::json!({
            "Status": "running", "ExitCode": 0, "Error": "",
            "StartedAt": "2026-01-01T00:00:00Z", "FinishedAt": "0001-01-01T00:00:00Z",
        });
        let config = serde_json::json!({"Image": "x", "Labels": labels});
        serde_json::json!([{
            "Id": "1", "Name": "/shop-web-1", "Image": "2", "Config": config, "State": state,
            "Mounts": [], "RestartCount": 0,
        }])
    };
    let answers = |folder: &str| {
        let text = inspected(folder).to_string();
        fs::write(machine.docker.file("inspect"), text).unwrap();
        let with = DOCKER.replace(
            "\"volume ls\")",
            "\"inspect \"*) cat \"$here/inspect\" ;;\n\"volume ls\")",
        );
        let with = with.replace("\"ps \"*)", "\"ps \"*) echo 1 ;;\n\"publishers \"*)");
        fs::write(machine.docker.file("answer"), with).unwrap();
    };
    answers("/data/compose/7");
    doctor(&machine)
        .with(0)
        .says(&["made from /data/compose/7", "cargo xtask facts local"]);
    answers(&machine.root().canonicalize().unwrap().display().to_string());
    assert!(!doctor(&machine).with(0).all().contains("made from"));
}
