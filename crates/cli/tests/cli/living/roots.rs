//! A datastore that would start with nothing while its data lies in a volume of the project: seen
//! after an ordinary `down` too, when no container tells what was mounted where. Plain Compose
//! starts each of these, healthy and empty.

use std::process::Command;

use super::{Project, REDIS, docker, redis};

/// A PostgreSQL with a volume of its own and a health check.
const POSTGRES: &str = "services:
  postgres:
    image: postgres:17-alpine
    environment: { POSTGRES_PASSWORD: living-fixture }
    volumes: [postgres_data:/var/lib/postgresql/data]
    healthcheck: { test: pg_isready -h 127.0.0.1 -U postgres, interval: 1s, retries: 60 }
volumes:
  postgres_data:
";

impl Project {
    /// What plain Compose makes of the same files, which is what the tool keeps from happening.
    fn compose(&self, words: &[&str]) -> String {
        let output = Command::new("docker")
            .args(["compose", "-f", "docker-compose.yml"])
            .args(words)
            .current_dir(self.machine.root())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(
            output.status.success(),
            "docker compose {words:?}: {said} {}",
            String::from_utf8_lossy(&output.stderr)
        );
        said
    }

    /// Asks a service of plain Compose that is up.
    fn ask(&self, words: &[&str]) -> String {
        self.compose(&[&["exec", "-T"], words].concat())
    }

    fn keys_by_compose(&self) -> String {
        self.ask(&["redis", "redis-cli", "dbsize"])
    }

    fn tables(&self) -> String {
        let count = "select count(*) from information_schema.tables where table_schema = 'public'";
        let words = [
            "postgres",
            "psql",
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-Atc",
            count,
        ];
        self.ask(&words)
    }

    /// Ends the containers, changes a text of the file, and is stopped; plain Compose loses it; the
    /// text as it was finds everything again.
    fn is_lost_by(&self, from: &str, to: &str, words: &[&str], count: fn(&Self) -> String) {
        self.xtask("down").with(0);
        self.replace(from, to);
        self.stops(words);
        self.compose(&["up", "--detach", "--wait"]);
        assert_eq!(count(self), "0", "plain Compose finds it");
        self.compose(&["down"]);
        self.replace(to, from);
        self.xtask("up").with(0);
        assert_eq!(count(self), "1");
    }
}

/// A PostgreSQL that is up and has one table.
fn postgres() -> Option<Project> {
    let project = Project::of(&["postgres:17-alpine"], POSTGRES)?;
    project.xtask("up").with(0);
    let make = "create table kept (id int)";
    project.ask(&[
        "postgres",
        "psql",
        "-h",
        "127.0.0.1",
        "-U",
        "postgres",
        "-c",
        make,
    ]);
    assert_eq!(project.tables(), "1");
    Some(project)
}

#[test]
fn a_mount_that_was_moved_above_the_data() {
    let Some(project) = postgres() else { return };
    let words = [
        "postgres would start with nothing; its data would stay behind",
        "postgres_data holds data of",
        "- postgres_data:/var/lib/postgresql/data",
    ];
    let (from, to) = (
        "postgres_data:/var/lib/postgresql/data",
        "postgres_data:/var/lib/postgresql",
    );
    project.is_lost_by(from, to, &words, Project::tables);
}

#[test]
fn data_elsewhere_also_inside_the_same_volume() {
    let Some(project) = postgres() else { return };
    for folder in ["/var/lib/postgresql/data/pg", "/srv/pg"] {
        let words = [
            "postgres would start with nothing; its data would stay behind",
            &format!("postgres would look at {folder}"),
            &format!("/var/lib/postgresql/data instead of {folder}"),
        ];
        let to = format!("{{ PGDATA: {folder}, POSTGRES_PASSWORD");
        project.is_lost_by("{ POSTGRES_PASSWORD", &to, &words, Project::tables);
    }
}

