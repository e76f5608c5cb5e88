//! What is open to others, or closed to those who need it.

use diagnostics::Severity;
use serde_json::{Value, json};

use super::found_in;

/// The findings of one rule in an environment, each with how bad it is and what about.
fn of_rule(rule: &str, environment: &str, services: &Value) -> Vec<(Severity, String)> {
    let json = json!({ "name": "shop", "services": services,
        "networks": { "front": { "name": "shop_front" }, "back": { "name": "shop_back" } } });
    let found = found_in(environment, &json).into_iter();
    found
        .filter(|(own, _, _)| own == rule)
        .map(|(_, severity, subject)| (severity, subject))
        .collect()
}

#[test]
fn who_talks_to_another_one_shares_a_network_with_it() {
    let error = |at: &str| vec![(Severity::Error, format!("services.api.{at}"))];
    let warning = |at: &str| vec![(Severity::Warning, format!("services.api.{at}"))];
    let cache = json!({ "image": "a/cache", "networks": { "back": null } });
    let on = |more: Value, networks: Value| {
        let mut api = json!({ "image": "a/api", "networks": networks });
        let (own, more) = (api.as_object_mut(), more.as_object().cloned());
        own.unwrap().extend(more.unwrap());
        api
    };
    let front = || json!({ "front": null });
    let names = |value: &str| json!({ "environment": { "URL": value } });
    let after = |condition: &str| json!({ "depends_on": { "cache": { "condition": condition, "required": true } } });
    let table = [
        (
            on(names("redis://:word@cache:6379/0"), front()),
            error("environment.URL"),
        ),
        (
            on(json!({ "environment": { "CACHE_HOST": "cache" } }), front()),
            error("environment.CACHE_HOST"),
        ),
        (
            on(after("service_started"), front()),
            warning("depends_on.cache"),
        ),
        (on(after("service_completed_successfully"), front()), vec![]),
        (
            on(
                names("redis://cache:6379"),
                json!({ "front": null, "back": null }),
            ),
            vec![],
        ),
        (on(names("redis://cache.example:6379"), front()), vec![]),
        (on(names("https://x.example/cache"), front()), vec![]),
        (
            on(json!({ "environment": { "DRIVER": "cache" } }), front()),
            vec![],
        ),
    ];
    for (api, expected) in table {
        let services = json!({ "api": api, "cache": cache });
        assert_eq!(
            of_rule("unreachable-service", "local", &services),
            expected,
            "{api}"
        );
    }
    let joined = json!({ "image": "a/api", "network_mode": "service:cache", "environment": { "URL": "redis://cache:1" } });
    let host = json!({ "image": "a/api", "network_mode": "host", "environment": { "URL": "redis://cache:1" } });
    for api in [joined, host] {
        let services = json!({ "api": api, "cache": cache });
        assert_eq!(
            of_rule("unreachable-service", "local", &services),
            [],
            "{api}"
        );
    }
    // What starts after a proxy is reached by way of it.
    let services = json!({
        "api": on(after("service_started"), front()), "cache": cache,
        "between": { "image": "a/b", "networks": { "front": null, "back": null } },
    });
    assert_eq!(of_rule("unreachable-service", "local", &services), []);
    // Another one goes by that name there.
    let services = json!({
        "api": on(names("redis://cache:6379"), front()), "cache": cache,
        "other": { "image": "a/other", "networks": { "front": { "aliases": ["cache"] } } },
    });
    assert_eq!(of_rule("unreachable-service", "local", &services), []);
}

