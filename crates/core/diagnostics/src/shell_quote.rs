//! Words of commands that a person may paste into a shell.

use std::path::Path;

use crate::printable::is_hidden;

/// A word as a shell takes it. What would steer a terminal is written as its bytes, as bash, ksh
/// and zsh read it.
#[must_use]
pub fn quoted(word: &str) -> String {
    if word.contains(is_hidden) {
        return escaped(word);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// `$'a\033b'`.
fn escaped(word: &str) -> String {
    let mut escaped = "$'".to_owned();
    for c in word.chars() {
        match c {
            '\'' | '\\' => escaped.extend(['\\', c]),
            _ if is_hidden(c) => {
                // In octal, which ends after three digits whatever follows.
                escaped.extend(c.to_string().bytes().map(|byte| format!("\\{byte:03o}")));
            }
            _ => escaped.push(c),
        }
    }
    escaped.push('\'');
    escaped
}

/// A path as a shell takes it, and a program for no flag.
#[must_use]
pub fn quoted_path(path: &Path) -> String {
    let path = path.display().to_string();
    if path.starts_with('-') {
        quoted(&format!("./{path}"))
    } else {
        quoted(&path)
    }
}

/// Several of them, with spaces between.
#[must_use]
pub fn all_quoted<T: AsRef<str>>(words: &[T]) -> String {
    words
        .iter()
        .map(|word| quoted(word.as_ref()))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "tests ask real shells")]
mod tests {
    use std::process::Command;

    use super::*;

    /// What a shell makes of a word.
    fn read_by(shell: &str, word: &str) -> Option<String> {
        let output = Command::new(shell)
            .args(["-c", &format!("printf %s {}", quoted(word))])
            .output()
            .ok()?;
        Some(String::from_utf8(output.stdout).unwrap())
    }

    #[test]
    fn a_shell_reads_every_word_as_it_was() {
        let every: String = (1..=255).map(char::from).collect();
        let words = [
            &every,
            "it's",
            "-x",
            "",
            "a\x1b\'\u{1b}0",
            "\u{202e}b",
            "$(touch x)`y`",
            "a\nb",
        ];
        for word in words {
            assert!(!quoted(word).contains(is_hidden), "{}", quoted(word));
            if word.contains(is_hidden) {
                assert!(
                    read_by("bash", word).is_none_or(|read| read == *word),
                    "{}",
                    quoted(word)
                );
            } else {
                assert_eq!(read_by("sh", word).as_deref(), Some(word));
            }
        }
    }
}
