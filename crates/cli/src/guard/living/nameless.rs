//! Data that goes out of reach with its container: what it keeps in volumes without a name, and in
//! its own layer.

use std::collections::BTreeSet;
use std::path::Path;

use docker::FailureKind;
use docker::engine::container::Container;
use docker::engine::{Engine, EngineError, Peek};

/// In the words of a screen.
const LAYER: &str = "its own layer";

/// How many paths of a layer are looked into, each by itself.
const MOST_LOOKS: usize = 16;

/// What an engine itself puts there: for `init: true`, and always.
const OF_ENGINE: [&str; 2] = ["docker-init", ".dockerenv"];

/// Folders at the top whose contents nobody keeps: they are filled anew by every start.
const PASSING_TOPS: [&str; 9] = [
    "/tmp",
    "/run",
    "/proc",
    "/sys",
    "/dev",
    "/etc",
    "/var/tmp",
    "/var/run",
    "/var/lock",
];

/// Names of folders whose contents nobody keeps, at any depth.
const PASSING: [&str; 13] = [
    "cache",
    ".cache",
    "log",
    "logs",
    "tmp",
    "__pycache__",
    "node_modules",
    ".next",
    ".npm",
    ".yarn",
    ".pytest_cache",
    ".config",
    ".local",
];

/// Ends of files that nobody keeps.
const PASSING_ENDS: [&str; 6] = [".pid", ".pyc", ".log", ".sock", ".lock", "_history"];

/// Names of folders in which programs keep what they were given.
const DATA_FOLDERS: [&str; 8] = [
    "data",
    "db",
    "database",
    "uploads",
    "media",
    "storage",
    "appendonlydir",
    "pgdata",
];

/// Ends of files in which databases keep their data.
const DATA_ENDS: [&str; 9] = [
    ".rdb",
    ".aof",
    ".db",
    ".sqlite",
    ".sqlite3",
    ".mdb",
    ".wt",
    "PG_VERSION",
    "ibdata1",
];

/// Data that would be out of reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The service.
    pub service: String,
    /// The container's name.
    pub container: String,
    /// Which of the service's containers it is, from 1; none for one that `run` made.
    pub number: Option<u32>,
    /// Where it lies in the container.
    pub path: String,
    /// Where that is: `a volume without a name`.
    pub place: &'static str,
    /// How much it is, or why that was not seen.
    pub holds: String,
}

impl Loss {
    fn of(container: &Container, path: String, place: &'static str, holds: String) -> Self {
        let number = (!container.is_one_off()).then(|| container.number());
        Self {
            service: container.service.clone(),
            container: container.name.clone(),
            number,
            path,
            place,
            holds,
        }
    }
}

/// What becomes of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is removed: nothing of it is found again.
    Removed,
    /// It is made anew and its volumes are handed on. Of its layer the files count that look like
    /// data, for a new image brings the others along.
    Recreated,
    /// It is made anew, and its volumes without a name are not handed on.
    Renewed,
}

/// What of some containers would be out of reach.
///
/// # Errors
/// [`EngineError`] where the engine does not answer any more.
pub fn lost<'c>(
    engine: &Engine,
    containers: impl IntoIterator<Item = &'c Container>,
    fate: Fate,
) -> Result<Vec<Loss>, EngineError> {
    let counts: fn(&str) -> bool = if fate == Fate::Removed {
        |_| true
    } else {
        looks_like_data
    };
    let mut losses = Vec::new();
    for container in containers {
        if fate != Fate::Recreated {
            losses.extend(in_volumes(engine, container)?);
        }
        losses.extend(in_layer(engine, container, counts)?);
    }
    Ok(losses)
}

fn in_volumes(engine: &Engine, container: &Container) -> Result<Vec<Loss>, EngineError> {
    let mut losses = Vec::new();
    for mount in container.mounts.iter().filter(|mount| mount.is_anonymous()) {
        if let Some(holds) = held(engine.peek(&container.id, &mount.destination))? {
            losses.push(Loss::of(
                container,
                mount.destination.clone(),
                "a volume without a name",
                holds,
            ));
        }
    }
    Ok(losses)
}

/// What is there, in words; none where that is nothing, or the container has gone. What cannot be
/// looked into may be data.
fn held(peek: Result<Peek, EngineError>) -> Result<Option<String>, EngineError> {
    match peek {
        Ok(Peek::Absent) => Ok(None),
        Ok(Peek::File(_)) => Ok(Some("a file".to_owned())),
        Ok(Peek::Folder(contents)) => Ok((!contents.is_empty()).then(|| contents.to_string())),
        Err(error) => match error.kind() {
            FailureKind::NotFound => Ok(None),
            FailureKind::Other => Ok(Some(format!("not looked into: {error}"))),
            _ => Err(error),
        },
    }
}

