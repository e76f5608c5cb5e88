//! Env files made of their examples: every placeholder becomes a secret of its own, and what is there is kept.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context as _, Result};
use compose_view::EnvFile;

use crate::checkout::example_of;
use crate::doctor::PLACEHOLDER;
use crate::interrupt;
use crate::regular_file;

/// Letters and digits: nothing that an env file, a shell or a URL reads as something else.
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// 32 of 62 letters are 190 bits.
const LENGTH: usize = 32;

/// What became of an env file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was made of its example.
    Made {
        /// The example.
        example: String,
        /// The variables with a generated secret.
        secrets: Vec<String>,
    },
    /// It was there, and these were added.
    Added(Vec<String>),
    /// It was there and lacks nothing.
    Kept,
    /// It is not there, and neither is an example.
    NoExample,
}

impl Outcome {
    /// Whether a file was written.
    #[must_use]
    pub fn is_written(&self) -> bool {
        matches!(self, Self::Made { .. } | Self::Added(_))
    }
}

/// Makes or completes an env file of a checkout.
///
/// # Errors
/// Where a file cannot be read or written, or the system has no random bytes.
pub fn prepare(root: &Path, path: &str) -> Result<Outcome> {
    let file = root.join(path);
    let own = match regular_file::text(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("{path} cannot be read; look at it: ls -l {path}")),
    };
    let Some(example) = example_of(root, path) else {
        return Ok(if own.is_some() { Outcome::Kept } else { Outcome::NoExample });
    };
    let text = regular_file::text(root.join(&example)).with_context(|| format!("{example} cannot be read"))?;
    let cannot = || format!("{path} cannot be written");
    let Some(own) = own else {
        let (text, secrets) = filled(&text)?;
        create(&file, &text).with_context(cannot)?;
        return Ok(Outcome::Made { example, secrets });
    };
    let (addition, names) = missing(&own, &text)?;
    if names.is_empty() {
        return Ok(Outcome::Kept);
    }
    let apart = if own.is_empty() || own.ends_with('\n') { "" } else { "\n" };
    let whole = format!("{own}{apart}\n# Added by cargo xtask onboard, from {example}\n{addition}");
    replace(&file, &whole).with_context(cannot)?;
    Ok(Outcome::Added(names))
}

/// The example with a secret for each placeholder, and the variables that got one.
fn filled(example: &str) -> Result<(String, Vec<String>)> {
    let (mut text, mut secrets) = (String::new(), Vec::new());
    for line in example.split_inclusive('\n') {
        match placeholder(line) {
            Some((at, name)) => {
                text.push_str(&format!("{}{}{}", &line[..at], secret()?, &line[at + PLACEHOLDER.len()..]));
                secrets.push(name);
            }
            None => text.push_str(line),
        }
    }
    Ok((text, secrets))
}

/// Where the placeholder of a line is, and the variable; none where the value is any other.
fn placeholder(line: &str) -> Option<(usize, String)> {
    let parsed = EnvFile::parse(line);
    let entry = parsed.entries().first().filter(|entry| entry.value == PLACEHOLDER)?;
    let behind = line.find('=')? + 1;
    Some((behind + line[behind..].find(PLACEHOLDER)?, entry.key.clone()))
}

/// The example's lines for the variables that a file lacks.
fn missing(own: &str, example: &str) -> Result<(String, Vec<String>)> {
    let own = EnvFile::parse(own);
    let (filled, _) = filled(example)?;
    let lines: Vec<_> = filled.lines().collect();
    let all = EnvFile::parse(&filled);
    let (mut text, mut names) = (String::new(), Vec::new());
    for (at, entry) in all.entries().iter().enumerate() {
        if own.get(&entry.key).is_some() || names.contains(&entry.key) {
            continue;
        }
        // A quoted value may go over several lines: up to the next variable, comments and gaps left out.
        let end = all.entries().get(at + 1).map_or(lines.len(), |next| next.line - 1);
        let mut block = &lines[entry.line - 1..end];
        while let [head @ .., last] = block
            && (last.trim().is_empty() || last.trim_start().starts_with('#'))
        {
            block = head;
        }
        block.iter().for_each(|line| text.push_str(&format!("{line}\n")));
        names.push(entry.key.clone());
    }
    Ok((text, names))
}

/// Every letter as likely as any other: bytes behind the last whole round of the alphabet are passed over.
fn secret() -> Result<String> {
    let whole = u8::MAX - u8::MAX % 62;
    let mut text = String::with_capacity(LENGTH);
    while text.len() < LENGTH {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).context("the system has no random bytes")?;
        let letters =
            bytes.iter().filter(|byte| **byte < whole).map(|byte| char::from(LETTERS[usize::from(byte % 62)]));
        text.extend(letters.take(LENGTH - text.len()));
    }
    Ok(text)
}

/// Never over a file that somebody else has made meanwhile; readable by its owner alone from the first byte.
fn create(file: &Path, text: &str) -> io::Result<()> {
    interrupt::whole(|| Ok(written(file, text)?.persist_noclobber(file).map(drop)?))
}

/// With the mode that it has; what a link names is replaced, not the link.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let file = file.canonicalize()?;
    let mode = file.metadata()?.permissions().mode();
    interrupt::whole(|| {
        let new = written(&file, text)?;
        new.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
        Ok(new.persist(&file).map(drop)?)
    })
}

fn written(file: &Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut new = tempfile::Builder::new().prefix(".env-").tempfile_in(file.parent().unwrap_or(Path::new(".")))?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_placeholder_gets_a_secret_of_its_own_and_nothing_else_changes() {
        let example = "# CHANGE_ME here stays\nA=CHANGE_ME\nexport B=\"CHANGE_ME\" # CHANGE_ME\nC=x-CHANGE_ME\nD=1";
        let (text, names) = filled(example).unwrap();
        assert_eq!(names, ["A", "B"]);
        let file = EnvFile::parse(&text);
        let [a, b] = ["A", "B"].map(|name| file.get(name).unwrap());
        assert!(a.len() == LENGTH && b.len() == LENGTH && a != b && a.chars().all(|c| c.is_ascii_alphanumeric()));
        assert_eq!(text.replacen(a, PLACEHOLDER, 1).replacen(b, PLACEHOLDER, 1), example);
    }

    #[test]
    fn only_what_a_file_lacks_is_added() {
        let (text, names) = missing("B=mine\n", "A=1\n\n# about b\nB=2\nC='x\ny'\n# the end\n").unwrap();
        assert_eq!((text.as_str(), names), ("A=1\nC='x\ny'\n", vec!["A".to_owned(), "C".to_owned()]));
    }
}
