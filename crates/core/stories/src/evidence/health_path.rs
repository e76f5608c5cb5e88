//! The path that answers 200 while a service is well.

use super::port::LOCAL;
use super::said::{Said, Subject};
use super::{Claim, Evidence, Finder, Source, http_url, proxy, weigh};

/// Where stacks say it.
const FINDERS: [Finder<String>; 4] = [labels, variables, urls_of_others, other_checks];

/// Variables that say it.
const VARIABLES: [&str; 6] = [
    "HEALTHCHECK_PATH",
    "HEALTH_CHECK_PATH",
    "HEALTH_PATH",
    "HEALTHCHECK_URL_PATH",
    "HEALTHZ_PATH",
    "HEALTH_ENDPOINT",
];

/// Last parts of a path by which it is known for a health check's.
const NAMES: [&str; 13] = [
    "health",
    "healthz",
    "healthcheck",
    "health-check",
    "health_check",
    "_health",
    "healthy",
    "live",
    "livez",
    "ready",
    "readyz",
    "ping",
    "heartbeat",
];

/// What the files say; `usual` is the guess.
pub(crate) fn of(subject: &Subject<'_>, usual: &str) -> Evidence<String> {
    weigh(heard(subject), usual.to_owned())
}

/// What each place says.
fn heard(subject: &Subject<'_>) -> Vec<Claim<String>> {
    FINDERS.into_iter().flat_map(|find| find(subject)).collect()
}

fn claim(path: &str, source: Source) -> Option<Claim<String>> {
    let is_path = path.starts_with('/') && !path.contains(['$', ' ', '{']);
    is_path.then(|| Claim::one(path.to_owned(), source))
}

fn labels(subject: &Subject<'_>) -> Vec<Claim<String>> {
    let is_path = |name: &str| {
        name.starts_with("traefik.") && name.ends_with(".loadbalancer.healthcheck.path")
            || name.starts_with("caddy") && name.ends_with("reverse_proxy.health_uri")
    };
    let found = |said: Said| {
        claim(said.value.trim(), Source::new("label", said.at)).filter(|_| is_path(&said.name))
    };
    subject.labels().into_iter().filter_map(found).collect()
}

fn variables(subject: &Subject<'_>) -> Vec<Claim<String>> {
    let found = |said: Said| {
        let is_asked = VARIABLES.contains(&said.name.as_str());
        claim(&said.value, Source::new(said.name, said.at)).filter(|_| is_asked)
    };
    subject
        .environment()
        .into_iter()
        .filter_map(found)
        .collect()
}

/// Other services that ask for its health by its name, or send requests for it on.
fn urls_of_others(subject: &Subject<'_>) -> Vec<Claim<String>> {
    let names = subject.names();
    let mut all = Vec::new();
    let others = subject
        .others()
        .into_iter()
        .map(|said| ("a URL".to_owned(), said));
    let proxied = proxy::proxied(subject)
        .into_iter()
        .map(|said| (said.name.clone(), said));
    for (what, said) in others.chain(proxied) {
        let urls = http_url::all(&said.value, &[]).into_iter();
        let own = urls.filter(|url| names.contains(&url.host) && is_of_health(&url.path));
        let source = Source::new(what, said.at);
        all.extend(own.filter_map(|url| claim(&url.path, source.clone())));
    }
    all
}

fn is_of_health(path: &str) -> bool {
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    NAMES.contains(&last.to_ascii_lowercase().as_str())
}

/// Health checks that are written for it elsewhere.
fn other_checks(subject: &Subject<'_>) -> Vec<Claim<String>> {
    let mut all = Vec::new();
    for said in subject.other_checks() {
        let urls = http_url::all(&said.value, &LOCAL).into_iter();
        let own = urls.filter(|url| LOCAL.contains(&url.host.as_str()));
        let path = |path: String| {
            if path.is_empty() {
                "/".to_owned()
            } else {
                path
            }
        };
        all.extend(own.filter_map(|url| {
            claim(
                &path(url.path),
                Source::new(said.name.clone(), said.at.clone()),
            )
        }));
    }
    all
}
