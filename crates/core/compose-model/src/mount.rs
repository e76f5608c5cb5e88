//! Mounts in the short form.

use crate::template;

/// A mount in the short form, taken apart: `[source:]target[:options]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShortMount<'t> {
    /// What is mounted; none for an anonymous volume.
    pub source: Option<&'t str>,
    /// Where it appears in the container, as written.
    pub target: &'t str,
    /// What stands behind the second colon: `ro`, `z`; unknown ones, too.
    pub options: Vec<&'t str>,
}

impl<'t> ShortMount<'t> {
    /// Takes a text apart as Compose does. A single letter before the first colon is a Windows
    /// drive, even in front of a named volume's target; `${...}` is one piece.
    ///
    /// # Errors
    /// What is wrong with it, to follow `the volume ...`.
    ///
    /// ```
    /// use compose_model::ShortMount;
    ///
    /// let mount = ShortMount::parse("data:/var/lib/data:ro").unwrap();
    /// assert_eq!((mount.source, mount.target), (Some("data"), "/var/lib/data"));
    /// assert!(!mount.is_bind());
    /// ```
    pub fn parse(text: &'t str) -> Result<Self, &'static str> {
        // Compose looks no further at one or two characters.
        if matches!(text.len(), 1 | 2) {
            return Ok(Self {
                source: None,
                target: text,
                options: Vec::new(),
            });
        }
        if text.is_empty() {
            return Err("is empty");
        }
        let mut parts = sections(text);
        if parts.iter().any(|part| part.is_empty()) {
            return Err("has an empty section between colons");
        }
        let options = if parts.len() > 2 {
            parts.remove(2).split(',').collect()
        } else {
            Vec::new()
        };
        match parts[..] {
            [target] => Ok(Self {
                source: None,
                target,
                options,
            }),
            [source, target] => Ok(Self {
                source: Some(source),
                target,
                options,
            }),
            _ => Err("has too many colons"),
        }
    }

    /// Whether a path of the host is mounted.
    #[must_use]
    pub fn is_bind(&self) -> bool {
        self.source.is_some_and(is_path)
    }

    /// The volume that is mounted by its key.
    #[must_use]
    pub fn volume(&self) -> Option<&'t str> {
        self.source.filter(|source| !is_path(source))
    }

    /// The last of `ro` and `rw` counts.
    pub(crate) fn is_read_only(&self) -> bool {
        self.options
            .iter()
            .rev()
            .find(|option| matches!(**option, "ro" | "rw"))
            == Some(&"ro")
    }

    /// Compose reads two characters as a target and gives such a mount no options.
    pub(crate) fn is_tiny(&self) -> bool {
        self.source.is_none() && self.target.len() <= 2
    }
}

/// Splits at colons, but not behind a drive's letter.
fn sections(text: &str) -> Vec<&str> {
    let mut sections = Vec::with_capacity(3);
    let mut start = 0;
    let mut end = 0;
    for part in template::split_outside(text, ':') {
        let begins_with_drive = end == start && is_letter(part);
        end += part.len();
        if begins_with_drive && end < text.len() {
            end += 1;
            continue;
        }
        sections.push(&text[start..end]);
        end += 1;
        start = end;
    }
    sections
}

fn is_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// Whether the source of a mount is a path; any other is a volume's key.
fn is_path(source: &str) -> bool {
    let on_drive = source
        .split_once(':')
        .is_some_and(|(drive, _)| is_letter(drive));
    source.starts_with(['.', '/', '~']) || source.starts_with(r"\\") || on_drive
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<&str>, &str) {
        let mount = ShortMount::parse(text).unwrap();
        (mount.source, mount.target)
    }

    #[test]
    fn short_forms_are_taken_apart() {
        assert_eq!(parts("data:/data"), (Some("data"), "/data"));
        assert_eq!(parts("/data"), (None, "/data"));
        assert_eq!(parts("${V:-./d}:/x"), (Some("${V:-./d}"), "/x"));
        assert_eq!(
            ShortMount::parse("./a:/a:ro,z").unwrap().options,
            ["ro", "z"]
        );
        for text in [
            "v:/x",
            "/x",
            "x",
            "./a:/x",
            "./a:/x:foo",
            r"C:\a:/x",
            "::",
            "a:",
            "~/a:/x",
        ] {
            assert!(ShortMount::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_single_letter_is_a_drive() {
        assert_eq!(parts(r"C:\x:/y"), (Some(r"C:\x"), "/y"));
        assert_eq!(parts("v:/y"), (None, "v:/y"));
    }

    #[test]
    fn nonsense_is_no_volume() {
        for text in [
            "",
            ":/x",
            "vv:",
            "aa:",
            ":/a",
            "aa:/b:ro:x",
            "./a::ro",
            "./a:/x:ro:rw",
        ] {
            assert!(ShortMount::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn paths_are_told_from_names() {
        for text in ["./a:/x", "/a:/x", "~/a:/x", r"\\host\a:/x", r"C:\a:/x"] {
            assert!(ShortMount::parse(text).unwrap().is_bind(), "{text}");
        }
        assert_eq!(ShortMount::parse("data:/x").unwrap().volume(), Some("data"));
        assert_eq!(ShortMount::parse("./data:/x").unwrap().volume(), None);
    }
}
