//! Each rule by models as Compose says them, and what is right beside each.

use compose_model::ResolvedModel;
use diagnostics::{Location, Severity};
use serde_json::{Value, json};

use crate::rules::health_check::cannot_fail;
use crate::{Subject, Written, look};

mod exposure;

/// The rules that find something, each with how bad it is and what about.
fn found(services: Value, volumes: Value) -> Vec<(String, Severity, String)> {
    let json = json!({ "name": "shop", "services": services, "volumes": volumes });
    found_in("local", &json)
}

fn found_in(environment: &str, json: &Value) -> Vec<(String, Severity, String)> {
    let model = ResolvedModel::from_compose_json(json);
    let at = |path: &[&str]| Location::parse(&format!("{}:1:1", path.join("/")));
    // As files have them: what Compose answers has no variables.
    let texts = |path: &[&str]| {
        let pointer = format!("/{}", path.join("/"));
        let entries = json.pointer(&pointer).and_then(Value::as_object);
        let texts = entries.into_iter().flat_map(|entries| entries.values());
        let written = |text: &Value| Written {
            text: text.as_str().unwrap_or_default().to_owned(),
            at: at(path),
        };
        texts.map(written).collect()
    };
    let subject = Subject {
        environment,
        model: &model,
        at: &at,
        texts: &texts,
    };
    let mut found: Vec<_> = look(&subject)
        .into_iter()
        .map(|one| (one.rule, one.severity, one.subject))
        .collect();
    found.sort();
    found
}

fn volume(source: &str, target: &str) -> Value {
    json!({ "type": "volume", "source": source, "target": target })
}

fn one(rule: &str, severity: Severity, subject: &str) -> Vec<(String, Severity, String)> {
    vec![(rule.to_owned(), severity, subject.to_owned())]
}

#[test]
fn a_sound_stack_has_nothing() {
    let services = json!({
        "db": {
            "image": "postgres:17", "volumes": [volume("pg", "/var/lib/postgresql/data")],
            "healthcheck": { "test": ["CMD-SHELL", "pg_isready --quiet"] },
        },
        "cache": { "image": "redis:7", "volumes": [volume("redis", "/data")] },
        "web": { "image": "nginx:1.29", "tmpfs": ["/tmp"] },
    });
    assert_eq!(found(services, json!({ "pg": {}, "redis": {} })), []);
}

#[test]
fn data_is_looked_for_where_the_server_keeps_it() {
    let outside = |subject| one("data-outside-volumes", Severity::Warning, subject);
    for (service, is_found) in [
        (json!({ "image": "redis:7" }), true),
        (
            json!({ "image": "redis:7", "volumes": [volume("v", "/var/lib/redis")] }),
            true,
        ),
        (
            json!({ "image": "redis:7", "volumes": [{ "type": "volume", "target": "/data" }] }),
            true,
        ),
        (
            json!({ "image": "redis:7", "volumes": [volume("v", "/data")] }),
            false,
        ),
        (
            json!({ "image": "redis:7", "command": ["redis-server", "--dir", "/tmp/x"], "volumes": [volume("v", "/data")] }),
            true,
        ),
        (
            json!({ "image": "redis:7", "command": ["redis-server", "--dir=/data/x"], "volumes": [volume("v", "/data")] }),
            false,
        ),
        (
            json!({ "image": "postgres:17", "environment": { "PGDATA": "/pg" }, "volumes": [volume("v", "/var/lib/postgresql/data")] }),
            true,
        ),
        (
            json!({ "image": "postgres:18", "volumes": [volume("v", "/var/lib/postgresql")] }),
            false,
        ),
        (
            json!({ "image": "mongo:8", "volumes": [volume("v", "/data/db")] }),
            false,
        ),
        // Another program of the image, and what somebody else mounts.
        (
            json!({ "image": "postgres:17", "command": ["pg_dump", "shop"] }),
            false,
        ),
        (
            json!({ "image": "postgres:17", "entrypoint": ["sleep", "9"] }),
            false,
        ),
        (json!({ "image": "redis:7", "volumes_from": ["db"] }), false),
        // What is told to keep nothing.
        (
            json!({ "image": "redis:7", "command": ["redis-server", "--save", "", "--appendonly", "no"] }),
            false,
        ),
        (
            json!({ "image": "valkey/valkey:8", "command": ["valkey-server", "--save", ""], "tmpfs": ["/data"] }),
            false,
        ),
        (
            json!({ "image": "redis:7", "command": ["redis-server", "--save", "", "--appendonly", "yes"] }),
            true,
        ),
        (
            json!({ "image": "redis:7", "command": ["redis-server", "--appendonly", "no"] }),
            true,
        ),
        (
            json!({ "image": "valkey/valkey:8", "command": ["sh", "-c", "valkey-server --save \"\" --appendonly no --requirepass $P"] }),
            false,
        ),
        // What says it is not read here.
        (
            json!({ "image": "redis:7", "command": ["redis-server", "/etc/redis.conf"] }),
            false,
        ),
        (
            json!({ "image": "redis:7", "command": ["sh", "-c", "exec redis-server --dir /x"] }),
            false,
        ),
        (json!({ "image": "ghcr.io/team/api" }), false),
    ] {
        let wanted = if is_found {
            outside("services.x.volumes")
        } else {
            vec![]
        };
        assert_eq!(
            found(json!({ "x": service }), json!({ "v": {} })),
            wanted,
            "{service}"
        );
    }
}

