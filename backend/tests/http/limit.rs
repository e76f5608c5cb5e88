//! So many requests a minute.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::backend::{Backend, Settings};
use crate::client::{Answer, send};
use crate::stores::Stores;

fn ask(backend: &Backend, client: &str) -> Answer {
    send(
        backend.port,
        "GET",
        "/api/notes",
        &[&format!("X-Real-IP: {client}")],
        "",
    )
}

#[test]
fn beyond_the_limit_a_client_is_told_when_to_come_back() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).set("RATE_LIMIT", "3").healthy();
    for _ in 0..3 {
        ask(&backend, "203.0.113.9").with(200);
    }
    let refused = ask(&backend, "203.0.113.9").with(429);
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{refused:?}");
    assert_eq!(
        refused.error(),
        format!("too many requests: try again in {seconds} s")
    );

    ask(&backend, "203.0.113.10").with(200);
    backend.get("/api/notes").with(200);
    for _ in 0..5 {
        backend.get("/health").with(200);
    }
}

#[test]
fn every_route_of_the_api_counts() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).set("RATE_LIMIT", "4").healthy();
    backend.get("/api/nix").with(404);
    backend.get("/api").with(404);
    backend.send("PUT", "/api/notes").with(405);
    backend.send("POST", "/api/visits").with(200);
    for (method, path) in [
        ("GET", "/api/nix"),
        ("GET", "/api"),
        ("PUT", "/api/notes"),
        ("POST", "/api/visits"),
    ] {
        backend.send(method, path).with(429);
    }
    backend.get("/nix").with(404);
}

#[test]
fn a_minute_later_it_begins_anew() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).set("RATE_LIMIT", "1").healthy();
    ask(&backend, "203.0.113.9").with(200);
    ask(&backend, "203.0.113.9").with(429);
    let left: i64 = stores.redis("pttl limit:203.0.113.9").parse().unwrap();
    assert!((1..=60_000).contains(&left), "{left}");
    stores.redis("pexpire limit:203.0.113.9 1");
    ask(&backend, "203.0.113.9").with(200);
}

/// A counter without an end, however it came about, would shut its client out for ever.
#[test]
fn a_counter_without_an_end_is_given_one() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).set("RATE_LIMIT", "1").healthy();
    stores.redis("set limit:203.0.113.9 100");
    ask(&backend, "203.0.113.9").with(429);
    let left: i64 = stores.redis("ttl limit:203.0.113.9").parse().unwrap();
    assert!((50..=60).contains(&left), "{left}");
}

#[test]
fn of_many_requests_at_once_exactly_so_many_pass() {
    let Some(stores) = Stores::new() else { return };
    let settings = Settings::of(&stores).set("RATE_LIMIT", "10");
    let backends = [settings.healthy(), settings.healthy()];
    let passed = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (backend, passed) = (&backends[number % 2], &passed);
            scope.spawn(move || {
                let ok = (0..5)
                    .filter(|_| ask(backend, "203.0.113.9").status == 200)
                    .count();
                passed.fetch_add(ok as u32, Ordering::SeqCst);
            });
        }
    });
    assert_eq!(passed.into_inner(), 10);
}
