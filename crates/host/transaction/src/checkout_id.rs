//! Which checkout a journal belongs to: a copy of it, or a clone of one that was committed, is not
//! to be written.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::UNIX_EPOCH;

use rustix::system::uname;
use serde::{Deserialize, Serialize};

use crate::FOLDER;

/// A checkout on a machine, known again when it was moved and when it is seen through another
/// mount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutId {
    /// The machine's name.
    host: String,
    /// The checkout's root there.
    root: String,
    /// The ledger's folder: its number on its disk and when it was made, in nanoseconds since 1970.
    folder: Option<(u64, Option<u128>)>,
}

impl CheckoutId {
    /// Of the checkout at `root`.
    pub fn of(root: &Path) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let host = uname().nodename().to_string_lossy().into_owned();
        let folder = fs::metadata(root.join(FOLDER)).ok().map(|found| {
            let made = found
                .created()
                .ok()
                .and_then(|made| made.duration_since(UNIX_EPOCH).ok());
            (found.ino(), made.map(|since| since.as_nanos()))
        });
        Self {
            host,
            root: root.to_string_lossy().into_owned(),
            folder,
        }
    }

    /// Whether it is the same checkout: at the same place of the same machine, or the same folder
    /// at another place.
    pub fn is(&self, other: &Self) -> bool {
        let is_folder = self.folder.is_some() && self.folder == other.folder;
        is_folder || (&self.host, &self.root) == (&other.host, &other.root)
    }

    /// Where it is, for people.
    pub fn told(&self) -> String {
        format!("{} on {}", self.root, self.host)
    }
}
