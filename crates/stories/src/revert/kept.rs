//! What a story declared and something else has come to need since.

use std::collections::BTreeMap;

use compose_edit::{Path, Segment};
use compose_view::Value;

use crate::context::Context;
use crate::{Record, Stack, Undo};

/// The volumes whose declaration the record would take out and that a service mounts all the same once everything is
/// taken back, each with that service's name: Compose would refuse the files without them.
pub(super) fn still_mounted(undone: &Stack, record: &Record) -> BTreeMap<Path, String> {
    let declared = record.undo.values().flatten().filter_map(volume);
    let mounted = declared.filter_map(|(path, name)| Some((path, mounted_by(undone, &name)?)));
    mounted.collect()
}

/// Whether an edit declared one of these volumes.
pub(super) fn is_kept(step: &Undo, kept: &BTreeMap<Path, String>) -> bool {
    volume(step).is_some_and(|(path, _)| kept.contains_key(&path))
}

/// The volume that an edit declared: its path and its name.
fn volume(step: &Undo) -> Option<(Path, String)> {
    let Undo::Remove { path, .. } = step else { return None };
    let path: Path = path.parse().ok()?;
    let [Segment::Key(section), Segment::Key(name)] = path.segments() else { return None };
    let name = name.clone();
    (section == "volumes").then_some((path, name))
}

/// A service that mounts a volume which nothing declares any more.
fn mounted_by(stack: &Stack, volume: &str) -> Option<String> {
    stack.layout.environments.keys().find_map(|environment| {
        let cx = Context::new(stack, environment);
        let is_declared = cx.view.get(&Path::from(["volumes", volume])).is_some();
        let mounts = |value: &Value| {
            let text = |key: &str| value.get(key).and_then(Value::as_str).map(|text| cx.expand(text));
            text("type").as_deref() == Some("volume") && text("source").as_deref() == Some(volume)
        };
        let has_mount =
            |list: Option<&Value>| list.and_then(Value::as_list).is_some_and(|list| list.iter().any(mounts));
        let mut services = cx.view.services().filter(|service| has_mount(service.get("volumes")));
        services.next().filter(|_| !is_declared).map(|service| service.name.to_owned())
    })
}
