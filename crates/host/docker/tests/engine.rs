//! What containers hold, asked of a stand-in and, where one answers, of a real engine.
//!
//! The part with the real engine is skipped where none answers or `stand-in/redis:7.0` is not built
//! (`.ci/images`); with `COMPOSE_STORIES_REQUIRE_DOCKER=1` that is a failure.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(clippy::disallowed_macros, reason = "a test that is skipped says so")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use docker::engine::container::Status;
use docker::engine::{Contents, Engine, EngineError, Held, Peek};
use docker::{Docker, FailureKind};

use stand_in::{BY_VERB, StandIn, tar};

fn engine(stand_in: &StandIn) -> Engine {
    Engine::through(Docker::at(stand_in.program())).unwrap()
}

/// What is at `/data` of a service with one container that has these mounts.
fn held(mounts: &str, tar: Option<&[u8]>) -> Held {
    let stand_in = StandIn::docker().answers(BY_VERB);
    fs::write(stand_in.file("ps"), "c1\n").unwrap();
    fs::write(stand_in.file("inspect"), mounts).unwrap();
    if let Some(tar) = tar {
        fs::write(stand_in.file("cp"), tar).unwrap();
    }
    engine(&stand_in).data_at("shop", "redis", "/data").unwrap()
}

fn mount(kind: &str, name: &str) -> String {
    format!(
        r#"[{{"Type": "{kind}", "Name": "{name}", "Source": "/srv/redis", "Destination": "/data", "RW": true}}]"#
    )
}

#[test]
fn no_engine_is_none_and_quickly_so() {
    assert!(Engine::through(Docker::at(StandIn::docker().program())).is_none());
    assert!(Engine::through(Docker::at("/nowhere/docker")).is_none());
    let hanging = StandIn::docker().answers("sleep 60");
    let start = Instant::now();
    assert!(Engine::through(Docker::at(hanging.program())).is_none());
    // The patience is 3 s; what hangs, hangs for 60 s.
    assert!(start.elapsed() < Duration::from_secs(20));
    let garbage = StandIn::docker().answers("echo '<html>'");
    assert!(Engine::through(Docker::at(garbage.program())).is_none());
}

#[test]
fn each_kind_of_mount_is_told() {
    assert_eq!(
        held(&mount("volume", "shop_redis"), None),
        Held::NamedVolume("shop_redis".into())
    );
    assert_eq!(
        held(&mount("bind", ""), None),
        Held::Bind("/srv/redis".into())
    );
    assert_eq!(held(&mount("tmpfs", ""), None), Held::Empty);
    assert_eq!(held("[]", None), Held::Empty);
    assert_eq!(held("[]", Some(&tar(""))), Held::Empty);
    let contents = Contents {
        entries: 1,
        bytes: 700,
        at_least: false,
    };
    assert_eq!(held("[]", Some(&tar("dump.rdb"))), Held::Layer(contents));
    let volume = "0a".repeat(32);
    let anonymous = held(&mount("volume", &volume), Some(&tar("dump.rdb")));
    assert!(anonymous.is_at_risk());
    assert_eq!(
        anonymous,
        Held::Anonymous {
            volume: volume.clone(),
            contents
        }
    );
    assert!(!held(&mount("volume", &volume), Some(&tar(""))).is_at_risk());
}

#[test]
fn a_service_without_a_container_holds_nothing() {
    let stand_in = StandIn::docker().answers(BY_VERB);
    fs::write(stand_in.file("ps"), "").unwrap();
    assert_eq!(
        engine(&stand_in).data_at("shop", "redis", "/data").unwrap(),
        Held::NoContainer
    );
    let asked = stand_in.calls().pop().unwrap();
    assert!(
        asked.contains("label=com.docker.compose.project=shop"),
        "{asked}"
    );
    assert!(
        asked.contains("label=com.docker.compose.service=redis"),
        "{asked}"
    );
}

