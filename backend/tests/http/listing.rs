//! The cached list: taken from the cache, and never older than a write.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::backend::{Backend, Settings};
use crate::stores::Stores;

/// `hit` or `miss`.
fn cache(backend: &Backend) -> String {
    backend
        .get("/api/notes")
        .with(200)
        .header("x-cache")
        .to_owned()
}

#[test]
fn the_list_comes_from_the_cache_until_a_write() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    assert_eq!(
        [cache(&backend), cache(&backend), cache(&backend)],
        ["miss", "hit", "hit"]
    );
    let id = backend.add("milk");
    assert_eq!([cache(&backend), cache(&backend)], ["miss", "hit"]);
    assert_eq!(backend.texts(), ["milk"], "from the cache");
    backend
        .send("DELETE", &format!("/api/notes/{id}"))
        .with(204);
    assert_eq!([cache(&backend), cache(&backend)], ["miss", "hit"]);
}

/// It really is the cache: what another hand changes in the table is not seen.
#[test]
fn a_hit_does_not_ask_the_database() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    backend.add("milk");
    assert_eq!(cache(&backend), "miss");
    stores.sql("DELETE FROM notes");
    assert_eq!(
        (cache(&backend).as_str(), backend.texts()),
        ("hit", vec!["milk".to_owned()])
    );
    let list = stores.redis("--scan --pattern notes:list:*");
    let left: i64 = stores.redis(&format!("ttl {list}")).parse().unwrap();
    assert!(
        (1..=60).contains(&left),
        "such an error ends by itself: {left}"
    );
}

#[test]
fn a_write_at_one_backend_is_seen_at_the_other() {
    let Some(stores) = Stores::new() else { return };
    let [one, other] = [
        Settings::of(&stores).healthy(),
        Settings::of(&stores).healthy(),
    ];
    cache(&one);
    cache(&other);
    assert_eq!(cache(&other), "hit");
    one.add("milk");
    assert_eq!(other.texts(), ["milk"]);
}

/// A reader that asked the database before a write must not fill the cache after it.
#[test]
fn a_slow_reader_does_not_bring_back_the_list_from_before() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    backend.add("0");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    backend.get("/api/notes").with(200);
                }
            });
        }
        let stale = (1..=60).map(|n| n.to_string()).find(|text| {
            backend.add(text);
            backend.texts()[0] != *text
        });
        done.store(true, Ordering::SeqCst);
        assert_eq!(
            stale, None,
            "a note that was answered with 201 is not listed"
        );
    });
}

#[test]
fn a_backend_that_starts_does_not_trust_the_list_of_the_one_before() {
    let Some(stores) = Stores::new() else { return };
    let before = Settings::of(&stores).healthy();
    before.add("milk");
    cache(&before);
    // As if it had been killed between the write and the new generation.
    stores.sql("DELETE FROM notes");
    drop(before);
    let after = Settings::of(&stores).healthy();
    assert_eq!((cache(&after).as_str(), after.texts().len()), ("miss", 0));
}

#[test]
fn a_cache_that_was_emptied_is_filled_again() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    backend.add("milk");
    cache(&backend);
    stores.redis("flushall");
    assert_eq!([cache(&backend), cache(&backend)], ["miss", "hit"]);
    assert_eq!(backend.texts(), ["milk"]);
}
