//! Texts in a form of their own, read as Compose's decoder reads them.

use compose_model::{Duration, ShortMount, ShortPort, Size, words};

/// A form that a text must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `HOST=value`
    Assignment,
    /// A command that is split at blanks as a shell does.
    CommandLine,
    /// A container's name.
    ContainerName,
    /// `SOURCE[:TARGET[:PERMISSIONS]]`
    Device,
    /// `all` or a number.
    DeviceCount,
    /// `1m30s`
    Duration,
    /// `0440`, octal.
    FileMode,
    /// Any text but the empty one.
    Filled,
    /// `host:address` or `host=address`
    HostEntry,
    /// `[SOURCE:]TARGET[:OPTIONS]`
    Mount,
    /// `[[ADDRESS:]PUBLISHED:]TARGET[/PROTOCOL]`
    Port,
    /// When to pull an image.
    PullPolicy,
    /// `512m`
    Size,
    /// `default` or `name=path`
    SshKey,
}

impl Format {
    /// Whether a text has the form.
    pub(crate) fn accepts(self, text: &str) -> bool {
        match self {
            Self::Assignment => text.contains('='),
            Self::CommandLine => words(text).is_some(),
            Self::ContainerName => is_container_name(text),
            Self::Device => text.split(':').count() <= 3,
            Self::DeviceCount => text.eq_ignore_ascii_case("all") || text.parse::<i64>().is_ok(),
            Self::Duration => Duration::parse(text).is_some(),
            Self::FileMode => i64::from_str_radix(text, 8).is_ok(),
            Self::Filled => !text.is_empty(),
            Self::HostEntry => text.find(['=', ':']).is_some_and(|at| at > 0),
            Self::Mount => ShortMount::parse(text).is_ok(),
            Self::Port => ShortPort::parse(text).is_ok(),
            Self::PullPolicy => is_pull_policy(text),
            Self::Size => Size::parse(text).is_some(),
            Self::SshKey => text == "default" || text.contains('='),
        }
    }

    /// What a text of the form looks like, to follow "must be".
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Assignment => "a name and a value, as in `name=value`",
            Self::CommandLine => "a command whose quotes, backticks and brackets are closed",
            Self::ContainerName => "a name of two or more letters, digits, `_`, `.` or `-`",
            Self::Device => "a device, as in `/dev/fuse:/dev/fuse:rwm`",
            Self::DeviceCount => "`all` or a number",
            Self::Duration => "a duration, as in `30s` or `1m30s`",
            Self::FileMode => "an octal file mode, as in `0440`",
            Self::Filled => "a text that is not empty",
            Self::HostEntry => "a host and its address, as in `db=10.0.0.7`",
            Self::Mount => "a mount, as in `data:/var/lib/data` or `./site:/srv:ro`",
            Self::Port => "a port from 1 to 65535, as in `8080:80` or `127.0.0.1:8080:80/tcp`",
            Self::PullPolicy => {
                "`always`, `never`, `missing`, `if_not_present`, `build`, `refresh`, `daily`, `weekly` or as `every_12h`"
            }
            Self::Size => "a size, as in `512m` or `2g`",
            Self::SshKey => "`default` or a key, as in `name=path`",
        }
    }
}

/// The schema's pattern is not anchored: somewhere two characters of a name stand side by side.
fn is_container_name(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    text.as_bytes()
        .windows(2)
        .any(|pair| pair[0].is_ascii_alphanumeric() && inner(pair[1]))
}

/// The schema's pattern is not anchored: one of the policies is somewhere in the text.
fn is_pull_policy(text: &str) -> bool {
    const POLICIES: [&str; 8] = [
        "always",
        "never",
        "build",
        "if_not_present",
        "missing",
        "refresh",
        "daily",
        "weekly",
    ];
    POLICIES.iter().any(|policy| text.contains(policy))
        || text.split("every_").skip(1).any(starts_with_period)
}

/// Digits and a unit, as in `12h`.
fn starts_with_period(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < text.len() && unit.starts_with(['w', 'd', 'h', 'm', 's'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `docker compose config` accepts and rejects, asked text by text.
    #[test]
    fn texts_are_read_as_compose_reads_them() {
        let cases: [(Format, &[&str], &[&str]); 9] = [
            (Format::Assignment, &["a=b", "a="], &["a"]),
            (
                Format::ContainerName,
                &["ab", "é ab"],
                &["a", "", "-a", "a b", "__"],
            ),
            (Format::Device, &["/a", "/a:/b:rwm", ""], &["/a:/b:rwm:x"]),
            (Format::DeviceCount, &["all", "ALL", "3", "-1"], &["x", ""]),
            (Format::FileMode, &["0440", "-1"], &["8", "0o440", ""]),
            (
                Format::HostEntry,
                &["a:1.1.1.1", "a=", "a:::1"],
                &["a", ":1.1.1.1", ""],
            ),
            (
                Format::PullPolicy,
                &["always", "every_5d", "alwaysx"],
                &["foo", "every_foo", "every_d", ""],
            ),
            (Format::SshKey, &["default", "a=b"], &["c", ""]),
            (Format::Filled, &["."], &[""]),
        ];
        for (format, accepted, rejected) in cases {
            for text in accepted {
                assert!(format.accepts(text), "{format:?} {text:?}");
            }
            for text in rejected {
                assert!(!format.accepts(text), "{format:?} {text:?}");
            }
        }
    }
}
