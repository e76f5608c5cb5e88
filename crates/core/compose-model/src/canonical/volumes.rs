//! Mounts of a service.

use indexmap::IndexMap;

use crate::budget::Budget;
use crate::paths;
use crate::problem::{Outcome, Problem};
use crate::template;
use crate::{Data, Origin, Value};

/// A mount in the long form.
pub(super) fn long(mut value: Value, _: &mut Budget) -> Outcome<Value> {
    if let Data::String(text) = &value.data {
        match parse(text) {
            Ok(mount) => value.data = mount.data(&value.origin),
            Err(_) if text.contains('$') => {}
            Err(reason) => {
                return Err(Problem::rejected(&value.origin, format!("the volume `{text}` {reason}")));
            }
        }
    }
    Ok(value)
}

/// Where the mount appears in the container: cleaned for a short form, as written for a long one.
pub(crate) fn target(item: &Value) -> Option<String> {
    match &item.data {
        Data::String(text) => parse(text).map(|mount| clean_target(mount.target)).ok().or_else(|| Some(text.clone())),
        _ => item.get("target")?.as_str().map(str::to_owned),
    }
}

/// A short form taken apart.
#[derive(Debug, Default, PartialEq)]
struct Mount<'t> {
    source: Option<&'t str>,
    target: &'t str,
    options: Vec<&'t str>,
}

/// Reads `[source:]target[:options]`. A single letter before the first colon is a Windows drive, even in front of a
/// named volume's target.
fn parse(text: &str) -> Result<Mount<'_>, &'static str> {
    if text.is_empty() {
        return Err("is empty");
    }
    let mut parts = sections(text);
    if parts.iter().any(|part| part.is_empty()) {
        return Err("has an empty section between colons");
    }
    let options = if parts.len() > 2 { parts.remove(2).split(',').collect() } else { Vec::new() };
    match parts[..] {
        [target] => Ok(Mount { source: None, target, options }),
        [source, target] => Ok(Mount { source: Some(source), target, options }),
        _ => Err("has too many colons"),
    }
}

/// Splits at colons, but not behind a drive's letter.
fn sections(text: &str) -> Vec<&str> {
    let mut sections = Vec::with_capacity(3);
    let mut start = 0;
    let mut end = 0;
    for part in template::split_outside(text, ':') {
        let begins_with_drive = end == start && part.len() == 1 && part.starts_with(char::is_alphabetic);
        end += part.len();
        if begins_with_drive && end < text.len() {
            end += 1;
            continue;
        }
        sections.push(&text[start..end]);
        end += 1;
        start = end;
    }
    sections
}

fn is_path(source: &str) -> bool {
    let drive = source
        .split_once(':')
        .is_some_and(|(drive, _)| drive.chars().count() == 1 && drive.chars().all(char::is_alphabetic));
    source.starts_with(['.', '/', '~']) || source.starts_with(r"\\") || drive
}

fn clean_target(target: &str) -> String {
    if target.is_empty() { String::new() } else { paths::clean(target) }
}

impl Mount<'_> {
    fn data(&self, origin: &Origin) -> Data {
        let text = |text: &str| Data::String(text.to_owned());
        let value = |data| Value { data, origin: origin.clone() };
        let map = |entries: IndexMap<String, Value>| value(Data::Map(entries));
        let mut bind = self.bind_options(&value);
        let mut volume = IndexMap::new();
        if self.options.contains(&"nocopy") {
            volume.insert("nocopy".to_owned(), value(Data::Bool(true)));
        }
        let is_bind = self.source.is_some_and(is_path);
        if is_bind {
            bind.insert("create_host_path".to_owned(), value(Data::Bool(true)));
        }
        let mut entries = IndexMap::new();
        let mut say = |key: &str, value| entries.insert(key.to_owned(), value);
        say("type", value(text(if is_bind { "bind" } else { "volume" })));
        if let Some(source) = self.source {
            say("source", value(text(source)));
        }
        say("target", value(text(&clean_target(self.target))));
        if self.read_only() {
            say("read_only", value(Data::Bool(true)));
        }
        if !bind.is_empty() {
            say("bind", map(bind));
        }
        if (!is_bind && !self.is_tiny()) || !volume.is_empty() {
            say("volume", map(volume));
        }
        Data::Map(entries)
    }

    /// Compose reads two characters as a target and looks no further.
    fn is_tiny(&self) -> bool {
        self.source.is_none() && self.target.len() <= 2
    }

    fn read_only(&self) -> bool {
        self.options.iter().rev().find(|option| matches!(**option, "ro" | "rw")) == Some(&"ro")
    }

    fn bind_options(&self, value: &impl Fn(Data) -> Value) -> IndexMap<String, Value> {
        let mut bind = IndexMap::new();
        for option in &self.options {
            let key = match *option {
                "z" | "Z" => "selinux",
                "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => "propagation",
                _ => continue,
            };
            bind.insert(key.to_owned(), value(Data::String((*option).to_owned())));
        }
        bind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<&str>, &str) {
        let mount = parse(text).unwrap();
        (mount.source, mount.target)
    }

    #[test]
    fn short_forms_are_taken_apart() {
        assert_eq!(parts("data:/data"), (Some("data"), "/data"));
        assert_eq!(parts("/data"), (None, "/data"));
        assert_eq!(parts("${V:-./d}:/x"), (Some("${V:-./d}"), "/x"));
        assert_eq!(parse("./a:/a:ro,z").unwrap().options, ["ro", "z"]);
    }

    #[test]
    fn a_single_letter_is_a_drive() {
        assert_eq!(parts(r"C:\x:/y"), (Some(r"C:\x"), "/y"));
        assert_eq!(parts("v:/y"), (None, "v:/y"));
    }

    #[test]
    fn nonsense_is_no_volume() {
        for text in ["", "aa:", ":/a", "aa:/b:ro:x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
