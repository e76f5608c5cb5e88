//! Dependencies that are away, silent or locked, and that come back.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::{Value, json};

use crate::backend::{Backend, Settings};
use crate::client::eventually;
use crate::stores::{PASSWORD, Stores};

fn failed(check: &Value) -> &str {
    assert_eq!(check["status"], "failed", "{check}");
    check["reason"].as_str().unwrap()
}

/// What a request of the API says then.
fn refusal(backend: &Backend, method: &str, path: &str) -> String {
    backend.send(method, path).with(503).error()
}

#[test]
fn all_is_well() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let ok = json!({ "status": "ok" });
    let all = json!({ "status": "ok", "checks": { "postgres": ok, "redis": ok, "schema": ok } });
    assert_eq!(backend.get("/health").with(200).json(), all);
    assert_eq!(backend.get("/health/live").with(200).json(), ok);
    assert_eq!(backend.send("HEAD", "/health").with(200).body, "");
}

#[test]
fn it_starts_without_its_databases_and_says_so() {
    let free = || {
        TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port()
    };
    let backend = Settings::at(free(), free()).start();
    let checks = backend.becomes_unhealthy();
    assert!(
        failed(&checks["postgres"]).contains("Connection refused"),
        "{checks}"
    );
    assert!(
        failed(&checks["redis"]).contains("Connection refused"),
        "{checks}"
    );
    assert!(
        failed(&checks["schema"]).contains("postgres is not available"),
        "{checks}"
    );
    backend.get("/health/live").with(200);
    assert_eq!(backend.send("HEAD", "/health").with(503).body, "");
    assert!(refusal(&backend, "GET", "/api/notes").starts_with("redis is not available: "));
    eventually(Duration::from_secs(10), || {
        backend
            .logged("the schema is not ready; trying again")
            .is_some()
    });
}

#[test]
fn names_that_lead_nowhere_are_told() {
    let settings = Settings::at(5432, 6379)
        .set("POSTGRES_HOST", "no.such.invalid")
        .set("REDIS_HOST", "none.invalid");
    let checks = settings.start().becomes_unhealthy();
    assert!(!failed(&checks["postgres"]).is_empty() && !failed(&checks["redis"]).is_empty());
}

#[test]
fn it_recovers_by_itself_when_its_database_appears() {
    let Some(stores) = Stores::empty() else {
        return;
    };
    let backend = Settings::of(&stores).start();
    let checks = backend.becomes_unhealthy();
    assert!(
        failed(&checks["postgres"]).contains("does not exist"),
        "{checks}"
    );
    assert_eq!(checks["redis"]["status"], "ok");
    stores.create_database();
    backend.becomes_healthy();
    backend.add("milk");
}

#[test]
fn redis_stops_and_comes_back() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    backend.add("milk");
    stores.redis.docker("stop");
    let checks = backend.becomes_unhealthy();
    assert!(!failed(&checks["redis"]).is_empty());
    assert_eq!(
        (&checks["postgres"]["status"], &checks["schema"]["status"]),
        (&json!("ok"), &json!("ok"))
    );
    for (method, path) in [
        ("GET", "/api/notes"),
        ("POST", "/api/visits"),
        ("DELETE", "/api/notes/1"),
    ] {
        assert!(refusal(&backend, method, path).starts_with("redis is not available: "));
    }
    stores.redis.docker("start");
    backend.becomes_healthy();
    assert_eq!(backend.texts(), ["milk"]);
}

/// The connection from before is broken then; no client may notice.
#[test]
fn a_restart_of_redis_costs_no_request() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    backend.send("POST", "/api/visits").with(200);
    stores.redis.docker("restart");
    eventually(Duration::from_secs(20), || {
        stores.redis.succeeds(&["redis-cli", "ping"])
    });
    assert_eq!(
        backend.send("POST", "/api/visits").with(200).json()["visits"],
        2
    );
}

#[test]
fn postgres_stops_and_comes_back() {
    let Some(stores) = Stores::of_its_own() else {
        return;
    };
    let backend = Settings::of(&stores).healthy();
    backend.add("milk");
    backend.texts();
    stores.postgres.docker("stop");
    let checks = backend.becomes_unhealthy();
    assert!(!failed(&checks["postgres"]).is_empty() && !failed(&checks["schema"]).is_empty());
    assert_eq!(checks["redis"]["status"], "ok");
    assert!(refusal(&backend, "DELETE", "/api/notes/1").starts_with("postgres is not available: "));
    backend.send("POST", "/api/visits").with(200);
    backend.get("/api/notes").with(200);
    stores.postgres.docker("start");
    backend.becomes_healthy();
    assert_eq!(backend.texts(), ["milk"]);
    backend.add("bread");
}

#[test]
fn a_redis_that_says_nothing_does_not_hold_anybody_up() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    stores.redis.docker("pause");
    let checks = backend.becomes_unhealthy();
    assert!(
        failed(&checks["redis"]).contains("no answer within"),
        "{checks}"
    );
    assert!(
        refusal(&backend, "GET", "/api/notes")
            .starts_with("redis is not available: no answer within")
    );
    stores.redis.docker("unpause");
    backend.becomes_healthy();
}

#[test]
fn a_postgres_that_says_nothing_does_not_hold_anybody_up() {
    let Some(stores) = Stores::of_its_own() else {
        return;
    };
    let backend = Settings::of(&stores).healthy();
    stores.postgres.docker("pause");
    let checks = backend.becomes_unhealthy();
    assert!(
        failed(&checks["postgres"]).contains("no answer within"),
        "{checks}"
    );
    assert!(
        refusal(&backend, "DELETE", "/api/notes/1")
            .starts_with("postgres is not available: no answer within")
    );
    stores.postgres.docker("unpause");
    backend.becomes_healthy();
}

#[test]
fn a_wrong_password_is_told_and_never_shown() {
    let Some(stores) = Stores::new() else { return };
    let wrong = "not-the-word";
    let mut backend = Settings::of(&stores)
        .set("POSTGRES_PASSWORD", wrong)
        .set("REDIS_PASSWORD", wrong)
        .start();
    let checks = backend.becomes_unhealthy();
    assert!(
        failed(&checks["postgres"]).contains("password authentication failed"),
        "{checks}"
    );
    let refused = refusal(&backend, "GET", "/api/notes");
    for text in [checks.to_string(), refused, backend.ended_log()] {
        assert!(!text.contains(wrong) && !text.contains(PASSWORD), "{text}");
    }
    failed(&checks["redis"]);
}

/// The word counts, not that there is an answer.
#[test]
fn a_redis_that_wants_a_password_is_not_healthy() {
    let Some(stores) = Stores::new() else { return };
    let checks = Settings::of(&stores)
        .unset("REDIS_PASSWORD")
        .start()
        .becomes_unhealthy();
    assert!(
        failed(&checks["redis"]).contains("Authentication required"),
        "{checks}"
    );
}

/// It would answer, and then refuse every note.
#[test]
fn a_database_that_takes_no_writes_is_not_healthy() {
    let Some(stores) = Stores::new() else { return };
    Settings::of(&stores).healthy().add("milk");
    stores.sql(&format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        stores.database
    ));
    let backend = Settings::of(&stores).start();
    assert_eq!(
        failed(&backend.becomes_unhealthy()["postgres"]),
        "it is read-only"
    );
    assert!(refusal(&backend, "DELETE", "/api/notes/1").contains("postgres is not available"));
}
