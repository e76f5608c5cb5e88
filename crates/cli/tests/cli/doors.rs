//! Doors through which data goes, on a real engine: each is shut here, and open where `docker
//! compose` is asked itself, which is the control: without it nothing would show that there was a
//! door.

use std::fs;
use std::process::Command;

use crate::living::{Project, REDIS, docker, redis};
use crate::machine::Said;

/// A Redis without a volume of its own: the image's is anonymous.
const NAMELESS: &str = "services:
  redis:
    image: redis:7-alpine
    command: redis-server --save 3600 1
    healthcheck: { test: redis-cli ping | grep -q PONG, interval: 1s, retries: 20 }
  tool:
    image: redis:7-alpine
    command: sleep 300
    profiles: [tools]
    depends_on: [redis]
";

/// Plain docker compose with the project's file: the control.
fn plain(project: &Project, words: &str) {
    let file = project
        .machine
        .root()
        .join("docker-compose.yml")
        .display()
        .to_string();
    let args: Vec<_> = ["compose", "--file", &file]
        .into_iter()
        .chain(words.split(' '))
        .collect();
    assert!(
        docker(&args).is_some(),
        "the control itself: docker {args:?}"
    );
}

fn volumes(project: &Project) -> String {
    docker(&[
        "volume",
        "ls",
        "--quiet",
        "--filter",
        &format!("name={}", project.name),
    ])
    .unwrap()
}

/// The volumes of its Redis.
fn nameless_volumes(project: &Project) -> Vec<String> {
    let format = "{{range .Mounts}}{{.Name}} {{end}}";
    let names = docker(&[
        "inspect",
        "--format",
        format,
        &format!("{}-redis-1", project.name),
    ])
    .unwrap();
    names.split_whitespace().map(str::to_owned).collect()
}

/// Removes what a control left without a container: no label tells whose it is.
fn forget(project: &Project, volumes: &[String]) {
    let held = nameless_volumes(project);
    volumes
        .iter()
        .filter(|volume| !held.contains(volume))
        .for_each(|volume| drop(docker(&["volume", "rm", volume])));
}

fn nameless() -> Option<Project> {
    let project = Project::of(&["redis:7-alpine"], NAMELESS)?;
    project.xtask("up").with(0);
    project.write_a_key();
    Some(project)
}

#[test]
fn no_flag_of_down_takes_the_volumes_along() {
    let Some(project) = redis() else { return };
    for words in [
        "down -- --volume",
        "down -- -vt 1",
        "compose local -- down --volume",
        "compose local -- --ansi never --profile x down -t1 --volumes=true",
        "compose local -- rm -sfv",
    ] {
        project
            .xtask(words)
            .with(2)
            .says(&["deletes the volumes", "nothing was done"]);
    }
    assert_eq!(project.keys(), "1");
    plain(&project, "down --timeout 1 --volume");
    assert_eq!(volumes(&project), "", "the control");
}

#[test]
fn up_behind_compose_is_looked_at_too() {
    let Some(project) = redis() else { return };
    project.replace("redis_data:/data", "cache:/data");
    project.replace("  redis_data:", "  cache:");
    for words in [
        "up -d",
        "--ansi never up -dt1",
        "create",
        "run --rm redis true",
        "scale redis=1",
        "up -d redis",
    ] {
        let words: Vec<_> = ["compose", "local", "--"]
            .into_iter()
            .chain(words.split(' '))
            .collect();
        project
            .run(&words)
            .with(1)
            .says(&["data first", "would start with an empty volume"]);
    }
    assert_eq!(project.keys(), "1");
    plain(&project, "up --detach --wait");
    assert_eq!(project.keys(), "0", "the control");
}

#[test]
fn a_changed_label_costs_no_volume() {
    let Some(project) = redis() else { return };
    project.replace(
        "  redis_data:\n",
        "  redis_data:\n    labels: { backup: weekly }\n",
    );
    let typed = "cargo xtask compose local --allow-data-loss -- up -d redis";
    project
        .xtask("compose local -- up -d redis")
        .with(1)
        .says(&["offer to destroy the volume", "(answer no)", typed]);
    let typed = "cargo xtask up local --allow-data-loss -- --no-deps redis";
    project
        .xtask("up -- --no-deps redis")
        .with(1)
        .says(&[typed]);
    let said = project.xtask("up").with(1).says(&["it answers no"]);
    assert_eq!(
        said.stderr.matches("--allow-data-loss").count(),
        1,
        "one command, one promise: {said}"
    );
    for verb in [
        "run --no-deps --rm -T redis true",
        "--version run --no-deps --rm -T redis true",
    ] {
        project
            .xtask(&format!("compose local -- {verb}"))
            .with(1)
            .says(&["offer to destroy the volume"]);
    }
    project
        .xtask("compose local -- up -d -y")
        .with(2)
        .says(&["destroy volumes whose labels have changed"]);
    assert_eq!(project.keys(), "1");
    plain(&project, "up --detach --wait --yes");
    assert_eq!(project.keys(), "0", "the control");
}

