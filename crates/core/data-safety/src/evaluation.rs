//! One environment before the rules: what is known, what was found so far, what is to be seen.

use std::collections::BTreeSet;

use crate::actual::Actual;
use crate::desired::Desired;
use crate::observation::{Observation, Observations, Query};

/// Something that would happen to data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// By which rule.
    pub kind: RiskKind,
    /// The service or volume that it is about.
    pub subject: String,
    /// What would happen.
    pub impact: String,
    /// The volumes that it is about, by their real names.
    pub volumes: BTreeSet<String>,
    /// What that is concluded from.
    pub evidence: Vec<String>,
    /// What does it without the loss: what it does, and the commands or the lines.
    pub remedies: Vec<(String, Vec<String>)>,
}

/// A volume of the project with data of a datastore, which no container has and no file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its real name.
    pub volume: String,
    /// What it holds, such as `PostgreSQL 15`.
    pub holds: String,
    /// The command that silences it; its reason is to be filled in.
    pub forget: String,
}

/// By which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskKind {
    /// Another volume, a new and empty one, would be mounted in place of one that holds data.
    Renamed,
    /// The volume would be mounted at another place.
    Moved,
    /// The volume would not be mounted any more.
    Dropped,
    /// Data without a name would be covered.
    Anonymous,
    /// The project has another name now.
    Project,
    /// Another environment of the same project left the data.
    Shared,
    /// A container of a service that is gone runs on the same volume.
    Service,
    /// A volume's labels or options differ.
    Settings,
    /// PostgreSQL of another major version.
    Postgres,
    /// Redis would not read what is there.
    Redis,
    /// A datastore would look for its data where there is none.
    Root,
}

impl RiskKind {
    /// Its name for programs.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Renamed => "renamed-volume",
            Self::Moved => "moved-volume",
            Self::Dropped => "dropped-volume",
            Self::Anonymous => "covered-data",
            Self::Project => "renamed-project",
            Self::Shared => "shared-project",
            Self::Service => "renamed-service",
            Self::Settings => "changed-volume",
            Self::Postgres => "postgres-major",
            Self::Redis => "redis-format",
            Self::Root => "empty-data-root",
        }
    }
}

/// What is at risk, and what could not be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What would be out of reach, unreadable or made anew.
    pub risks: Vec<Risk>,
    /// What could not be seen, so that data may be at risk.
    pub unknown: Vec<String>,
    /// What was not looked at, and need not be.
    pub notes: Vec<String>,
    /// Volumes of the project with data that nothing uses.
    pub leftovers: Vec<Leftover>,
    /// What is to be seen before this is the last word.
    pub open: Vec<Query>,
}

impl Verdict {
    /// Whether everything was seen that matters, and nothing is at risk.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.risks.is_empty() && self.unknown.is_empty()
    }
}

/// What is known of an environment, and what the rules have found so far.
pub(crate) struct Evaluation<'c> {
    pub(crate) desired: &'c Desired,
    pub(crate) actual: &'c Actual,
    observations: &'c Observations,
    verdict: Verdict,
}

impl<'c> Evaluation<'c> {
    pub(crate) fn new(
        desired: &'c Desired,
        actual: &'c Actual,
        observations: &'c Observations,
    ) -> Self {
        Self {
            desired,
            actual,
            observations,
            verdict: Verdict::default(),
        }
    }

    pub(crate) fn verdict(self) -> Verdict {
        self.verdict
    }

    /// What is at a place; none until it was looked at, which is asked for here.
    pub(crate) fn observe(&mut self, query: Query) -> Option<&'c Observation> {
        let observation = self.observations.get(&query);
        if observation.is_none() {
            self.verdict.open.push(query);
        }
        observation
    }

    /// A path of a container.
    pub(crate) fn observe_in(&mut self, container: &str, path: &str) -> Option<&'c Observation> {
        self.observe(Query::Container {
            id: container.to_owned(),
            path: path.to_owned(),
        })
    }

    /// A path of a volume, through the image of a service.
    pub(crate) fn observe_in_volume(
        &mut self,
        volume: &str,
        service: &str,
        path: &str,
    ) -> Option<&'c Observation> {
        let image = self
            .desired
            .services
            .get(service)
            .and_then(|service| service.image.clone());
        // What Compose calls an image that it builds.
        let image = image.unwrap_or_else(|| format!("{}-{service}", self.desired.project));
        self.observe(Query::Volume {
            name: volume.to_owned(),
            image,
            path: path.to_owned(),
        })
    }

    /// What a service would find in a volume that it wants when it starts. None until that is
    /// known, and where it could not be seen, which is told: it is then not known whether the data
    /// that is here would be covered.
    pub(crate) fn found_in(&mut self, volume: &str, service: &str) -> Option<&'c Observation> {
        if !self.actual.volumes.contains_key(volume) {
            return Some(&Observation::Nothing);
        }
        match self.observe_in_volume(volume, service, "")? {
            Observation::Unavailable(why) => {
                self.unknown(format!(
                    "{service} has data now and would get the volume {volume}, which was not looked into: {why}"
                ));
                None
            }
            observation => Some(observation),
        }
    }

    /// Whether a volume that a service wants would hold nothing when the service starts. None until
    /// that is known.
    pub(crate) fn starts_empty(&mut self, volume: &str, service: &str) -> Option<bool> {
        self.found_in(volume, service)
            .map(|observation| !observation.is_something())
    }

    /// The volumes with a name that a service wants.
    pub(crate) fn volumes_of(&self, service: &str) -> BTreeSet<String> {
        let mounts = self
            .desired
            .services
            .get(service)
            .into_iter()
            .flat_map(|service| &service.mounts);
        mounts
            .filter_map(|mount| mount.volume())
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn risk(&mut self, risk: Risk) {
        if !self.verdict.risks.contains(&risk) {
            self.verdict.risks.push(risk);
        }
    }

    pub(crate) fn note(&mut self, note: String) {
        if !self.verdict.notes.contains(&note) {
            self.verdict.notes.push(note);
        }
    }

    pub(crate) fn leftover(&mut self, leftover: Leftover) {
        self.verdict.leftovers.push(leftover);
    }

    /// Says what could not be seen and would have to be, to know that no data is at risk.
    pub(crate) fn unknown(&mut self, what: String) {
        if !self.verdict.unknown.contains(&what) {
            self.verdict.unknown.push(what);
        }
    }

    /// Whether some rule told of a volume before.
    pub(crate) fn is_told(&self, volume: &str) -> bool {
        self.verdict
            .risks
            .iter()
            .any(|risk| risk.volumes.contains(volume))
    }
}
