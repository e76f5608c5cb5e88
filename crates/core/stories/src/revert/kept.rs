//! What a story declared and something else has come to need since.

use std::collections::BTreeMap;

use compose_edit::{Path, Segment};

use crate::change::mounts_of;
use crate::context::Context;
use crate::op::NodePath;
use crate::{Operation, Record, Stack};

/// Declarations that stay: the place of each, with a service that mounts the volume.
pub(super) type Kept = BTreeMap<NodePath, String>;

/// The volumes whose declaration the record would take out of a file and that a service of one of
/// its readers mounts all the same once everything is taken back: Compose would refuse the files
/// without them.
pub(super) fn still_mounted(undone: &Stack, record: &Record) -> Kept {
    let declared = record.undo.iter().filter_map(volume);
    let mounted = declared.filter_map(|Volume { place, name }| {
        let service = mounted_by(undone, &name, &undone.readers(&place.file))?;
        Some((place, service))
    });
    mounted.collect()
}

/// Whether an operation would take such a declaration out.
pub(super) fn is_kept(operation: &Operation, kept: &Kept) -> bool {
    volume(operation).is_some_and(|volume| kept.contains_key(&volume.place))
}

/// A volume that a story declared.
struct Volume {
    place: NodePath,
    name: String,
}

/// The volume whose declaration an operation takes out.
fn volume(operation: &Operation) -> Option<Volume> {
    let Operation::Remove(removed) = operation else {
        return None;
    };
    let [Segment::Key(section), Segment::Key(name)] = removed.path.segments() else {
        return None;
    };
    let is_entry = section == "volumes" && removed.item.is_none();
    is_entry.then(|| Volume {
        place: operation.node(),
        name: name.clone(),
    })
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
