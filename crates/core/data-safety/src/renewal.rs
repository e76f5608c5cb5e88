//! What the next `up` does to the containers that are there: which it makes anew, and why; which
//! it leaves; which it makes for the first time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use compose_model::resolved::{Resolved, Service};
use compose_model::{ImageRef, ResolvedModel};
use engine_facts::container::HASH;
use engine_facts::{Container, MountKind};

/// How long an engine waits for a container to stop where the files do not say.
/// Source: the Compose specification, `stop_grace_period`.
const GRACE: Duration = Duration::from_secs(10);

/// How often an engine probes where the files do not say. Source: the Dockerfile reference,
/// `HEALTHCHECK`.
const INTERVAL: Duration = Duration::from_secs(30);

/// What decides about the containers of a project.
#[derive(Clone, Copy, Debug)]
pub struct RenewalFacts<'f> {
    /// The new files.
    pub model: &'f ResolvedModel,
    /// The project's containers as they are.
    pub containers: &'f [Container],
    /// Compose's hash of each service of the new files; none where Compose does not tell.
    pub hashes: Option<&'f BTreeMap<String, String>>,
    /// The hashes of services that join another's network, processes, memory or volumes.
    pub hashes_among: &'f BTreeMap<String, String>,
    /// The ids of the containers that run another image than their service gets, or may get.
    pub other_images: &'f BTreeSet<String>,
    /// Whether all are made anew, whatever they say.
    pub forced: bool,
    /// The services that the command is about.
    pub meant: &'f BTreeSet<String>,
}

/// Why a container is made anew, the strongest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its service says something else.
    Configuration,
    /// Its image is another one, or may be once it is pulled or built.
    Image,
    /// It joins a service whose container is made anew.
    Joins(String),
    /// Somebody asks for it.
    Forced,
}

/// A service whose containers are made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// The service.
    pub service: String,
    /// Why.
    pub reason: Reason,
    /// The named volumes that it has now and gets again, by their real names.
    pub keeps: Vec<String>,
    /// How long it is away; only of a datastore that runs.
    pub away: Option<Away>,
}

/// How long a datastore is away, as far as the files say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// The longest that it may take to stop.
    pub stop_at_most: Duration,
    /// How often it is then asked whether it is well; none where nothing in the files asks it.
    pub probed_every: Option<Duration>,
}

/// What `up` does to a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// What it makes anew.
    pub anew: Vec<Renewed>,
    /// The services that have no container yet.
    pub created: Vec<String>,
    /// The services whose containers stay.
    pub stays: Vec<String>,
}

impl RenewalFacts<'_> {
    /// The services whose containers do not fit the new files, each with why, whether a command is
    /// about them or not. Where Compose tells no hash, every one may be.
    #[must_use]
    pub fn reasons(&self) -> BTreeMap<String, Reason> {
        let mut reasons = BTreeMap::new();
        for one in self.containers {
            if let Some(reason) = self.reason(one) {
                let known = reasons.entry(one.service.clone()).or_insert(reason.clone());
                if reason == Reason::Configuration {
                    *known = reason;
                }
            }
        }
        // Who joins a container that is made anew is made anew with it.
        while let Some((name, other)) = self.next_joined(&reasons) {
            reasons.insert(name, Reason::Joins(other));
        }
        reasons
    }

    fn next_joined(&self, reasons: &BTreeMap<String, Reason>) -> Option<(String, String)> {
        let left = self.model.services.iter();
        left.filter(|(name, _)| !reasons.contains_key(*name))
            .find_map(|(name, service)| {
                let mut joined = service.joined.services();
                let other = joined.find(|other| reasons.contains_key(*other))?;
                Some((name.clone(), other.to_owned()))
            })
    }

    fn reason(&self, one: &Container) -> Option<Reason> {
        let service = one.service.as_str();
        let differs = match self.hashes {
            Some(hashes) => {
                let has = |hash: &String| one.labels.get(HASH) == Some(hash);
                hashes.get(service).is_some_and(|hash| !has(hash))
                    && !self.hashes_among.get(service).is_some_and(has)
            }
            None => self.model.service(service).is_some(),
        };
        if differs {
            return Some(Reason::Configuration);
        }
        if self.other_images.contains(&one.id) {
            return Some(Reason::Image);
        }
        (self.forced && self.model.service(service).is_some()).then_some(Reason::Forced)
    }

    /// What happens to each service that is meant.
    #[must_use]
    pub fn impact(&self) -> Impact {
        let reasons = self.reasons();
        let mut impact = Impact::default();
        let services = self.model.services.iter();
        for (name, service) in services.filter(|(name, _)| self.meant.contains(*name)) {
            let own: Vec<_> = self.own(name).collect();
            match reasons.get(name) {
                _ if own.is_empty() && service.containers() == 0 => {}
                _ if own.is_empty() => impact.created.push(name.clone()),
                None => impact.stays.push(name.clone()),
                Some(reason) => impact.anew.push(Renewed {
                    service: name.clone(),
                    reason: reason.clone(),
                    keeps: self.kept(service, &own),
                    away: away(service, &own),
                }),
            }
        }
        impact
    }

    fn own<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Container> {
        self.containers
            .iter()
            .filter(move |one| one.service == name && !one.is_one_off())
    }

    fn kept(&self, service: &Service, own: &[&Container]) -> Vec<String> {
        let mut wanted: Vec<_> = service
            .volumes()
            .filter_map(|key| self.model.volume_name(key))
            .filter(|name| own.iter().any(|one| holds(one, name)))
            .map(str::to_owned)
            .collect();
        wanted.sort();
        wanted.dedup();
        wanted
    }
}

fn holds(container: &Container, volume: &str) -> bool {
    let is_it = |kind| matches!(kind, MountKind::NamedVolume(name) if name == volume);
    container.mounts.iter().any(|mount| is_it(mount.kind()))
}

/// What is not running is away already.
fn away(service: &Service, own: &[&Container]) -> Option<Away> {
    let by_file = service.image.as_ref().and_then(Resolved::known);
    let is_datastore = by_file.is_some_and(|image| datastores::of(image).is_some())
        || own
            .iter()
            .any(|one| datastores::of(&ImageRef::parse(&one.image)).is_some());
    if !is_datastore || !own.iter().any(|one| one.is_running()) {
        return None;
    }
    let grace = service.stop_grace_period.as_ref().and_then(Resolved::known);
    let probe = service.health.as_ref().filter(|check| !check.disabled);
    Some(Away {
        stop_at_most: grace.map_or(GRACE, |grace| grace.to_std()),
        probed_every: probe.map(|check| {
            let said = check.interval.as_ref().and_then(Resolved::known);
            let said = said.map(|said| said.to_std());
            // Zero is the engine's own, too.
            said.filter(|said| !said.is_zero()).unwrap_or(INTERVAL)
        }),
    })
}

#[cfg(test)]
mod tests;
