//! The address of a node: keys and indices from the root.

use std::fmt;
use std::str::FromStr;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The value under a mapping's key.
    Key(String),
    /// An item of a sequence, from 0.
    Index(usize),
}

impl From<&str> for Segment {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<String> for Segment {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The address of a node, as in `services.redis.volumes[0]`. The empty path is the root.
///
/// In its text form a key with a character other than letters, digits, `_`, `-` and `/` is quoted:
/// `services."my.api"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The root.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// This path and one step more.
    #[must_use]
    pub fn join(&self, segment: impl Into<Segment>) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment.into());
        Self(segments)
    }

    /// The steps from the root.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The path without its last step; the root has none.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(Self(rest.to_vec()))
    }

    /// The last step.
    #[must_use]
    pub fn last(&self) -> Option<&Segment> {
        self.0.last()
    }

    /// Whether this path is `prefix` or lies below it.
    #[must_use]
    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.0.starts_with(&prefix.0)
    }
}

impl<S: Into<Segment>> FromIterator<S> for Path {
    fn from_iter<I: IntoIterator<Item = S>>(segments: I) -> Self {
        Self(segments.into_iter().map(Into::into).collect())
    }
}

impl<S: Into<Segment>, const N: usize> From<[S; N]> for Path {
    fn from(segments: [S; N]) -> Self {
        segments.into_iter().collect()
    }
}

fn is_bare(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'))
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => {
                    let dot = if position == 0 { "" } else { "." };
                    if is_bare(key) {
                        write!(f, "{dot}{key}")?
                    } else {
                        write!(f, "{dot}{key:?}")?
                    }
                }
            }
        }
        Ok(())
    }
}

/// A text that is no [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no path: {reason} (expected the form services.redis.volumes[0])")]
pub struct PathError {
    text: String,
    reason: &'static str,
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let fail = |reason| PathError {
            text: text.to_owned(),
            reason,
        };
        let mut segments = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(index) = rest.strip_prefix('[') {
                let (digits, behind) = index
                    .split_once(']')
                    .ok_or_else(|| fail("`[` without `]`"))?;
                segments.push(Segment::Index(
                    digits
                        .parse()
                        .map_err(|_| fail("an index must be a number"))?,
                ));
                rest = behind;
                continue;
            }
            if !segments.is_empty() {
                rest = rest
                    .strip_prefix('.')
                    .ok_or_else(|| fail("expected `.` or `[`"))?;
            }
            let (key, behind) = leading_key(rest).ok_or_else(|| fail("expected a key"))?;
            segments.push(Segment::Key(key));
            rest = behind;
        }
        Ok(Self(segments))
    }
}

/// Splits a bare or quoted key off the front of `text`.
fn leading_key(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut key = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((key, &quoted[at + 1..])),
            '\\' => key.push(escaped(&mut chars)?),
            _ => key.push(c),
        }
    }
    None
}

/// What stands behind a backslash: the escapes of Rust's own strings, as [`Path`] writes them; else
/// the sign itself.
fn escaped(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    Some(match chars.next()?.1 {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'u' => {
            let code: String = chars
                .by_ref()
                .map(|(_, c)| c)
                .take_while(|c| *c != '}')
                .collect();
            char::from_u32(u32::from_str_radix(code.strip_prefix('{')?, 16).ok()?)?
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_reads_back() {
        for text in [
            "services.redis.volumes[0]",
            "",
            "x-app",
            r#"services."my.api".image"#,
            "a[0][1].b",
        ] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn every_key_reads_back() {
        for key in [
            "two\nlines",
            "e\u{301}",
            "a\"b\\c",
            "\u{200b}",
            "'",
            "\u{7}\t\r\0",
            "",
            "u{301}",
            "\\n",
            "\u{10ffff}",
        ] {
            let path = Path::from(["a", key, "b"]);
            assert_eq!(
                path.to_string().parse::<Path>().as_ref(),
                Ok(&path),
                "{path}"
            );
        }
        for text in ["\"\\u\"", "\"\\u{\"", "\"\\u{x}\"", "\"\\u{d800}\"", "\"\\"] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["a[", "a[x]", "a..b", ".a", "a]"] {
            let parsed = text.parse::<Path>();
            assert!(
                parsed.is_err() || parsed.unwrap().to_string() != text,
                "{text}"
            );
        }
    }
}