#[test]
fn a_published_datastore_asks_for_a_password() {
    let at = |address: &str| json!([{ "target": 1, "published": "1", "host_ip": address, "protocol": "tcp" }]);
    let store = |image: &str, more: Value| {
        let mut store = json!({ "image": image, "ports": at("0.0.0.0"), "volumes": [] });
        store
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().cloned().unwrap());
        store
    };
    let with = |name: &str, value: &str| json!({ "environment": { name: value } });
    let command = |words: &[&str]| json!({ "command": words });
    let table = [
        (store("redis:7", json!({})), true),
        (
            store("redis:7", command(&["redis-server", "--requirepass", "x"])),
            false,
        ),
        (
            store("redis:7", command(&["redis-server", "/etc/redis.conf"])),
            false,
        ),
        (store("redis:7", json!({ "ports": at("127.0.0.1") })), false),
        (store("redis:7", json!({ "ports": [] })), false),
        (store("mongo:7", json!({})), true),
        (
            store("mongo:7", with("MONGO_INITDB_ROOT_USERNAME", "u")),
            false,
        ),
        (
            store("mongo:7", command(&["mongod", "--keyFile", "/k"])),
            false,
        ),
        (store("postgres:17", with("POSTGRES_PASSWORD", "x")), false),
        (
            store("postgres:17", with("POSTGRES_HOST_AUTH_METHOD", "trust")),
            true,
        ),
        (
            store("mysql:8", with("MYSQL_ALLOW_EMPTY_PASSWORD", "yes")),
            true,
        ),
        (store("mysql:8", with("MYSQL_ROOT_PASSWORD", "x")), false),
        (store("example/redis:7", json!({})), false),
    ];
    for (service, is_open) in table {
        let services = json!({ "db": service });
        let rule = "datastore-without-password";
        let found = |environment| of_rule(rule, environment, &services);
        let one = |severity| vec![(severity, "services.db.ports".to_owned())];
        let (local, prod) = match is_open {
            true => (one(Severity::Warning), one(Severity::Error)),
            false => (vec![], vec![]),
        };
        assert_eq!(
            (found("local"), found("eu-prod")),
            (local, prod),
            "{services}"
        );
    }
}

#[test]
fn a_datastore_of_production_is_not_published_on_every_address() {
    let services = |address: &str| {
        json!({ "db": { "image": "postgres:17", "environment": { "POSTGRES_PASSWORD": "x" },
            "ports": [{ "target": 5432, "published": "5432", "host_ip": address, "protocol": "tcp" }] } })
    };
    let found =
        |environment, address| of_rule("datastore-published", environment, &services(address));
    let one = vec![(Severity::Warning, "services.db.ports".to_owned())];
    assert_eq!(found("prod", "0.0.0.0"), one);
    assert_eq!(found("prod", ""), one);
    assert_eq!(found("prod", "127.0.0.1"), []);
    assert_eq!(found("prod", "10.0.0.2"), []);
    assert_eq!(found("local", "0.0.0.0"), []);
    assert_eq!(found("preprod", "0.0.0.0"), []);
}

#[test]
fn a_default_password_is_named() {
    let table = [
        ("${DB_PASSWORD:-password123}", true),
        ("${DB_PASSWORD-password123}", true),
        ("postgres://u:${PGPASS:-postgres}@db/x", true),
        ("${JWT_SECRET:-dev secret}", true),
        ("${DB_PASSWORD}", false),
        ("${DB_PASSWORD:-}", false),
        ("${DB_PASSWORD:?say it}", false),
        ("${DB_PASSWORD:-${OTHER}}", false),
        ("${DB_PASSWORD_FILE:-/run/secrets/db}", false),
        ("${PASSWORD_MIN_LENGTH:-12}", false),
        ("${RESET_PASSWORD:-false}", false),
        ("${DB_USER:-postgres}", false),
        ("password123", false),
    ];
    for (text, is_one) in table {
        let services = json!({ "db": { "image": "a/db", "environment": { "X": text } } });
        let found = of_rule("default-password", "local", &services);
        let expected = match is_one {
            true => vec![(Severity::Warning, "services.db.environment".to_owned())],
            false => vec![],
        };
        assert_eq!(found, expected, "{text}");
    }
    // The value is not shown, and each variable is told once.
    let twice = json!({ "X": "${DB_PASSWORD:-hush}", "Y": "${DB_PASSWORD:-hush}" });
    let services = json!({ "a": { "image": "a/a", "environment": twice } });
    assert_eq!(of_rule("default-password", "local", &services).len(), 1);
}
