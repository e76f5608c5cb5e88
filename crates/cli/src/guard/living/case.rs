//! One environment before the judge: what is known, what was found so far, what is to be seen.

use std::collections::BTreeSet;

use super::{Existing, Place, Seen, Sight, Verdict, Wanted};

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
    /// A container of a service that is gone runs on the same volume.
    Service,
    /// A volume's labels or options differ.
    Settings,
    /// PostgreSQL of another major version.
    Postgres,
    /// Redis would not read what is there.
    Redis,
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
            Self::Service => "renamed-service",
            Self::Settings => "changed-volume",
            Self::Postgres => "postgres-major",
            Self::Redis => "redis-format",
        }
    }
}

pub(super) struct Case<'c> {
    pub(super) wanted: &'c Wanted,
    pub(super) existing: &'c Existing,
    seen: &'c Seen,
    verdict: Verdict,
}

impl<'c> Case<'c> {
    pub(super) fn new(wanted: &'c Wanted, existing: &'c Existing, seen: &'c Seen) -> Self {
        Self { wanted, existing, seen, verdict: Verdict::default() }
    }

    pub(super) fn verdict(self) -> Verdict {
        self.verdict
    }

    /// What is at a place; none until it was looked at, which is asked for here.
    pub(super) fn see(&mut self, place: Place) -> Option<&'c Sight> {
        let sight = self.seen.get(&place);
        if sight.is_none() {
            self.verdict.open.push(place);
        }
        sight
    }

    /// A path of a container.
    pub(super) fn see_in(&mut self, container: &str, path: &str) -> Option<&'c Sight> {
        self.see(Place::Container { id: container.to_owned(), path: path.to_owned() })
    }

    /// A path of a volume, through the image of a service.
    pub(super) fn see_in_volume(&mut self, volume: &str, service: &str, path: &str) -> Option<&'c Sight> {
        let image = self.wanted.services.get(service).and_then(|service| service.image.clone());
        // What Compose calls an image that it builds.
        let image = image.unwrap_or_else(|| format!("{}-{service}", self.wanted.project));
        self.see(Place::Volume { name: volume.to_owned(), image, path: path.to_owned() })
    }

    /// What a service would find in a volume that it wants when it starts. None until that is known, and where it could
    /// not be seen, which is told: it is then not known whether the data that is here would be covered.
    pub(super) fn found_in(&mut self, volume: &str, service: &str) -> Option<&'c Sight> {
        if !self.existing.volumes.contains_key(volume) {
            return Some(&Sight::Nothing);
        }
        match self.see_in_volume(volume, service, "")? {
            Sight::Unseen(why) => {
                self.unknown(format!(
                    "{service} has data now and would get the volume {volume}, which was not looked into: {why}"
                ));
                None
            }
            sight => Some(sight),
        }
    }

    /// Whether a volume that a service wants would hold nothing when the service starts. None until that is known.
    pub(super) fn starts_empty(&mut self, volume: &str, service: &str) -> Option<bool> {
        self.found_in(volume, service).map(|sight| !sight.is_something())
    }

    /// The volumes with a name that a service wants.
    pub(super) fn volumes_of(&self, service: &str) -> BTreeSet<String> {
        let mounts = self.wanted.services.get(service).into_iter().flat_map(|service| &service.mounts);
        mounts.filter_map(|mount| mount.volume()).map(str::to_owned).collect()
    }

    pub(super) fn risk(&mut self, risk: Risk) {
        if !self.verdict.risks.contains(&risk) {
            self.verdict.risks.push(risk);
        }
    }

    pub(super) fn note(&mut self, note: String) {
        if !self.verdict.notes.contains(&note) {
            self.verdict.notes.push(note);
        }
    }

    /// Says what could not be seen and would have to be, to know that no data is at risk.
    pub(super) fn unknown(&mut self, what: String) {
        if !self.verdict.unknown.contains(&what) {
            self.verdict.unknown.push(what);
        }
    }

    /// Whether some rule told of a volume before.
    pub(super) fn is_told(&self, volume: &str) -> bool {
        self.verdict.risks.iter().any(|risk| risk.volumes.contains(volume))
    }
}

impl Sight {
    /// Whether anything is there.
    pub(super) fn is_something(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Number(number) => *number > 0,
            Self::File(_) | Self::Filled(_) => true,
            Self::Unseen(_) => true,
        }
    }
}
