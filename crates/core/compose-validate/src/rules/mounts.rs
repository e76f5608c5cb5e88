//! Every mount has a place of its own, and a bind mount something to show there.

use std::borrow::Cow;
use std::collections::HashMap;

use compose_edit::Path;
use compose_model::{Service, ShortMount, Value};

use crate::model::{Model, filled, items, path};
use crate::report::Report;

pub(super) fn check(_: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    let mut taken = HashMap::new();
    for Place {
        target,
        path,
        value,
    } in temporary(service).into_iter().chain(lasting(service))
    {
        if let Some(first) = taken.get(&target) {
            report.add(
                &path,
                value,
                format!("`{target}` is mounted twice, first by {first}"),
            );
        }
        taken.insert(target, path);
    }
    for (index, mount) in items(service.get("volumes")).iter().enumerate() {
        if kind(mount) == Some("bind") && filled(mount.get("source")).is_none() {
            report.add(
                &path(service, "volumes").join(index),
                mount,
                "a bind mount wants a `source`",
            );
        }
    }
}

/// The volume that a mount names; none for a path and for an anonymous volume.
pub(super) fn volume(mount: &Value) -> Option<Cow<'_, str>> {
    if let Some(text) = mount.as_str() {
        return ShortMount::parse(text).ok()?.volume().map(Cow::from);
    }
    let source = filled(mount.get("source"))?;
    (kind(mount) == Some("volume")).then_some(source.into())
}

fn kind(mount: &Value) -> Option<&str> {
    mount.get("type")?.as_str()
}

/// Where something is mounted, and which value says so.
struct Place<'v> {
    target: String,
    path: Path,
    value: &'v Value,
}

fn temporary(service: Service<'_>) -> Vec<Place<'_>> {
    let path = path(service, "tmpfs");
    let Some(tmpfs) = service.get("tmpfs") else {
        return Vec::new();
    };
    let listed = items(Some(tmpfs))
        .iter()
        .enumerate()
        .map(|(index, item)| (path.join(index), item));
    let single = tmpfs.as_str().map(|_| (path.clone(), tmpfs));
    let places = listed.chain(single).filter_map(|(path, value)| {
        let target = value.as_str()?.split(':').next()?.to_owned();
        Some(Place {
            target,
            path,
            value,
        })
    });
    places.collect()
}

fn lasting(service: Service<'_>) -> Vec<Place<'_>> {
    let path = path(service, "volumes");
    let mounts = items(service.get("volumes")).iter().enumerate();
    let places = mounts.filter_map(|(index, value)| {
        Some(Place {
            target: target(value)?,
            path: path.join(index),
            value,
        })
    });
    places.collect()
}

/// Compose cleans the target; of that only the last slash matters here.
fn target(mount: &Value) -> Option<String> {
    let target = match mount.as_str() {
        Some(text) => ShortMount::parse(text).ok()?.target.to_owned(),
        None => mount.get("target")?.as_str()?.to_owned(),
    };
    Some(if target.len() > 1 {
        target.trim_end_matches('/').to_owned()
    } else {
        target
    })
}
