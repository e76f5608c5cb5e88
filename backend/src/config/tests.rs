use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::*;

const COMPLETE: [(&str, &str); 5] = [
    ("POSTGRES_HOST", "db"),
    ("POSTGRES_DB", "app"),
    ("POSTGRES_USER", "me"),
    ("POSTGRES_PASSWORD", "sesame"),
    ("REDIS_HOST", "cache"),
];

/// A complete environment with these variables on top; an empty one takes a variable away.
fn read(changes: &[(&str, &str)]) -> Result<Config, String> {
    let mut variables: BTreeMap<String, OsString> = BTreeMap::new();
    for (name, value) in COMPLETE.iter().chain(changes) {
        variables.insert((*name).to_owned(), value.into());
    }
    Config::read(&|name| variables.get(name).cloned()).map_err(|error| error.to_string())
}

#[test]
fn what_is_not_set_has_its_default() {
    let config = read(&[]).unwrap();
    assert_eq!(
        (
            config.port,
            config.postgres.port,
            config.redis.port,
            config.rate_limit
        ),
        (3000, 5432, 6379, 120)
    );
    assert_eq!(
        (config.log, config.log_format),
        (LevelFilter::INFO, LogFormat::Json)
    );
    assert!(config.redis.password.is_none());
}

#[test]
fn what_is_set_counts() {
    let config = read(&[
        ("PORT", "0"),
        ("POSTGRES_PORT", "6000"),
        ("REDIS_PORT", "6001"),
        ("REDIS_PASSWORD", "open"),
        ("RATE_LIMIT", "7"),
        ("LOG", "debug"),
        ("LOG_FORMAT", "text"),
    ]);
    let config = config.unwrap();
    assert_eq!(
        (
            config.port,
            config.postgres.port,
            config.redis.port,
            config.rate_limit
        ),
        (0, 6000, 6001, 7)
    );
    assert_eq!(
        (config.log, config.log_format),
        (LevelFilter::DEBUG, LogFormat::Text)
    );
    assert_eq!(config.redis.password.unwrap().reveal(), "open");
    assert_eq!(
        (
            config.postgres.host.as_str(),
            config.postgres.password.reveal()
        ),
        ("db", "sesame")
    );
}

/// Compose passes `${X:-}` as an empty value.
#[test]
fn an_empty_variable_is_an_unset_one() {
    let config = read(&[
        ("REDIS_PASSWORD", ""),
        ("REDIS_PASSWORD_FILE", ""),
        ("PORT", ""),
        ("LOG", ""),
    ])
    .unwrap();
    assert!(config.redis.password.is_none());
    assert_eq!(config.port, 3000);
    assert!(
        read(&[("REDIS_HOST", "")])
            .unwrap_err()
            .contains("REDIS_HOST is not set, or empty")
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let error = Config::read(&|name| (name == "PORT").then(|| "http".into()))
        .unwrap_err()
        .to_string();
    for words in [
        "PORT is `http`: it must be a port from 0 to 65535",
        "POSTGRES_HOST is not set",
        "POSTGRES_DB is not set",
        "POSTGRES_USER is not set",
        "POSTGRES_PASSWORD is not set, and neither is POSTGRES_PASSWORD_FILE",
        "REDIS_HOST is not set",
    ] {
        assert!(error.contains(words), "{words:?} is not said: {error}");
    }
    assert_eq!(error.lines().count(), 7, "{error}");
}

#[test]
fn a_value_of_the_wrong_kind_is_shown_with_what_is_wanted() {
    for (name, value, wanted) in [
        ("PORT", "65536", "a port from 0 to 65535"),
        ("POSTGRES_PORT", "0", "a port from 1 to 65535"),
        ("REDIS_PORT", "-1", "a port from 1 to 65535"),
        ("RATE_LIMIT", "0", "a number of requests a minute"),
        ("RATE_LIMIT", "many", "a number of requests a minute"),
        ("LOG", "loud", "one of error, warn, info, debug"),
        ("LOG_FORMAT", "xml", "one of json, text"),
    ] {
        let error = read(&[(name, value)]).unwrap_err();
        assert!(
            error.contains(&format!("{name} is `{value}`: it must be {wanted}")),
            "{error}"
        );
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let lookup = |name: &str| (name == "PORT").then(|| OsStr::from_bytes(b"\xff").to_owned());
    assert!(
        port(&lookup)
            .unwrap_err()
            .to_string()
            .contains("PORT is not UTF-8 text")
    );
}

#[test]
fn a_secret_comes_from_its_file_without_the_line_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    for (text, secret) in [
        ("open\n", "open"),
        ("open", "open"),
        (" o p \r\n\n", " o p "),
    ] {
        std::fs::write(&file, text).unwrap();
        let path = file.to_str().unwrap();
        let config = read(&[("POSTGRES_PASSWORD", ""), ("POSTGRES_PASSWORD_FILE", path)]).unwrap();
        assert_eq!(config.postgres.password.reveal(), secret);
    }
}

#[test]
fn a_secret_in_both_forms_is_refused() {
    let error = read(&[("POSTGRES_PASSWORD_FILE", "/run/secrets/x")]).unwrap_err();
    assert!(
        error.contains("POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set"),
        "{error}"
    );
    assert!(!error.contains("sesame"), "{error}");
}

#[test]
fn a_secret_file_that_is_missing_or_empty_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let path = file.to_str().unwrap();
    let error = read(&[("REDIS_PASSWORD_FILE", path)]).unwrap_err();
    assert!(
        error.contains("REDIS_PASSWORD_FILE: cannot read") && error.contains(path),
        "{error}"
    );
    std::fs::write(&file, "\n").unwrap();
    let error = read(&[("REDIS_PASSWORD_FILE", path)]).unwrap_err();
    assert!(
        error.contains("REDIS_PASSWORD_FILE:") && error.contains("is empty"),
        "{error}"
    );
}

#[test]
fn no_secret_is_printed_by_accident() {
    let config = read(&[("REDIS_PASSWORD", "open")]).unwrap();
    let shown = format!("{config:?}");
    assert!(
        !shown.contains("sesame") && !shown.contains("open"),
        "{shown}"
    );
}