#[test]
fn volumes_without_a_name_are_not_renewed() {
    let Some(project) = nameless() else { return };
    let old = nameless_volumes(&project);
    project
        .xtask("up -- -V")
        .with(2)
        .says(&["a new, empty one"]);
    project
        .xtask("compose local -- up -d --renew-anon-volumes")
        .with(2);
    assert_eq!(project.keys(), "1");
    plain(&project, "up --detach --wait -V --force-recreate");
    assert_eq!(project.keys(), "0", "the control");
    forget(&project, &old);
}

#[test]
fn run_and_scale_hand_no_volumes_on() {
    let Some(project) = nameless() else { return };
    let old = nameless_volumes(&project);
    project
        .xtask("compose local -- --profile tools run --rm -T tool redis-cli --version")
        .with(0);
    project.replace("--save 3600 1", "--save 3600 2");
    let words = [
        "data first",
        "redis keeps /data in a volume without a name",
        "cargo xtask up local",
    ];
    project
        .xtask("compose local -- --profile tools run --rm -T tool redis-cli --version")
        .with(1)
        .says(&words);
    project
        .xtask("compose local -- scale redis=1")
        .with(1)
        .says(&words);
    project
        .xtask("compose local -- --profile tools run --rm -T --no-deps tool redis-cli --version")
        .with(0);
    assert_eq!(project.keys(), "1");
    project.xtask("up").with(0);
    assert_eq!(project.keys(), "1", "up hands them on");
    project.replace("--save 3600 2", "--save 3600 3");
    plain(
        &project,
        "--profile tools run --rm -T tool redis-cli --version",
    );
    assert_eq!(project.keys(), "0", "the control");
    forget(&project, &old);
}

#[test]
fn none_is_one_too_few() {
    let Some(project) = nameless() else { return };
    let old = nameless_volumes(&project);
    let words = ["data first", "redis keeps /data in a volume without a name"];
    project
        .xtask("compose local -- scale redis=0")
        .with(1)
        .says(&words);
    project.xtask("up -- --scale redis=0").with(1).says(&words);
    project.replace(
        "    command: redis-server --save",
        "    scale: 0\n    command: redis-server --save",
    );
    project.xtask("up").with(1).says(&words);
    assert_eq!(project.keys(), "1");
    plain(&project, "up --detach --wait");
    project.replace("    scale: 0\n", "");
    plain(&project, "up --detach --wait");
    assert_eq!(project.keys(), "0", "the control");
    forget(&project, &old);
}

#[test]
fn an_orphan_that_holds_data_stays() {
    let Some(project) = nameless() else { return };
    let text = project
        .machine
        .read("docker-compose.yml")
        .replace("  redis:\n", "  cache:\n")
        .replace("[redis]", "[cache]");
    let (file, old) = (
        project.machine.read("docker-compose.yml"),
        nameless_volumes(&project),
    );
    project.machine.write("docker-compose.yml", text);
    let words = ["data first", "redis keeps /data in a volume without a name"];
    project.xtask("up -- --remove-orphans").with(1).says(&words);
    project
        .xtask("compose local -- up -d --remove-orphans")
        .with(1)
        .says(&words);
    project
        .xtask("compose local -- kill --remove-orphans cache")
        .with(1)
        .says(&words);
    project
        .machine
        .write(".env", "COMPOSE_REMOVE_ORPHANS=true\n");
    project.xtask("up").with(1).says(&words);
    project.machine.remove(".env");
    assert_eq!(project.keys(), "1");
    plain(&project, "up --detach --wait --remove-orphans");
    project.machine.write("docker-compose.yml", file);
    plain(&project, "up --detach --wait");
    assert_eq!(project.keys(), "0", "the control");
    forget(&project, &old);
}

