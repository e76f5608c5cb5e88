//! The command line as it was typed, to be shown with a flag more or less, and the name that the
//! tool was called by.

use std::ffi::OsString;
use std::path::Path;

use diagnostics::Invocation;
use diagnostics::shell_quote::quoted;

/// What a wrapper sets that calls the tool by another name than its file's.
const NAME: &str = "COMPOSE_STORIES_NAME";

/// The name by which messages call the tool: what a wrapper says, else the program's own.
fn program() -> String {
    name(std::env::var(NAME).ok(), std::env::args_os().next())
}

/// `cargo xtask` runs a program called `xtask`.
fn name(set: Option<String>, program: Option<OsString>) -> String {
    let file = |program: &OsString| {
        Some(
            Path::new(program)
                .file_name()?
                .to_string_lossy()
                .into_owned(),
        )
    };
    match (
        // Words of a shell, as whoever set them wants them to be typed.
        set.filter(|set| !set.trim().is_empty()),
        program.as_ref().and_then(file),
    ) {
        (Some(set), _) => set.trim().to_owned(),
        (None, Some(file)) if file != "xtask" => quoted(&file),
        _ => "cargo xtask".to_owned(),
    }
}

/// The flag by which an environment is chosen.
pub const ENVIRONMENT: &str = "--environment";

/// How the tool was called, with the checkout that was named.
#[must_use]
pub fn invocation(named: Option<&Path>) -> Invocation {
    Invocation::new(program(), named)
}

/// The words behind the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine(Vec<String>);

impl CommandLine {
    /// What this process was started with, but for the colours of the screen.
    #[must_use]
    pub fn typed() -> Self {
        Self::without_colour(
            std::env::args_os()
                .skip(1)
                .map(|word| word.to_string_lossy().into_owned()),
        )
    }

    fn without_colour(mut words: impl Iterator<Item = String>) -> Self {
        let mut kept = Vec::new();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--color" => drop(words.next()),
                other if other.starts_with("--color=") => {}
                _ => kept.push(word),
            }
        }
        Self(kept)
    }

    /// The command with one more flag; one with a value, as `--checker embedded`, takes the place of
    /// its other value.
    #[must_use]
    pub fn with(&self, flag: &str) -> Self {
        let mut words = match flag.split_once(' ') {
            Some((name, _)) => self.without_value(name).0,
            None => self.without(flag).0,
        };
        words.extend(flag.split(' ').map(str::to_owned));
        Self(words)
    }

    fn without_value(&self, name: &str) -> Self {
        let (mut words, mut kept) = (self.0.iter(), Vec::new());
        let joined = format!("{name}=");
        while let Some(word) = words.next() {
            match word.as_str() {
                other if other == name => drop(words.next()),
                other if other.starts_with(&joined) => {}
                _ => kept.push(word.clone()),
            }
        }
        Self(kept)
    }

    /// The command with one flag and its value in the place of another one.
    #[must_use]
    pub fn with_instead(&self, flag: &str, gone: &str) -> Self {
        self.without_value(gone).with(flag)
    }

    /// Those of some flags that were typed, each with its value: `-e` is `--environment`.
    #[must_use]
    pub fn chosen(&self, flags: &[&str]) -> Vec<String> {
        let long = self.0.iter().map(|word| match word.strip_prefix("-e") {
            Some("") => ENVIRONMENT.to_owned(),
            Some(value) => format!("{ENVIRONMENT}={}", value.trim_start_matches('=')),
            None => word.clone(),
        });
        let mut words = long.take_while(|word| word != "--");
        let mut chosen = Vec::new();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            if flags.contains(&name.as_str()) {
                let value = value.or_else(|| words.next()).unwrap_or_default();
                chosen.extend([name, value]);
            }
        }
        chosen
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// The command without a flag that takes no value.
    #[must_use]
    pub fn without(&self, flag: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter(|word| *word != flag)
                .cloned()
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_and_go() {
        let words = [
            "revert",
            "--color",
            "never",
            "5.3",
            "--skip",
            "it's late",
            "--color=always",
            "--dry-run",
        ];
        let typed = CommandLine::without_colour(words.into_iter().map(str::to_owned));
        let again = typed
            .without("--dry-run")
            .with("--discard-edits")
            .with("--discard-edits");
        assert_eq!(
            again.words(),
            ["revert", "5.3", "--skip", "it's late", "--discard-edits"]
        );
        for typed in [
            "migrate --checker docker --to 5.1",
            "migrate --checker=docker --to 5.1",
            "migrate --to 5.1",
        ] {
            let typed = CommandLine::without_colour(typed.split(' ').map(str::to_owned));
            assert_eq!(
                typed.with("--checker embedded").words().join(" "),
                "migrate --to 5.1 --checker embedded"
            );
        }
    }

    #[test]
    fn what_was_chosen_is_kept_in_one_form() {
        let of = |typed: &str| CommandLine(typed.split(' ').map(str::to_owned).collect());
        let kept = "--environment prod --only 5.2";
        for typed in [
            "migrate -e prod --only 5.2",
            "migrate -eprod --only=5.2 --check",
            "migrate -e=prod --root x --only 5.2",
            "migrate --environment=prod --only 5.2 -- -e local",
            "--root x migrate --environment prod --only 5.2",
        ] {
            let chosen = of(typed).chosen(&[ENVIRONMENT, "--to", "--only"]);
            assert_eq!(chosen.join(" "), kept, "{typed}");
        }
        let to = of("migrate --only=5.4 -e prod --dry-run").with_instead("--to 5.4", "--only");
        assert_eq!(to.words().join(" "), "migrate -e prod --dry-run --to 5.4");
    }

    #[test]
    fn the_tool_is_called_as_it_was() {
        let program = |path: &str| Some(OsString::from(path));
        assert_eq!(name(None, program("target/debug/xtask")), "cargo xtask");
        assert_eq!(
            name(None, program("/usr/local/bin/compose-stories")),
            "compose-stories"
        );
        assert_eq!(name(None, program("/opt/my stack.v2")), "'my stack.v2'");
        assert_eq!(name(None, program("stories.v2")), "stories.v2");
        assert_eq!(
            name(Some("make stories".to_owned()), program("xtask")),
            "make stories"
        );
        assert_eq!(name(Some(String::new()), None), "cargo xtask");
    }
}
