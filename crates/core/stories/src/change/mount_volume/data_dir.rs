//! Where a Redis server keeps its data: at `dir` of its command or its file of settings, else where
//! it is started; and whether it is told to keep any.

use compose_edit::Path;
use compose_model::{Service, Value};
use datastores::REDIS;
use datastores::redis::{Setting, Settings, Start};

use super::mounts::{mount_of, text};
use crate::context::Context;

/// The directory where the image is started, and its data lies unless told otherwise.
pub(super) fn usual() -> &'static str {
    REDIS.usual_folder()
}

/// What a service says of the place of its data.
pub(super) enum DataDir {
    /// An absolute path in the container.
    At(String),
    /// A file of settings, or a variable of the container, may say another place than the image's
    /// own; what it is.
    Unsure(String),
}

/// Where the Redis of a service keeps its data; none for a service that runs something else.
pub(super) fn of(cx: &Context<'_>, service: Service<'_>) -> Option<DataDir> {
    let Start { file, options } = start(cx, service)?;
    let home = home(cx, service);
    Some(match (options.last("dir"), file) {
        (Some(dir), _) if dir.contains('$') => DataDir::Unsure(format!("--dir {dir}")),
        (Some(dir), _) => DataDir::At(joined(&home, dir)),
        (None, Some(file)) => match in_file(cx, service, &file) {
            Some(dir) => DataDir::At(joined(&home, &dir)),
            None => DataDir::Unsure(file),
        },
        (None, None) => DataDir::At(joined("/", &home)),
    })
}

/// Where a service is told that its Redis keeps no data, as `file:line`; none for one that keeps
/// some, or may.
pub(super) fn keeps_nothing(cx: &Context<'_>, service: Service<'_>) -> Option<String> {
    let Start { file, options } = start(cx, service)?;
    let given = file.as_ref().and_then(|file| given(cx, service, file));
    let told = match (&file, &given) {
        (None, _) => Settings::default(),
        (Some(_), given) => read(cx, given.as_ref()).unwrap_or_else(Settings::unread),
    };
    let told = told.then(options);
    let Setting { line, .. } = told.keeps_nothing()?;
    Some(match (line, given) {
        (Some(line), Some(Given::File(path))) => format!("{path}:{line}"),
        (Some(_), Some(Given::Content(content))) => cx.locate(content),
        _ => cx.locate(
            service
                .get("command")
                .or_else(|| service.get("entrypoint"))?,
        ),
    })
}

/// The file of the checkout that a Redis is started with as its settings, relative to the root;
/// none where a mount or a config of the checkout's own does not bring it.
pub fn settings_file(cx: &Context<'_>, service: Service<'_>) -> Option<String> {
    match given(cx, service, &start(cx, service)?.file?)? {
        Given::File(path) => Some(path),
        Given::Content(_) => None,
    }
}

/// What the Redis of a service is started with; none for a service that runs something else.
fn start(cx: &Context<'_>, service: Service<'_>) -> Option<Start> {
    if !REDIS.has(&cx.image(service)?) {
        return None;
    }
    let commands = ["entrypoint", "command"]
        .into_iter()
        .filter_map(|key| service.get(key));
    let words: Vec<_> = commands.flat_map(|command| words(cx, command)).collect();
    Some(Start::of(&words))
}

/// Where the server is started.
fn home(cx: &Context<'_>, service: Service<'_>) -> String {
    let home = service
        .get("working_dir")
        .and_then(|dir| Some(cx.expand(dir.as_str()?, dir)));
    home.unwrap_or_else(|| usual().to_owned())
}

/// The `dir` of a file of settings, empty where it has none; none where the file was not read, or
/// what it includes or a variable may say another one.
fn in_file(cx: &Context<'_>, service: Service<'_>, file: &str) -> Option<String> {
    let settings = read(cx, given(cx, service, file).as_ref())?;
    let dir = settings.last("dir").unwrap_or_default();
    (!settings.include_others() && !dir.contains('$')).then(|| dir.to_owned())
}

/// What gives a container the file of settings that its Redis is started with.
enum Given<'v> {
    /// A file of the checkout, relative to its root.
    File(String),
    /// The `content` of a config.
    Content(&'v Value),
}

/// What it says; none where it was not read.
fn read(cx: &Context<'_>, given: Option<&Given<'_>>) -> Option<Settings> {
    Some(match given? {
        Given::File(path) => Settings::of_file(cx.stack.texts.get(path)?),
        Given::Content(content) => Settings::of_file(&cx.expand(content.as_str()?, content)),
    })
}

/// None where neither a bind mount nor a config of the checkout brings it.
fn given<'v>(cx: &Context<'v>, service: Service<'_>, file: &str) -> Option<Given<'v>> {
    let file = joined(&home(cx, service), file);
    if let Some(config) = config_at(cx, service, &file) {
        return match config.get("content") {
            Some(content) => Some(Given::Content(content)),
            None => {
                let source = config.get("file")?;
                let source = cx.expand(source.as_str()?, source);
                in_checkout(&source, "").map(Given::File)
            }
        };
    }
    let mount = mount_of(cx, service, &file)?.value;
    if text(cx, mount, "type") != "bind" {
        return None;
    }
    let target = text(cx, mount, "target");
    let below = file.strip_prefix(target.trim_end_matches('/'))?;
    in_checkout(&text(cx, mount, "source"), below).map(Given::File)
}

/// The config that a service gets at a path of the container.
fn config_at<'v>(cx: &Context<'v>, service: Service<'_>, file: &str) -> Option<&'v Value> {
    let is_there = |config: &&Value| match text(cx, config, "target") {
        target if target.is_empty() => joined("/", &text(cx, config, "source")) == file,
        target => joined("/", &target) == file,
    };
    let configs = service.get("configs")?.as_list()?;
    let source = text(cx, configs.iter().rfind(is_there)?, "source");
    cx.view.get(&Path::from(["configs", &source]))
}

/// A path below a file or folder that is named from the root; none where it leaves the checkout.
fn in_checkout(source: &str, below: &str) -> Option<String> {
    if source.starts_with(['/', '~']) || source.contains('$') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in source.split('/').chain(below.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The words of a command, variables replaced.
fn words(cx: &Context<'_>, command: &Value) -> Vec<String> {
    let expand = |text: &str| cx.expand(text, command);
    match command.as_list() {
        Some(items) => items
            .iter()
            .filter_map(|item| Some(cx.expand(&item.scalar_text()?, item)))
            .collect(),
        None => command
            .as_str()
            .and_then(|line| compose_model::words(&expand(line)))
            .unwrap_or_default(),
    }
}

/// A path seen from a directory, without `.`, `..` and slashes that say nothing.
fn joined(from: &str, path: &str) -> String {
    let from = if path.starts_with('/') { "" } else { from };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_seen_from_where_the_server_is_started() {
        assert_eq!(joined("/data", "./sub/../x/"), "/data/x");
        assert_eq!(joined("/data", "/var//lib/redis/"), "/var/lib/redis");
    }
}
