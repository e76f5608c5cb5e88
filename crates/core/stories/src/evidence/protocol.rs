//! Whether a service speaks something else than plain HTTP on a port.

use std::fmt;

use super::said::{Said, Subject};
use super::{Evidence, Source, http_url, port};

/// What is spoken instead of plain HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// HTTP or something else behind TLS.
    Tls,
    /// gRPC, which no URL asks.
    Grpc,
}

/// What is spoken, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) protocol: Protocol,
    source: Source,
}

/// Flags by which a server is given its certificate.
const CERTIFICATE: [&str; 7] = [
    "--ssl-certfile",
    "--ssl-cert",
    "--ssl-keyfile",
    "--certfile",
    "--tls-cert",
    "--tls-cert-file",
    "--cert-file",
];

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            Protocol::Tls => "TLS",
            Protocol::Grpc => "gRPC",
        };
        write!(f, "{protocol} by {}", self.source)
    }
}

/// What is spoken on a port; none where nothing says that it is something else than plain HTTP.
pub(crate) fn instead_of_http(subject: &Subject<'_>, at: &Evidence<u32>) -> Option<Spoken> {
    let said = labels(subject)
        .or_else(|| variables(subject, at.value))
        .or_else(|| command_line(subject, at.value))
        .or_else(|| urls_of_others(subject, at.value));
    said.or_else(|| by_number(at))
        .and_then(|(protocol, source)| {
            let protocol = protocol?;
            Some(Spoken { protocol, source })
        })
}

/// A protocol, none for plain HTTP, and who says so.
type Found = Option<(Option<Protocol>, Source)>;

/// What a word for a protocol means.
fn word(word: &str) -> Option<Option<Protocol>> {
    match word.trim().to_ascii_lowercase().as_str() {
        "http" => Some(None),
        "https" => Some(Some(Protocol::Tls)),
        "h2c" | "grpc" | "grpcs" => Some(Some(Protocol::Grpc)),
        _ => None,
    }
}

fn labels(subject: &Subject<'_>) -> Found {
    let is_scheme = |name: &str| {
        let is_of_server = name.ends_with(".loadbalancer.server.scheme")
            || name.ends_with(".loadbalancer.healthcheck.scheme");
        name == "traefik.protocol" || name.starts_with("traefik.") && is_of_server
    };
    let labels = subject.labels();
    let mut schemes = labels.iter().filter(|said| is_scheme(&said.name));
    schemes.find_map(|said| Some((word(&said.value)?, Source::new("label", said.at.clone()))))
}

/// `VIRTUAL_PROTO`, an address with a scheme, and the ports that have the protocol in their name.
fn variables(subject: &Subject<'_>, at: u32) -> Found {
    let of = |said: &Said| {
        let name = said.name.to_ascii_uppercase();
        if name == "VIRTUAL_PROTO" {
            return word(&said.value);
        }
        let parts = || said.value.split([';', ',']).map(str::trim);
        let is_here = |part: &str| port::port_of_address(part) == Some(at);
        let mut here = parts().filter(|part| is_here(part));
        let part = here.next()?;
        let has = |words: &[&str]| name.split('_').any(|one| words.contains(&one));
        match part.split_once("://") {
            Some((scheme, _)) if port::VARIABLES.contains(&name.as_str()) => word(scheme),
            Some(_) => None,
            None if has(&["GRPC"]) => Some(Some(Protocol::Grpc)),
            None if has(&["HTTPS", "TLS", "SSL"]) => Some(Some(Protocol::Tls)),
            None => None,
        }
    };
    let mut all = subject.environment().into_iter();
    all.find_map(|said| Some((of(&said)?, Source::new(said.name, said.at))))
}

/// A certificate, and flags that have the protocol in their name.
fn command_line(subject: &Subject<'_>, at: u32) -> Found {
    subject.command_line().into_iter().find_map(|line| {
        let words = line.words.iter().enumerate();
        let protocol = words.into_iter().find_map(|(index, word)| {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, value),
                None => (
                    word.as_str(),
                    line.words.get(index + 1).map_or("", String::as_str),
                ),
            };
            let is_here = port::port_of_address(value) == Some(at);
            let has = |name: &str| {
                flag.trim_start_matches('-')
                    .split(['-', '.'])
                    .any(|one| one == name)
            };
            match () {
                () if CERTIFICATE.contains(&flag) => Some(Protocol::Tls),
                () if is_here && has("grpc") => Some(Protocol::Grpc),
                () if is_here && (has("https") || has("tls") || has("ssl")) => Some(Protocol::Tls),
                () => None,
            }
        });
        Some((Some(protocol?), line.source))
    })
}

/// How other services call it: one that asks by plain HTTP tells more than the port's number.
fn urls_of_others(subject: &Subject<'_>, at: u32) -> Found {
    let names = subject.names();
    let schemes = [
        ("http", 80),
        ("https", 443),
        ("grpc", 50051),
        ("grpcs", 443),
    ];
    subject.others().into_iter().find_map(|said| {
        let protocol = schemes.iter().find_map(|(scheme, usual)| {
            let urls = http_url::of_scheme(&said.value, scheme, *usual);
            let mut own = urls.into_iter().filter(|url| names.contains(&url.host));
            own.find(|url| url.port == Some(at))
                .and_then(|_| word(scheme))
        });
        Some((protocol?, Source::new("a URL", said.at)))
    })
}

/// Ports that are known for what is spoken there.
fn by_number(at: &Evidence<u32>) -> Found {
    let protocol = match at.value {
        443 | 8443 => Protocol::Tls,
        50051 => Protocol::Grpc,
        _ => return None,
    };
    let claimed = at.contradictions.iter().map(|claim| &claim.source);
    let source = at.sources.iter().chain(claimed).next()?;
    Some((Some(protocol), source.clone()))
}
