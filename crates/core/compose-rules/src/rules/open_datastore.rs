//! A datastore that everybody who reaches the machine may use: published on all addresses, and
//! without a password.

use compose_model::resolved::{Service, Text};
use diagnostics::{Diagnostic, Remedy, Severity};

use crate::published::published_to_all;
use crate::{Named, Subject};

pub(crate) fn evaluate(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let of = |named: Named<'_>| of_service(subject, named);
    subject.services().filter_map(of).collect()
}

fn of_service(subject: &Subject<'_>, Named { name, service }: Named<'_>) -> Option<Diagnostic> {
    let open = Open::of(service)?;
    let place = published_to_all(service)?;
    let severity = match subject.is_production() {
        true => Severity::Error,
        false => Severity::Warning,
    };
    let message = format!(
        "{name} is published on every address ({place}) and {}: who reaches this machine may use it",
        open.why
    );
    let remedy = format!("{}, or publish it as 127.0.0.1:{place}", open.remedy);
    let path = ["services", name, "ports"];
    let found = subject.finding("datastore-without-password", severity, &path, message);
    Some(found.with_remedies(vec![Remedy::advice("", remedy)]))
}

/// Why a datastore asks for no password, and how it would.
pub(crate) struct Open {
    why: &'static str,
    remedy: &'static str,
}

impl Open {
    /// None where it asks, or where that is not known.
    pub(crate) fn of(service: &Service) -> Option<Self> {
        let image = service.image.as_ref()?.known()?;
        let store = datastores::of(image).filter(|_| !service.is_built)?;
        let says = |name: &str| service.variable(name).is_some_and(is_yes);
        let (is_open, why, remedy) = match store.id {
            "redis" => (
                lacks(service, &["requirepass", "aclfile", ".conf"]),
                "asks for no password",
                "Start it with --requirepass",
            ),
            "mongo" => (
                lacks(service, &["--auth", "--keyFile", "--config", ".conf"])
                    && service.unread_env_files.is_empty()
                    && !service
                        .environment
                        .keys()
                        .any(|name| name.starts_with("MONGO_INITDB_ROOT_USERNAME")),
                "has no user",
                "Set MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD before its first start",
            ),
            "postgres" => (
                service.variable("POSTGRES_HOST_AUTH_METHOD") == Some("trust"),
                "trusts everybody (POSTGRES_HOST_AUTH_METHOD)",
                "Take POSTGRES_HOST_AUTH_METHOD out and set POSTGRES_PASSWORD",
            ),
            "mysql" | "mariadb" => (
                [
                    "MYSQL_ALLOW_EMPTY_PASSWORD",
                    "MARIADB_ALLOW_EMPTY_PASSWORD",
                    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
                ]
                .into_iter()
                .any(says),
                "its root has no password",
                "Set a root password in place of the variable that allows none",
            ),
            "elasticsearch" => (
                service.variable("xpack.security.enabled") == Some("false"),
                "asks for no password (xpack.security.enabled)",
                "Set xpack.security.enabled to true",
            ),
            _ => return None,
        };
        is_open.then_some(Self { why, remedy })
    }
}

fn is_yes(value: &str) -> bool {
    ["1", "yes", "true"].contains(&value.to_ascii_lowercase().as_str())
}

/// Whether the words that it is started with are known and hold none of some.
fn lacks(service: &Service, words: &[&str]) -> bool {
    let started = [&service.entrypoint, &service.command];
    let mut all = started.into_iter().flatten().flatten().map(Text::text);
    all.all(|said| said.is_some_and(|said| !words.iter().any(|word| said.contains(word))))
}
