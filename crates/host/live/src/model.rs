//! What a resolved model says, in the words that the proofs ask in.

use std::collections::BTreeMap;
use std::time::Duration;

use compose_model::ImageRef;
use serde_json::Value;

/// A resolved model as `docker compose config --format json` prints it. It holds resolved secrets:
/// never print it.
#[derive(Clone)]
pub struct Model(Value);

/// A service of a model.
#[derive(Clone, Copy)]
pub struct Service<'m> {
    /// Its name.
    pub name: &'m str,
    /// What it says.
    pub value: &'m Value,
}

/// A mount of a service.
#[derive(Clone, Copy)]
pub struct Mounted<'m> {
    /// `volume`, `bind`, `tmpfs` or another.
    pub kind: &'m str,
    /// The volume's key or the path on the host; empty for an anonymous volume.
    pub source: &'m str,
    /// The path in the container.
    pub target: &'m str,
    /// Whether the container may not write there.
    pub read_only: bool,
    /// All of it.
    pub value: &'m Value,
}

/// When a health check runs, with Docker's defaults in place of what is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthTimes {
    /// From the end of one probe to the next.
    pub interval: Duration,
    /// How long a probe may take.
    pub timeout: Duration,
    /// How long failures do not count.
    pub start_period: Duration,
    /// How many failures in a row make it unhealthy.
    pub retries: u32,
}

impl Model {
    /// Takes the parsed JSON.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// The project's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0["name"].as_str().unwrap_or_default()
    }

    /// The services.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        entries(&self.0["services"]).map(|(name, value)| Service { name, value })
    }

    /// A service by its name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<Service<'_>> {
        self.services().find(|service| service.name == name)
    }

    /// The service of an official image, whatever the registry; of several, the one that is called
    /// like the image.
    #[must_use]
    pub fn service_of(&self, repository: &str) -> Option<Service<'_>> {
        let of = |service: &Service<'_>| {
            service
                .image_ref()
                .is_some_and(|image| image.is(repository))
        };
        let named = self
            .services()
            .filter(of)
            .find(|service| service.name == repository);
        named.or_else(|| self.services().find(of))
    }

    /// A section at the top, such as `volumes`: its entries by key.
    pub fn section(&self, section: &str) -> impl Iterator<Item = (&str, &Value)> {
        entries(&self.0[section])
    }
}

impl<'m> Service<'m> {
    /// The image as it is named.
    #[must_use]
    pub fn image(self) -> Option<&'m str> {
        self.value["image"].as_str()
    }

    /// The image, taken apart.
    #[must_use]
    pub fn image_ref(self) -> Option<ImageRef> {
        self.image().map(ImageRef::parse)
    }

    /// Whether it can be built.
    #[must_use]
    pub fn is_built(self) -> bool {
        self.value.get("build").is_some()
    }

    /// The words of its command; a `$` is single, as the container gets it.
    #[must_use]
    pub fn command(self) -> Vec<String> {
        let words = self.value["command"].as_array().into_iter().flatten();
        words.filter_map(Value::as_str).map(single).collect()
    }

    /// Its variables, those of its env files included.
    #[must_use]
    pub fn environment(self) -> BTreeMap<&'m str, String> {
        entries(&self.value["environment"])
            .map(|(name, value)| (name, single(value.as_str().unwrap_or_default())))
            .collect()
    }

    /// Its mounts.
    pub fn mounts(self) -> impl Iterator<Item = Mounted<'m>> {
        self.value["volumes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|value| Mounted {
                kind: value["type"].as_str().unwrap_or_default(),
                source: value["source"].as_str().unwrap_or_default(),
                target: value["target"].as_str().unwrap_or_default(),
                read_only: value["read_only"].as_bool().unwrap_or_default(),
                value,
            })
    }

    /// The paths that are memory, by the short form; `docker inspect` does not call them mounts.
    pub fn memory(self) -> impl Iterator<Item = &'m str> {
        let paths = self.value["tmpfs"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        paths.map(|path| path.split(':').next().unwrap_or(path))
    }

    /// The services that it waits for, each with the condition.
    pub fn dependencies(self) -> impl Iterator<Item = (&'m str, &'m str)> {
        entries(&self.value["depends_on"])
            .map(|(name, how)| (name, how["condition"].as_str().unwrap_or_default()))
    }

    /// When its health check runs; none where the files say nothing of one or switch it off.
    #[must_use]
    pub fn health(self) -> Option<HealthTimes> {
        let check = self.value.get("healthcheck")?;
        let off =
            check["disable"].as_bool() == Some(true) || check["test"][0].as_str() == Some("NONE");
        let time = |key: &str, default| {
            check[key]
                .as_str()
                .and_then(parse_duration)
                .unwrap_or(default)
        };
        let default = Duration::from_secs(30);
        (!off).then(|| HealthTimes {
            interval: time("interval", default),
            timeout: time("timeout", default),
            start_period: time("start_period", Duration::ZERO),
            retries: check["retries"]
                .as_u64()
                .and_then(|retries| u32::try_from(retries).ok())
                .unwrap_or(3),
        })
    }

    /// Whether it is to end by itself: somebody waits for its end.
    #[must_use]
    pub fn is_one_shot(self, model: &Model) -> bool {
        let awaited = |other: Service<'_>| {
            other.dependencies().any(|(name, condition)| {
                name == self.name && condition == "service_completed_successfully"
            })
        };
        model.services().any(awaited)
    }
}

