//! The start: settings, secrets, arguments, and the command that asks after the server's health.

use std::net::TcpListener;
use std::process::Output;

use crate::backend::Settings;
use crate::stores::{PASSWORD, Stores};

/// It must end with 1 and say these words on standard error, and never the password.
fn fails(output: Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("error: ") && !said.contains("panicked") && !said.contains(PASSWORD),
        "{said}"
    );
    words
        .iter()
        .for_each(|word| assert!(said.contains(word), "{word:?} is not said: {said}"));
}

#[test]
fn every_fault_of_the_environment_is_named() {
    let settings = Settings::at(1, 1)
        .set("PORT", "http")
        .set("RATE_LIMIT", "0")
        .unset("POSTGRES_HOST");
    fails(
        settings.run(&[]),
        &[
            "PORT is `http`",
            "RATE_LIMIT is `0`",
            "POSTGRES_HOST is not set",
        ],
    );
    fails(
        Settings::at(1, 1).unset("POSTGRES_PASSWORD").run(&[]),
        &["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"],
    );
}

#[test]
fn a_secret_that_cannot_be_had_is_named() {
    let with_file = |path: &str| Settings::at(1, 1).set("REDIS_PASSWORD_FILE", path);
    fails(
        with_file("/run/secrets/x").run(&[]),
        &["REDIS_PASSWORD and REDIS_PASSWORD_FILE are both set"],
    );
    let alone = |path: &str| with_file(path).unset("REDIS_PASSWORD").run(&[]);
    fails(
        alone("/no/such/file"),
        &["REDIS_PASSWORD_FILE", "/no/such/file", "No such file"],
    );
    fails(alone("/"), &["REDIS_PASSWORD_FILE", "Is a directory"]);
    fails(
        alone("/dev/null"),
        &["REDIS_PASSWORD_FILE", "/dev/null is empty"],
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    fails(
        Settings::at(1, 1).set("PORT", &port).run(&[]),
        &["cannot listen on port", &port, "Address already in use"],
    );
}

#[test]
fn arguments_that_mean_nothing_are_refused() {
    for args in [
        &["serve"][..],
        &["healthcheck", "now"],
        &["--port", "1"],
        &[""],
    ] {
        fails(
            Settings::at(1, 1).run(args),
            &["usage: backend [healthcheck | --version]"],
        );
    }
    let version = Settings::at(1, 1).run(&["--version"]);
    assert_eq!(
        String::from_utf8_lossy(&version.stdout),
        format!("backend {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn secrets_come_from_files_too() {
    let Some(stores) = Stores::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let path = file.to_str().unwrap();
    let settings = Settings::of(&stores)
        .unset("POSTGRES_PASSWORD")
        .unset("REDIS_PASSWORD");
    let mut backend = settings
        .set("POSTGRES_PASSWORD_FILE", path)
        .set("REDIS_PASSWORD_FILE", path)
        .healthy();
    backend.add("milk");
    assert!(!backend.ended_log().contains(PASSWORD));
}

#[test]
fn the_health_check_passes_only_while_it_is_healthy() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    // The port is all that it needs.
    let check = || {
        Settings::at(1, 1)
            .unset("POSTGRES_PASSWORD")
            .set("PORT", &backend.port.to_string())
    };
    let passed = check().run(&["healthcheck"]);
    assert_eq!(
        (passed.status.code(), passed.stderr.len()),
        (Some(0), 0),
        "{passed:?}"
    );
    stores.redis.docker("stop");
    fails(
        check().run(&["healthcheck"]),
        &[
            "/health answers 503",
            "\"redis\":{\"status\":\"failed\",\"reason\":",
        ],
    );
    drop(backend);
}

#[test]
fn the_health_check_fails_without_a_server() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        .to_string();
    fails(
        Settings::at(1, 1).set("PORT", &port).run(&["healthcheck"]),
        &["no answer from port", "Connection refused"],
    );
    fails(
        Settings::at(1, 1).set("PORT", "x").run(&["healthcheck"]),
        &["PORT is `x`"],
    );
}

#[test]
fn a_request_is_logged_without_what_it_carries() {
    let Some(stores) = Stores::new() else { return };
    let mut backend = Settings::of(&stores).set("LOG", "debug").healthy();
    backend.add("a-private-note");
    let cookie = backend
        .send("POST", "/api/visits")
        .header("set-cookie")
        .to_owned();
    let session = cookie.split(['=', ';']).nth(1).unwrap();
    let log = backend.ended_log();
    let request = backend.logged("request").unwrap();
    assert!(
        request["ms"].is_number() && request["status"].is_number(),
        "{request}"
    );
    assert!(
        log.contains("\"path\":\"/api/visits\"") && !log.contains("NOT JSON"),
        "{log}"
    );
    assert!(
        !log.contains("a-private-note") && !log.contains(session) && !log.contains(PASSWORD),
        "{log}"
    );
}