#[test]
fn what_lies_in_a_container_s_own_layer_stays() {
    let Some(project) = redis() else { return };
    let container = format!("{}-redis-1", project.name);
    let notes = || docker(&["exec", &container, "cat", "/srv/own/notes"]);
    docker(&[
        "exec",
        &container,
        "sh",
        "-c",
        "mkdir -p /srv/own && echo kept > /srv/own/notes",
    ])
    .unwrap();
    let words = ["data first", "redis keeps /srv/own/notes in its own layer"];
    project.xtask("down").with(1).says(&words);
    project
        .xtask("compose local -- down -t 1")
        .with(1)
        .says(&words);
    project
        .xtask("compose local -- rm -sf")
        .with(1)
        .says(&words);
    for before in ["-v", "--version", "--version=false", "--help=false"] {
        project
            .xtask(&format!("compose local -- {before} down -t 1"))
            .with(1)
            .says(&words);
    }
    assert_eq!(notes().as_deref(), Some("kept"));
    plain(&project, "down --timeout 1");
    plain(&project, "up --detach --wait");
    assert_eq!(notes(), None, "the control");
}

#[test]
fn another_image_under_the_same_name_is_seen() {
    let image = format!("xtask-doors-img-{}:1", std::process::id());
    let text = format!(
        "services:\n  web: {{ image: \"{image}\", command: sleep 300, init: true }}\n  \
         tool: {{ image: redis:7-alpine, command: sleep 300, init: true, profiles: [tools] }}\n"
    );
    let Some(project) = Project::of(&["redis:7-alpine", "redis:6.2.13-alpine"], &text) else {
        return;
    };
    docker(&["tag", "redis:7-alpine", &image]).unwrap();
    project
        .xtask("compose local -- --profile tools up -d")
        .with(0);
    let inside = |service: &str, script: &str| {
        docker(&[
            "exec",
            &format!("{}-{service}-1", project.name),
            "sh",
            "-c",
            script,
        ])
    };
    for service in ["web", "tool"] {
        inside(service, "mkdir -p /srv/data && echo kept > /srv/data/x.db").unwrap();
    }
    // What no active profile starts is not touched, so it is in nobody's way.
    project.replace(
        "redis:7-alpine, command: sleep 300",
        "redis:7-alpine, command: sleep 301",
    );
    project.xtask("up").with(0);
    let words = ["data first", "tool keeps /srv/data/x.db in its own layer"];
    project
        .xtask("compose local -- --profile tools up -d")
        .with(1)
        .says(&words);
    let words = ["data first", "web keeps /srv/data/x.db in its own layer"];
    project
        .xtask("compose local -- up -d --pull always")
        .with(1)
        .says(&words);
    docker(&["tag", "redis:6.2.13-alpine", &image]).unwrap();
    project.xtask("up").with(1).says(&words);
    project.xtask("compose local -- up -d").with(1).says(&words);
    assert_eq!(inside("web", "cat /srv/data/x.db").as_deref(), Some("kept"));
    plain(&project, "up --detach --wait");
    assert_eq!(inside("web", "cat /srv/data/x.db"), None, "the control");
    plain(&project, "down --timeout 0");
    docker(&["rmi", &image]).unwrap();
}

#[test]
fn what_no_active_profile_starts_is_in_nobodys_way() {
    let text = "services:
  web: { image: redis:7-alpine, command: sleep 300, init: true }
  tool: { image: redis:7-alpine, command: sleep 300, init: true, profiles: [tools], volumes: [files:/srv] }
volumes:
  files: {}
";
    let Some(project) = Project::of(&["redis:7-alpine"], text) else {
        return;
    };
    project
        .xtask("compose local -- --profile tools up -d")
        .with(0);
    let tool = format!("{}-tool-1", project.name);
    let notes = || docker(&["exec", &tool, "cat", "/srv/notes"]);
    docker(&["exec", &tool, "sh", "-c", "echo kept > /srv/notes"]).unwrap();
    let changes = [
        (
            "files: {}",
            "files: { labels: { backup: weekly } }",
            "offer to destroy the volume",
        ),
        (
            "[files:/srv]",
            "[other:/srv]",
            "would start with an empty volume",
        ),
    ];
    for (from, to, words) in changes {
        project.replace(from, to);
        if to.starts_with('[') {
            project.replace("  files: {", "  other: {");
        }
        project.xtask("up").with(0);
        project.xtask("up -- web").with(0);
        for reached in [
            "--profile tools up -d",
            "up -d tool",
            "run --rm -T tool true",
        ] {
            project
                .xtask(&format!("compose local -- {reached}"))
                .with(1)
                .says(&["data first", words]);
        }
        project.machine.write(".env", "COMPOSE_PROFILES=tools\n");
        project.xtask("up").with(1).says(&["data first", words]);
        project.machine.remove(".env");
    }
    assert_eq!(notes().as_deref(), Some("kept"));
    plain(&project, "--profile tools up --detach");
    assert_eq!(notes(), None, "the control");
}

