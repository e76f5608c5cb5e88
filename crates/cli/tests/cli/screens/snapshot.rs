//! Texts that are kept beside the tests: what differs from run to run is a named placeholder in
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::machine::{Machine, Said};

/// A folder of kept texts.
pub struct Kept {
    folder: PathBuf,
    /// Whether what is shown is kept from now on.
    bless: bool,
}

impl Kept {
    /// The folder of this name beside the tests; `BLESS=1` writes it anew.
    pub fn committed(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/cli/screens")
            .join(name);
        Self {
            folder,
            bless: std::env::var_os("BLESS").is_some(),
        }
    }

    /// Another folder, which is only read.
    pub fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            bless: false,
        }
    }

    /// Compares a text with the kept one.
    ///
    /// # Errors
    /// The difference, also where nothing is kept.
    pub fn compare(&self, name: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(name);
        if self.bless {
            fs::write(&path, text).unwrap();
            return Ok(());
        }
        let Ok(kept) = fs::read_to_string(&path) else {
            return Err(format!(
                "{} is not kept yet; what is shown:\n{text}",
                path.display()
            ));
        };
        if kept == text {
            return Ok(());
        }
        Err(format!(
            "{} differs, as it is kept (-) and shown (+):\n{}",
            path.display(),
            diffy::create_patch(&kept, text)
        ))
    }

    /// All texts, by the names of their files without what those end with; sorted.
    pub fn all(&self) -> BTreeMap<String, String> {
        let entries = fs::read_dir(&self.folder).unwrap().map(Result::unwrap);
        let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
        entries
            .map(|entry| entry.path())
            .map(|path| (name(&path), fs::read_to_string(&path).unwrap()))
            .collect()
    }

    /// The files that nothing shows any more.
    pub fn unknown(&self, known: &BTreeSet<String>) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).unwrap().map(Result::unwrap);
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        names.filter(|name| !known.contains(name)).collect()
    }
}

/// Both streams and the exit code of a command as a text to keep. An escape is shown as `␛`, so
/// that a difference of colours can be read.
pub fn screen(machine: &Machine, words: &[&str], said: &Said) -> String {
    let mut text = format!("$ cargo xtask {}\n{}", words.join(" "), said.stdout);
    if !said.stderr.is_empty() {
        text.push_str("--- stderr\n");
        text.push_str(&said.stderr);
    }
    text.push_str(&format!("--- exit {}\n", said.code));
    steady(machine, &text.replace('\u{1b}', "␛"))
}

/// A text with a placeholder for whatever differs from machine to machine and from run to run.
pub fn steady(machine: &Machine, text: &str) -> String {
    let folders = [
        (machine.folder().to_owned(), "[MACHINE]"),
        (machine.docker.file(""), "[DOCKER]"),
    ];
    let folders = folders.map(|(folder, name)| {
        (
            folder
                .display()
                .to_string()
                .trim_end_matches('/')
                .to_owned(),
            name,
        )
    });
    let text = folders
        .iter()
        .fold(text.to_owned(), |text, (folder, name)| {
            text.replace(folder, name)
        });
    text.split_inclusive('\n').map(steady_line).collect()
}

/// What stands before a number that differs, what behind it, and the number's name.
const NUMBERS: [(&str, &str, &str); 15] = [
    (" ", " ms", "[MS]"),
    ("(", " ms", "[MS]"),
    ("in ", " s", "[SECONDS]"),
    ("(", " s)", "[SECONDS]"),
    (", ", " s ago", "[SECONDS]"),
    ("\"milliseconds\": ", "", "\"[MS]\""),
    ("\"seconds\": ", "", "\"[SECONDS]\""),
    ("\"when\": ", "", "\"[TIME]\""),
    ("\"process\": ", "", "\"[PROCESS]\""),
    ("\"tool\": \"", "\"", "[VERSION]"),
    ("          \"version\": \"", "\"", "[VERSION]"),
    (" ago, version ", "", "[VERSION]"),
    ("", " GiB free", "[SIZE]"),
    ("git version ", "", "[VERSION]"),
    ("**Date:** ", " UTC", "[TIME]"),
];

fn steady_line(line: &str) -> String {
    NUMBERS
        .iter()
        .fold(line.to_owned(), |line, (before, after, name)| {
            replace_numbers(&line, before, after, name)
        })
}

/// Replaces each number, dotted version or time that stands between two texts.
fn replace_numbers(line: &str, before: &str, after: &str, name: &str) -> String {
    let (mut done, mut rest) = (String::new(), line);
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let of_number = |c: char| {
            c.is_ascii_digit() || matches!(c, '.' | ':' | '-') || (c == ' ' && name == "[TIME]")
        };
        let length = rest[start..]
            .find(|c| !of_number(c))
            .unwrap_or(rest.len() - start);
        let number = rest[start..start + length].trim_end_matches([' ', '.']);
        let (head, tail) = (&rest[..start], &rest[start + number.len()..]);
        done.push_str(head);
        let stands = head.ends_with(before) && tail.starts_with(after);
        done.push_str(if stands { name } else { number });
        rest = tail;
    }
    done + rest
}
