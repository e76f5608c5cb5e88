//! Words of commands that a person may paste into a shell.

use std::path::Path;

/// A word as a shell takes it.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A path as a shell takes it, and a program for no flag.
#[must_use]
pub fn quoted_path(path: &Path) -> String {
    let path = path.display().to_string();
    if path.starts_with('-') { quoted(&format!("./{path}")) } else { quoted(&path) }
}

/// Several of them, with spaces between.
#[must_use]
pub fn all_quoted<T: AsRef<str>>(words: &[T]) -> String {
    words.iter().map(|word| quoted(word.as_ref())).collect::<Vec<_>>().join(" ")
}
