//! How this tool was called: by which name, and with which checkout. Whoever offers a command gives
//! its arguments alone.

use std::path::Path;

use crate::shell_quote::{quoted, quoted_path};

/// An argument that the person is to write, such as a reason.
pub const TO_WRITE: &str = "...";

/// How commands are written by who does not know how the tool was called.
pub const USUAL: &str = "cargo xtask";

/// How the tool was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    program: String,
    root: Option<String>,
}

impl Invocation {
    /// By this name, as `cargo xtask`, and with this `--root`, if one was named.
    #[must_use]
    pub fn new(program: impl Into<String>, root: Option<&Path>) -> Self {
        Self {
            program: program.into(),
            root: root.map(quoted_path),
        }
    }

    /// The invocation in another checkout.
    #[must_use]
    pub fn at(&self, root: &Path) -> Self {
        Self::new(self.program.clone(), Some(root))
    }

    /// The name by which the tool was called.
    #[must_use]
    pub fn program(&self) -> &str {
        &self.program
    }

    /// A command that works from where the person stands: it names the checkout where that was
    /// named, before the words for another program.
    #[must_use]
    pub fn command<T: AsRef<str>>(&self, arguments: &[T]) -> String {
        let names_root = |word: &str| word == "--root" || word.starts_with("--root=");
        let names_one = arguments.iter().any(|word| names_root(word.as_ref()));
        let root = self.root.as_ref().filter(|_| !names_one);
        let mut flag = root
            .map(|root| format!(" --root {root}"))
            .unwrap_or_default();
        let mut command = self.program.clone();
        for argument in arguments {
            if argument.as_ref() == "--" {
                command.push_str(&std::mem::take(&mut flag));
            }
            command.push(' ');
            command.push_str(&word(argument.as_ref()));
        }
        command + &flag
    }

    /// A sentence of somebody who does not know how the tool was called, and writes commands as
    /// `cargo xtask VERB`: with the program and the checkout in them. A command that names a
    /// checkout already keeps it.
    #[must_use]
    pub fn located(&self, text: &str) -> String {
        let usual = format!("{USUAL} ");
        let mut parts = text.split(&usual);
        let mut located = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let verb = part
                .find(|c: char| !c.is_ascii_lowercase() && c != '-')
                .unwrap_or(part.len());
            let (verb, rest) = part.split_at(verb);
            let says_so = part
                .lines()
                .next()
                .is_some_and(|line| line.contains("--root ") || line.contains("--root="));
            let root = self.root.as_ref().filter(|_| !verb.is_empty() && !says_so);
            let flag = root
                .map(|root| format!(" --root {root}"))
                .unwrap_or_default();
            located.push_str(&format!("{} {verb}{flag}{rest}", self.program));
        }
        located
    }
}

fn word(argument: &str) -> String {
    if argument == TO_WRITE {
        format!("\"{TO_WRITE}\"")
    } else {
        quoted(argument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_the_checkout_once_and_in_its_place() {
        let here = Invocation::new("cargo xtask", None);
        let there = Invocation::new("stories", Some(Path::new("../my shop")));
        for (arguments, plain, with) in [
            (
                &["migrate", "--only", "5.1"][..],
                "migrate --only 5.1",
                "migrate --only 5.1 --root '../my shop'",
            ),
            (
                &["compose", "local", "--", "ps"],
                "compose local -- ps",
                "compose local --root '../my shop' -- ps",
            ),
            (
                &["down", "--root", "x y"],
                "down --root 'x y'",
                "down --root 'x y'",
            ),
            (
                &["skip", "5.1", "--reason", TO_WRITE],
                "skip 5.1 --reason \"...\"",
                "skip 5.1 --reason \"...\" --root '../my shop'",
            ),
        ] {
            assert_eq!(here.command(arguments), format!("cargo xtask {plain}"));
            assert_eq!(there.command(arguments), format!("stories {with}"));
        }
    }

    #[test]
    fn every_command_of_a_sentence_names_the_checkout_once() {
        let shop = Invocation::new(USUAL, Some(Path::new("../my shop")));
        for (text, with) in [
            (
                "run: cargo xtask migrate; or: cargo xtask ledger rebuild",
                "run: cargo xtask migrate --root '../my shop'; or: cargo xtask ledger --root '../my shop' rebuild",
            ),
            (
                "see: cargo xtask status --last",
                "see: cargo xtask status --root '../my shop' --last",
            ),
            (
                "cargo xtask skip 5.1 --root x",
                "cargo xtask skip 5.1 --root x",
            ),
            ("cargo xtask ... --root DIR", "cargo xtask ... --root DIR"),
            ("nothing to type", "nothing to type"),
        ] {
            assert_eq!(shop.located(text), with);
            assert_eq!(Invocation::new(USUAL, None).located(text), text);
            assert_eq!(
                Invocation::new("stories", None).located(text),
                text.replace(USUAL, "stories")
            );
        }
    }
}