#[test]
fn an_engine_that_refuses_is_quoted() {
    let stand_in = StandIn::docker()
        .answers(r#"[ "$1" = version ] && echo 28.0.0 && exit; echo denied >&2; exit 1"#);
    let error = engine(&stand_in)
        .data_at("shop", "redis", "/data")
        .unwrap_err();
    assert_eq!(error.to_string(), "docker ps: denied");
    let stand_in = StandIn::docker().answers(BY_VERB);
    fs::write(stand_in.file("ps"), "c1\n").unwrap();
    fs::write(stand_in.file("inspect"), "<html>\n").unwrap();
    let error = engine(&stand_in)
        .data_at("shop", "redis", "/data")
        .unwrap_err();
    assert!(
        matches!(
            error,
            EngineError::Garbage {
                asked: "inspect",
                ..
            }
        ),
        "{error}"
    );
}

/// What Engine 20.10 printed about one container.
const INSPECTED: &str =
    include_str!("../../../core/engine-facts/tests/fixtures/inspect-20.10.json");

#[test]
fn a_projects_containers_are_asked_for_at_once() {
    let stand_in = StandIn::docker().answers(BY_VERB);
    fs::write(stand_in.file("ps"), "").unwrap();
    assert!(engine(&stand_in).containers("shop").unwrap().is_empty());
    fs::write(stand_in.file("ps"), "c1\nc2\n").unwrap();
    fs::write(stand_in.file("inspect"), INSPECTED).unwrap();
    let found = engine(&stand_in).containers("shop").unwrap();
    assert_eq!(
        found
            .iter()
            .map(|one| one.service.as_str())
            .collect::<Vec<_>>(),
        ["redis"]
    );
    let calls = stand_in.calls();
    assert!(
        calls[calls.len() - 2].contains("label=com.docker.compose.project=shop"),
        "{calls:?}"
    );
    assert_eq!(calls[calls.len() - 1], "inspect --type container c1 c2");
    fs::write(stand_in.file("inspect"), "<html>\n").unwrap();
    assert!(matches!(
        engine(&stand_in).containers("shop"),
        Err(EngineError::Garbage { .. })
    ));
}

#[test]
fn a_container_that_went_meanwhile_is_left_out() {
    let answer = r#"case "$1" in
version) echo 28.0.0 ;;
ps) printf 'c1\nc2\n' ;;
inspect) cat "$here/inspect"; echo "Error: No such container: c2" >&2; exit 1 ;;
esac"#;
    let stand_in = StandIn::docker().answers(answer);
    fs::write(stand_in.file("inspect"), INSPECTED).unwrap();
    assert_eq!(engine(&stand_in).containers("shop").unwrap().len(), 1);
    fs::write(stand_in.file("inspect"), "[]\n").unwrap();
    assert!(engine(&stand_in).containers("shop").unwrap().is_empty());
}

/// An engine that was there a moment ago: its host's name is not found any more, its socket is
/// gone.
#[test]
fn what_cannot_be_reached_is_not_gone() {
    for words in [
        "error during connect: Get http://h:2375/x: dial tcp: lookup h: no such host",
        "failed to connect to the docker API at unix:///x.sock: dial unix /x.sock: connect: no such file or directory",
    ] {
        let answer = format!(
            r#"[ "$1" = version ] && echo 28.0.0 && exit; [ "$1" = ps ] && echo c1 && exit;
            [ "$1" = inspect ] && echo '[]' && [ "$4" = --format ] && exit; echo "{words}" >&2; exit 1"#
        );
        let stand_in = StandIn::docker().answers(&answer);
        let engine = engine(&stand_in);
        let kind =
            |error: EngineError| assert_eq!(error.kind(), FailureKind::Unreachable, "{error}");
        kind(engine.image("redis:7").unwrap_err());
        kind(engine.remove_volumes(&["shop_data"]).unwrap_err());
        kind(engine.volumes(&["shop_data"]).unwrap_err());
        kind(engine.containers("shop").unwrap_err());
        kind(engine.data_at("shop", "redis", "/data").unwrap_err());
        kind(engine.peek("c1", "/data").unwrap_err());
        kind(engine.remove_project("shop").unwrap_err());
    }
}

#[test]
fn one_that_is_gone_does_not_excuse_another_that_is_in_use() {
    let words = "Error response from daemon: get a: no such volume\nError response from daemon: remove b: volume is in use";
    let answer =
        format!("[ \"$1\" = version ] && echo 28.0.0 && exit; printf '{words}' >&2; exit 1");
    let stand_in = StandIn::docker().answers(&answer);
    assert!(engine(&stand_in).remove_volumes(&["a", "b"]).is_err());
    let answer = answer.replace("remove b: volume is in use", "get b: no such volume");
    let stand_in = StandIn::docker().answers(&answer);
    engine(&stand_in).remove_volumes(&["a", "b"]).unwrap();
}

const IMAGE: &str = "stand-in/redis:7.0";

