//! Data that lives on a real engine, and what `up` and `verify` say before it is out of reach.

mod left;
mod rollback;
mod roots;

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use docker::engine::Engine;

use crate::machine::{Machine, Said};

pub fn docker(args: &[&str]) -> Option<String> {
    let output = Command::new("docker").args(args).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A stack on the real engine, all of it removed when the test ends.
pub struct Project {
    /// The machine that it is on.
    pub machine: Machine,
    /// Its name.
    pub name: String,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Project {
    /// With these services and volumes in its file; none where no engine has the images.
    pub fn of(images: &[&str], text: &str) -> Option<Self> {
        Self::named(images, |machine, name| {
            machine.write("docker-compose.yml", format!("name: {name}\n{text}"));
            Some(machine)
        })
    }

    /// The same, where a test lays out the checkout itself.
    pub fn named(
        images: &[&str],
        lay_out: impl FnOnce(Machine, &str) -> Option<Machine>,
    ) -> Option<Self> {
        if Engine::find().is_none()
            || images
                .iter()
                .any(|image| docker(&["image", "inspect", image]).is_none())
        {
            let reason = format!(
                "no Docker engine with {} answers (.ci/engine, .ci/images)",
                images.join(" and ")
            );
            assert!(
                std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_none(),
                "{reason}"
            );
            eprintln!("SKIPPED: {reason}");
            return None;
        }
        let machine = Machine::bare().with_real_compose()?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("xtask-living-{}-{number}", std::process::id());
        let machine = lay_out(machine, &name)?;
        Some(Self { machine, name })
    }

    /// Replaces a text of its file.
    pub fn replace(&self, from: &str, to: &str) {
        self.machine.replace("docker-compose.yml", from, to);
    }

    /// Runs the binary with the engine of the real machine.
    pub fn xtask(&self, words: &str) -> Said {
        self.run(&words.split(' ').collect::<Vec<_>>())
    }

    /// The same by words.
    pub fn run(&self, words: &[&str]) -> Said {
        let engine = |name: &str| name == "HOME" || name.starts_with("DOCKER_");
        let own = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(engine));
        let mut command = self.machine.command(words);
        Said::of(
            command
                .envs(own)
                .env("COMPOSE_STORIES_DOCKER", "docker")
                .output()
                .unwrap(),
        )
    }

    /// `up` and `verify` both see it; nothing is made or changed.
    fn stops(&self, words: &[&str]) {
        let before = self.things();
        self.xtask("up")
            .with(1)
            .says(&["data first", "nothing was started or changed"])
            .says(words);
        self.xtask("verify").with(1).says(words);
        assert_eq!(self.things(), before);
    }

    /// The containers and volumes of the tests of this process, anonymous ones of helpers too.
    fn things(&self) -> (Option<String>, Option<String>) {
        let filter = format!("name={}", self.name);
        let containers = docker(&[
            "ps",
            "--all",
            "--filter",
            &filter,
            "--format",
            "{{.ID}} {{.Names}} {{.State}}",
        ]);
        (
            containers,
            docker(&["volume", "ls", "--filter", &filter, "--format", "{{.Name}}"]),
        )
    }

    /// How many keys its Redis holds.
    pub fn keys(&self) -> String {
        docker(&[
            "exec",
            &format!("{}-redis-1", self.name),
            "redis-cli",
            "dbsize",
        ])
        .unwrap()
    }

    /// Writes one, to disk too.
    pub fn write_a_key(&self) {
        let container = format!("{}-redis-1", self.name);
        docker(&["exec", &container, "redis-cli", "set", "a", "1"]).unwrap();
        docker(&["exec", &container, "redis-cli", "save"]).unwrap();
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        for project in [self.name.clone(), format!("{}-b", self.name)] {
            let label = format!("label=com.docker.compose.project={project}");
            for (list, remove) in [
                (
                    &["ps", "--all", "--quiet"][..],
                    &["rm", "--force", "--volumes"][..],
                ),
                (&["volume", "ls", "--quiet"], &["volume", "rm", "--force"]),
                (&["network", "ls", "--quiet"], &["network", "rm"]),
            ] {
                let listed = docker(&[list, &["--filter", &label]].concat()).unwrap_or_default();
                let ids: Vec<_> = listed.split_whitespace().collect();
                if !ids.is_empty() {
                    docker(&[remove, &ids].concat());
                }
            }
        }
    }
}

/// A Redis with a volume of its own and a health check.
pub const REDIS: &str = "services:
  redis:
    image: redis:7-alpine
    command: redis-server --save 3600 1
    volumes: [redis_data:/data]
    healthcheck: { test: redis-cli ping | grep -q PONG, interval: 1s, retries: 20 }
volumes:
  redis_data:
";

/// A Redis that is up and has one key, on disk too.
pub fn redis() -> Option<Project> {
    let project = Project::of(&["redis:7-alpine"], REDIS)?;
    project.xtask("up").with(0).says(&["redis  healthy"]);
    project.write_a_key();
    Some(project)
}

#[test]
fn the_same_stack_again_is_no_risk() {
    let Some(project) = redis() else { return };
    project.xtask("up").with(0);
    project
        .xtask("verify")
        .with(0)
        .says(&["local: no data here is at risk"]);
    project
        .xtask("down")
        .with(0)
        .says(&["1 volume stays with the data", "_redis_data"]);
    project.xtask("verify").with(0);
    project.xtask("up").with(0);
    assert_eq!(project.keys(), "1");
}

#[test]
fn a_renamed_key_is_stopped_and_its_safe_way_works() {
    let Some(project) = redis() else { return };
    project.replace("redis_data:/data", "cache:/data");
    project.replace("  redis_data:", "  cache:");
    let old = format!("name: {}_redis_data", project.name);
    project.stops(&["would start with an empty volume", &old]);
    project.xtask("down").with(0);
    project.stops(&["the files no longer name the volume", &old]);
    project.replace("  cache:", &format!("  cache:\n    {old}"));
    project.xtask("up").with(0);
    assert_eq!(project.keys(), "1");
}

#[test]
fn a_renamed_project_is_stopped_running_and_after_a_down() {
    let Some(project) = redis() else { return };
    project.replace(
        &format!("name: {}", project.name),
        &format!("name: {}-b", project.name),
    );
    let words = [
        "would be made anew, empty",
        "from this folder",
        "_redis_data (now",
    ];
    project.stops(&words);
    project.replace("-b\n", "\n");
    project.xtask("down").with(0);
    project.replace(
        &format!("name: {}", project.name),
        &format!("name: {}-b", project.name),
    );
    project.stops(&[
        "would be made anew, empty",
        "the last up from here was of the project",
    ]);
}

#[test]
fn another_environment_of_the_same_name_is_not_taken_over() {
    let Some(project) = redis() else { return };
    project.machine.write(
        "docker-compose.prod.yml",
        "services: { redis: { restart: 'no' } }\n",
    );
    let words = [
        "local runs here as the same project",
        "cargo xtask down local",
        "name: xtask-living",
    ];
    let before = project.things();
    project.xtask("up prod").with(1).says(&words);
    assert_eq!(project.things(), before);
    project.machine.write(
        "docker-compose.prod.yml",
        format!("name: {}-b\nservices: {{ redis: {{}} }}\n", project.name),
    );
    project.xtask("up prod").with(0).says(&["prod is up"]);
    assert_eq!(project.keys(), "1");
    project.xtask("up local").with(0);
}

#[test]
fn appending_over_a_snapshot_is_stopped_and_its_safe_way_works() {
    let Some(project) = redis() else { return };
    project.replace("--save 3600 1", "--save 3600 1 --appendonly yes");
    project.stops(&[
        "redis would start empty",
        "config set appendonly yes",
        "1 keys",
    ]);
    project.xtask("down").with(0);
    project.stops(&["has a snapshot, dump.rdb"]);
    project.replace(" --appendonly yes", "");
    project.xtask("up").with(0);
    project
        .xtask("compose local -- exec -T redis redis-cli config set appendonly yes")
        .with(0);
    let wait = "for i in 1 2 3 4 5 6 7 8 9; do redis-cli info persistence | grep -q aof_rewrite_in_progress:0 && break; sleep 1; done";
    project
        .run(&[
            "compose", "local", "--", "exec", "-T", "redis", "sh", "-c", wait,
        ])
        .with(0);
    project.replace("--save 3600 1", "--save 3600 1 --appendonly yes");
    project.xtask("up").with(0);
    assert_eq!(project.keys(), "1");
}

#[test]
fn changed_labels_are_stopped() {
    let Some(project) = redis() else { return };
    project.replace(
        "  redis_data:\n",
        "  redis_data:\n    labels: { backup: weekly }\n",
    );
    project.stops(&["offer to destroy the volume", "has no label backup"]);
    // Accepted: Compose's question is answered with no, and nothing is lost.
    project.xtask("up --allow-data-loss").with(0);
    assert_eq!(project.keys(), "1");
}

#[test]
fn an_anonymous_volume_under_a_named_one_is_stopped_and_its_safe_way_works() {
    let anonymous = REDIS
        .replace("    volumes: [redis_data:/data]\n", "")
        .replace("volumes:\n  redis_data:\n", "");
    let Some(project) = Project::of(&["redis:7-alpine"], &anonymous) else {
        return;
    };
    project.xtask("up").with(0);
    project.write_a_key();
    project
        .xtask("down")
        .with(1)
        .says(&["redis keeps /data in a volume without a name"]);
    project.machine.write(
        "docker-compose.yml",
        format!("name: {}\n{REDIS}", project.name),
    );
    project.stops(&["would start without its data", "in an anonymous volume"]);
    let told = project.xtask("up").with(1).stderr;
    let way = told
        .lines()
        .map(str::trim)
        .skip_while(|line| !line.starts_with("To be safe"))
        .skip(1);
    let commands: Vec<_> = way
        .map_while(|line| line.strip_prefix("cargo xtask "))
        .collect();
    assert_eq!(commands.len(), 5, "{told}");
    commands
        .iter()
        .for_each(|command| drop(project.xtask(command).with(0)));
    assert_eq!(project.keys(), "1");
}

#[test]
fn a_renamed_service_is_stopped_while_the_old_one_runs() {
    let Some(project) = redis() else { return };
    project.replace("  redis:\n", "  cache:\n");
    project.stops(&[
        "redis and cache would both write to the volume",
        "--remove-orphans",
    ]);
    project.xtask("up -- --remove-orphans").with(0);
}

#[test]
fn another_major_of_postgres_is_stopped() {
    let text = "services:
  postgres:
    image: postgres:15-alpine
    environment: { POSTGRES_PASSWORD: living-fixture }
    volumes: [postgres_data:/var/lib/postgresql/data]
    healthcheck: { test: pg_isready -h 127.0.0.1 -U postgres, interval: 1s, retries: 60 }
volumes:
  postgres_data:
";
    let Some(project) = Project::of(&["postgres:15-alpine", "postgres:17-alpine"], text) else {
        return;
    };
    project.xtask("up").with(0);
    project.replace("postgres:15-alpine", "postgres:17-alpine");
    let words = ["PostgreSQL 17 does not read the data of 15", "pg_dumpall"];
    project.stops(&words);
    project.xtask("down").with(0);
    project.stops(&words);
    project.replace("postgres:17-alpine", "postgres:15-alpine");
    project.xtask("up").with(0);
}

#[test]
fn one_that_never_gets_healthy_ends_with_its_words() {
    let text = "services:
  redis:
    image: redis:7-alpine
    environment: { TOKEN: living-fixture-token }
    command: redis-server
    healthcheck: { test: 'echo no $$TOKEN; exit 1', interval: 1s, retries: 2 }
";
    let Some(project) = Project::of(&["redis:7-alpine"], text) else {
        return;
    };
    let said = project.xtask("up --wait-timeout 30").with(1).says(&[
        "redis is unhealthy",
        "no ***",
        "local is not up: redis",
    ]);
    assert!(!said.all().contains("living-fixture-token"), "{said}");
    project.replace("    healthcheck", "    x-healthcheck");
    project.replace(
        "command: redis-server",
        "command: sh -c 'sleep 1; echo bye; exit 3'",
    );
    project
        .xtask("up")
        .with(1)
        .says(&["redis ended with exit code 3", "bye"]);
    project.replace("sh -c 'sleep 1; echo bye; exit 3'", "redis-server");
    project.xtask("up").with(0).says(&["runs, unprobed"]);
    project
        .xtask("shell redis -- redis-cli ping")
        .with(0)
        .says(&["PONG"]);
}
