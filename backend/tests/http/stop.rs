//! The end: what runs may finish, and nothing keeps the process for ever.

use std::io::Write;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::json;

use crate::backend::{Backend, Settings};
use crate::client::{answer, connect, eventually, write};
use crate::stores::Stores;

/// Docker kills after ten seconds.
const DOCKER_WAITS: Duration = Duration::from_secs(10);

/// One that has no databases, and needs none to end.
fn alone() -> Backend {
    Settings::at(1, 1).start()
}

#[test]
fn either_signal_ends_it_at_once_when_nothing_runs() {
    for (signal, name) in [(Signal::TERM, "SIGTERM"), (Signal::INT, "SIGINT")] {
        let mut backend = alone();
        backend.signal(signal);
        assert_eq!(backend.ends_within(Duration::from_secs(3)).code(), Some(0));
        assert_eq!(
            backend
                .logged("stopping: requests that run may end")
                .unwrap()["signal"],
            name
        );
        assert!(backend.logged("stopped").is_some(), "{}", backend.log());
    }
}

#[test]
fn a_request_that_runs_gets_its_answer() {
    let Some(stores) = Stores::new() else { return };
    let mut backend = Settings::of(&stores).healthy();
    let mut stream = connect(backend.port);
    std::thread::scope(|scope| {
        // The note waits for as long as the table is locked.
        scope.spawn(|| stores.sql("BEGIN; LOCK TABLE notes; SELECT pg_sleep(4); COMMIT"));
        let locked =
            "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'notes'::regclass AND granted";
        eventually(Duration::from_secs(10), || stores.sql(locked) == "t");
        let headers = ["Content-Type: application/json"];
        write(
            &mut stream,
            "POST",
            "/api/notes",
            &headers,
            &json!({ "text": "late" }).to_string(),
        );
        // It runs when it waits for the table.
        let waits =
            "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'notes'::regclass AND NOT granted";
        eventually(Duration::from_secs(3), || stores.sql(waits) == "t");
        backend.signal(Signal::TERM);
        eventually(Duration::from_secs(3), || {
            std::net::TcpStream::connect(("127.0.0.1", backend.port)).is_err()
        });
    });
    assert_eq!(answer(stream).with(201).json()["text"], "late");
    assert_eq!(backend.ends_within(Duration::from_secs(3)).code(), Some(0));
    assert_eq!(Settings::of(&stores).healthy().texts(), ["late"]);
}

#[test]
fn a_connection_that_is_kept_open_does_not_keep_it() {
    let mut backend = alone();
    let mut stream = connect(backend.port);
    write(&mut stream, "GET", "/health/live", &[], "");
    // The answer is here, and the connection is kept.
    assert_eq!(stream.peek(&mut [0; 1]).unwrap(), 1);
    backend.signal(Signal::TERM);
    assert_eq!(backend.ends_within(Duration::from_secs(3)).code(), Some(0));
    answer(stream).with(200);
}

#[test]
fn a_client_that_never_ends_its_request_is_cut_off() {
    let mut backend = alone();
    let mut stream = connect(backend.port);
    stream
        .write_all(b"POST /api/notes HTTP/1.1\r\nHost: localhost\r\nContent-Le")
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    backend.signal(Signal::TERM);
    assert_eq!(backend.ends_within(DOCKER_WAITS).code(), Some(0));
}

#[test]
fn a_second_signal_does_not_wait() {
    let Some(stores) = Stores::new() else { return };
    let mut backend = Settings::of(&stores).healthy();
    let mut stream = connect(backend.port);
    let headers = ["Content-Type: application/json"];
    stream
        .write_all(b"POST /api/notes HTTP/1.1\r\nHost: localhost\r\n")
        .unwrap();
    stream
        .write_all(format!("{}\r\nContent-Length: 9\r\n\r\n{{", headers[0]).as_bytes())
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    backend.signal(Signal::INT);
    eventually(Duration::from_secs(3), || {
        backend
            .logged("stopping: requests that run may end")
            .is_some()
    });
    let second = Instant::now();
    backend.signal(Signal::INT);
    assert_eq!(backend.ends_within(Duration::from_secs(3)).code(), Some(0));
    assert!(second.elapsed() < Duration::from_secs(3));
}
