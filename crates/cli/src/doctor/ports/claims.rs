//! Which ports of the host an environment's services want, and which of them cannot all have theirs.

use std::collections::BTreeSet;
use std::net::IpAddr;

use compose_model::resolved::{Port, Service};
use compose_model::{PortRange, ResolvedModel};

/// What a service is published at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Published {
    pub(super) service: String,
    /// The port, or those of which Docker takes one for each container.
    pub(super) range: PortRange,
    pub(super) protocol: String,
    /// All addresses without one.
    pub(super) address: Option<String>,
    /// How many containers want a port of it.
    pub(super) containers: u64,
}

/// Why not all of an environment's containers can start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Clash {
    /// Two services want one port.
    Services(String, String, PortRange),
    /// One service wants a port twice.
    Twice(String, PortRange),
    /// A service has more containers than ports.
    Containers(String, u64, PortRange),
    /// A service's range is taken by others.
    Full(String, PortRange),
}

impl Published {
    /// How many ports it may be published at.
    pub(super) fn number(&self) -> u64 {
        u64::from(self.range.last - self.range.first) + 1
    }

    fn of(name: &str, service: &Service, port: &Port) -> Option<Self> {
        // Docker itself chooses where nothing is said, or zero.
        let range = port.published.filter(|published| published.first > 0)?;
        let plain = |address: &String| address.trim_matches(['[', ']']).to_owned();
        Some(Self {
            service: name.to_owned(),
            range,
            protocol: port.protocol.clone(),
            address: port
                .host_ip
                .as_ref()
                .map(plain)
                .filter(|address| !address.is_empty()),
            containers: service.containers(),
        })
    }

    /// Whether what listens at one is in the way of the other.
    fn meets(&self, other: &Self) -> bool {
        let (Some(one), Some(another)) = (&self.address, &other.address) else {
            return self.protocol == other.protocol;
        };
        let read = |address: &String| address.parse::<IpAddr>().ok();
        let is_same = match (read(one), read(another)) {
            (Some(one), Some(another)) => {
                let is_any = one.is_unspecified() || another.is_unspecified();
                one == another || is_any && one.is_ipv4() == another.is_ipv4()
            }
            _ => one == another,
        };
        is_same && self.protocol == other.protocol
    }
}

/// What is published by the services that start where these profiles are active.
pub(super) fn published(model: &ResolvedModel, profiles: &[String]) -> Vec<Published> {
    let mut all = Vec::new();
    let starts = |service: &Service| service.is_active(profiles) && service.containers() > 0;
    for (name, service) in model.services.iter().filter(|(_, own)| starts(own)) {
        let mut ports: Vec<&Port> = Vec::new();
        for port in service.known_ports() {
            if !ports.contains(&port) {
                ports.push(port);
            }
        }
        let own = ports
            .iter()
            .filter_map(|port| Published::of(name, service, port));
        all.extend(own);
    }
    all
}

/// Those that cannot all have their ports. Of a range, any that is free will do.
pub(super) fn clashes(published: &[Published]) -> Vec<Clash> {
    let is_crowded = |one: &&Published| one.containers > one.number();
    let mut found: Vec<_> = published
        .iter()
        .filter(is_crowded)
        .map(|one| Clash::Containers(one.service.clone(), one.containers, one.range))
        .collect();
    let mut all: Vec<_> = published.iter().collect();
    // Who has the least choice comes first.
    all.sort_by_key(|one| (one.range.is_several(), one.range.last, one.range.first));
    let mut settled: Vec<(&Published, BTreeSet<u16>)> = Vec::new();
    for one in all {
        let in_the_way = |port: u16| {
            let others = settled.iter().filter(|(other, _)| other.meets(one));
            others.filter(move |(_, ports)| ports.contains(&port))
        };
        let free = |port: &u16| in_the_way(*port).next().is_none();
        let wanted = one.containers.min(one.number());
        let enough = usize::try_from(wanted).unwrap_or(usize::MAX);
        let taken: BTreeSet<_> = one.range.ports().filter(free).take(enough).collect();
        if taken.len() < enough {
            let other = in_the_way(one.range.first).map(|(other, _)| *other).next();
            let clash = clash(one, other);
            if !found.contains(&clash) {
                found.push(clash);
            }
        }
        settled.push((one, taken));
    }
    found
}

