//! Commands that an error offers, as they work from where the person stands.

use std::path::Path;

use anyhow::Error;
use diagnostics::shell_quote::quoted_path;
use stories::RecordError;

use crate::checkout::Unreadable;
use crate::git;
use crate::root;

/// How a command of this tool begins.
const BEGINNING: &str = "cargo xtask ";

/// A file of the checkout whose text is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct Damaged {
    /// The file.
    pub path: String,
    /// What is wrong, with the file and the line.
    pub words: String,
}

/// A text with the checkout that was named in the commands that it offers. What reads files and stories does not know how
/// the checkout was found; a command that names one already is left as it is.
#[must_use]
pub fn located(text: &str, named: Option<&Path>) -> String {
    let Some(named) = named else { return text.to_owned() };
    let flag = format!(" --root {}", quoted_path(named));
    let mut parts = text.split(BEGINNING);
    let mut located = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let verb = part.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(part.len());
        let (verb, rest) = part.split_at(verb);
        let says_so = part.lines().next().is_some_and(|line| line.contains("--root "));
        let flag = if verb.is_empty() || says_so { "" } else { &flag };
        located.push_str(&format!("{BEGINNING}{verb}{flag}{rest}"));
    }
    located
}

/// The command that brings a damaged file back, where an error is about one and the last commit holds another text of it.
#[must_use]
pub fn restore(error: &Error, named: Option<&Path>) -> Option<String> {
    let path = damaged(error)?;
    let root = root::find(named, &std::env::current_dir().ok()?).ok()?;
    git::restore(&root, path)
}

fn damaged(error: &Error) -> Option<&str> {
    if let Some(damaged) = error.downcast_ref::<Damaged>() {
        return Some(&damaged.path);
    }
    match (error.downcast_ref::<Unreadable>(), error.downcast_ref::<RecordError>()) {
        (Some(Unreadable::Empty(path)), _) => Some(path),
        (Some(Unreadable::Encoding(wrong)), _) => Some(&wrong.path),
        (_, Some(RecordError::Form { file, .. })) => Some(file),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_names_the_checkout_once() {
        let shop = Some(Path::new("../my shop"));
        for (text, with) in [
            (
                "run: cargo xtask migrate; or: cargo xtask ledger rebuild",
                "run: cargo xtask migrate --root '../my shop'; or: cargo xtask ledger --root '../my shop' rebuild",
            ),
            ("see: cargo xtask status --last", "see: cargo xtask status --root '../my shop' --last"),
            ("cargo xtask skip 5.1 --root x", "cargo xtask skip 5.1 --root x"),
            ("cargo xtask ... --root DIR", "cargo xtask ... --root DIR"),
            ("nothing to type", "nothing to type"),
        ] {
            assert_eq!(located(text, shop), with);
            assert_eq!(located(text, None), text);
        }
    }
}