#[test]
fn memory_over_data_is_told_and_memory_beside_it_is_not() {
    let memory = |key| {
        one(
            "data-in-memory",
            Severity::Warning,
            &format!("services.x.{key}"),
        )
    };
    let tmpfs = json!({ "type": "tmpfs", "target": "/data" });
    for (service, wanted) in [
        (
            json!({ "image": "redis:7", "tmpfs": ["/data:size=1m"] }),
            memory("tmpfs"),
        ),
        (
            json!({ "image": "redis:7", "volumes": [tmpfs] }),
            memory("tmpfs"),
        ),
        (
            json!({ "image": "redis:7", "volumes": [{ "type": "bind", "source": "/dev/shm/x", "target": "/data" }] }),
            memory("volumes"),
        ),
        (
            json!({ "image": "redis:7", "volumes": [volume("v", "/data")], "tmpfs": ["/tmp"] }),
            vec![],
        ),
        // The innermost counts.
        (
            json!({ "image": "mongo:8", "volumes": [volume("v", "/data/db")], "tmpfs": ["/data"] }),
            vec![],
        ),
    ] {
        assert_eq!(
            found(json!({ "x": service }), json!({ "v": {} })),
            wanted,
            "{service}"
        );
    }
}

#[test]
fn a_volume_may_be_memory_itself() {
    let services = json!({ "x": { "image": "redis:7", "volumes": [volume("v", "/data")] } });
    let wanted = one(
        "volume-in-memory",
        Severity::Warning,
        "volumes.v.driver_opts.type",
    );
    let memory = json!({ "v": { "driver": "local", "driver_opts": { "type": "tmpfs", "device": "tmpfs" } } });
    assert_eq!(found(services.clone(), memory), wanted);
    let folder =
        json!({ "v": { "driver_opts": { "type": "none", "o": "bind", "device": "/srv" } } });
    assert_eq!(found(services, folder), []);
}

#[test]
fn two_servers_in_one_folder_are_an_error() {
    let volumes = json!({ "v": {}, "w": { "name": "shop_v" } });
    let cache = |key: &str| json!({ "image": "redis:7", "volumes": [volume(key, "/data")] });
    let shared = one("shared-data-folder", Severity::Error, "services.b.volumes");
    for (a, b, is_found) in [
        (cache("v"), cache("v"), true),
        // By the real name, whatever the key.
        (cache("v"), cache("w"), true),
        (
            cache("v"),
            json!({ "image": "postgres:17", "volumes": [volume("v", "/var/lib/postgresql/data")] }),
            true,
        ),
        // Folders of their own in one volume.
        (
            json!({ "image": "redis:7", "command": ["--dir", "/all/redis"], "volumes": [volume("v", "/all")] }),
            json!({ "image": "postgres:17", "environment": { "PGDATA": "/all/pg" }, "volumes": [volume("v", "/all")] }),
            false,
        ),
        // A reader, a dump, a turn that is taken.
        (
            cache("v"),
            json!({ "image": "redis:7", "volumes": [{ "type": "volume", "source": "v", "target": "/data", "read_only": true }] }),
            false,
        ),
        (
            cache("v"),
            json!({ "image": "redis:7", "command": ["redis-cli", "--rdb"], "volumes": [volume("v", "/data")] }),
            false,
        ),
        (
            cache("v"),
            json!({ "image": "redis:7", "profiles": ["old"], "volumes": [volume("v", "/data")] }),
            false,
        ),
        (
            cache("v"),
            json!({ "image": "redis:7", "volumes": [volume("other", "/data")] }),
            false,
        ),
    ] {
        let services = json!({ "a": a, "b": b });
        let wanted = if is_found { shared.clone() } else { vec![] };
        assert_eq!(
            found(services.clone(), volumes.clone()),
            wanted,
            "{services}"
        );
    }
    let many =
        json!({ "b": { "image": "redis:7", "scale": 3, "volumes": [volume("v", "/data")] } });
    assert_eq!(found(many, volumes), shared);
}