fn in_layer(
    engine: &Engine,
    container: &Container,
    counts: impl Fn(&str) -> bool,
) -> Result<Vec<Loss>, EngineError> {
    let written = match engine.written(&container.id) {
        Err(error) if error.kind() == FailureKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == FailureKind::Other => {
            let holds = format!("not looked into: {error}");
            return Ok(vec![Loss::of(
                container,
                "what it wrote".to_owned(),
                LAYER,
                holds,
            )]);
        }
        written => written?,
    };
    let mounted: Vec<_> = container
        .mounts
        .iter()
        .map(|mount| mount.destination.as_str())
        .collect();
    let kept: Vec<_> = leaves(written)
        .into_iter()
        .filter(|path| is_kept(path, &mounted) && counts(path))
        .collect();
    let mut losses = Vec::new();
    for path in few(kept) {
        if let Some(holds) = held(engine.peek(&container.id, &path))? {
            losses.push(Loss::of(container, path, LAYER, holds));
        }
    }
    Ok(losses)
}

/// As many as can be looked at and told: of more, the folders that they are in.
fn few(mut paths: Vec<String>) -> Vec<String> {
    while paths.len() > MOST_LOOKS {
        let depth = |path: &String| Path::new(path).components().count();
        let deepest = paths.iter().map(depth).max().unwrap_or_default();
        if deepest <= 2 {
            break;
        }
        let folder = |path: String| match Path::new(&path)
            .parent()
            .filter(|_| depth(&path) == deepest)
        {
            Some(parent) => parent.to_string_lossy().into_owned(),
            None => path,
        };
        let folders: BTreeSet<_> = paths.into_iter().map(folder).collect();
        paths = folders.into_iter().collect();
    }
    paths
}

/// The paths below which there is no other.
fn leaves(mut paths: Vec<String>) -> Vec<String> {
    // By their parts: `/data-old` does not stand between `/data` and what is in it.
    paths.sort_by(|one, other| Path::new(one).cmp(Path::new(other)));
    let is_leaf = |at: usize| {
        paths
            .get(at + 1)
            .is_none_or(|next| !Path::new(next).starts_with(&paths[at]))
    };
    (0..paths.len())
        .filter(|at| is_leaf(*at))
        .map(|at| paths[at].clone())
        .collect()
}

/// Whether somebody may want to have a path again.
fn is_kept(path: &str, mounted: &[&str]) -> bool {
    let is = Path::new(path);
    let of_mount = mounted
        .iter()
        .any(|mount| is.starts_with(mount) || Path::new(mount).starts_with(is));
    let passes = OF_ENGINE
        .iter()
        .any(|name| is.file_name().is_some_and(|file| file == *name))
        || PASSING_TOPS.iter().any(|top| is.starts_with(top))
        || is
            .iter()
            .any(|part| PASSING.iter().any(|name| part == *name))
        || PASSING_ENDS.iter().any(|end| path.ends_with(end));
    !of_mount && !passes
}

fn looks_like_data(path: &str) -> bool {
    let parents = Path::new(path).parent().into_iter().flat_map(Path::iter);
    let mut parts = parents.filter_map(|part| part.to_str());
    DATA_ENDS.iter().any(|end| path.ends_with(end))
        || parts.any(|part| DATA_FOLDERS.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ends_of_a_layer_count() {
        let paths = ["/data", "/data/a", "/data-old", "/data/b", "/data/b/c"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(leaves(paths), ["/data/a", "/data/b/c", "/data-old"]);
    }

    #[test]
    fn many_paths_are_told_by_their_folders() {
        let many = (0..40).map(|at| format!("/srv/data/{at}/x.db"));
        let paths: Vec<_> = many
            .chain(["/top.db".to_owned(), "/app/db/y".to_owned()])
            .collect();
        assert_eq!(few(paths), ["/app/db", "/srv/data", "/top.db"]);
        assert_eq!(few(vec!["/a/b/c".to_owned()]), ["/a/b/c"]);
    }

    #[test]
    fn what_every_start_writes_is_not_kept() {
        for path in [
            "/run/nginx.pid",
            "/sbin/docker-init",
            "/tmp/x",
            "/etc/nginx/conf.d/default.conf",
            "/var/cache/nginx/proxy_temp",
            "/app/__pycache__/a.pyc",
            "/root/.npm/_logs/x",
            "/root/.ash_history",
            "/var/lib/x/server.pid",
            "/srv/mounted",
            "/srv/mounted/below",
            "/srv",
        ] {
            assert!(!is_kept(path, &["/srv/mounted"]), "{path}");
        }
        for path in [
            "/data/dump.rdb",
            "/app/uploads/a.png",
            "/important.txt",
            "/srv/other",
            "/root/notes",
        ] {
            assert!(is_kept(path, &["/srv/mounted"]), "{path}");
        }
    }

    #[test]
    fn databases_and_uploads_look_like_data() {
        for path in [
            "/srv/dump.rdb",
            "/app/app.db",
            "/app/uploads/a.png",
            "/var/lib/pg/PG_VERSION",
            "/data/x",
        ] {
            assert!(looks_like_data(path), "{path}");
        }
        for path in ["/app/dist/main.js", "/important.txt", "/app/database.js"] {
            assert!(!looks_like_data(path), "{path}");
        }
    }
}
