//! Mounts in the short form.

/// A mount in the short form, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    /// What is mounted; none for an anonymous volume.
    pub source: Option<String>,
    /// Where it appears in the container.
    pub target: String,
}

impl Mount {
    /// Reads `[source:]target[:options]`. One letter in front of a colon is a Windows drive and belongs to what follows;
    /// unknown options are let through.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if matches!(text.len(), 1 | 2) {
            return Some(Self { source: None, target: text.to_owned() });
        }
        let mut sections = sections(text);
        if sections.len() > 3 || sections.iter().any(String::is_empty) {
            return None;
        }
        let source = if sections.len() > 1 { Some(sections.remove(0)) } else { None };
        Some(Self { source, target: sections.swap_remove(0) })
    }
}

/// Splits at colons, but not behind a drive's letter.
fn sections(text: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    for c in text.chars() {
        let Some(section) = sections.last_mut() else { continue };
        if c != ':' || is_drive(section) { section.push(c) } else { sections.push(String::new()) }
    }
    sections
}

fn is_drive(section: &str) -> bool {
    let mut chars = section.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// Whether the source of a mount is a path; any other is a volume's name.
pub(crate) fn is_path(source: &str) -> bool {
    let on_drive = source.split_once(':').is_some_and(|(drive, _)| is_drive(drive));
    source.starts_with(['.', '/', '~']) || source.starts_with(r"\\") || on_drive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_read_as_compose_reads_them() {
        for text in ["v:/x", "/x", "x", "./a:/x", "./a:/x:foo", r"C:\a:/x", "::", "a:", "~/a:/x"] {
            assert!(Mount::parse(text).is_some(), "{text}");
        }
        for text in ["", ":/x", "vv:", "./a::ro", "./a:/x:ro:rw"] {
            assert_eq!(Mount::parse(text), None, "{text}");
        }
    }

    #[test]
    fn paths_are_told_from_names() {
        for text in ["./a", "/a", "~/a", r"\\host\a", r"C:\a"] {
            assert!(is_path(text), "{text}");
        }
        assert!(!is_path("data"));
    }
}
