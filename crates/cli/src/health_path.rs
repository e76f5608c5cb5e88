//! The health paths that an environment publishes, asked from the host: what is well inside its
//! container and cannot be reached from outside is of no use to anybody.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use compose_model::ResolvedModel;
use compose_model::resolved::{self, Text};
use docker::engine::Engine;
use live::http;
use stories::HttpProbe;

use crate::standing::{self, Service, ServiceProblem};

/// How often a path is asked before it counts as not answering.
const TRIES: usize = 5;

/// The time between two tries.
const PAUSE: Duration = Duration::from_secs(3);

/// A health path that is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthPath {
    /// The service.
    pub service: String,
    address: SocketAddr,
    path: String,
}

/// What came of asking for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was asked for.
    pub of: HealthPath,
    /// The status; none where nobody answered in HTTP.
    pub status: Option<u16>,
}

/// What the published health paths of healthy services answer, each asked until it answers well, a
/// few times. Nobody is asked of an engine elsewhere, whose ports are another machine's.
#[must_use]
pub fn ask(model: &ResolvedModel, services: &[Service], engine: &Engine) -> Vec<Answer> {
    let is_healthy = |path: &HealthPath| {
        let mut own = services.iter().filter(|one| one.name == path.service);
        own.any(standing::is_healthy)
    };
    let mut all = HealthPath::all(model);
    all.retain(is_healthy);
    if all.is_empty() || !engine.is_local() {
        return Vec::new();
    }
    all.into_iter().map(|path| path.ask(PAUSE)).collect()
}

impl HealthPath {
    /// Those that services' own health checks ask for in their containers, and that are published.
    fn all(model: &ResolvedModel) -> Vec<Self> {
        let services = model.services.iter();
        services
            .filter_map(|(name, service)| Self::of(name, service))
            .collect()
    }

    fn of(name: &str, service: &resolved::Service) -> Option<Self> {
        let check = service.health.as_ref().filter(|check| !check.is_off())?;
        let words: Option<Vec<_>> = check.test.iter().map(Text::text).collect();
        let probe = HttpProbe::of(&words?.join(" "))?;
        let mut ports = service.known_ports();
        let port =
            ports.find(|port| u32::from(port.target) == probe.port && port.protocol == "tcp")?;
        let published = port.published.filter(|range| !range.is_several())?;
        let host = port.host_ip.as_deref().and_then(|ip| ip.parse().ok());
        let host = host.filter(|ip: &IpAddr| !ip.is_unspecified());
        let host = host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let service = name.to_owned();
        Some(Self {
            service,
            address: SocketAddr::new(host, published.first),
            path: probe.path,
        })
    }

    /// Asks until it answers well, a few times.
    fn ask(self, pause: Duration) -> Answer {
        let mut status = None;
        for tried in 0..TRIES {
            if tried > 0 {
                std::thread::sleep(pause);
            }
            status = http::status(self.address, &self.path);
            if is_well(status) {
                break;
            }
        }
        Answer { of: self, status }
    }

    /// What is asked for, as a URL.
    pub fn url(&self) -> String {
        let address = self.address.to_string().replace("127.0.0.1", "localhost");
        format!("http://{address}{}", self.path)
    }
}

/// As `curl --fail` takes it: what sends on elsewhere is there.
fn is_well(status: Option<u16>) -> bool {
    status.is_some_and(|status| (200..400).contains(&status))
}

impl Answer {
    /// `api answers 200 at http://localhost:3000/health`.
    #[must_use]
    pub fn told(&self) -> String {
        let (service, url) = (&self.of.service, self.of.url());
        match self.status {
            Some(status) => format!("{service} answers {status} at {url}"),
            None => format!("{service} does not answer at {url}"),
        }
    }

    /// What is wrong; none where it answers well.
    #[must_use]
    pub fn trouble(&self) -> Option<ServiceProblem> {
        if is_well(self.status) {
            return None;
        }
        let url = self.of.url();
        let what = match self.status {
            Some(status) => format!("is healthy within, and answers {status} at {url}"),
            None => format!("is healthy within, and does not answer at {url}"),
        };
        Some(ServiceProblem {
            service: self.of.service.clone(),
            what,
            health: Vec::new(),
            log: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use serde_json::json;

    use super::*;

    fn model(port: u16) -> ResolvedModel {
        let check = json!({ "test": ["CMD", "curl", "-f", "http://localhost:3000/up"] });
        let ports = |target: u16| json!([{ "published": port.to_string(), "target": target, "protocol": "tcp", "host_ip": "127.0.0.1" }]);
        ResolvedModel::from_compose_json(&json!({ "name": "shop", "services": {
            "api": { "image": "a/b", "healthcheck": check, "ports": ports(3000) },
            "other-port": { "image": "a/b", "healthcheck": check, "ports": ports(9000) },
            "unpublished": { "image": "a/b", "healthcheck": check },
            "unchecked": { "image": "a/b", "ports": ports(3000) },
        }}))
    }

    #[test]
    fn a_published_path_is_asked_until_it_answers_well() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            for answer in ["503 Later", "200 OK"] {
                let (mut stream, _) = listener.accept().unwrap();
                let mut asked = [0; 256];
                let length = stream.read(&mut asked).unwrap();
                assert!(asked[..length].starts_with(b"GET /up "));
                write!(stream, "HTTP/1.1 {answer}\r\n\r\n").unwrap();
            }
        });
        let all = HealthPath::all(&model(port));
        let [path] = <[HealthPath; 1]>::try_from(all).unwrap();
        let answer = path.ask(Duration::ZERO);
        server.join().unwrap();
        let told = format!("api answers 200 at http://localhost:{port}/up");
        assert_eq!((answer.told(), answer.trouble()), (told, None));
    }

    #[test]
    fn what_never_answers_well_is_a_trouble() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let path = HealthPath::all(&model(port)).remove(0);
        let trouble = path.ask(Duration::ZERO).trouble().unwrap();
        let what = format!("is healthy within, and does not answer at http://localhost:{port}/up");
        assert_eq!((trouble.service.as_str(), trouble.what), ("api", what));
    }
}
