//! Who plays which role in a stack: the backend, the frontend.

use crate::context::Context;
use crate::evidence::role::{self, Player};
use crate::{Catalog, Ledger, Question, Stack};

/// The roles that are known by what the files show.
pub const ROLES: [&str; 2] = ["backend", "frontend"];

/// Who plays a role in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolePlayer {
    /// Nobody that the files show.
    Nobody,
    /// A service.
    Known {
        /// Its name.
        service: String,
        /// How that is known, as `the backend is api: built here (compose.yaml:4:5)`; none where it
        /// goes without saying.
        told: Option<String>,
    },
    /// A person says who.
    Open(Box<Question>),
}

impl RolePlayer {
    /// The service, where it is known.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Known { service, .. } => Some(service),
            Self::Nobody | Self::Open(_) => None,
        }
    }
}

impl Stack {
    /// Who plays a role in an environment.
    #[must_use]
    pub fn role(&self, environment: &str, role: &str) -> RolePlayer {
        let player = role::of(&Context::of_team(self, environment), role);
        let told = player.told(role);
        match player {
            Player::Nobody => RolePlayer::Nobody,
            Player::Open(question) => RolePlayer::Open(question),
            Player::Known { service, .. } => RolePlayer::Known {
                service: service.name.to_owned(),
                told,
            },
        }
    }

    /// The service that plays a role in an environment, where a person or the files say it.
    #[must_use]
    pub fn player(&self, environment: &str, role: &str) -> Option<String> {
        self.role(environment, role).service().map(str::to_owned)
    }

    /// Takes the services to which stories were applied in a role for those that play it, whatever
    /// else the files come to say.
    pub fn remember_roles(&mut self, catalog: &Catalog, ledger: &Ledger) {
        for record in ledger.values() {
            let story = catalog.get(&record.id);
            let changes = story.into_iter().flat_map(|story| &story.changes);
            let places = record.environments.values().flatten();
            let held = places.filter(|(_, entry)| !entry.is_skipped());
            let held: Vec<_> = held.map(|(place, _)| place).collect();
            for change in changes {
                for played in held.iter().flat_map(|place| change.roles_at(place)) {
                    let role = played.role.to_owned();
                    let known = self.recorded_roles.entry(role).or_default();
                    known.insert(played.service.to_owned());
                }
            }
        }
    }
}
