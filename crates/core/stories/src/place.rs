//! The places that a change is about: state, conflict, skip and record are a place's own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::assessment::Assessment;

/// Places by environment.
pub type Places = BTreeMap<String, BTreeSet<Place>>;

/// What a change may be about in an environment. Its text is the key in a record: `db`,
/// `frontend -> backend`, `volume db_data`, and `*` for the stack; no name of a service or a volume
/// has a space, a `>` or a `*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Place {
    /// The stack as a whole. In a record it speaks for every place that has no entry of its own.
    Stack,
    /// A service.
    Service(String),
    /// A dependency of a service on another.
    Edge {
        /// The service that depends.
        from: String,
        /// The other one.
        on: String,
    },
    /// A volume, by its key under the top-level `volumes`.
    Volume(String),
}

const STACK: &str = "*";
const ARROW: &str = " -> ";
const VOLUME: &str = "volume ";

impl Place {
    /// The service whose place it is: of a dependency the one that depends.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Service(name) | Self::Edge { from: name, .. } => Some(name),
            Self::Volume(_) | Self::Stack => None,
        }
    }

    /// The services without which it is no place any more.
    pub(crate) fn services(&self) -> impl Iterator<Item = &str> {
        let (one, other) = match self {
            Self::Service(name) => (Some(name), None),
            Self::Edge { from, on } => (Some(from), Some(on)),
            Self::Volume(_) | Self::Stack => (None, None),
        };
        one.into_iter().chain(other).map(String::as_str)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stack => f.write_str(STACK),
            Self::Service(name) => f.write_str(name),
            Self::Edge { from, on } => write!(f, "{from}{ARROW}{on}"),
            Self::Volume(key) => write!(f, "{VOLUME}{key}"),
        }
    }
}

impl From<String> for Place {
    fn from(text: String) -> Self {
        if text == STACK {
            return Self::Stack;
        }
        if let Some((from, on)) = text.split_once(ARROW) {
            let (from, on) = (from.to_owned(), on.to_owned());
            return Self::Edge { from, on };
        }
        match text.strip_prefix(VOLUME) {
            Some(key) => Self::Volume(key.to_owned()),
            None => Self::Service(text),
        }
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

/// What is found at one place.
#[derive(Clone, Debug)]
pub struct Found {
    /// The place.
    pub place: Place,
    /// What is found there.
    pub assessment: Assessment,
}

impl Found {
    /// What is of no place in particular.
    pub(crate) fn of_stack(assessment: Assessment) -> Self {
        let place = Place::Stack;
        Self { place, assessment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back() {
        let edge = Place::Edge {
            from: "web".to_owned(),
            on: "api".to_owned(),
        };
        let places = [
            (Place::Stack, "*"),
            (Place::Service("db-1.x".to_owned()), "db-1.x"),
            (edge, "web -> api"),
            (Place::Volume("data".to_owned()), "volume data"),
        ];
        for (place, key) in places {
            assert_eq!(place.to_string(), key);
            assert_eq!(Place::from(key.to_owned()), place);
        }
    }
}
