//! Notes: added, listed, removed.

use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::backend::Settings;
use crate::client::send;
use crate::stores::Stores;

#[test]
fn a_note_is_added_listed_and_removed() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    assert_eq!(backend.get("/api/notes").with(200).json(), json!([]));

    let answer = backend
        .post("/api/notes", &json!({ "text": "milk" }))
        .with(201);
    let note = answer.json();
    let id = note["id"].as_i64().unwrap();
    assert_eq!(note["text"], "milk");
    assert_eq!(answer.header("location"), format!("/api/notes/{id}"));
    backend.add("bread");

    assert_eq!(backend.texts(), ["bread", "milk"], "newest first");
    assert_eq!(
        backend.get("/api/notes").json()[1],
        note,
        "as it was answered"
    );

    let gone = backend
        .send("DELETE", &format!("/api/notes/{id}"))
        .with(204);
    assert_eq!(gone.body, "");
    assert_eq!(backend.texts(), ["bread"]);
    let again = backend
        .send("DELETE", &format!("/api/notes/{id}"))
        .with(404);
    assert_eq!(again.error(), "there is no such note");
}

#[test]
fn a_note_tells_when_it_was_made() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let note = backend
        .post("/api/notes", &json!({ "text": "now" }))
        .with(201)
        .json();
    let made: jiff::Timestamp = note["created_at"].as_str().unwrap().parse().unwrap();
    assert!(
        note["created_at"].as_str().unwrap().ends_with('Z'),
        "{note}"
    );
    let age = SystemTime::now()
        .duration_since(made.into())
        .unwrap_or_default();
    assert!(age < Duration::from_secs(60), "{note}");
}

/// Whatever a text holds, it comes back as it was sent.
#[test]
fn a_text_is_data_and_nothing_else() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let longest = "\u{1F980}".repeat(500);
    let texts = [
        "'; DROP TABLE notes; --",
        "$1 %s {} \\ \" <b>",
        "a\nb\t\u{202e}c",
        " spaced ",
        &longest,
    ];
    for text in texts {
        backend.add(text);
    }
    let newest_first: Vec<&str> = texts.into_iter().rev().collect();
    assert_eq!(backend.texts(), newest_first);
    assert_eq!(
        stores.sql("SELECT count(*) FROM notes"),
        texts.len().to_string()
    );
}

/// Every character escaped is the longest form in which 500 characters may come.
#[test]
fn the_longest_text_fits_however_it_is_spelt() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let body = format!("{{\"text\":\"{}\"}}", "\\ud83e\\udd80".repeat(500));
    send(
        backend.port,
        "POST",
        "/api/notes",
        &["Content-Type: application/json"],
        &body,
    )
    .with(201);
}

#[test]
fn notes_survive_a_restart_of_the_backend() {
    let Some(stores) = Stores::new() else { return };
    Settings::of(&stores).healthy().add("milk");
    let backend = Settings::of(&stores).healthy();
    assert_eq!(backend.texts(), ["milk"]);
}

#[test]
fn so_many_notes_are_listed_and_the_oldest_left_out() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    stores.sql("INSERT INTO notes (text) SELECT 'note ' || n FROM generate_series(1, 501) n");
    let texts = backend.texts();
    assert_eq!(
        (texts.len(), texts[0].as_str(), texts[499].as_str()),
        (500, "note 501", "note 2")
    );
}
