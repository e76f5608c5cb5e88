//! `onboard` as a new colleague uses it: a fresh clone of this repository, and an old checkout.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use compose_model::EnvFile;

use crate::doctor::DOCKER;
use crate::living::{Project, docker};
use crate::machine::Machine;
use crate::repository::{commit_all, committed, git};

fn with_engine(machine: Machine) -> Machine {
    fs::write(machine.docker.file("answer"), DOCKER).unwrap();
    machine
}

/// This repository's last commit, and nothing that is not committed; none outside a git repository.
fn fresh_clone(machine: Machine) -> Option<Machine> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let words = [
        "clone",
        "--quiet",
        "--no-hardlinks",
        repository.to_str().unwrap(),
        ".",
    ];
    let cloned = machine.spell(Command::new("git"), &words).output().unwrap();
    if !cloned.status.success() {
        eprintln!(
            "SKIPPED: no git repository to clone: {}",
            String::from_utf8_lossy(&cloned.stderr)
        );
        return None;
    }
    Some(machine)
}

/// The example's stack as it was 40 commits ago, before anything that the team has done since.
fn old_checkout(machine: Machine) -> Machine {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/old-checkout");
    for name in [
        "docker-compose.yml",
        "docker-compose.prod.yml",
        "backend/Dockerfile",
        "compose/stack.yaml",
    ] {
        machine.write(name, fs::read_to_string(example.join(name)).unwrap());
    }
    machine.write(
        ".env.example",
        "# Ours\nDB_PASSWORD=CHANGE_ME\nLOG_LEVEL=debug\n",
    );
    machine.write(
        ".env.prod.example",
        "DB_PASSWORD=CHANGE_ME\nREDIS_PASSWORD=CHANGE_ME\n",
    );
    let machine = committed(machine);
    machine.write(".gitignore", ".env\n.env.prod\n");
    commit_all(&machine, "Ignore settings");
    for commit in 0..40 {
        machine.write("notes.md", format!("{commit}\n"));
        commit_all(&machine, "Notes");
    }
    git(&machine, &["checkout", "--quiet", "HEAD~40"]);
    machine
}

fn mode(machine: &Machine, path: &str) -> u32 {
    fs::metadata(machine.root().join(path))
        .unwrap()
        .permissions()
        .mode()
        & 0o777
}

fn value(machine: &Machine, path: &str, key: &str) -> String {
    EnvFile::parse(&machine.read(path))
        .get(key)
        .unwrap()
        .to_owned()
}

#[test]
fn a_fresh_clone_is_ready_and_a_second_run_changes_nothing() {
    let Some(machine) = fresh_clone(with_engine(Machine::bare())) else {
        return;
    };
    let words = [
        "made  compose/.env from compose/.env.example",
        "secret generated: POSTGRES_PASSWORD",
        "Ready.",
    ];
    let said = machine
        .xtask(&["onboard"])
        .with(0)
        .says(&words)
        .says(&["cargo xtask up local", "git ignores it"]);
    let secret = value(&machine, "compose/.env", "POSTGRES_PASSWORD");
    assert!(
        secret.len() == 32 && !said.all().contains(&secret),
        "{said}"
    );
    assert_eq!(mode(&machine, "compose/.env"), 0o600);
    assert_eq!(
        git(&machine, &["status", "--short"]),
        "",
        "nothing that git sees"
    );
    let before = machine.tree();
    machine
        .xtask(&["onboard"])
        .with(0)
        .says(&["kept  compose/.env", "no file was changed"]);
    assert!(machine.tree() == before);
}

#[test]
fn an_old_checkout_is_brought_up_to_date() {
    let machine = old_checkout(with_engine(Machine::bare()));
    let words = [
        "made  .env from .env.example",
        "1 secret generated:",
        "Applied 4 stories",
        "Ready.",
    ];
    machine.xtask(&["onboard"]).with(0).says(&words);
    assert_ne!(value(&machine, ".env", "DB_PASSWORD"), "CHANGE_ME");
    assert!(
        !machine.root().join(".env.prod").exists(),
        "the first environment's alone"
    );
    let before = machine.tree();
    machine.xtask(&["onboard"]).with(0).says(&[
        "Up to date in local and prod: 4 stories applied",
        "no file was changed",
    ]);
    assert!(machine.tree() == before);
    machine
        .xtask(&["onboard", "--environment", "prod"])
        .with(0)
        .says(&["made  .env.prod"]);
    let secrets = [".env", ".env.prod"].map(|path| value(&machine, path, "DB_PASSWORD"));
    assert_ne!(secrets[0], secrets[1], "each its own");
}

