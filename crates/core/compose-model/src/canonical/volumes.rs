//! Mounts of a service.

use indexmap::IndexMap;

use crate::budget::Budget;
use crate::paths;
use crate::problem::{Outcome, Problem};
use crate::template;
use crate::{Data, Origin, ShortMount, Value};

/// A mount in the long form.
pub(super) fn long(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::String(text) = &value.data {
        match ShortMount::parse(text) {
            Ok(mount) => value.data = long_form(&mount, &value.origin),
            Err(_) if template::is_open(text) => {}
            Err(reason) => {
                return Err(Problem::rejected(
                    &value.origin,
                    format!("the volume `{text}` {reason}"),
                ));
            }
        }
    }
    Ok(value)
}

/// Where the mount appears in the container: cleaned for a short form, as written for a long one.
pub(crate) fn target(item: &Value) -> Option<String> {
    match &item.data {
        Data::String(text) => ShortMount::parse(text)
            .map(|mount| clean_target(mount.target))
            .ok()
            .or_else(|| Some(text.clone())),
        _ => item.get("target")?.as_str().map(str::to_owned),
    }
}

fn clean_target(target: &str) -> String {
    if target.is_empty() {
        String::new()
    } else {
        paths::clean(target)
    }
}

/// The long form of a short one.
fn long_form(mount: &ShortMount<'_>, origin: &Origin) -> Data {
    let text = |text: &str| Data::String(text.to_owned());
    let value = |data| Value {
        data,
        origin: origin.clone(),
    };
    let map = |entries: IndexMap<String, Value>| value(Data::Map(entries));
    let mut bind = bind_options(mount, &value);
    let mut volume = IndexMap::new();
    if mount.options.contains(&"nocopy") {
        volume.insert("nocopy".to_owned(), value(Data::Bool(true)));
    }
    let is_bind = mount.is_bind();
    if is_bind {
        bind.insert("create_host_path".to_owned(), value(Data::Bool(true)));
    }
    let mut entries = IndexMap::new();
    let mut say = |key: &str, value| entries.insert(key.to_owned(), value);
    say("type", value(text(if is_bind { "bind" } else { "volume" })));
    if let Some(source) = mount.source {
        say("source", value(text(source)));
    }
    say("target", value(text(&clean_target(mount.target))));
    if mount.is_read_only() {
        say("read_only", value(Data::Bool(true)));
    }
    if !bind.is_empty() {
        say("bind", map(bind));
    }
    if (!is_bind && !mount.is_tiny()) || !volume.is_empty() {
        say("volume", map(volume));
    }
    Data::Map(entries)
}

fn bind_options(mount: &ShortMount<'_>, value: &impl Fn(Data) -> Value) -> IndexMap<String, Value> {
    let mut bind = IndexMap::new();
    for option in &mount.options {
        let key = match *option {
            "z" | "Z" => "selinux",
            "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => "propagation",
            _ => continue,
        };
        bind.insert(key.to_owned(), value(Data::String((*option).to_owned())));
    }
    bind
}
