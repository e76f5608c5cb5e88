//! The port on which a service listens for HTTP.

use compose_model::{PortRange, ShortPort, Value};

use super::said::{Said, Subject, Words};
use super::{Claim, Evidence, Finder, Source, http_url, other_ports, proxy, weigh};

/// Where a service says it itself. Each gives what it allows.
const OF_ITSELF: [Finder<u32>; 6] = [
    labels,
    variables,
    command_line,
    exposed_by_image,
    exposed,
    published,
];

/// Where others say it.
const OF_OTHERS: [Finder<u32>; 3] = [urls_of_others, proxied, other_checks];

/// Variables that say on which port or address the server in the container listens.
pub(super) const VARIABLES: [&str; 17] = [
    "PORT",
    "HTTP_PORT",
    "SERVER_PORT",
    "LISTEN_PORT",
    "UVICORN_PORT",
    "FLASK_RUN_PORT",
    "NITRO_PORT",
    "ROCKET_PORT",
    "VIRTUAL_PORT",
    "ASPNETCORE_HTTP_PORTS",
    "ASPNETCORE_URLS",
    "LISTEN_ADDR",
    "LISTEN_ADDRESS",
    "BIND_ADDR",
    "BIND_ADDRESS",
    "HTTP_ADDR",
    "SERVER_ADDR",
];

/// Flags behind which a port or an address stands.
const FLAGS: [&str; 16] = [
    "--port",
    "-p",
    "--http-port",
    "--server.port",
    "--server-port",
    "-Dserver.port",
    "--bind",
    "-b",
    "--listen",
    "--addr",
    "--address",
    "--urls",
    "--http",
    "-S",
    "-l",
    "runserver",
];

/// What the files say; `usual` is the guess.
pub(crate) fn of(subject: &Subject<'_>, usual: u32) -> Evidence<u32> {
    weigh(heard(subject), usual)
}

/// What each place says, ports left out that serve something else. A debugger's port that the
/// service says alone may be its own all the same.
fn heard(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let own = said_by_itself(subject);
    let is_told = own.iter().flat_map(|claim| &claim.values);
    let has_others = is_told
        .into_iter()
        .any(|port| !other_ports::is_debugger(*port));
    let others = OF_OTHERS.into_iter().flat_map(|find| find(subject));
    let served = |mut claim: Claim<u32>| {
        let is_one = |port: &u32| {
            *port > 0
                && !other_ports::is_other_protocol(*port)
                && (!has_others || !other_ports::is_debugger(*port))
        };
        claim.values.retain(is_one);
        claim.values.dedup();
        (!claim.values.is_empty()).then_some(claim)
    };
    own.into_iter().chain(others).filter_map(served).collect()
}

/// The same without other services.
pub(super) fn said_by_itself(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    OF_ITSELF
        .into_iter()
        .flat_map(|find| find(subject))
        .collect()
}

/// A reverse proxy is told by labels where to send requests; several routes are one claim.
fn labels(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let is_port = |name: &str| {
        name.starts_with("traefik.")
            && !name.starts_with("traefik.tcp.")
            && !name.starts_with("traefik.udp.")
            && (name.ends_with(".loadbalancer.server.port")
                || name.ends_with(".loadbalancer.healthcheck.port")
                || name == "traefik.port")
    };
    let port = |said: &Said| {
        if is_port(&said.name) {
            return said.value.trim().parse().ok();
        }
        let is_caddy = said.name.starts_with("caddy") && said.name.ends_with("reverse_proxy");
        let (_, upstreams) = said.value.split_once("{{upstreams").filter(|_| is_caddy)?;
        upstreams
            .trim_end()
            .trim_end_matches("}}")
            .split_whitespace()
            .last()?
            .parse()
            .ok()
    };
    let found: Vec<_> = subject
        .labels()
        .iter()
        .filter_map(|said| Some((port(said)?, Source::new("label", said.at.clone()))))
        .collect();
    one_claim(found)
}

fn variables(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let claim = |said: Said| {
        let values: Vec<_> = said
            .value
            .split([';', ','])
            .filter_map(port_of_address)
            .collect();
        let is_asked = VARIABLES.contains(&said.name.as_str()) && !values.is_empty();
        is_asked.then(|| Claim {
            values,
            source: Source::new(said.name, said.at),
        })
    };
    subject
        .environment()
        .into_iter()
        .filter_map(claim)
        .collect()
}

/// `8000`, `:8000`, `0.0.0.0:8000`, `http://+:8080`.
pub(super) fn port_of_address(text: &str) -> Option<u32> {
    let text = text.trim().trim_end_matches('/');
    text.rsplit(':')
        .next()?
        .parse()
        .ok()
        .filter(|port| (1..65536).contains(port))
}

fn command_line(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    subject
        .command_line()
        .into_iter()
        .filter_map(in_words)
        .collect()
}