#[test]
fn a_check_that_cannot_fail_is_known_by_its_last_command() {
    for script in [
        "true",
        "exit 0",
        ":",
        "echo ok",
        "pg_isready || true",
        "pg_isready || exit 0",
        "curl -f localhost; exit 0",
        "curl -f localhost\ntrue\n",
        "redis-cli ping; echo done;",
        "redis-cli ping >/dev/null 2>&1 || echo down",
    ] {
        assert!(cannot_fail(&["CMD-SHELL", script]), "{script}");
        assert!(cannot_fail(&["CMD", "/bin/sh", "-c", script]), "{script}");
    }
    for script in [
        "pg_isready",
        "exit 1",
        "exit",
        "pg_isready || exit 1",
        "pg_isready && echo ok",
        "test -f /x || exit 1; exit 0",
        "set -e; redis-cli ping; true",
        "if redis-cli ping; then exit 1; fi; exit 0",
        "redis-cli ping | grep PONG",
        "test \"$(redis-cli ping)\" = PONG",
        "echo 'a; true'|grep b",
        "[ -f '; true' ]",
        "",
        "! { false || true; }",
    ] {
        assert!(!cannot_fail(&["CMD-SHELL", script]), "{script}");
    }
    assert!(cannot_fail(&["CMD", "true"]) && cannot_fail(&["CMD", "/bin/true"]));
    assert!(!cannot_fail(&["CMD", "redis-cli", "ping"]) && !cannot_fail(&[]));
    assert!(!cannot_fail(&["NONE"]));
}

#[test]
fn a_check_that_cannot_fail_is_an_error_where_something_hangs_on_it() {
    let check = json!({ "test": ["CMD", "true"] });
    let rule = "health-check-cannot-fail";
    let waits = json!({ "api": { "condition": "service_healthy" } });
    let own =
        |severity, name: &str| one(rule, severity, &format!("services.{name}.healthcheck.test"));
    let alone = json!({ "api": { "image": "api", "healthcheck": check } });
    assert_eq!(found(alone, json!({})), own(Severity::Warning, "api"));
    let awaited = json!({ "api": { "image": "api", "healthcheck": check }, "web": { "image": "web", "depends_on": waits } });
    assert_eq!(found(awaited, json!({})), own(Severity::Error, "api"));
    let store = json!({ "db": { "image": "redis:7", "healthcheck": check, "volumes": [volume("v", "/data")] } });
    assert_eq!(found(store, json!({ "v": {} })), own(Severity::Error, "db"));
    let off = json!({ "api": { "image": "api", "healthcheck": { "test": ["CMD", "true"], "disable": true } } });
    assert_eq!(found(off, json!({})), []);
}

#[test]
fn a_finding_says_where_and_what_to_do() {
    let json = json!({ "name": "shop", "services": { "db": {
        "image": "postgres:17", "healthcheck": { "test": ["CMD-SHELL", "exit 0"] },
        "volumes": [volume("v", "/var/lib/postgresql/data")],
    } } });
    let model = ResolvedModel::from_compose_json(&json);
    let at =
        |path: &[&str]| (path.len() == 2).then(|| Location::parse("docker-compose.yml:3:5"))?;
    let subject = Subject {
        environment: "local",
        model: &model,
        at: &at,
        texts: &|_| Vec::new(),
    };
    let all = look(&subject);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].environment.as_deref(), Some("local"));
    assert_eq!(all[0].location, Location::parse("docker-compose.yml:3:5"));
    let remedy = format!("{:?}", all[0].remedies);
    assert!(remedy.contains("pg_isready --quiet"), "{remedy}");
}