impl HealthTimes {
    /// How long it takes at most from the first failure of what is probed until the container is
    /// unhealthy: the rest of an interval, then each probe with its time limit.
    #[must_use]
    pub fn until_unhealthy(self) -> Duration {
        self.interval + (self.interval + self.timeout) * self.retries.max(1)
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

/// `config` doubles every `$`.
fn single(text: &str) -> String {
    text.replace("$$", "$")
}

/// `1m30s`, `500ms`: a duration as Go writes it.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (mut rest, mut sum) = (text.trim(), 0.0);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let unit = &rest[end..];
        let length = unit
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(unit.len());
        sum += number
            * match &unit[..length] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &unit[length..];
    }
    Duration::try_from_secs_f64(sum).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, millis) in [
            ("30s", 30_000),
            ("1m30s", 90_000),
            ("0s", 0),
            ("500ms", 500),
            ("1h0m0.5s", 3_600_500),
        ] {
            assert_eq!(
                parse_duration(text),
                Some(Duration::from_millis(millis)),
                "{text}"
            );
        }
        assert_eq!(parse_duration("3x"), None);
        assert_eq!(parse_duration("3"), None);
    }

    #[test]
    fn a_service_says_what_its_container_gets() {
        let model = Model::new(serde_json::json!({
            "name": "shop",
            "services": {
                "cache": {
                    "image": "docker.io/library/redis:7-alpine",
                    "command": ["redis-server", "--requirepass", "a$$b"],
                    "healthcheck": {"test": ["CMD", "true"], "interval": "2s", "retries": 2},
                    "volumes": [{"type": "volume", "source": "data", "target": "/data"}],
                },
                "web": {"image": "nginx", "depends_on": {"cache": {"condition": "service_completed_successfully"}}},
            },
        }));
        let cache = model.service_of("redis").unwrap();
        assert_eq!((cache.name, cache.command()[2].as_str()), ("cache", "a$b"));
        let times = cache.health().unwrap();
        assert_eq!(
            (
                times.interval.as_secs(),
                times.timeout.as_secs(),
                times.retries
            ),
            (2, 30, 2)
        );
        assert_eq!(times.until_unhealthy().as_secs(), 2 + 2 * 32);
        assert!(cache.is_one_shot(&model) && !model.service("web").unwrap().is_one_shot(&model));
        assert!(model.service("web").unwrap().health().is_none());
    }
}
