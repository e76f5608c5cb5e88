//! Host ports: free, or held by the project's own containers.

mod claims;

use std::io::ErrorKind;
use std::net::{IpAddr, TcpListener, UdpSocket};

use compose_model::{PortRange, ResolvedModel};
use diagnostics::{Diagnostic, Remedy};
use docker::engine::Engine;

use self::claims::{Clash, Published, clashes, published};
use super::{Subject, failure, pass, unknown};
use crate::model;

pub(super) fn check(
    engine: Option<&Engine>,
    subject: Subject<'_>,
    model: &ResolvedModel,
) -> Vec<Diagnostic> {
    let environment = &subject.environment.name;
    let profiles = model::active_profiles(subject.checkout, subject.environment);
    let published = published(model, &profiles);
    if published.is_empty() {
        return Vec::new();
    }
    let mut findings: Vec<_> = clashes(&published)
        .iter()
        .map(|clash| of_clash(environment, clash))
        .collect();
    if engine.is_some_and(|engine| !engine.is_local()) {
        let says = format!(
            "{environment}: the engine is on another machine, whose ports were not looked at"
        );
        findings.push(unknown("ports", says));
        return findings;
    }
    for one in &published {
        findings.extend(without_a_port(engine, subject, one));
    }
    if findings.is_empty() {
        findings.push(pass("ports", all_free(environment, &published)));
    }
    findings
}

fn all_free(environment: &str, published: &[Published]) -> String {
    let mut ranges: Vec<_> = published.iter().map(|one| one.range).collect();
    ranges.sort_by_key(|range| (range.first, range.last));
    ranges.dedup();
    let numbers: Vec<_> = ranges.iter().map(PortRange::to_string).collect();
    match &numbers[..] {
        [one] => format!("{environment}: port {one} is free or our own"),
        _ => format!(
            "{environment}: ports {} are free or our own",
            numbers.join(", ")
        ),
    }
}

/// Compose accepts one port for two containers, and `up` then fails.
fn of_clash(environment: &str, clash: &Clash) -> Diagnostic {
    let (says, mend) = match clash {
        Clash::Services(one, other, ports) => (
            format!("{one} and {other} are both published at port {ports}"),
            "give one of them another port".to_owned(),
        ),
        Clash::Twice(service, ports) => (
            format!("{service} is published at port {ports} twice"),
            "take one of the two out, or give it another port".to_owned(),
        ),
        Clash::Containers(service, number, ports) => (
            format!("{service} is to get {number} containers, and its port {ports} is too few"),
            format!("give {service} a range of {number} ports, or fewer containers"),
        ),
        Clash::Full(service, ports) => (
            format!("nothing of the ports {ports} is left for {service}"),
            format!("give {service} other ports"),
        ),
    };
    failure(
        "ports",
        format!("{environment}: {says}"),
        Remedy::advice("", mend),
    )
}

/// Who holds a service's ports, where too few of them are free or our own.
fn without_a_port(
    engine: Option<&Engine>,
    subject: Subject<'_>,
    one: &Published,
) -> Vec<Diagnostic> {
    let (mut left, mut held) = (one.containers.min(one.number()), Vec::new());
    for port in one.range.ports() {
        if left == 0 {
            return Vec::new();
        }
        match is_taken(one, port)
            .then(|| taken(engine, subject, one, port))
            .flatten()
        {
            Some(finding) => held.push(finding),
            None => left -= 1,
        }
    }
    if left == 0 { Vec::new() } else { held }
}

/// A port that may not be bound for another reason, as one below 1024, is not taken.
fn is_taken(one: &Published, port: u16) -> bool {
    let address = one
        .address
        .as_deref()
        .unwrap_or("0.0.0.0")
        .parse()
        .unwrap_or(IpAddr::from([0, 0, 0, 0]));
    let bound = match one.protocol.as_str() {
        "udp" => UdpSocket::bind((address, port)).map(drop),
        _ => TcpListener::bind((address, port)).map(drop),
    };
    bound.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
}

/// None where it is our own container.
fn taken(
    engine: Option<&Engine>,
    subject: Subject<'_>,
    one: &Published,
    port: u16,
) -> Option<Diagnostic> {
    let (environment, project) = (&subject.environment.name, &subject.environment.project.name);
    let service = &one.service;
    let asked = engine.map(|engine| engine.publishers(port, &one.protocol));
    // Without an answer it may be our own container.
    let Some(Ok(holders)) = asked else {
        let says =
            format!("{environment}: port {port} of {service} is in use; by whom no engine says");
        return Some(unknown("ports", says));
    };
    if holders.iter().any(|(_, other)| other == project) {
        return None;
    }
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
    Some(failure(
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
        let mut subject = Published {
            service: "a".to_owned(),
            range: PortRange {
                first: port,
                last: port,
            },
            protocol: "tcp".to_owned(),
            address: Some("127.0.0.1".to_owned()),
            containers: 1,
        };
        assert!(is_taken(&subject, port));
        subject.address = None;
        assert!(is_taken(&subject, port), "on all addresses too");
        drop(listener);
        assert!(!is_taken(&subject, port));
    }
}
