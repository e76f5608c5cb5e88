//! The volumes of a project before and after a command of docker compose.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use docker::engine::Engine;

/// The volumes of a project as they were at a moment: those that Compose made for it, and all that
/// its services' containers have.
pub(super) struct Volumes<'e> {
    engine: &'e Engine,
    /// Each with its labels, which stay as they are for its life.
    labels: BTreeMap<String, Labels>,
    /// The moment by the engine's clock, where it tells.
    at: Option<String>,
}

/// The labels of a volume; none where they were not told.
type Labels = Option<BTreeMap<String, String>>;

impl<'e> Volumes<'e> {
    /// Those that are there now.
    ///
    /// # Errors
    /// Where the engine does not answer any more.
    pub(super) fn of(engine: &'e Engine, project: &str) -> Result<Self> {
        let labelled = engine
            .volumes_of(project)?
            .into_iter()
            .map(|volume| volume.name);
        // Those of `run --rm` go with their container, as was asked for.
        let kept = engine
            .containers(project)?
            .into_iter()
            .filter(|container| !container.is_one_off());
        let mounted = kept.flat_map(|container| container.mounts);
        let mounted = mounted
            .map(|mount| mount.name)
            .filter(|name| !name.is_empty());
        let mut found: BTreeMap<_, _> = labelled.chain(mounted).map(|name| (name, None)).collect();
        let own = labels(engine, found.keys())?;
        found.extend(own.into_iter().map(|(name, labels)| (name, Some(labels))));
        let at = if found.is_empty() {
            None
        } else {
            engine.now().ok()
        };
        Ok(Self {
            engine,
            labels: found,
            at,
        })
    }

    /// Whether one was there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.labels.contains_key(name)
    }

    /// Those that are not there any more, or that were made anew under their name: Compose does
    /// that where their labels have changed. Their time of creation tells nothing, which to older
    /// engines is that of the last write; what the engine says that it removed in the meantime
    /// does.
    ///
    /// # Errors
    /// As for [`Self::of`].
    pub(super) fn vanished(&self) -> Result<Vec<String>> {
        if self.labels.is_empty() {
            return Ok(Vec::new());
        }
        let left = self.engine.volume_names()?;
        let now = labels(
            self.engine,
            self.labels.keys().filter(|name| left.contains(*name)),
        )?;
        let removed = self.removed();
        let is_another = |name: &str, before: &Labels| {
            before
                .as_ref()
                .zip(now.get(name))
                .is_some_and(|(before, now)| before != now)
        };
        let is_gone = |name: &String, before: &Labels| {
            !left.contains(name) || removed.contains(name) || is_another(name, before)
        };
        Ok(self
            .labels
            .iter()
            .filter(|(name, before)| is_gone(name, before))
            .map(|(name, _)| name.clone())
            .collect())
    }

    /// The volumes that were removed since, as far as the engine remembers.
    fn removed(&self) -> BTreeSet<String> {
        let removed = self
            .at
            .as_ref()
            .and_then(|at| self.engine.volumes_removed_since(at).ok());
        removed.unwrap_or_default()
    }
}

fn labels<'n>(
    engine: &Engine,
    names: impl Iterator<Item = &'n String>,
) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let names: Vec<_> = names.map(String::as_str).collect();
    Ok(engine
        .volumes(&names)?
        .into_iter()
        .map(|volume| (volume.name, volume.labels))
        .collect())
}
