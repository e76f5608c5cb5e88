//! Volumes as `docker volume inspect` tells them.

use std::collections::BTreeSet;

use super::{Engine, EngineError, INSPECTION, PATIENCE, answer, garbage, ran, refused};
use crate::FailureKind;

pub use engine_facts::volume::{HASH, KEY, Volume};

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

    /// The volumes that Compose made of a key of its files, for any project.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn volumes_by_key(&self, key: &str) -> Result<Vec<Volume>, EngineError> {
        let listed = answer("volume ls", self.docker.volumes_by_key(key), PATIENCE)?;
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        self.volumes(&text.lines().collect::<Vec<_>>())
    }

    /// The names of all volumes.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn volume_names(&self) -> Result<BTreeSet<String>, EngineError> {
        let listed = answer("volume ls", self.docker.all_volumes(), PATIENCE)?;
        Ok(String::from_utf8_lossy(&listed.stdout)
            .lines()
            .map(str::to_owned)
            .collect())
    }

    /// What its clock says, as the engine's own commands take it.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn now(&self) -> Result<String, EngineError> {
        let said = answer("info", self.docker.system_time(), PATIENCE)?;
        Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
    }

    /// The volumes that were removed since a time of its clock, be there others of the same names
    /// or not. It remembers its last few hundred events alone.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn volumes_removed_since(&self, time: &str) -> Result<BTreeSet<String>, EngineError> {
        let said = answer(
            "events",
            self.docker.removed_volumes(time, &self.now()?),
            PATIENCE,
        )?;
        Ok(String::from_utf8_lossy(&said.stdout)
            .lines()
            .map(str::to_owned)
            .collect())
    }

    /// Those of some volumes that are there.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn volumes(&self, names: &[&str]) -> Result<Vec<Volume>, EngineError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let output = ran(
            "volume inspect",
            self.docker.inspect_volumes(names),
            INSPECTION,
        )?;
        if !output.success && FailureKind::of(&output.stderr) != FailureKind::NotFound {
            return Err(refused("volume inspect", &output));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|_| garbage("volume inspect", &output.stdout))
    }
}
