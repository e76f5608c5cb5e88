//! The command line as it was typed, to be shown with a flag more or less.

use diagnostics::shell_quote::all_quoted;

/// The words behind `cargo xtask`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine(Vec<String>);

impl CommandLine {
    /// What this process was started with, but for the colours of the screen.
    #[must_use]
    pub fn typed() -> Self {
        Self::without_colour(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()))
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

    /// The same command with a flag; one with a value, as `--checker embedded`, takes the place of its other value.
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

    /// The same command without a flag that takes no value.
    #[must_use]
    pub fn without(&self, flag: &str) -> Self {
        Self(self.0.iter().filter(|word| *word != flag).cloned().collect())
    }
}

impl std::fmt::Display for CommandLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cargo xtask {}", all_quoted(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_and_go() {
        let words = ["revert", "--color", "never", "5.3", "--skip", "it's late", "--color=always", "--dry-run"];
        let typed = CommandLine::without_colour(words.into_iter().map(str::to_owned));
        let again = typed.without("--dry-run").with("--discard-edits").with("--discard-edits");
        assert_eq!(again.to_string(), r"cargo xtask revert 5.3 --skip 'it'\''s late' --discard-edits");
        for typed in ["migrate --checker docker --to 5.1", "migrate --checker=docker --to 5.1", "migrate --to 5.1"] {
            let typed = CommandLine::without_colour(typed.split(' ').map(str::to_owned));
            let again = typed.with("--checker embedded").to_string();
            assert_eq!(again, "cargo xtask migrate --to 5.1 --checker embedded");
        }
    }
}
