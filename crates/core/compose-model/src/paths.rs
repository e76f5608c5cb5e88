//! Paths without a disk.
//!
//! While a model is being made, a path whose folder is known begins with [`ROOT`], the checkout's
//! root, so that it is told from one that is still as written. In the finished view it is `./x`,
//! `.` or `../x`.

use std::borrow::Cow;
use std::convert::Infallible;

use crate::trail::{Row, Trail, row, visit};
use crate::{Data, Value};

/// Stands for the checkout's root in paths of an unfinished model; no YAML file can spell it but by
/// an escape.
const ROOT: &str = "\u{1}";

/// Puts what a value says below a folder.
type Anchor = fn(&mut Value, directory: &str);

/// Every value with a path that is relative to the folder of a project.
const PATHS: &[Row<Anchor>] = &[
    row("configs.*.file", anchor_path),
    row("secrets.*.file", anchor_path),
    row("services.*.build.additional_contexts.*", anchor_context),
    row("services.*.build.context", anchor_context),
    row("services.*.build.ssh.*", anchor_path),
    row("services.*.develop.watch.[].path", anchor_path),
    row("services.*.env_file.[].path", anchor_path),
    row("services.*.extends.file", anchor_path),
    row("services.*.label_file.[]", anchor_path),
    row("services.*.volumes.[]", anchor_mount),
    row("volumes.*", anchor_device),
];

/// Puts every relative path of a model below `directory`, a folder relative to the checkout's root.
pub(crate) fn anchor(model: &mut Value, directory: &str) {
    let Ok(()) =
        visit::<_, Infallible>(PATHS, model, &Trail::default(), &mut |value, _, anchor| {
            anchor(value, directory);
            Ok(())
        });
}

fn anchor_path(path: &mut Value, directory: &str) {
    if let Data::String(path) = &mut path.data {
        *path = anchored(path, directory);
    }
}

/// What is built from may be remote.
fn anchor_context(context: &mut Value, directory: &str) {
    let remote = [
        "https://",
        "http://",
        "git://",
        "ssh://",
        "github.com/",
        "git@",
        "service:",
    ];
    let is_local =
        |text: &str| !text.contains("://") && !remote.iter().any(|prefix| text.starts_with(prefix));
    if context.as_str().is_some_and(is_local) {
        anchor_path(context, directory);
    }
}

/// The source of a bind mount.
fn anchor_mount(mount: &mut Value, directory: &str) {
    let Data::Map(entries) = &mut mount.data else {
        return;
    };
    if entries.get("type").and_then(Value::as_str) != Some("bind") {
        return;
    }
    if let Some(Data::String(source)) = entries.get_mut("source").map(|source| &mut source.data) {
        *source = anchored(source, directory);
    }
}

/// The device of a local volume that is a bind mount in disguise.
fn anchor_device(volume: &mut Value, directory: &str) {
    let says = |value: &Value, key: &str, wanted: &str| {
        value.get(key).and_then(Value::as_str) == Some(wanted)
    };
    if !says(volume, "driver", "local") {
        return;
    }
    let Data::Map(entries) = &mut volume.data else {
        return;
    };
    let Some(options) = entries
        .get_mut("driver_opts")
        .filter(|options| says(options, "o", "bind"))
    else {
        return;
    };
    let Data::Map(options) = &mut options.data else {
        return;
    };
    if let Some(Data::String(device)) = options.get_mut("device").map(|device| &mut device.data) {
        *device = anchored(device, directory);
    }
}

/// A path below a folder; one that is absolute, of the home folder or known already stays.
fn anchored(path: &str, directory: &str) -> String {
    let is_drive = |path: &str| {
        path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic()
    };
    if path.is_empty()
        || path.starts_with(['/', '~', '\\'])
        || path.starts_with(ROOT)
        || is_drive(path)
    {
        return path.to_owned();
    }
    format!("{ROOT}/{}", join(directory, path))
}

/// A path relative to the checkout's root, cleaned: `a/b`, `../b`, and the empty text for the root
/// itself.
pub(crate) fn join(directory: &str, path: &str) -> String {
    if let Some(known) = path.strip_prefix(ROOT) {
        return known.trim_start_matches('/').to_owned();
    }
    if path.starts_with('/') {
        return clean(path);
    }
    let joined = clean(
        &format!("{directory}/{path}")
            .trim_start_matches('/')
            .replace("//", "/"),
    );
    if joined == "." { String::new() } else { joined }
}

/// The folder of a file, relative as the file is; empty for the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The shortest path that means the same, as Go's `path.Clean` finds it.
pub(crate) fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => drop(kept.pop()),
            ".." if absolute => {}
            _ => kept.push(part),
        }
    }
    match (absolute, kept.is_empty()) {
        (true, _) => format!("/{}", kept.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => kept.join("/"),
    }
}

/// Spells the known paths of a model for its readers: `./x`, `.` or `../x`.
pub(crate) fn finish(value: &mut Value) {
    match &mut value.data {
        Data::String(text) => {
            if let Cow::Owned(finished) = finished(text) {
                *text = finished;
            }
        }
        Data::List(items) => items.iter_mut().for_each(finish),
        Data::Map(entries) => entries.values_mut().for_each(finish),
        _ => {}
    }
}

fn finished(text: &str) -> Cow<'_, str> {
    let Some(path) = text
        .strip_prefix(ROOT)
        .and_then(|path| path.strip_prefix('/'))
    else {
        return Cow::Borrowed(text);
    };
    Cow::Owned(match path {
        "" => ".".to_owned(),
        path if path == ".." || path.starts_with("../") => path.to_owned(),
        path => format!("./{path}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning_is_gos() {
        for (path, cleaned) in [
            ("/x/", "/x"),
            ("/x/../y", "/y"),
            ("/..", "/"),
            ("a/./b//c", "a/b/c"),
            ("..", ".."),
            ("a/..", "."),
            ("../../a", "../../a"),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
    }

    #[test]
    fn joining_keeps_to_the_root() {
        for (folder, path, joined) in [
            ("", "./a", "a"),
            ("sub", "./a", "sub/a"),
            ("sub", "../a", "a"),
            ("", "../a", "../a"),
            ("", ".", ""),
            ("sub", ".", "sub"),
        ] {
            assert_eq!(join(folder, path), joined);
        }
    }
}