#[test]
fn an_env_file_that_is_there_is_kept_and_completed() {
    let machine = old_checkout(with_engine(Machine::bare()));
    machine.write(".env", "LOG_LEVEL=mine");
    machine
        .xtask(&["onboard"])
        .with(0)
        .says(&["added DB_PASSWORD to .env; the rest is as it was"]);
    let text = machine.read(".env");
    assert!(
        text.starts_with(
            "LOG_LEVEL=mine\n\n# Added by cargo xtask onboard, from .env.example\nDB_PASSWORD="
        ),
        "{text}"
    );
    machine.xtask(&["onboard"]).with(0).says(&["kept  .env"]);
    assert_eq!(machine.read(".env"), text);
}

/// Also where the example does not ask for secrets in this tool's own word.
#[test]
fn an_example_of_a_secret_becomes_a_real_one() {
    let machine = old_checkout(with_engine(Machine::bare()));
    let example = "DB_PASSWORD=password123\nSESSION_SECRET=\nSTRIPE_API_KEY=<your key>\nDB_URL=pg://app:password123@db/a\n";
    machine.write(".env.example", example);
    let made = [
        "2 secrets generated:",
        "DB_PASSWORD, SESSION_SECRET",
        "Ready.",
    ];
    let told = ["warn  .env: STRIPE_API_KEY still has a placeholder value"];
    machine.xtask(&["onboard"]).with(0).says(&made).says(&told);
    let [password, secret] =
        ["DB_PASSWORD", "SESSION_SECRET"].map(|name| value(&machine, ".env", name));
    assert!(password.len() == 32 && secret.len() == 32 && password != secret);
    assert_eq!(
        value(&machine, ".env", "DB_URL"),
        format!("pg://app:{password}@db/a")
    );
    assert_eq!(value(&machine, ".env", "STRIPE_API_KEY"), "<your key>");
    assert_eq!(machine.read(".env.example"), example);
}

/// Another secret has the same placeholder: the service and the user beside it tell whose it is.
#[test]
fn a_url_logs_in_with_the_secret_of_its_service() {
    let machine = old_checkout(with_engine(Machine::bare()));
    let example = "URL=mongodb://admin:password123@mongo:27017/a\nMONGO_INITDB_ROOT_USERNAME=admin\n\
                   MONGO_INITDB_ROOT_PASSWORD=password123\nADMIN_PASSWORD=password123\n\
                   JWT_ACCESS_EXPIRATION_MINUTES=30\nDB_PASSWORD=CHANGE_ME\n";
    machine.write(".env.example", example);
    let said = machine.xtask(&["onboard"]).with(0).says(&["Ready."]);
    assert!(!said.all().contains("placeholder"), "{said}");
    let secret = value(&machine, ".env", "MONGO_INITDB_ROOT_PASSWORD");
    let url = format!("mongodb://admin:{secret}@mongo:27017/a");
    assert_eq!(value(&machine, ".env", "URL"), url);
}

#[test]
fn a_url_that_may_be_anybodys_is_what_remains_to_be_done() {
    let machine = old_checkout(with_engine(Machine::bare()));
    let example = "URL=amqp://me:password123@queue/a\nA_PASSWORD=password123\n\
                   B_PASSWORD=password123\nDB_PASSWORD=CHANGE_ME\n";
    machine.write(".env.example", example);
    let words = [
        "FAIL  .env: URL still has the password of .env.example",
        "${EDITOR:-vi} .env   # the password of the secret that it is for",
        "Not ready yet: checkout",
    ];
    for _ in 0..2 {
        let said = machine.xtask(&["onboard"]).with(1).says(&words);
        assert!(!said.all().contains("Ready."), "{said}");
    }
    let secret = value(&machine, ".env", "A_PASSWORD");
    machine.replace(".env", "me:password123@", &format!("me:{secret}@"));
    machine.xtask(&["onboard"]).with(0).says(&["Ready"]);
}

#[test]
fn it_goes_on_where_it_was_stopped() {
    let machine = old_checkout(with_engine(Machine::bare()));
    machine.compose_answers("echo 'services.x is wrong' >&2; exit 1");
    let words = [
        "made  .env",
        "Not ready yet: checkout and migrate",
        "then go on: cargo xtask onboard",
    ];
    machine.xtask(&["onboard"]).with(1).says(&words);
    let text = machine.read(".env");
    fs::remove_file(machine.compose.file("answer")).unwrap();
    machine
        .xtask(&["onboard"])
        .with(0)
        .says(&["kept  .env", "Applied 4 stories", "Ready."]);
    assert_eq!(machine.read(".env"), text);
}

