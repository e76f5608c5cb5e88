//! Dependencies that Compose derives from what else a service says.

use compose_model::{Service, Value};

/// Whether Compose makes a service depend on another one that it does not name in `depends_on`, and
/// then whether it is restarted with that one: for a namespace and a link it is, for `volumes_from`
/// it is not. A dependency that is written replaces a derived one whole.
pub(crate) fn restart_with(service: Service<'_>, on: &str) -> Option<bool> {
    let shares = |key: &str| {
        service
            .get(key)
            .and_then(Value::as_str)
            .and_then(|how| how.strip_prefix("service:"))
    };
    let names = |key: &str| {
        let items = service
            .get(key)
            .and_then(Value::as_list)
            .unwrap_or_default();
        items
            .iter()
            .filter_map(Value::as_str)
            .any(|item| item.split(':').next() == Some(on))
    };
    if ["network_mode", "ipc", "pid", "uts", "cgroup"]
        .into_iter()
        .any(|key| shares(key) == Some(on))
        || names("links")
    {
        return Some(true);
    }
    names("volumes_from").then_some(false)
}
