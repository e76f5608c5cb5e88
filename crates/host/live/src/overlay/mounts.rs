//! Where a sandbox's service writes: never to a path of the host that is somebody's.

use std::path::{Path, PathBuf};

use compose_model::resolved::{Mount, MountSource};
use serde_json::{Value, json};

use super::super::data;
use super::super::model::Service;
use super::super::run::PREFIX;
use super::{Overlay, OverlaySpec};

/// More than this is not copied.
const MOST_COPIED: u64 = 64 << 20;

/// A file or folder of the checkout that the sandbox gets a copy of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// In the checkout.
    pub from: PathBuf,
    /// In the sandbox's folder.
    pub to: PathBuf,
}

/// What takes the place of a mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is as it was: a volume of the sandbox, memory, or something that is only read.
    Same,
    /// A copy of what the checkout has there.
    Copied,
    /// A new volume, for this reason.
    Fresh(&'static str),
}

impl OverlaySpec<'_> {
    pub(super) fn mounts(&self, service: Service<'_>, overlay: &mut Overlay) {
        let (mut mounts, mut changed) = (Vec::new(), false);
        for (at, (mount, answer)) in service.mounts().enumerate() {
            let place = self.place_of(mount);
            changed |= place != Place::Same;
            let name = format!("{}-{at}", service.name);
            let replaced = self.replaced(&name, mount, &place, overlay);
            if let (Some(_), Some(target)) = (&replaced, mount.target.text()) {
                overlay.note(format!("{}: {target} {}", service.name, place.in_words()));
            }
            mounts.push(replaced.unwrap_or_else(|| answer.clone()));
        }
        if changed {
            overlay.entry(4, "volumes", "!override", &mounts.into());
        }
    }

    /// What is mounted in the place of a mount; none where that is the mount itself.
    fn replaced(
        &self,
        name: &str,
        mount: &Mount,
        place: &Place,
        overlay: &mut Overlay,
    ) -> Option<Value> {
        let target = mount.target.text()?;
        match (place, mount.source.known()?) {
            (Place::Copied, MountSource::Bind(from)) => {
                let to = self.folder.join("copies").join(name);
                overlay.copies.push(Copy {
                    from: from.into(),
                    to: to.clone(),
                });
                Some(json!({ "type": "bind", "source": to, "target": doubled(target) }))
            }
            (Place::Fresh(_), _) => {
                Some(json!({ "type": "volume", "source": fresh(name), "target": doubled(target) }))
            }
            _ => None,
        }
    }

    /// What takes the place of a mount.
    pub(super) fn place_of(&self, mount: &Mount) -> Place {
        let (Some(MountSource::Bind(source)), Some(target)) =
            (mount.source.known(), mount.target.text())
        else {
            return Place::Same;
        };
        let source = Path::new(source);
        if is_socket(source) {
            Place::Fresh("not a socket of this machine")
        } else if !source.exists() {
            Place::Fresh("for its source is not here and would be made")
        } else if mount.read_only {
            Place::Same
        } else if data::is_a_place_of_data(target) {
            Place::Fresh("so that nobody's data is touched")
        } else if !source.starts_with(self.root) {
            Place::Fresh("not a folder outside the checkout")
        } else if size_within(source, MOST_COPIED).is_none() {
            Place::Fresh("for what is there is large")
        } else {
            Place::Copied
        }
    }

    /// The keys of the volumes that take the place of mounts.
    pub(super) fn fresh_volumes(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for service in self.model.services() {
            for (at, (mount, _)) in service.mounts().enumerate() {
                if matches!(self.place_of(mount), Place::Fresh(_)) {
                    keys.push(fresh(&format!("{}-{at}", service.name)));
                }
            }
        }
        keys
    }
}

impl Place {
    fn in_words(&self) -> String {
        match self {
            Self::Same => "is as it was".to_owned(),
            Self::Copied => "is a copy, made for this run".to_owned(),
            Self::Fresh(why) => format!("is a new volume, {why}"),
        }
    }
}

/// A text as Compose reads it again.
fn doubled(text: &str) -> String {
    text.replace('$', "$$")
}

fn fresh(name: &str) -> String {
    format!("{PREFIX}-{name}")
}

fn is_socket(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    path.metadata().is_ok_and(|found| {
        let kind = found.file_type();
        kind.is_socket() || kind.is_fifo() || kind.is_block_device() || kind.is_char_device()
    })
}

/// The size of what is at a path; none above the limit, or where it cannot be looked at.
fn size_within(path: &Path, limit: u64) -> Option<u64> {
    let found = path.symlink_metadata().ok()?;
    if !found.is_dir() {
        return Some(found.len()).filter(|size| *size <= limit);
    }
    let mut sum = 0;
    for entry in path.read_dir().ok()? {
        sum += size_within(&entry.ok()?.path(), limit - sum)?;
        if sum > limit {
            return None;
        }
    }
    Some(sum)
}
