//! Host ports: free, or held by the project's own containers.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{IpAddr, TcpListener, UdpSocket};

use compose_model::{Environment, PortRange, ResolvedModel};
use docker::engine::Engine;

use super::Finding;

/// A port of the host that a service is published at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Published {
    port: u16,
    protocol: String,
    /// All addresses without one.
    address: Option<String>,
}

pub(super) fn check(
    engine: Option<&Engine>,
    of: &Environment,
    model: &ResolvedModel,
) -> Vec<Finding> {
    let (environment, project) = (&of.name, &of.project.name);
    let published = published(model);
    if published.is_empty() {
        return Vec::new();
    }
    let mut findings = twice(environment, &published);
    if engine.is_some_and(|engine| !engine.is_local()) {
        let says = format!(
            "{environment}: the engine is on another machine, whose ports were not looked at"
        );
        findings.push(Finding::unknown("ports", says));
        return findings;
    }
    for (place, services) in &published {
        if is_taken(place) {
            findings.extend(taken(engine, project, environment, &services[0], place));
        }
    }
    if findings.is_empty() {
        let mut numbers: Vec<_> = published
            .keys()
            .map(|place| place.port.to_string())
            .collect();
        numbers.dedup();
        let says = match &numbers[..] {
            [one] => format!("{environment}: port {one} is free or our own"),
            _ => format!(
                "{environment}: ports {} are free or our own",
                numbers.join(", ")
            ),
        };
        findings.push(Finding::ok("ports", says));
    }
    findings
}

/// The published ports with the services behind each, those of services behind a profile left out.
fn published(model: &ResolvedModel) -> BTreeMap<Published, Vec<String>> {
    let mut found: BTreeMap<Published, Vec<String>> = BTreeMap::new();
    for (name, service) in model
        .services
        .iter()
        .filter(|(_, service)| !service.is_behind_a_profile())
    {
        for port in service.known_ports() {
            // Docker itself chooses where nothing is said, or zero.
            let numbers = port
                .published
                .filter(|published| published.first > 0)
                .into_iter()
                .flat_map(PortRange::ports);
            for number in numbers {
                let place = Published {
                    port: number,
                    protocol: port.protocol.clone(),
                    address: port.host_ip.clone(),
                };
                found.entry(place).or_default().push(name.clone());
            }
        }
    }
    found
}

/// Compose accepts one port for two services, and `up` then fails.
fn twice(environment: &str, published: &BTreeMap<Published, Vec<String>>) -> Vec<Finding> {
    let shared = published.iter().filter(|(_, services)| services.len() > 1);
    shared
        .map(|(place, services)| {
            let says = format!(
                "{environment}: {} are both published at port {}",
                services.join(" and "),
                place.port
            );
            Finding::fail("ports", says, "give one of them another port")
        })
        .collect()
}

/// A port that may not be bound for another reason, as one below 1024, is not taken.
fn is_taken(place: &Published) -> bool {
    let address = place
        .address
        .as_deref()
        .unwrap_or("0.0.0.0")
        .parse()
        .unwrap_or(IpAddr::from([0, 0, 0, 0]));
    let bound = match place.protocol.as_str() {
        "udp" => UdpSocket::bind((address, place.port)).map(drop),
        _ => TcpListener::bind((address, place.port)).map(drop),
    };
    bound.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
}

fn taken(
    engine: Option<&Engine>,
    project: &str,
    environment: &str,
    service: &str,
    place: &Published,
) -> Option<Finding> {
    let asked = engine.map(|engine| engine.publishers(place.port, &place.protocol));
    // Without an answer it may be our own container.
    let Some(Ok(holders)) = asked else {
        let says = format!(
            "{environment}: port {} of {service} is in use; by whom no engine says",
            place.port
        );
        return Some(Finding::unknown("ports", says));
    };
    if holders.iter().any(|(_, other)| other == project) {
        return None;
    }
    let port = place.port;
    let (holder, mend) = match holders.first() {
        Some((container, other)) if !other.is_empty() => (
            format!("{container} of the project {other}"),
            format!("docker compose --project-name {other} stop"),
        ),
        Some((container, _)) => (container.clone(), format!("docker stop {container}")),
        None => (
            "another program".to_owned(),
            format!("ss -ltnp 'sport = :{port}'   # who it is; or choose another port"),
        ),
    };
    Some(Finding::fail(
        "ports",
        format!("{environment}: port {port} of {service} is taken by {holder}"),
        mend,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_listened_on_is_taken() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut place = Published {
            port,
            protocol: "tcp".to_owned(),
            address: Some("127.0.0.1".to_owned()),
        };
        assert!(is_taken(&place));
        place.address = None;
        assert!(is_taken(&place), "on all addresses too");
        drop(listener);
        assert!(!is_taken(&place));
    }

    #[test]
    fn the_model_tells_ports_ranges_and_doubles() {
        let model = serde_json::json!({ "services": {
            "a": { "ports": [{ "published": "8080", "target": 80 }, { "target": 81 }] },
            "b": { "ports": [{ "published": "8000-8001", "target": 80 }, { "published": "8080", "target": 1 }] },
            "c": { "profiles": ["x"], "ports": [{ "published": "9000", "target": 80 }] },
        }});
        let found = published(&ResolvedModel::from_compose_json(&model));
        assert_eq!(
            found.keys().map(|place| place.port).collect::<Vec<_>>(),
            [8000, 8001, 8080]
        );
        assert_eq!(
            twice("local", &found)[0].says,
            "local: a and b are both published at port 8080"
        );
    }
}