#[test]
fn memory_an_empty_folder_and_no_line_in_the_place_of_a_volume() {
    let Some(project) = redis() else { return };
    let empty = project.machine.root().join("empty");
    std::fs::create_dir_all(&empty).unwrap();
    for (to, says) in [
        ("    tmpfs: [/data]\n", "memory is mounted at /data"),
        ("    volumes: [./empty:/data]\n", "/empty"),
        ("    volumes: [./absent:/data]\n", "/absent"),
        ("    labels: {}\n", "nothing is mounted at /data"),
    ] {
        let words = ["redis would start with nothing", says, "- redis_data:/data"];
        let from = "    volumes: [redis_data:/data]\n";
        project.is_lost_by(from, to, &words, Project::keys_by_compose);
        std::fs::remove_dir_all(&empty).ok();
        std::fs::create_dir_all(&empty).unwrap();
    }
}

#[test]
fn other_folders_and_names_that_redis_is_told() {
    let Some(project) = redis() else { return };
    project
        .machine
        .write("redis.conf", "save 3600 1\ndbfilename third.rdb\n");
    let from = "redis-server --save 3600 1\n";
    for (to, says) in [
        (
            "sh -c 'mkdir -p /data/sub && redis-server --save 3600 1 --dir /data/sub'\n",
            "sub of the volume",
        ),
        (
            "redis-server --save 3600 1 --dbfilename other.rdb\n",
            "other.rdb",
        ),
        (
            "redis-server /redis.conf\n    configs: [{ source: redis, target: /redis.conf }]\n",
            "third.rdb",
        ),
    ] {
        let file = project.machine.root().join("docker-compose.yml");
        let with = |configs: &str| {
            let text = std::fs::read_to_string(&file).unwrap();
            let text = text.split("configs:\n  redis:").next().unwrap().to_owned();
            std::fs::write(&file, text + configs).unwrap();
        };
        if to.contains("configs") {
            with("configs:\n  redis: { file: ./redis.conf }\n");
        }
        let words = ["redis would start with nothing", says, "_redis_data"];
        project.is_lost_by(from, to, &words, Project::keys_by_compose);
    }
}

#[test]
fn a_volume_that_is_kept_in_memory_under_another_key() {
    let Some(project) = redis() else { return };
    project.xtask("down").with(0);
    project.replace("redis_data:/data", "quick:/data");
    project.replace(
        "  redis_data:\n",
        "  quick:\n    driver_opts: { type: tmpfs, device: tmpfs }\n",
    );
    project.stops(&["_redis_data"]);
    project.compose(&["up", "--detach", "--wait"]);
    assert_eq!(project.keys_by_compose(), "0");
}

#[test]
fn healthy_stacks_are_not_stopped() {
    let text = REDIS.replace(
        "volumes:\n",
        "  sessions:
    image: redis:7-alpine
    command: redis-server --save 3600 1
    tmpfs: [/data]
  queue:
    image: redis:7-alpine
    volumes: [queue:/data]
volumes:
  queue:
",
    );
    let text = text.replacen("volumes:\n  queue:\n    volumes", "    volumes", 1);
    let Some(project) = Project::of(&["redis:7-alpine"], &text) else {
        return;
    };
    project.xtask("up").with(0);
    project.write_a_key();
    project.xtask("up").with(0);
    project.xtask("down").with(0);
    project.xtask("verify").with(0);
    project.xtask("up").with(0);
    assert_eq!(project.keys(), "1");
    // A service that kept nothing, taken away, and one that is new beside it.
    project.xtask("down").with(0);
    project.replace("  sessions:\n", "  fresh:\n");
    project.xtask("up").with(0);
    assert_eq!(project.keys(), "1");
}

