//! Where a Redis server keeps its data: at `--dir` of its command, else where it is started.

use compose_model::{Service, Value};
use datastores::{REDIS, redis};

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
    if !cx.image(service)?.is("redis") {
        return None;
    }
    let words = started_with(cx, service);
    let home = home(cx, service);
    let arguments = arguments(&words);
    let dir = arguments
        .windows(2)
        .rev()
        .find(|pair| pair[0].eq_ignore_ascii_case(redis::DIR))
        .map(|pair| pair[1].as_str());
    Some(match (dir, settings(&words)) {
        (Some(dir), _) if dir.contains('$') => DataDir::Unsure(format!("--dir {dir}")),
        (Some(dir), _) => DataDir::At(joined(&home, dir)),
        (None, Some(file)) => in_settings(cx, service, file, &home),
        (None, None) => DataDir::At(joined("/", &home)),
    })
}

/// The file of the checkout that a Redis is started with as its settings, relative to the root;
/// none where a mount of the checkout's own does not bring it.
pub fn settings_file(cx: &Context<'_>, service: Service<'_>) -> Option<String> {
    if !cx.image(service)?.is("redis") {
        return None;
    }
    mounted_file(cx, service, settings(&started_with(cx, service))?)
}

/// The words of the entrypoint and the command.
fn started_with(cx: &Context<'_>, service: Service<'_>) -> Vec<String> {
    ["entrypoint", "command"]
        .into_iter()
        .filter_map(|key| service.get(key))
        .flat_map(|v| words(cx, v))
        .collect()
}

/// Where the server is started.
fn home(cx: &Context<'_>, service: Service<'_>) -> String {
    let home = service
        .get("working_dir")
        .and_then(|dir| Some(cx.expand(dir.as_str()?, dir)));
    home.unwrap_or_else(|| usual().to_owned())
}

/// What a file of settings says, where it was read.
fn in_settings(cx: &Context<'_>, service: Service<'_>, file: &str, home: &str) -> DataDir {
    let read = mounted_file(cx, service, file).and_then(|path| cx.stack.texts.get(&path));
    match read.map(|text| dir_of(text)) {
        Some(Ok(dir)) => DataDir::At(joined(home, dir.as_deref().unwrap_or_default())),
        _ => DataDir::Unsure(file.to_owned()),
    }
}

/// The last `dir` of a file of settings.
///
/// # Errors
/// Where it includes others, which may say another one.
fn dir_of(settings: &str) -> Result<Option<String>, Includes> {
    let mut dir = None;
    for line in settings
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
    {
        let words = split(line);
        let name = words.first().map(|name| name.to_ascii_lowercase());
        match (name.as_deref(), words.get(1)) {
            (Some("include"), _) => return Err(Includes),
            (Some("dir"), Some(path)) => dir = Some(path.clone()),
            _ => {}
        }
    }
    Ok(dir)
}

/// A file of settings includes others.
#[derive(Debug, PartialEq, Eq)]
struct Includes;

/// The file of the checkout, relative to its root, that a bind mount puts at a path of the
/// container.
fn mounted_file(cx: &Context<'_>, service: Service<'_>, file: &str) -> Option<String> {
    let file = joined(&home(cx, service), file);
    let mount = mount_of(cx, service, &file)?.value;
    let (source, target) = (text(cx, mount, "source"), text(cx, mount, "target"));
    if text(cx, mount, "type") != "bind" || source.starts_with(['/', '~']) || source.contains('$') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in source
        .split('/')
        .chain(file.strip_prefix(target.trim_end_matches('/'))?.split('/'))
    {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The words of a command, those that it gives to a shell among them.
fn words(cx: &Context<'_>, command: &Value) -> Vec<String> {
    let words = match command.as_list() {
        Some(items) => items
            .iter()
            .filter_map(|item| Some(cx.expand(&item.scalar_text()?, item)))
            .collect(),
        None => command
            .as_str()
            .map(|text| split(&cx.expand(text, command)))
            .unwrap_or_default(),
    };
    let is_script =
        |word: &str| word.contains(char::is_whitespace) && word.contains("redis-server");
    words
        .into_iter()
        .flat_map(|word| {
            if is_script(&word) {
                split(&word)
            } else {
                vec![word]
            }
        })
        .collect()
}

/// What follows the server's name; all where the image's own entrypoint puts the name in front.
fn arguments(words: &[String]) -> &[String] {
    &words[position(words).map_or(0, |at| at + 1)..]
}

fn position(words: &[String]) -> Option<usize> {
    words
        .iter()
        .position(|word| word.rsplit('/').next() == Some("redis-server"))
}

/// The file of settings that the server is started with: its first argument, where that is no
/// option.
fn settings(words: &[String]) -> Option<&str> {
    let first = arguments(words).first()?;
    let is_file = if position(words).is_some() {
        !first.starts_with("--")
    } else {
        first.ends_with(".conf")
    };
    is_file.then_some(first)
}

/// A text as a shell splits it, quotes taken away.
fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, c) if c.is_whitespace() || matches!(c, ';' | '&' | '|') => {
                words.extend(word.take())
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
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

    fn told(text: &str) -> (Vec<String>, Option<String>) {
        let words = split(text);
        (
            arguments(&words).to_vec(),
            settings(&words).map(str::to_owned),
        )
    }

    #[test]
    fn a_command_is_split_as_a_shell_does() {
        let expected = ["sh", "-c", "exec a --dir '/x y'", "b c", "", "d"].map(str::to_owned);
        assert_eq!(split(r#"sh  -c "exec a --dir '/x y'" b\ c '' d"#), expected);
        assert_eq!(
            split("redis-server --dir /x; sleep 1"),
            ["redis-server", "--dir", "/x", "sleep", "1"]
        );
    }

    #[test]
    fn settings_are_the_first_argument() {
        assert_eq!(
            told("redis-server /etc/redis.conf --port 1").1.as_deref(),
            Some("/etc/redis.conf")
        );
        assert_eq!(
            told("/usr/local/bin/redis-server -").1.as_deref(),
            Some("-")
        );
        assert_eq!(
            told("/etc/redis.conf").1.as_deref(),
            Some("/etc/redis.conf")
        );
        assert_eq!(told("redis-server --save 60 1").1, None);
        assert_eq!(told("--appendonly yes").0, ["--appendonly", "yes"]);
    }

    #[test]
    fn the_last_dir_of_a_file_of_settings_counts() {
        let settings = "# dir /no\nport 6379\nDIR /a\n  dir \"/var/lib/my redis\"\n";
        assert_eq!(dir_of(settings), Ok(Some("/var/lib/my redis".to_owned())));
        assert_eq!(dir_of("appendonly yes\n"), Ok(None));
        assert_eq!(dir_of("dir /a\ninclude /etc/more.conf\n"), Err(Includes));
    }

    #[test]
    fn a_directory_is_seen_from_where_the_server_is_started() {
        assert_eq!(joined("/data", "./sub/../x/"), "/data/x");
        assert_eq!(joined("/data", "/var//lib/redis/"), "/var/lib/redis");
    }
}
