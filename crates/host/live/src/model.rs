//! What an environment comes to, in the words that the proofs ask in.

use std::time::Duration;

use compose_model::resolved::{self, Mount, MountSource, Text};
use compose_model::{ImageRef, Resolved, ResolvedModel};
use serde_json::Value;

/// What `docker compose config --format json` answers: read, and in its own words, which an overlay
/// repeats in part. It holds resolved secrets: never print it.
#[derive(Clone, Default)]
pub struct Model {
    resolved: ResolvedModel,
    /// Every `$` in it is doubled.
    answer: Value,
}

/// A service of a model.
#[derive(Clone, Copy)]
pub struct Service<'m> {
    /// Its name.
    pub name: &'m str,
    /// What it comes to.
    pub resolved: &'m resolved::Service,
    /// Compose's own words about it.
    pub answer: &'m Value,
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
    pub fn new(answer: Value) -> Self {
        Self {
            resolved: ResolvedModel::from_compose_json(&answer),
            answer,
        }
    }

    /// What the environment comes to.
    #[must_use]
    pub fn resolved(&self) -> &ResolvedModel {
        &self.resolved
    }

    /// The services.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        let services = self.resolved.services.iter();
        services.map(|(name, resolved)| Service {
            name,
            resolved,
            answer: &self.answer["services"][name],
        })
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
        let of = |service: &Service<'_>| service.image().is_some_and(|image| image.is(repository));
        let named = self
            .services()
            .filter(of)
            .find(|service| service.name == repository);
        named.or_else(|| self.services().find(of))
    }

    /// A section at the top, such as `volumes`, in Compose's own words: its entries by key.
    pub fn section(&self, section: &str) -> impl Iterator<Item = (&str, &Value)> {
        let entries = self.answer[section].as_object().into_iter().flatten();
        entries.map(|(key, value)| (key.as_str(), value))
    }
}

impl<'m> Service<'m> {
    /// The image.
    #[must_use]
    pub fn image(self) -> Option<&'m ImageRef> {
        self.resolved.image.as_ref()?.known()
    }

    /// The image as it is named; empty where it is only built.
    #[must_use]
    pub fn image_name(self) -> String {
        self.resolved.image_name().unwrap_or_default()
    }

    /// The words of its command.
    pub fn command(self) -> impl Iterator<Item = &'m str> {
        let words = self.resolved.command.as_ref().into_iter().flatten();
        words.filter_map(Text::text)
    }

    /// What is mounted by `volumes`, each with Compose's own words about it. Memory by `tmpfs` is
    /// not among it.
    pub fn mounts(self) -> impl Iterator<Item = (&'m Mount, &'m Value)> {
        let answers = self.answer["volumes"].as_array().into_iter().flatten();
        self.resolved.mounts.iter().zip(answers)
    }

    /// Whether it has a volume, with a name or without.
    #[must_use]
    pub fn has_volume(self) -> bool {
        let mut mounts = self.resolved.mounts.iter();
        mounts.any(|mount| {
            matches!(
                mount.source.known(),
                Some(MountSource::Volume(_) | MountSource::Anonymous)
            )
        })
    }

    /// The paths that are memory.
    pub fn memory(self) -> impl Iterator<Item = &'m str> {
        let is_memory = |mount: &&Mount| mount.source.known() == Some(&MountSource::Tmpfs);
        let mounts = self.resolved.mounts.iter().filter(is_memory);
        mounts.filter_map(|mount| mount.target.text())
    }

    /// When its health check runs; none where the files say nothing of one or switch it off.
    #[must_use]
    pub fn health(self) -> Option<HealthTimes> {
        let check = self
            .resolved
            .health
            .as_ref()
            .filter(|check| !check.is_off())?;
        let time = |said: &Option<Resolved<compose_model::Duration>>, default| {
            let said = said.as_ref().and_then(Resolved::known);
            said.map_or(default, |said| said.to_std())
        };
        let default = Duration::from_secs(30);
        let retries = check.retries.as_ref().and_then(Resolved::known);
        Some(HealthTimes {
            interval: time(&check.interval, default),
            timeout: time(&check.timeout, default),
            start_period: time(&check.start_period, Duration::ZERO),
            retries: retries.map_or(3, |retries| u32::try_from(*retries).unwrap_or(3)),
        })
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!((cache.name, cache.command().nth(2)), ("cache", Some("a$b")));
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
        let is_one_shot = |name| model.resolved().is_one_shot(name);
        assert!(is_one_shot("cache") && !is_one_shot("web"));
        assert!(model.service("web").unwrap().health().is_none());
    }
}