#[test]
fn who_joins_another_container_is_not_changed_by_that() {
    let text = "services:
  web: { image: redis:7-alpine, command: sleep 300, init: true, ipc: shareable, volumes: [/srv/of-web] }
  net: { image: redis:7-alpine, command: sleep 300, init: true, network_mode: 'service:web' }
  memory: { image: redis:7-alpine, command: sleep 300, init: true, ipc: 'service:web', pid: 'service:net' }
  files: { image: redis:7-alpine, command: sleep 300, init: true, volumes_from: ['web:ro'] }
";
    let Some(project) = Project::of(&["redis:7-alpine"], text) else {
        return;
    };
    project.xtask("up").with(0);
    let container = |service: &str| format!("{}-{service}-1", project.name);
    let id = |service: &str| docker(&["inspect", "--format", "{{.Id}}", &container(service)]);
    for service in ["net", "memory", "files"] {
        let script = "mkdir -p /srv/data && echo kept > /srv/data/x.db";
        docker(&["exec", &container(service), "sh", "-c", script]).unwrap();
    }
    let before = ["net", "memory", "files"].map(id);
    project.xtask("up").with(0);
    assert_eq!(["net", "memory", "files"].map(id), before);
    // What is changed itself is seen all the same, and who joins one that is changed.
    project.replace(
        "sleep 300, init: true, network_mode",
        "sleep 301, init: true, network_mode",
    );
    let words = ["net keeps /srv/data/x.db", "memory keeps /srv/data/x.db"];
    let said = project.xtask("up").with(1).says(&words);
    assert!(!said.stderr.contains("files keeps"), "{said}");
    plain(&project, "up --detach --wait");
    let after = ["net", "memory", "files"].map(id);
    assert!(
        after[0] != before[0] && after[1] != before[1] && after[2] == before[2],
        "the control"
    );
}

#[test]
fn a_project_of_the_shell_is_not_taken_down() {
    let (Some(own), Some(other)) = (redis(), redis()) else {
        return;
    };
    let in_shell = |project: &Project, words: &str| {
        let words: Vec<_> = words.split(' ').collect();
        let mut command = project.machine.command(&words);
        command.envs(std::env::vars_os().filter(|(name, _)| {
            name.to_str()
                .is_some_and(|name| name.starts_with("DOCKER_"))
        }));
        command
            .env("COMPOSE_STORIES_DOCKER", "docker")
            .env("COMPOSE_PROJECT_NAME", &other.name);
        Said::of(command.output().unwrap())
    };
    in_shell(&own, "up").with(0).says(&["not taken", &own.name]);
    in_shell(&own, "down").with(0).says(&[
        "not taken",
        "1 volume stays",
        &format!("{}_redis_data", own.name),
    ]);
    let runs = |project: &Project| {
        let filter = format!("label=com.docker.compose.project={}", project.name);
        docker(&["ps", "--quiet", "--filter", &filter]).is_some_and(|ids| !ids.is_empty())
    };
    assert!(runs(&other) && !runs(&own));
    let file = own.machine.root().join("docker-compose.yml");
    let mut control = Command::new("docker");
    control
        .args(["compose", "--file"])
        .arg(file)
        .args(["down", "--timeout", "1"])
        .env("COMPOSE_PROJECT_NAME", &other.name);
    assert!(control.output().unwrap().status.success());
    assert!(!runs(&other), "the control");
}

