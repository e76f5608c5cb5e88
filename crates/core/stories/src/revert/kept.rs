//! What a story declared and something else has come to need since.

use std::collections::BTreeMap;

use compose_edit::{Path, Segment};

use crate::change::mounts_of;
use crate::context::Context;
use crate::{Record, Stack, Undo};

/// Declarations that stay: the file and the path of each, with a service that mounts the volume.
pub(super) type Kept = BTreeMap<(String, Path), String>;

/// The volumes whose declaration the record would take out of a file and that a service of one of its readers mounts all
/// the same once everything is taken back: Compose would refuse the files without them.
pub(super) fn still_mounted(undone: &Stack, record: &Record) -> Kept {
    let declared = record.undo_steps().filter_map(|(file, step)| Some((file, volume(step)?)));
    let mounted = declared.filter_map(|(file, (path, name))| {
        let service = mounted_by(undone, &name, &undone.readers(file))?;
        Some(((file.clone(), path), service))
    });
    mounted.collect()
}

/// Whether an edit of a file is such a declaration.
pub(super) fn is_kept(file: &str, step: &Undo, kept: &Kept) -> bool {
    volume(step).is_some_and(|(path, _)| kept.contains_key(&(file.to_owned(), path)))
}

/// The volume that an edit declared: its path and its name.
fn volume(step: &Undo) -> Option<(Path, String)> {
    let Undo::Remove { path, .. } = step else { return None };
    let path: Path = path.parse().ok()?;
    let [Segment::Key(section), Segment::Key(name)] = path.segments() else { return None };
    let name = name.clone();
    (section == "volumes").then_some((path, name))
}

/// A service of some environments that mounts a volume which nothing declares there any more.
fn mounted_by(stack: &Stack, volume: &str, environments: &[&str]) -> Option<String> {
    environments.iter().find_map(|environment| {
        let cx = Context::new(stack, environment);
        let is_declared = cx.view.get(&Path::from(["volumes", volume])).is_some();
        let (service, _) = mounts_of(&cx, volume).next().filter(|_| !is_declared)?;
        Some(service.to_owned())
    })
}
