//! A service that keeps data: what is written into it, and whether it is still there.

use docker::engine::container::{Container, Mount, MountKind};

use super::error::LiveError;
use super::reason::Reason;
use super::sandbox::Sandbox;

/// What a look at a store found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// Everything that was written; in words.
    Whole(String),
    /// Not everything; what is missing, in words.
    Lost(String),
}

/// Where a store's data lies: what is mounted there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageLocation {
    /// The folder in the container.
    pub folder: String,
    /// What is mounted there; none is the container's own layer.
    pub mount: Option<MountKind>,
}

/// A service that keeps data.
pub trait DataStore {
    /// The service.
    fn service(&self) -> &str;

    /// Writes data that was never written before.
    ///
    /// # Errors
    /// [`LiveError`].
    fn write(&mut self) -> Result<String, LiveError>;

    /// Looks for all that was written last.
    ///
    /// # Errors
    /// [`LiveError`].
    fn verify(&self) -> Result<Verification, LiveError>;

    /// Waits until what was written is on disk as far as the store promises it; in words.
    ///
    /// # Errors
    /// [`LiveError`].
    fn flush(&self) -> Result<String, LiveError>;

    /// The folder in the container that holds the data.
    ///
    /// # Errors
    /// [`LiveError`].
    fn folder(&self) -> Result<String, LiveError>;

    /// What of the store's own settings explains a loss: the reason and a sentence.
    ///
    /// # Errors
    /// [`LiveError`].
    fn explain_loss(&self) -> Result<Option<(Reason, String)>, LiveError>;
}

impl StorageLocation {
    /// Where a store's data lies now.
    ///
    /// # Errors
    /// [`LiveError`].
    pub fn of(sandbox: &Sandbox<'_>, store: &dyn DataStore) -> Result<Self, LiveError> {
        let (container, folder) = (sandbox.container(store.service())?, store.folder()?);
        let mount = container.mount_at(&folder).map(Mount::kind);
        Ok(Self { folder, mount })
    }

    /// Why data that lay here and is not here now is gone: the reason and a sentence. `removed` are
    /// the volumes that were seen to be away in between; when one was made, the engine does not
    /// tell (up to 20.10 it is when its folder changed).
    #[must_use]
    pub fn why_lost(
        &self,
        now: &Self,
        container: &Container,
        removed: &[String],
    ) -> Option<(Reason, String)> {
        let elsewhere = || {
            let named = container
                .mounts
                .iter()
                .find(|mount| matches!(mount.kind(), MountKind::NamedVolume(_)));
            named
                .map(|mount| format!("; {} is mounted at {}", mount.name, mount.destination))
                .unwrap_or_default()
        };
        match (&self.mount, &now.mount) {
            (None, _) => Some((
                Reason::WrongTarget,
                format!(
                    "its data lies in {}, in the container's own layer{}",
                    self.folder,
                    elsewhere()
                ),
            )),
            (Some(MountKind::Anonymous(_)), _) => Some((
                Reason::WrongTarget,
                format!(
                    "its data lies in {}, on an anonymous volume{}",
                    self.folder,
                    elsewhere()
                ),
            )),
            (Some(MountKind::Memory), _) => Some((
                Reason::WrongTarget,
                format!("its data lies in {}, in memory", self.folder),
            )),
            (Some(MountKind::NamedVolume(name)), _) if removed.contains(name) => Some((
                Reason::VolumeRemoved,
                format!("the volume {name} was removed and made anew meanwhile"),
            )),
            (Some(before), now) if Some(before) != now.as_ref() => Some((
                Reason::VolumeRemoved,
                format!("another volume is mounted at {} now", self.folder),
            )),
            _ => None,
        }
    }
}
