//! A volume as `docker volume inspect` tells it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::container::PROJECT;
use crate::null_is_empty;

/// The label by which Compose knows a volume's key in the files.
pub const KEY: &str = "com.docker.compose.volume";

/// The label that holds a hash of what Compose made a volume from; older ones set none.
pub const HASH: &str = "com.docker.compose.config-hash";

/// A volume that is there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Volume {
    /// Its real name.
    pub name: String,
    /// What keeps it.
    #[serde(default)]
    pub driver: String,
    /// Its labels, Compose's own included.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub labels: BTreeMap<String, String>,
    /// The driver's options.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub options: BTreeMap<String, String>,
    /// When it was made, as the engine says it; older ones say the time of the last write.
    #[serde(default)]
    pub created_at: Option<String>,
}

impl Volume {
    /// The project that Compose made it for.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        self.labels.get(PROJECT).map(String::as_str)
    }

    /// Its key in the files that Compose made it from.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.labels.get(KEY).map(String::as_str)
    }
}