fn docker(args: &[&str]) -> Option<String> {
    let output = Command::new("docker").args(args).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A container with Compose's labels, removed with its anonymous volumes when the test ends.
struct Container(String);

impl Container {
    fn create(project: &str, options: &[&str]) -> Self {
        let project = format!("com.docker.compose.project={project}");
        let labels = [
            "--label",
            &project,
            "--label",
            "com.docker.compose.service=redis",
        ];
        let id = docker(&[&["create"], &labels[..], options, &[IMAGE]].concat()).unwrap();
        Self(id)
    }

    fn put(&self, target: &str) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "REDIS").unwrap();
        docker(&[
            "cp",
            file.path().to_str().unwrap(),
            &format!("{}:{target}/dump.rdb", self.0),
        ])
        .unwrap();
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        docker(&["rm", "--force", "--volumes", &self.0]);
    }
}

/// The real engine, if it answers and has the image.
fn real_engine() -> Option<Engine> {
    let engine = Engine::find().filter(|_| docker(&["image", "inspect", IMAGE]).is_some());
    if engine.is_none() {
        let reason =
            format!("no Docker engine with the image {IMAGE} answers (.ci/engine, .ci/images)");
        assert!(
            std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_none(),
            "{reason}"
        );
        eprintln!("SKIPPED: {reason}");
    }
    engine
}

#[test]
fn a_real_engine_tells_the_same() {
    let Some(engine) = real_engine() else { return };
    let project = format!("xtask-engine-{}", std::process::id());
    let held = |target: &str| engine.data_at(&project, "redis", target).unwrap();
    assert_eq!(held("/data"), Held::NoContainer);

    let container = Container::create(&project, &[]);
    let Held::Anonymous { contents, .. } = held("/data") else {
        panic!("{:?}", held("/data"))
    };
    assert!(contents.is_empty());
    let [seen] = engine.containers(&project).unwrap().try_into().unwrap();
    assert_eq!(
        (
            seen.service.as_str(),
            seen.state.status,
            seen.state.started_at
        ),
        ("redis", Status::Created, None)
    );
    container.put("/data");
    assert!(
        matches!(held("/data"), Held::Anonymous { contents, .. } if contents.entries == 1 && contents.bytes == 5)
    );
    container.put("/tmp");
    assert!(matches!(held("/tmp"), Held::Layer(contents) if contents.entries == 1));
    assert_eq!(held("/nowhere"), Held::Empty);
    drop(container);

    let named = format!("{project}_data");
    let container = Container::create(
        &project,
        &[
            "--volume",
            &format!("{named}:/data"),
            "--volume",
            "/tmp:/host",
        ],
    );
    assert_eq!(held("/data"), Held::NamedVolume(named.clone()));
    assert_eq!(held("/host"), Held::Bind("/tmp".into()));
    drop(container);
    docker(&["volume", "rm", &named]);
}

#[test]
fn a_volume_is_looked_into_without_its_image() {
    let Some(engine) = real_engine() else { return };
    let volume = format!("xtask-engine-{}_look", std::process::id());
    docker(&["volume", "create", &volume]).unwrap();
    let look = || {
        engine
            .peek_into_volume(&volume, "nowhere/that-is-not-here:1", "")
            .unwrap()
    };
    // The engine lists images of one second in any order.
    let images = || -> BTreeSet<String> {
        let filter = "dangling=true";
        let ids = docker(&["image", "ls", "--all", "--quiet", "--filter", filter]).unwrap();
        ids.lines().map(str::to_owned).collect()
    };
    let before = images();
    assert!(matches!(look(), Peek::Folder(contents) if contents.is_empty()));
    let container = Container::create(&volume, &["--volume", &format!("{volume}:/data")]);
    container.put("/data");
    assert!(matches!(look(), Peek::Folder(contents) if contents.entries == 1));
    assert_eq!(images(), before, "nothing is left behind");
    drop(container);
    docker(&["volume", "rm", &volume]);
}

/// Under the same name and with the same labels, nothing else tells it from the volume before.
#[test]
fn a_volume_that_was_made_anew_is_told_by_its_removal() {
    let Some(engine) = real_engine() else { return };
    let name = format!("xtask-anew-{}", std::process::id());
    docker(&["volume", "create", &name]).unwrap();
    let before = engine.now().unwrap();
    assert!(
        !engine
            .volumes_removed_since(&before)
            .unwrap()
            .contains(&name)
    );
    docker(&["volume", "rm", &name]).unwrap();
    docker(&["volume", "create", &name]).unwrap();
    let removed = engine.volumes_removed_since(&before).unwrap();
    docker(&["volume", "rm", &name]).unwrap();
    assert!(removed.contains(&name), "{removed:?}");
}
