//! A service that keeps data: what is written into it, and whether it is still there.

use super::error::LiveError;
use super::sandbox::Sandbox;
use crate::engine::container::{Container, MountKind};

/// What a look at a store found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Everything that was written; in words.
    Whole(String),
    /// Not everything; what is missing, in words.
    Lost(String),
}

/// Where a store's data lies: what is mounted there, and since when it is that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The folder in the container.
    pub folder: String,
    /// What is mounted there; none is the container's own layer.
    pub mount: Option<MountKind>,
    /// When the volume was made, as the engine writes it.
    pub made: String,
}

/// A service that keeps data.
pub trait Store {
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
    fn look(&self) -> Result<Look, LiveError>;

    /// Waits until what was written is on disk as far as the store promises it; in words.
    ///
    /// # Errors
    /// [`LiveError`].
    fn settle(&self) -> Result<String, LiveError>;

    /// The folder in the container that holds the data.
    ///
    /// # Errors
    /// [`LiveError`].
    fn folder(&self) -> Result<String, LiveError>;

    /// What of the store's own settings explains a loss: the reason's word and a sentence.
    ///
    /// # Errors
    /// [`LiveError`].
    fn excuse(&self) -> Result<Option<(&'static str, String)>, LiveError>;
}

impl Ground {
    /// Where a store's data lies now.
    ///
    /// # Errors
    /// [`LiveError`].
    pub fn of(sandbox: &Sandbox<'_>, store: &dyn Store) -> Result<Self, LiveError> {
        let (container, folder) = (sandbox.container(store.service())?, store.folder()?);
        let mount = container.mount_at(&folder).map(|mount| (mount.kind(), mount.name.clone()));
        let made = match &mount {
            Some((MountKind::NamedVolume(_), name)) => sandbox.engine().volume_made(name)?,
            _ => String::new(),
        };
        Ok(Self { folder, mount: mount.map(|(kind, _)| kind), made })
    }

    /// Why data that lay here and is not here now is gone: the reason's word and a sentence.
    #[must_use]
    pub fn why_lost(&self, now: &Self, container: &Container) -> Option<(&'static str, String)> {
        let elsewhere = || {
            let named = container.mounts.iter().find(|mount| matches!(mount.kind(), MountKind::NamedVolume(_)));
            named.map(|mount| format!("; {} is mounted at {}", mount.name, mount.destination)).unwrap_or_default()
        };
        match (&self.mount, &now.mount) {
            (None, _) => Some((
                "wrong-target",
                format!("its data lies in {}, in the container's own layer{}", self.folder, elsewhere()),
            )),
            (Some(MountKind::Anonymous(_)), _) => Some((
                "wrong-target",
                format!("its data lies in {}, on an anonymous volume{}", self.folder, elsewhere()),
            )),
            (Some(MountKind::Memory), _) => {
                Some(("wrong-target", format!("its data lies in {}, in memory", self.folder)))
            }
            (Some(MountKind::NamedVolume(name)), _) if self.made != now.made => {
                Some(("volume-removed", format!("the volume {name} was removed and made anew meanwhile")))
            }
            (Some(before), now) if Some(before) != now.as_ref() => {
                Some(("volume-removed", format!("another volume is mounted at {} now", self.folder)))
            }
            _ => None,
        }
    }
}
