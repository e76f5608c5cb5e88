//! Data that no container tells of any more: of a checkout that was moved, and of services that
//! went.

use super::{Project, REDIS, docker, redis};

/// The memory of the machine is lost too: only the volumes' keys and what they hold tell.
#[test]
fn a_checkout_that_was_moved_and_forgotten_is_known_by_its_volumes() {
    let lay_out = |machine: crate::machine::Machine, name: &str| {
        machine.write(
            &format!("{name}/docker-compose.yml"),
            REDIS.replace("redis_data", "moved"),
        );
        Some(machine)
    };
    let Some(project) = Project::named(&["redis:7-alpine"], lay_out) else {
        return;
    };
    let (old, new) = (project.name.clone(), format!("{}-b", project.name));
    project.run(&["--root", &old, "up"]).with(0);
    project.write_a_key();
    project.run(&["--root", &old, "down"]).with(0);
    let root = project.machine.root();
    std::fs::rename(root.join(&old), root.join(&new)).unwrap();
    std::fs::remove_dir_all(project.machine.folder().join("state")).unwrap();
    let keys = || {
        let container = format!("{new}-redis-1");
        docker(&["exec", &container, "redis-cli", "dbsize"]).unwrap()
    };
    let says = [
        &format!("the project may have been {old}"),
        &format!("{old}_moved holds what redis would look for"),
        &format!("name: {old}"),
    ];
    let says = says.map(String::as_str);
    let before = project.things();
    project.run(&["--root", &new, "up"]).with(1).says(&says);
    project.run(&["--root", &new, "verify"]).with(1).says(&says);
    assert_eq!(project.things(), before);
    // The control: plain Compose starts it, healthy and empty.
    let plain = |words: &[&str]| {
        let mut command = std::process::Command::new("docker");
        command
            .arg("compose")
            .args(words)
            .current_dir(root.join(&new));
        assert!(command.output().unwrap().status.success());
    };
    plain(&["up", "--detach", "--wait"]);
    assert_eq!(keys(), "0");
    plain(&["down", "--volumes"]);
    // Another stack's, on a person's word, is not asked about again.
    project
        .run(&["--root", &new, "up", "--allow-data-loss"])
        .with(0);
    project.run(&["--root", &new, "down"]).with(0);
    project.run(&["--root", &new, "up"]).with(0);
    assert_eq!(keys(), "0");
    project.run(&["--root", &new, "down"]).with(0);
    let file = format!("{new}/docker-compose.yml");
    project
        .machine
        .replace(&file, "services:", &format!("name: {old}\nservices:"));
    project
        .run(&["--root", &new, "up", "--allow-data-loss"])
        .with(0);
    assert_eq!(project.keys(), "1");
}

#[test]
fn data_that_nothing_uses_is_told_once_and_by_verify_until_the_team_knows_of_it() {
    let Some(project) = redis() else { return };
    project.xtask("down").with(0);
    let other = "services: { web: { image: 'nginx:1.29-alpine' } }\n";
    let text = format!("name: {}\n{other}", project.name);
    project.machine.write("docker-compose.yml", text);
    let volume = format!("{}_redis_data", project.name);
    let note = format!("the volume {volume} holds data of Redis, and nothing uses it");
    let forget = format!("cargo xtask volumes forget {volume} --reason");
    let is_told = |said: crate::machine::Said| {
        let flat = format!("{} {}", said.stdout, said.stderr);
        let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = flat.contains(&note);
        assert_eq!(told, flat.contains(&forget), "{flat}");
        told
    };
    assert!(is_told(project.xtask("up").with(0)));
    assert!(!is_told(project.xtask("up").with(0)), "once");
    assert!(is_told(project.xtask("verify").with(0)));
    let reason = [
        "volumes",
        "forget",
        "redis_data",
        "--reason",
        "kept for 2027",
    ];
    project.run(&reason).with(0).says(&["commit it"]);
    assert!(!is_told(project.xtask("verify").with(0)));
    let written = project.machine.read("compose/stack.yaml");
    assert_eq!(
        written,
        "volumes:\n  redis_data:\n    forgotten: kept for 2027\n"
    );
    assert!(docker(&["volume", "inspect", &volume]).is_some());
}

/// PostgreSQL takes its password from the variable once; the control is that the first one works.
#[test]
fn a_password_that_was_changed_after_the_first_start_is_named_when_a_log_in_fails() {
    const SERVICES: &str = r#"services:
  postgres:
    image: postgres:17-alpine
    environment: { POSTGRES_PASSWORD: "${PW}" }
    volumes: [data:/var/lib/postgresql/data]
    healthcheck: { test: pg_isready -h 127.0.0.1 -U postgres, interval: 1s, retries: 60 }
  asker:
    image: postgres:17-alpine
    environment: { PGPASSWORD: "${PW}" }
    command: sh -c "psql -h postgres -U postgres -c 'select 1' && sleep 600"
    depends_on: { postgres: { condition: service_healthy } }
    stop_grace_period: 0s
volumes:
  data:
"#;
    let Some(project) = Project::of(&["postgres:17-alpine"], SERVICES) else {
        return;
    };
    project.machine.write(".env", "PW=living-fixture\n");
    project.xtask("up").with(0);
    project.machine.write(".env", "PW=another-fixture\n");
    let said = project.xtask("up").with(1);
    let flat = said.all().split_whitespace().collect::<Vec<_>>().join(" ");
    let volume = format!("{}_data", project.name);
    for words in [
        "asker ended with exit code 2".to_owned(),
        format!("A log-in at postgres was refused. Its volume {volume} was there before"),
        "a POSTGRES_PASSWORD that was changed since sets nothing".to_owned(),
        r"compose local -- exec postgres psql -U postgres -c '\password'".to_owned(),
    ] {
        assert!(flat.contains(&words), "{words}\n{}", said.all());
    }
    assert!(!flat.contains("another-fixture"), "{flat}");
}