fn clash(one: &Published, other: Option<&Published>) -> Clash {
    match other {
        Some(other) if !one.range.is_several() && other.service == one.service => {
            Clash::Twice(one.service.clone(), one.range)
        }
        Some(other) if !one.range.is_several() => {
            Clash::Services(other.service.clone(), one.service.clone(), one.range)
        }
        _ => Clash::Full(one.service.clone(), one.range),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(services: &Value, profiles: &[&str]) -> Vec<Published> {
        let model = ResolvedModel::from_compose_json(&json!({ "services": services }));
        let profiles: Vec<_> = profiles.iter().map(|&name| name.to_owned()).collect();
        published(&model, &profiles)
    }

    fn ports(services: &Value, profiles: &[&str]) -> Vec<String> {
        let all = of(services, profiles);
        all.iter().map(|one| one.range.to_string()).collect()
    }

    fn range(text: &str) -> PortRange {
        PortRange::parse(text).unwrap()
    }

    fn port(published: &str) -> Value {
        json!({ "published": published, "target": 80 })
    }

    fn at(address: &str) -> Value {
        json!({ "published": "8080", "target": 80, "host_ip": address })
    }

    #[test]
    fn what_does_not_start_is_not_published() {
        let services = json!({
            "a": { "ports": [port("8080"), { "target": 81 }] },
            "b": { "ports": [port("8000-8001")] },
            "behind": { "profiles": ["x"], "ports": [port("9000")] },
            "none": { "scale": 0, "ports": [port("9001")] },
            "no-replica": { "deploy": { "replicas": 0 }, "ports": [port("9002")] },
        });
        assert_eq!(ports(&services, &[]), ["8080", "8000-8001"]);
        assert_eq!(ports(&services, &["x"]), ["8080", "8000-8001", "9000"]);
        assert_eq!(ports(&services, &["*"]), ["8080", "8000-8001", "9000"]);
    }

    #[test]
    fn addresses_that_overlap_clash() {
        for (one, other, is_clash) in [
            (port("8080"), at("127.0.0.1"), true),
            (port("8080"), at("::1"), true),
            (port("8080"), at("0.0.0.0"), true),
            (at("0.0.0.0"), at("127.0.0.1"), true),
            (at("::"), at("::1"), true),
            (at("[::]"), at("::1"), true),
            (at("127.0.0.1"), at("127.0.0.1"), true),
            (at("::"), at("127.0.0.1"), false),
            (at("0.0.0.0"), at("::"), false),
            (at("127.0.0.1"), at("127.0.0.2"), false),
            (port("8080"), port("8081"), false),
        ] {
            let services = json!({ "a": { "ports": [one] }, "b": { "ports": [other] } });
            let both = Clash::Services("a".to_owned(), "b".to_owned(), range("8080"));
            let expected = if is_clash { vec![both] } else { Vec::new() };
            assert_eq!(clashes(&of(&services, &[])), expected, "{services}");
        }
        let udp = json!({ "published": "8080", "target": 80, "protocol": "udp" });
        let services = json!({ "a": { "ports": [port("8080"), udp] } });
        assert_eq!(clashes(&of(&services, &[])), []);
    }

    #[test]
    fn one_service_may_want_too_much_by_itself() {
        let twice = json!({ "o": { "ports": [port("8080"), at("127.0.0.1")] } });
        assert_eq!(
            clashes(&of(&twice, &[])),
            [Clash::Twice("o".to_owned(), range("8080"))]
        );
        let same = json!({ "o": { "ports": [port("8080"), port("8080")] } });
        assert_eq!(clashes(&of(&same, &[])), []);
        let three = |published: &str| json!({ "o": { "deploy": { "replicas": 3 }, "ports": [port(published)] } });
        assert_eq!(
            clashes(&of(&three("8080"), &[])),
            [Clash::Containers("o".to_owned(), 3, range("8080"))]
        );
        assert_eq!(clashes(&of(&three("8080-8082"), &[])), []);
    }

    #[test]
    fn a_range_clashes_where_all_of_it_is_taken() {
        let with = |others: &[&str]| {
            let others: Vec<_> = others
                .iter()
                .map(|published| json!({ "published": published, "target": 1 }))
                .collect();
            of(
                &json!({ "a": { "ports": [port("9300-9302")] }, "b": { "ports": others } }),
                &[],
            )
        };
        assert_eq!(clashes(&with(&["9300", "9301"])), []);
        assert_eq!(clashes(&with(&["9300-9302", "9302"])), []);
        assert_eq!(
            clashes(&with(&["9300", "9301", "9302"])),
            [Clash::Full("a".to_owned(), range("9300-9302"))]
        );
    }
}