/// Taken where the data is, judged where no engine is: what a pull request would do to it.
#[test]
fn facts_of_a_server_are_judged_without_an_engine() {
    let Some(project) = redis() else { return };
    project.xtask("facts").with(0).says(&["redis (dump.rdb)"]);
    project.xtask("down").with(0);
    let said = project.xtask("facts --format json").with(0);
    let facts = said.json();
    let [volume] = &facts["volumes"].as_array().unwrap()[..] else {
        panic!("{facts:#}");
    };
    assert_eq!(volume["key"], "redis_data");
    assert_eq!(volume["content"]["state"], "data");
    let family = &volume["content"]["families"][0];
    assert_eq!(family["family"], "redis");
    assert_eq!(family["files"], serde_json::json!(["dump.rdb"]));
    project.machine.write("facts.json", said.stdout);
    let judge = ["facts", "--judge", "facts.json"];
    // Neither an engine nor anything of this machine is asked.
    let elsewhere = |code: i32, words: &[&str]| {
        let mut command = project.machine.command(&judge);
        command.env("DOCKER_HOST", "unix:///nowhere/docker.sock");
        crate::machine::Said::of(command.output().unwrap())
            .with(code)
            .says(words);
    };
    elsewhere(0, &["is at risk"]);
    project.replace("redis_data:/data", "redis_data:/elsewhere");
    let words = ["redis would start with nothing", "- redis_data:/data"];
    elsewhere(1, &words);
    project.stops(&words);
    project.machine.write("facts.json", "{}");
    project
        .run(&judge)
        .with(2)
        .says(&["facts.json is not what"]);
}

#[test]
fn a_volume_of_an_earlier_time_is_no_copy() {
    let Some(project) = redis() else { return };
    let files = |key: &str| {
        let file = project.machine.root().join("docker-compose.yml");
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("volumes:\n  ").next().unwrap().to_owned();
        std::fs::write(&file, format!("{text}volumes:\n  {key}:\n")).unwrap();
    };
    // Of an earlier time: a stack of the same name with another volume.
    project.xtask("down").with(0);
    project.replace("redis_data:/data", "old:/data");
    files("old");
    project.compose(&["up", "--detach", "--wait"]);
    project.compose(&["down"]);
    project.replace("old:/data", "redis_data:/data");
    files("redis_data");
    project.xtask("up").with(0);
    let old = format!("{}_old", project.name);
    docker(&[
        "run",
        "--rm",
        "-v",
        &format!("{old}:/data"),
        "redis:7-alpine",
        "touch",
        "/data/x",
    ])
    .unwrap();
    project.replace("redis_data:/data", "old:/data");
    files("old");
    project.stops(&["redis would start with other data", "_redis_data"]);
}

#[test]
fn another_environment_of_the_same_name_that_is_down_is_not_taken_over() {
    let Some(project) = redis() else { return };
    let file = "services: { redis: { restart: 'no' } }\n";
    project.machine.write("docker-compose.prod.yml", file);
    project.xtask("down local").with(0);
    project.xtask("verify").with(0);
    let words = ["prod would work on the data of local", "-prod"];
    project.xtask("up prod").with(1).says(&words);
    project.xtask("up local").with(0);
    project.xtask("down local").with(0);
    project.xtask("up prod --allow-data-loss").with(0);
    project.xtask("down prod").with(0);
    project.xtask("up prod").with(0);
    project.xtask("down prod").with(0);
    project.xtask("up local").with(0);
    assert_eq!(project.keys(), "1");
}

/// An image of the team's own is what its Dockerfile builds upon, and `ENV` counts as in the files.
#[test]
fn an_image_that_is_built_upon_a_datastores() {
    let text = POSTGRES.replace("image: postgres:17-alpine", "build: db");
    let lay_out = |machine: crate::machine::Machine, name: &str| {
        machine.write("docker-compose.yml", format!("name: {name}\n{text}"));
        machine.write("db/Dockerfile", "FROM postgres:17-alpine\n");
        Some(machine)
    };
    let Some(project) = Project::named(&["postgres:17-alpine"], lay_out) else {
        return;
    };
    project.xtask("up").with(0);
    project.xtask("down").with(0);
    let words = [
        "postgres would start with nothing",
        "_postgres_data holds data of",
    ];
    let moved = "FROM postgres:17-alpine\nENV PGDATA=/srv/pg\n";
    project.machine.write("db/Dockerfile", moved);
    project.stops(&words);
    project
        .machine
        .write("db/Dockerfile", "FROM postgres:17-alpine\n");
    project.replace("/var/lib/postgresql/data", "/var/lib/postgresql");
    project.stops(&words);
    let image = format!("{}-postgres", project.name);
    docker(&["image", "rm", "--force", &image]);
}