#[test]
fn a_second_clone_takes_no_running_stack_over() {
    let Some(project) = redis() else { return };
    let clone = project.machine.folder().join("clone");
    fs::create_dir(&clone).unwrap();
    let text = project
        .machine
        .read("docker-compose.yml")
        .replace("--save 3600 1", "--save 3600 2");
    fs::write(clone.join("docker-compose.yml"), text).unwrap();
    let root = clone.display().to_string();
    let id = || {
        docker(&[
            "inspect",
            "--format",
            "{{.Id}}",
            &format!("{}-redis-1", project.name),
        ])
    };
    let before = id();
    let first = project
        .machine
        .root()
        .canonicalize()
        .unwrap()
        .display()
        .to_string();
    let words = [
        "another checkout has containers here",
        &first,
        "cargo xtask down --root",
    ];
    for verb in [&["up"][..], &["down"], &["compose", "local"]] {
        let words_typed = [verb, &["--root", &root]].concat();
        let behind = if verb[0] == "compose" {
            &["--", "up", "-d"][..]
        } else {
            &[]
        };
        project
            .run(&[&words_typed, behind].concat())
            .with(1)
            .says(&words);
    }
    for words_typed in [
        &["restart", "local", "--root", &root][..],
        &["compose", "local", "--root", &root, "--", "stop", "-t", "0"],
        &["compose", "local", "--root", &root, "--", "kill"],
        &["compose", "local", "--root", &root, "--", "restart"],
        &[
            "compose",
            "local",
            "--root",
            &root,
            "--",
            "exec",
            "-T",
            "redis",
            "redis-cli",
            "flushall",
        ],
        &[
            "compose",
            "local",
            "--root",
            &root,
            "--",
            "cp",
            "redis:/data",
            "copy",
        ],
        &["compose", "local", "--root", &root, "--", "export", "redis"],
        &[
            "shell",
            "redis",
            "--root",
            &root,
            "--",
            "redis-cli",
            "flushall",
        ],
    ] {
        project
            .run(words_typed)
            .with(1)
            .says(&words)
            .says(&["would act on those containers"]);
    }
    for words_typed in [
        &["logs", "local", "--root", &root][..],
        &["ps", "local", "--root", &root],
        &["compose", "local", "--root", &root, "--", "logs", "redis"],
        &[
            "compose", "local", "--root", &root, "--", "port", "redis", "6379",
        ],
    ] {
        project.run(words_typed).says(&["another checkout", &first]);
    }
    for words in [
        "logs local",
        "ps local",
        "compose local -- top",
        "shell redis -- redis-cli ping",
    ] {
        let said = project.xtask(words).with(0);
        assert!(!said.stderr.contains("another checkout"), "{said}");
    }
    assert_eq!(id(), before);
    assert_eq!(project.keys(), "1", "it runs");
    assert!(
        docker(&[
            "compose",
            "--file",
            &format!("{root}/docker-compose.yml"),
            "up",
            "--detach",
            "--wait"
        ])
        .is_some()
    );
    assert_ne!(id(), before, "the control");
    // From there it is ours no more, and is taken back on purpose alone.
    project
        .xtask("up")
        .with(1)
        .says(&["another checkout has containers here", &root]);
    project.xtask("up --allow-data-loss").with(0);
}

#[test]
fn an_image_of_ones_own_is_not_asked_for() {
    let image = format!("xtask-doors-own-{}/web:dev", std::process::id());
    let text = format!(
        "services:\n  web: {{ image: '{image}', build: ., command: sleep 300, init: true, network_mode: none }}\n"
    );
    let Some(project) = Project::of(&["redis:7-alpine"], &text) else {
        return;
    };
    project.machine.write("Dockerfile", "FROM redis:7-alpine\n");
    let said = project.xtask("up").with(0);
    assert!(!said.all().contains("Pulling"), "{said}");
    project.xtask("down").with(0);
    docker(&["image", "rm", &image]).unwrap();
    let file = project.machine.root().join("docker-compose.yml");
    let control = Command::new("docker")
        .args(["compose", "--file"])
        .arg(file)
        .args(["up", "--detach"])
        .output()
        .unwrap();
    docker(&[
        "compose",
        "--project-name",
        &project.name,
        "down",
        "--timeout",
        "1",
    ]);
    docker(&["image", "rm", &image]);
    assert!(
        String::from_utf8_lossy(&control.stderr).contains("Pulling"),
        "the control: {control:?}"
    );
}

/// Sentence S1 on a real engine.
#[test]
fn up_shows_who_waits_for_whom() {
    let text = REDIS.replace("interval: 1s", "interval: 4s").replace(
        "volumes:\n  redis_data:\n",
        "  web: { image: 'redis:7-alpine', command: sleep 300, init: true, volumes: [redis_data:/data],
         depends_on: { redis: { condition: service_healthy } } }\nvolumes:\n  redis_data:\n",
    );
    let Some(project) = Project::of(&["redis:7-alpine"], &text) else {
        return;
    };
    let said = project.xtask("up").with(0).says(&["local is up"]);
    assert_eq!(
        said.stderr
            .matches("web waits until redis is healthy\n")
            .count(),
        1,
        "{said}"
    );
    assert!(
        !said.all().contains("Container"),
        "Compose's own progress is not repeated: {said}"
    );
}
