//! Which version the Compose plugin said it is, so that it need not be asked again.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use semver::Version;
use serde::{Deserialize, Serialize};
use system::state_folder::{base, recall, replace};

/// The version of the plugin that was used last. It belongs to the machine, not to a checkout.
#[derive(Debug)]
pub struct PluginMemory {
    file: Option<PathBuf>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    stamp: Stamp,
    version: Version,
}

/// What changes when the plugin is replaced.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    plugin: PathBuf,
    size: u64,
    modified: (i64, i64),
}

impl PluginMemory {
    /// This machine's.
    #[must_use]
    pub fn open() -> Self {
        Self {
            file: base().map(|base| base.join("plugin.json")),
        }
    }

    /// The version of this very file, if it is known.
    #[must_use]
    pub fn version_of(&self, plugin: &Path) -> Option<Version> {
        let known = recall::<Option<Known>>(self.file.as_deref()?)?;
        (Some(known.stamp) == Stamp::of(plugin)).then_some(known.version)
    }

    /// Remembers it in place of the last one. Where the disk does not let it, the plugin is asked
    /// again next time.
    pub fn remember(&self, plugin: &Path, version: &Version) {
        let (Some(file), Some(stamp)) = (&self.file, Stamp::of(plugin)) else {
            return;
        };
        if let Ok(text) = serde_json::to_vec(&Known {
            stamp,
            version: version.clone(),
        }) {
            replace(file, &text).ok();
        }
    }
}

impl Stamp {
    fn of(plugin: &Path) -> Option<Self> {
        let found = fs::metadata(plugin).ok()?;
        let modified = (found.mtime(), found.mtime_nsec());
        Some(Self {
            plugin: plugin.to_owned(),
            size: found.size(),
            modified,
        })
    }
}
