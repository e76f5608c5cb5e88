//! Scenes on an engine: a stand-in for docker, with a stack of one service.

use std::fs;

use super::scenes::{Scene, rejecting_all, scene};
use crate::machine::Machine;
use crate::stand_in::tar;

/// What starts, stops and shows containers, and what is at stake.
pub const STACK: &[Scene] = &[
    scene("up", running, &["up"]),
    scene("up-ended", ended, &["up"]),
    scene("up-rejected", rejecting_all, &["up"]),
    scene("up-without-engine", Machine::with_shop, &["up"]),
    scene("up-lacking-env-file", lacking_env_file, &["up", "prod"]),
    scene("up-data", covering_data, &["up"]),
    scene("up-in-use", taken, &["up"]),
    scene("down", running, &["down"]),
    scene("down-data", keeping_data, &["down"]),
    scene("down-failed", failing, &["down"]),
    scene("restart", running, &["restart"]),
    scene("restart-nothing", empty, &["restart"]),
    scene("ps", listed, &["ps"]),
    scene("ps-failed", failing, &["ps"]),
    scene(
        "compose-refused",
        running,
        &["compose", "local", "--", "down", "--volumes"],
    ),
    scene(
        "compose-data",
        covering_data,
        &["compose", "local", "--", "create"],
    ),
    scene("facts", covering_data, &["facts"]),
    scene("facts-judged", known, &["facts", "--judge", "facts.json"]),
];

/// An engine that takes whatever `docker compose` says, with a container of `frontend`.
const ENGINE: &str = r#"
case "$1" in
version) echo 28.0.0 ;;
compose)
    if [ -e "$here/composed" ]; then cat "$here/composed"; fi
    if [ -e "$here/problem" ]; then cat "$here/problem" >&2; exit 7; fi ;;
ps) echo c0ffee ;;
inspect) cat "$here/inspect" ;;
diff) ;;
logs) echo "cannot reach fixture-api-token" ;;
volume) ;;
cp) [ -e "$here/cp" ] && exec cat "$here/cp"; echo "Error: Could not find the file in container" >&2; exit 1 ;;
info) echo 2026-01-01T00:00:00Z ;;
events) ;;
*) echo "this stand-in does not know $1" >&2; exit 1 ;;
esac"#;

/// The container of a stack with one service, in pieces of what docker tells of it.
#[derive(Default)]
struct Container<'c> {
    state: &'c str,
    /// Behind the state.
    health: &'c str,
    mounts: &'c str,
    /// Behind the other labels.
    labels: &'c str,
}

/// A stack with one service; `volumes` stands behind what else it says.
fn stack(container: &Container<'_>, volumes: &str) -> Machine {
    let Container {
        state,
        health,
        mounts,
        labels,
    } = container;
    let machine = Machine::with_shop();
    machine.replace("docker-compose.yml", "services:", "name: shop\nservices:");
    fs::write(machine.docker.file("answer"), ENGINE).unwrap();
    let ports =
        r#"[{"published": "8080", "target": 80, "protocol": "tcp", "host_ip": "127.0.0.1"}]"#;
    machine.compose_answers(&format!(
        r#"echo '{{"name": "shop", "services": {{"frontend": {{"image": "x", "ports": {ports}{volumes}}}}}}}'"#
    ));
    let never = "0001-01-01T00:00:00Z";
    let text = format!(
        r#"[{{"Id": "c0ffee", "Name": "/shop-frontend-1", "Image": "sha256:1", "RestartCount": 0, "Mounts": [{mounts}],
            "State": {{"Status": "{state}", "ExitCode": 3, "StartedAt": "{never}", "FinishedAt": "{never}"{health}}},
            "Config": {{"Image": "x", "Labels": {{"com.docker.compose.project": "shop",
                "com.docker.compose.service": "frontend"{labels}}}}}}}]"#
    );
    fs::write(machine.docker.file("inspect"), text).unwrap();
    machine
}

const HEALTHY: &str = r#", "Health": {"Status": "healthy", "Log": []}"#;

pub(super) fn running() -> Machine {
    let container = Container {
        state: "running",
        health: HEALTHY,
        ..Container::default()
    };
    stack(&container, "")
}

fn ended() -> Machine {
    let container = Container {
        state: "exited",
        ..Container::default()
    };
    stack(&container, "")
}

/// An engine on which there is no container.
fn empty() -> Machine {
    let machine = running();
    let answer = ENGINE.replace("ps) echo c0ffee ;;", "ps) ;;");
    fs::write(machine.docker.file("answer"), answer).unwrap();
    machine
}

/// Where another checkout's containers run as the same project.
fn taken() -> Machine {
    let container = Container {
        state: "running",
        health: HEALTHY,
        labels: r#", "com.docker.compose.project.working_dir": "/usr""#,
        ..Container::default()
    };
    stack(&container, "")
}

/// Where docker compose lists a container.
fn listed() -> Machine {
    let machine = running();
    let container = r#"{"ID":"c0ffee","Service":"frontend","State":"running"}"#;
    fs::write(machine.docker.file("composed"), format!("{container}\n")).unwrap();
    machine
}

/// Where docker compose fails.
fn failing() -> Machine {
    let machine = running();
    fs::write(
        machine.docker.file("problem"),
        "no fixture-api-token here\n",
    )
    .unwrap();
    machine
}

fn lacking_env_file() -> Machine {
    let machine = running();
    machine.remove(".env.prod");
    machine.replace(
        "docker-compose.prod.yml",
        "services:",
        "services:\n  more: { image: x, env_file: .env.prod }",
    );
    machine
}

/// A volume without a name, with data in it.
fn nameless() -> String {
    let name = "0a".repeat(32);
    format!(r#"{{"Type": "volume", "Name": "{name}", "Destination": "/data", "RW": true}}"#)
}

/// Where `down` would leave such a volume behind.
fn keeping_data() -> Machine {
    let container = Container {
        state: "running",
        mounts: &nameless(),
        ..Container::default()
    };
    let machine = stack(&container, "");
    fs::write(machine.docker.file("cp"), tar("dump.rdb")).unwrap();
    machine
}

/// Where `up` would cover it with a new one.
fn covering_data() -> Machine {
    let container = Container {
        state: "running",
        mounts: &nameless(),
        ..Container::default()
    };
    let wanted = r#", "volumes": [{"type": "volume", "source": "data", "target": "/data"}]"#;
    let machine = stack(&container, wanted);
    fs::write(machine.docker.file("cp"), tar("dump.rdb")).unwrap();
    machine
}

/// The same, its facts in a file.
fn known() -> Machine {
    let machine = covering_data();
    let facts = machine.xtask(&["facts", "--format", "json"]).with(0).stdout;
    machine.write("facts.json", facts);
    machine
}
