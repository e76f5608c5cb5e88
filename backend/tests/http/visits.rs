//! The counter and the session.

use serde_json::Value;

use crate::backend::{Backend, Settings};
use crate::client::{Answer, send};
use crate::stores::Stores;

fn visit(backend: &Backend, cookie: &str) -> Answer {
    send(
        backend.port,
        "POST",
        "/api/visits",
        &[&format!("Cookie: {cookie}")],
        "",
    )
    .with(200)
}

/// What a browser would send back.
fn cookie(answer: &Answer) -> String {
    answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

fn counts(answer: &Answer) -> (u64, u64) {
    let json = answer.json();
    let count = |value: &Value| value.as_u64().unwrap();
    (count(&json["visits"]), count(&json["session"]["visits"]))
}

#[test]
fn visits_are_counted_in_all_and_in_the_session() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let first = visit(&backend, "");
    assert_eq!(counts(&first), (1, 1));
    let second = visit(&backend, &format!("a=b; {}", cookie(&first)));
    assert_eq!(counts(&second), (2, 2));
    assert_eq!(cookie(&second), cookie(&first));
    assert_eq!(
        second.json()["session"]["since"],
        first.json()["session"]["since"]
    );
    assert_eq!(counts(&visit(&backend, "")), (3, 1), "another client");
    assert_eq!(first.header("cache-control"), "no-store");
}

#[test]
fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let answer = visit(&backend, "");
    let attributes: Vec<&str> = answer.header("set-cookie").split("; ").skip(1).collect();
    assert_eq!(
        attributes,
        ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=604800"]
    );
    let key = cookie(&answer).replace("session=", "session:");
    let ttl: i64 = stores.redis(&format!("ttl {key}")).parse().unwrap();
    assert!((604_700..=604_800).contains(&ttl), "{ttl}");
}

/// Else somebody could make another's browser use a session that he knows.
#[test]
fn an_id_that_a_client_made_up_is_not_taken_over() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    for made_up in [
        "session=0123456789abcdef0123456789abcdef",
        "session=visits",
        "session=",
        "session",
    ] {
        let answer = visit(&backend, made_up);
        assert_ne!(cookie(&answer), made_up);
        assert_eq!(counts(&answer).1, 1);
    }
}

#[test]
fn a_session_survives_a_restart_of_the_backend() {
    let Some(stores) = Stores::new() else { return };
    let before = visit(&Settings::of(&stores).healthy(), "");
    let backend = Settings::of(&stores).healthy();
    let after = visit(&backend, &cookie(&before));
    assert_eq!(counts(&after), (2, 2));
    assert_eq!(
        after.json()["session"]["since"],
        before.json()["session"]["since"]
    );
}

#[test]
fn a_session_that_redis_lost_begins_anew() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let before = visit(&backend, "");
    stores.redis("flushall");
    let after = visit(&backend, &cookie(&before));
    assert_eq!(counts(&after), (1, 1));
    assert_ne!(cookie(&after), cookie(&before));
}

#[test]
fn no_visit_is_lost_among_many_at_once() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let session = cookie(&visit(&backend, ""));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..5).for_each(|_| drop(visit(&backend, &session))));
        }
    });
    assert_eq!(counts(&visit(&backend, &session)), (42, 42));
}