fn in_words(Words { words, source }: Words) -> Option<Claim<u32>> {
    let values: Vec<_> = words
        .iter()
        .enumerate()
        .filter_map(|(at, word)| {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, value),
                None => (word.as_str(), words.get(at + 1)?.as_str()),
            };
            let port = port_of_address(value).filter(|_| FLAGS.contains(&flag))?;
            // `-p 4` and `-l 3` are no ports.
            (port >= 80 || flag.starts_with("--")).then_some(port)
        })
        .collect();
    (!values.is_empty()).then_some(Claim { values, source })
}

fn exposed_by_image(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let instructions = subject
        .build()
        .into_iter()
        .flat_map(|build| build.all("EXPOSE"));
    let found = instructions.flat_map(|own| {
        let source = Source::new("EXPOSE", subject.at(own));
        own.text
            .split_whitespace()
            .filter_map(tcp_ports)
            .flat_map(PortRange::ports)
            .map(move |port| (port.into(), source.clone()))
    });
    one_claim(found.collect())
}

fn exposed(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let ports = subject
        .service
        .get("expose")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let found = ports.iter().flat_map(|port| {
        let text = subject.text(port).unwrap_or_default();
        let source = Source::new("expose", subject.cx.locate(port));
        let range = tcp_ports(&text).into_iter().flat_map(PortRange::ports);
        range
            .map(move |port| (port.into(), source.clone()))
            .collect::<Vec<_>>()
    });
    one_claim(found.collect())
}

/// The ports of the container that `ports` publishes.
fn published(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let ports = subject
        .service
        .get("ports")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let mut found = Vec::new();
    for port in ports {
        let source = Source::new("ports", subject.cx.locate(port));
        let range = match port.get("target") {
            Some(_) if port.get("protocol").and_then(Value::as_str) == Some("udp") => None,
            Some(target) => subject.text(target).as_deref().and_then(PortRange::parse),
            None => subject.text(port).as_deref().and_then(short),
        };
        let range = range.into_iter().flat_map(PortRange::ports);
        found.extend(range.map(|port| (u32::from(port), source.clone())));
    }
    one_claim(found)
}

fn short(text: &str) -> Option<PortRange> {
    let port = ShortPort::parse(text).ok()?;
    (port.protocol == "tcp").then_some(port.target)
}

/// `80`, `80/tcp`, `8000-8010`.
fn tcp_ports(text: &str) -> Option<PortRange> {
    match text.split_once('/') {
        Some((port, protocol)) if protocol.eq_ignore_ascii_case("tcp") => PortRange::parse(port),
        Some(_) => None,
        None => PortRange::parse(text),
    }
}

/// Other services that call it by its name.
fn urls_of_others(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let names = subject.names();
    let mut found = Vec::new();
    let others = subject.others().into_iter();
    for said in others.filter(|said| !is_of_another_server(&said.name)) {
        let urls = http_url::all(&said.value, &[]);
        let own = urls.into_iter().filter(|url| names.contains(&url.host));
        // Who writes no port may add one.
        let ports = own.filter_map(|url| url.port);
        found.extend(ports.map(|port| (port, Source::new("a URL", said.at.clone()))));
    }
    one_claim(found)
}

/// Whether a variable names what a service has beside the server that answers requests: a broker, a
/// collector of telemetry.
fn is_of_another_server(variable: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    ["BROKER", "OTLP", "OTEL", "METRICS"]
        .iter()
        .any(|word| name.contains(word))
}

/// Proxies that send requests to it.
fn proxied(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let names = subject.names();
    let mut found = Vec::new();
    let proxied = proxy::proxied(subject);
    // A URL of a group of servers says no port.
    let is_group = |host: &str| {
        proxied
            .iter()
            .any(|said| proxy::is_group(&said.value, host))
    };
    for said in &proxied {
        let urls = http_url::all(&said.value, &[]).into_iter();
        let own = urls.filter(|url| names.contains(&url.host) && !is_group(&url.host));
        let ports = own.map(|url| url.port());
        let source = Source::new(said.name.clone(), said.at.clone());
        let all = ports.chain(proxy::ports(&said.value, &names));
        found.extend(all.map(|port| (port, source.clone())));
    }
    one_claim(found)
}

/// Health checks that are written for it elsewhere.
fn other_checks(subject: &Subject<'_>) -> Vec<Claim<u32>> {
    let mut found = Vec::new();
    for said in subject.other_checks() {
        let urls = http_url::all(&said.value, &LOCAL);
        let own = urls
            .into_iter()
            .filter(|url| LOCAL.contains(&url.host.as_str()));
        found.extend(own.map(|url| (url.port(), Source::new(said.name.clone(), said.at.clone()))));
    }
    one_claim(found)
}

/// How a container calls itself.
pub(super) const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "0.0.0.0"];

/// What places of one kind say together: each port may serve something else.
fn one_claim(found: Vec<(u32, Source)>) -> Vec<Claim<u32>> {
    let mut claim: Option<Claim<u32>> = None;
    for (port, source) in found {
        let claim = claim.get_or_insert(Claim {
            values: Vec::new(),
            source,
        });
        if !claim.values.contains(&port) {
            claim.values.push(port);
        }
    }
    claim.into_iter().collect()
}
