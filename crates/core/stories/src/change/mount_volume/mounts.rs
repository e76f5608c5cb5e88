//! What is mounted in a service's containers, and where.

use compose_edit::Path;
use compose_model::{Service, Value};

use crate::context::Context;

/// A mount and its path in the view.
pub(super) struct Mount<'v> {
    pub(super) at: Path,
    pub(super) value: &'v Value,
}

/// Whether two paths in a container are one.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

/// Whether a path in a container is another one or lies above it.
fn holds(above: &str, path: &str) -> bool {
    let rest = path.strip_prefix(above.trim_end_matches('/'));
    !above.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The innermost mount that holds a place in the container.
pub(super) fn mount_of<'v>(
    cx: &Context<'_>,
    service: Service<'v>,
    place: &str,
) -> Option<Mount<'v>> {
    let mounts = service.get("volumes")?.as_list()?;
    let targets = mounts
        .iter()
        .map(|mount| text(cx, mount, "target"))
        .enumerate();
    let holding = targets.filter(|(_, target)| holds(target, place));
    let (index, _) = holding.max_by_key(|(_, target)| target.trim_end_matches('/').len())?;
    Some(Mount {
        at: Context::path(service.name, &["volumes"]).join(index),
        value: &mounts[index],
    })
}

/// The tmpfs of the short form that holds a place in the container.
pub(super) fn tmpfs<'v>(service: Service<'v>, place: &str) -> Option<&'v Value> {
    let items = service.get("tmpfs")?;
    let path = |value: &'v Value| {
        value
            .as_str()
            .and_then(|text| text.split(':').next())
            .unwrap_or_default()
    };
    let one = std::slice::from_ref(items);
    items
        .as_list()
        .unwrap_or(one)
        .iter()
        .find(|value| holds(path(value), place))
}

/// A mount that comes from a service whose volumes this one takes over.
pub(super) struct Lent<'v> {
    pub(super) mount: Mount<'v>,
    /// The item of `volumes_from` that takes them over without the right to write.
    pub(super) read_only: Option<&'v Value>,
}

pub(super) fn lent<'v>(cx: &Context<'v>, service: Service<'v>, place: &str) -> Option<Lent<'v>> {
    let lenders = service.get("volumes_from")?.as_list()?;
    lenders.iter().find_map(|item| {
        let (name, mode) = item
            .as_str()?
            .split_once(':')
            .unwrap_or((item.as_str()?, "rw"));
        let mount = mount_of(cx, cx.view.service(name)?, place)?;
        Some(Lent {
            mount,
            read_only: (mode == "ro").then_some(item),
        })
    })
}

/// A text of a mount, variables replaced.
pub(super) fn text(cx: &Context<'_>, mount: &Value, key: &str) -> String {
    let value = mount.get(key);
    value
        .and_then(|value| Some(cx.expand(value.as_str()?, value)))
        .unwrap_or_default()
}
