//! Which encoding a text that is not UTF-8 is likely to have, and the command that converts it.

use std::fmt;
use std::path::{Path, PathBuf};

use system::here;

/// A file that is not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct WrongEncoding {
    /// The path of the file, from the root of the checkout.
    pub path: String,
    /// It by its full path.
    file: PathBuf,
    /// The line of the first byte that is not UTF-8.
    line: usize,
    /// Its offset.
    byte: usize,
    guess: Guess,
}

/// What the bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guess {
    /// An encoding by the name under which `iconv` knows it.
    Encoding(&'static str),
    /// Text in some encoding of single bytes that is not known.
    Bytes,
    /// NUL bytes: no text.
    Nul,
}

/// The marks of encodings at the beginning of a file; the longer ones first, for one begins as
/// another does.
const MARKS: [(&[u8], &str); 4] = [
    (&[0xff, 0xfe, 0, 0], "UTF-32"),
    (&[0, 0, 0xfe, 0xff], "UTF-32"),
    (&[0xff, 0xfe], "UTF-16"),
    (&[0xfe, 0xff], "UTF-16"),
];

/// The bytes that Windows-1252 has no letter for.
const NONE_OF_WINDOWS: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// The text of these bytes.
///
/// # Errors
/// For bytes that are not UTF-8, and for NUL bytes, which no text has.
pub fn text(path: &str, file: &Path, bytes: Vec<u8>) -> Result<String, WrongEncoding> {
    if bytes.contains(&0) {
        return Err(wrong(
            path,
            file,
            &bytes,
            bytes.iter().position(|byte| *byte == 0).unwrap_or_default(),
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        wrong(
            path,
            file,
            error.as_bytes(),
            error.utf8_error().valid_up_to(),
        )
    })
}

fn wrong(path: &str, file: &Path, bytes: &[u8], byte: usize) -> WrongEncoding {
    let guess = guess(bytes);
    // A NUL byte of an encoding with two bytes a letter is no fault of its line.
    let byte = if bytes[byte] != 0 || guess == Guess::Nul {
        byte
    } else {
        0
    };
    let line = bytes[..byte].iter().filter(|byte| **byte == b'\n').count() + 1;
    WrongEncoding {
        path: path.to_owned(),
        file: file.to_owned(),
        line,
        byte,
        guess,
    }
}

fn guess(bytes: &[u8]) -> Guess {
    if let Some((_, name)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Guess::Encoding(name);
    }
    if bytes.contains(&0) {
        return without_mark(bytes);
    }
    let high = || bytes.iter().filter(|byte| **byte >= 0x80);
    if high().any(|byte| NONE_OF_WINDOWS.contains(byte)) {
        Guess::Bytes
    } else if high().any(|byte| *byte < 0xa0) {
        Guess::Encoding("WINDOWS-1252")
    } else {
        Guess::Encoding("ISO-8859-1")
    }
}

/// In plain English in UTF-16, every second byte is NUL.
fn without_mark(bytes: &[u8]) -> Guess {
    let is_half = |first: usize| {
        let half = || bytes.iter().skip(first).step_by(2);
        half().count() > 1 && half().all(|byte| *byte == 0)
    };
    match () {
        () if bytes.len().is_multiple_of(2)
            && is_half(1)
            && !bytes.iter().step_by(2).any(|byte| *byte == 0) =>
        {
            Guess::Encoding("UTF-16LE")
        }
        () if bytes.len().is_multiple_of(2)
            && is_half(0)
            && !bytes.iter().skip(1).step_by(2).any(|byte| *byte == 0) =>
        {
            Guess::Encoding("UTF-16BE")
        }
        () => Guess::Nul,
    }
}

impl fmt::Display for WrongEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            file,
            line,
            byte,
            guess,
        } = self;
        let mut new = file.as_os_str().to_owned();
        new.push(".new");
        let (own, new) = (here::quoted(file), here::quoted(Path::new(&new)));
        write!(f, "{path}:{line}: ")?;
        match guess {
            Guess::Encoding(name @ ("ISO-8859-1" | "WINDOWS-1252")) => write!(
                f,
                "not UTF-8 (byte {byte}), but {} by the look of it; convert it: \
                 iconv -f {name} -t UTF-8 {own} > {new} && mv {new} {own}",
                if *name == "ISO-8859-1" {
                    "Latin-1 (ISO-8859-1)"
                } else {
                    "Windows-1252"
                }
            ),
            Guess::Encoding(name) => {
                write!(
                    f,
                    "not UTF-8, but {name}; convert it: iconv -f {name} -t UTF-8 {own} > {new} && mv {new} {own}"
                )
            }
            Guess::Bytes => write!(
                f,
                "not UTF-8 (byte {byte}); convert it from its encoding: \
                 iconv -f ENCODING -t UTF-8 {own} > {new} && mv {new} {own}"
            ),
            Guess::Nul => write!(
                f,
                "not text (byte {byte} is NUL); take such bytes out: tr -d '\\000' < {own} > {new} && mv {new} {own}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What is said of these bytes, and what the command that is offered makes of them.
    fn told(bytes: &[u8]) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yml");
        std::fs::write(&file, bytes).unwrap();
        let said = text("a.yml", &file, bytes.to_vec())
            .unwrap_err()
            .to_string();
        let (_, command) = said
            .split_once(": iconv")
            .or_else(|| said.split_once(": tr"))
            .unwrap();
        let command = format!(
            "{}{command}",
            if said.contains(": iconv") {
                "iconv"
            } else {
                "tr"
            }
        );
        let ran = Command::new("sh").args(["-c", &command]).status().unwrap();
        assert!(ran.success(), "{said}");
        (said, std::fs::read_to_string(&file).unwrap())
    }

    #[test]
    fn the_encoding_is_named_and_the_command_converts_it() {
        let (said, now) = told(b"a: 1\nb: caf\xe9\n");
        assert!(
            said.starts_with("a.yml:2: not UTF-8 (byte 11), but Latin-1"),
            "{said}"
        );
        assert_eq!(now, "a: 1\nb: caf\u{e9}\n");
        let (said, now) = told(b"a: \x80 5\n");
        assert!(said.contains("Windows-1252"), "{said}");
        assert_eq!(now, "a: \u{20ac} 5\n");
        let wide = |text: &str, to: fn(u16) -> [u8; 2]| {
            text.encode_utf16().flat_map(to).collect::<Vec<_>>()
        };
        for (text, to, name) in [
            (
                "\u{feff}a: \u{e9}\n",
                u16::to_le_bytes as fn(u16) -> [u8; 2],
                "UTF-16;",
            ),
            ("\u{feff}a: \u{e9}\n", u16::to_be_bytes, "UTF-16;"),
            ("a: b\n", u16::to_le_bytes, "UTF-16LE;"),
            ("a: b\n", u16::to_be_bytes, "UTF-16BE;"),
        ] {
            let (said, now) = told(&wide(text, to));
            assert!(
                said.starts_with(&format!("a.yml:1: not UTF-8, but {name}")),
                "{said}"
            );
            assert_eq!(now, text.trim_start_matches('\u{feff}'));
        }
    }

    #[test]
    fn nul_bytes_are_no_text() {
        let (said, now) = told(b"a: 1\nb: \0\0c\n");
        assert!(
            said.starts_with("a.yml:2: not text (byte 8 is NUL)"),
            "{said}"
        );
        assert_eq!(now, "a: 1\nb: c\n");
    }

    #[test]
    fn an_encoding_that_is_not_known_is_not_guessed() {
        let said = text("a.yml", Path::new("a.yml"), b"a: \x81\n".to_vec())
            .unwrap_err()
            .to_string();
        assert!(said.contains("iconv -f ENCODING -t UTF-8 a.yml"), "{said}");
    }
}
