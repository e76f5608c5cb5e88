//! Volumes as `docker volume inspect` tells them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::container::{PROJECT, null_is_empty};
use super::{Engine, EngineError, INSPECTION, PATIENCE, answer, garbage, ran, refused};
use crate::FailureKind;

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

impl Engine {
    /// The volumes that Compose made for a project.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn volumes_of(&self, project: &str) -> Result<Vec<Volume>, EngineError> {
        let listed = answer("volume ls", self.docker.project_volumes(project), PATIENCE)?;
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        self.volumes(&text.lines().collect::<Vec<_>>())
    }

    /// The names of all volumes.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn volume_names(&self) -> Result<BTreeSet<String>, EngineError> {
        let listed = answer("volume ls", self.docker.all_volumes(), PATIENCE)?;
        Ok(String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect())
    }

    /// What its clock says, as the engine's own commands take it.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn now(&self) -> Result<String, EngineError> {
        let said = answer("info", self.docker.system_time(), PATIENCE)?;
        Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
    }

    /// The volumes that were removed since a time of its clock, be there others of the same names or not. It remembers its
    /// last few hundred events alone.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn volumes_removed_since(&self, time: &str) -> Result<BTreeSet<String>, EngineError> {
        let said = answer("events", self.docker.removed_volumes(time, &self.now()?), PATIENCE)?;
        Ok(String::from_utf8_lossy(&said.stdout).lines().map(str::to_owned).collect())
    }

    /// Those of some volumes that are there.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn volumes(&self, names: &[&str]) -> Result<Vec<Volume>, EngineError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let output = ran("volume inspect", self.docker.inspect_volumes(names), INSPECTION)?;
        if !output.success && FailureKind::of(&output.stderr) != FailureKind::NotFound {
            return Err(refused("volume inspect", &output));
        }
        serde_json::from_slice(&output.stdout).map_err(|_| garbage("volume inspect", &output.stdout))
    }
}