#[test]
fn without_an_engine_the_files_are_made_ready_all_the_same() {
    let machine = old_checkout(Machine::bare());
    machine
        .xtask(&["onboard", "--up"])
        .with(1)
        .says(&["Applied 4 stories", "Not ready yet: machine"]);
}

#[test]
fn secrets_that_git_would_take_are_a_failure() {
    let machine = old_checkout(with_engine(Machine::bare()));
    machine.write(".gitignore", "target\n");
    let words = [
        "and git does NOT ignore it",
        "echo /.env >> .gitignore",
        "Not ready yet: checkout",
    ];
    machine.xtask(&["onboard"]).with(1).says(&words);
}

#[test]
fn programs_get_one_document() {
    let machine = old_checkout(with_engine(Machine::bare()));
    let document = machine
        .xtask(&["onboard", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(
        (&document["command"], &document["done"]),
        (&"onboard".into(), &true.into())
    );
    assert_eq!(document["steps"].as_array().unwrap().len(), 5);
    assert_eq!(
        machine
            .xtask(&["onboard", "--format", "json"])
            .with(0)
            .json()["changed"],
        false
    );
}

/// The goal itself: the page of a fresh clone counts on after `down` and `up`.
#[test]
fn a_fresh_clone_is_up_on_a_real_engine_and_its_counter_survives() {
    let images = [
        "postgres:17-alpine",
        "redis:7-alpine",
        "compose-xtask-stack/backend:dev",
        "compose-xtask-stack/frontend:dev",
    ];
    let Some(project) = Project::named(&images, |machine, _| fresh_clone(machine)) else {
        return;
    };
    let ports = free_ports(["FRONTEND", "BACKEND", "POSTGRES", "REDIS"]);
    let own = format!("COMPOSE_PROJECT_NAME={}\n{}", project.name, ports.concat());
    project.machine.write("compose/.env", own);
    project.xtask("onboard --up").with(0).says(&[
        "added POSTGRES_DB",
        "local is up",
        "Open http://localhost:",
    ]);
    let visits = || {
        let container = format!("{}-redis-1", project.name);
        docker(&["exec", &container, "redis-cli", "dbsize"]).unwrap()
    };
    let page = format!("{}-frontend-1", project.name);
    docker(&[
        "exec",
        &page,
        "wget",
        "-q",
        "-O",
        "-",
        "--post-data",
        "",
        "http://127.0.0.1:8080/api/visits",
    ])
    .unwrap();
    let counted = visits();
    assert_ne!(counted, "0");
    project
        .xtask("down")
        .with(0)
        .says(&["2 volumes stay with the data"]);
    project.xtask("up").with(0);
    assert_eq!(visits(), counted);
    project
        .xtask("verify -e local")
        .with(0)
        .says(&["local: no data here is at risk"]);
    project
        .xtask("shell backend")
        .with(2)
        .says(&["the image of backend has no shell"]);
}

/// Ports that nobody listens on, all held until each is known.
fn free_ports(names: [&str; 4]) -> [String; 4] {
    let held = names.map(|name| (name, std::net::TcpListener::bind("127.0.0.1:0").unwrap()));
    held.map(|(name, listener)| format!("{name}_PORT={}\n", listener.local_addr().unwrap().port()))
}

/// What waits for a person's answer is told, and keeps nothing else from being ready; what does not
/// hold does.
#[test]
fn an_open_question_is_a_note() {
    let machine = old_checkout(with_engine(Machine::bare()));
    machine.replace(
        "docker-compose.yml",
        "  redis:\n",
        "  redis:\n    volumes: [\"./data:/data:ro\"]\n",
    );
    commit_all(&machine, "Data on the host");
    let words = [
        "error: 5.1",
        "conflict in local",
        "5. Proof",
        "Ready.\nOpen, told above: 5.1. See: cargo xtask status",
        "Next: cargo xtask up local",
    ];
    let said = machine.xtask(&["onboard"]).with(0).says(&words);
    assert!(!said.stdout.contains("Not ready"), "{said}");
    let document = machine
        .xtask(&["onboard", "--format", "json"])
        .with(0)
        .json();
    assert_eq!(
        (&document["done"], &document["open"]),
        (&true.into(), &serde_json::json!(["5.1"]))
    );
    machine.replace(
        "docker-compose.yml",
        "image: redis:7-alpine",
        "image: redis:6-alpine",
    );
    machine
        .xtask(&["onboard"])
        .with(1)
        .says(&["drifted", "Not ready yet: verify"]);
}
