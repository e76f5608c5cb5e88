//! What the rules ask to be looked at, and what was seen there.

use std::collections::BTreeMap;

use engine_facts::{Content, Contents};

use crate::desired::Source;

/// What would have to be seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Query {
    /// A path of a container.
    Container {
        /// Its id.
        id: String,
        /// The path.
        path: String,
    },
    /// A path of a volume that no container need have.
    Volume {
        /// Its real name.
        name: String,
        /// The image of a container to look through.
        image: String,
        /// The path in the volume; empty for the volume itself.
        path: String,
    },
    /// What a container changed in its own layer.
    Layer {
        /// Its id.
        id: String,
        /// Below this folder.
        folder: String,
    },
    /// How many keys a running Redis holds; its container's id.
    RedisKeys(String),
    /// The variables that an image sets; its name.
    ImageVariables(String),
    /// Whose data lies in a volume or a folder of the host, by the names of its files.
    Content(Source),
    /// A file of this machine that is mounted into a container as a server's configuration.
    Configuration(String),
}

/// What was seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    /// Nothing.
    Nothing,
    /// A file, and its beginning.
    File(Vec<u8>),
    /// A folder with something in it.
    NonEmptyFolder(Contents),
    /// What is in a volume or a folder of the host.
    Content(Content),
    /// A number of things.
    Number(u64),
    /// It could not be seen; why.
    Unavailable(String),
}

/// Everything that was seen.
pub type Observations = BTreeMap<Query, Observation>;

impl Observation {
    /// Whether anything is there; what could not be seen may be.
    pub(crate) fn is_something(&self) -> bool {
        match self {
            Self::Nothing | Self::Content(Content::Empty) => false,
            Self::Number(number) => *number > 0,
            Self::File(_) | Self::NonEmptyFolder(_) | Self::Content(_) | Self::Unavailable(_) => {
                true
            }
        }
    }
}
