//! Published ports in the short form, and ranges of ports.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// One port, or several in a row: `80`, `8000-8010`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortRange {
    /// The first.
    pub first: u16,
    /// The last, which is the first where it is one.
    pub last: u16,
}

impl PortRange {
    /// Reads `80` or `80-90`; what stands behind a second dash is not looked at, as Docker does
    /// not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-').map(|part| {
            if part.starts_with('+') {
                None
            } else {
                part.parse().ok()
            }
        });
        let first: u16 = parts.next()??;
        let last: u16 = parts.next().unwrap_or(Some(first))?;
        (first <= last).then_some(Self { first, last })
    }

    /// Whether it is more than one.
    #[must_use]
    pub fn is_several(self) -> bool {
        self.first != self.last
    }

    /// All of them.
    pub fn ports(self) -> impl Iterator<Item = u16> {
        self.first..=self.last
    }

    fn width(self) -> u16 {
        self.last - self.first
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.is_several() {
            write!(f, "-{}", self.last)
        } else {
            Ok(())
        }
    }
}

/// A port in the short form, taken apart: `[[address:][published]:]target[/protocol]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortPort<'t> {
    /// The address of the host, without brackets; none for all addresses.
    pub host_ip: Option<&'t str>,
    /// The ports of the host; none where Docker chooses one.
    pub published: Option<PortRange>,
    /// The ports of the container.
    pub target: PortRange,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

impl<'t> ShortPort<'t> {
    /// Takes a text apart as Docker's own parser of ports does.
    ///
    /// # Errors
    /// What is wrong with it, to follow `the port ...`.
    ///
    /// ```
    /// use compose_model::ShortPort;
    ///
    /// let port = ShortPort::parse("127.0.0.1:8080:80/udp").unwrap();
    /// assert_eq!((port.host_ip, port.target.first, port.protocol.as_str()), (Some("127.0.0.1"), 80, "udp"));
    /// ```
    pub fn parse(text: &'t str) -> Result<Self, &'static str> {
        let (rest, target) = text
            .rsplit_once(':')
            .map_or((None, text), |(rest, target)| (Some(rest), target));
        let (host_ip, published) =
            match rest.map(|rest| rest.rsplit_once(':').unwrap_or(("", rest))) {
                Some((host_ip, published)) => (host_ip, published),
                None => ("", ""),
            };
        let (target, protocol) = target.split_once('/').unwrap_or((target, ""));
        let range = |text: &str| PortRange::parse(text).ok_or("has no valid number");
        let port = Self {
            host_ip: address(host_ip)?,
            published: if published.is_empty() {
                None
            } else {
                Some(range(published)?)
            },
            target: range(target)?,
            protocol: known_protocol(protocol)?,
        };
        port.check()
    }

    /// A single target may be published on any of a range; otherwise ranges have one size.
    fn check(self) -> Result<Self, &'static str> {
        if self.target.last == 0 {
            return Err("has no valid number");
        }
        match self.published {
            Some(published)
                if self.target.is_several() && published.width() != self.target.width() =>
            {
                Err("has two ranges of different sizes")
            }
            _ => Ok(self),
        }
    }

    /// Where one of its targets is published.
    pub(crate) fn published_for(&self, target: u16) -> Option<PortRange> {
        let published = self.published?;
        if self.target.is_several() || !published.is_several() {
            let own = published.first + (target - self.target.first);
            return Some(PortRange {
                first: own,
                last: own,
            });
        }
        Some(published)
    }
}

/// An address with more than one colon wants brackets.
fn address(text: &str) -> Result<Option<&str>, &'static str> {
    let bracketed = text
        .strip_prefix('[')
        .map(|text| text.strip_suffix(']').filter(|own| is_v6(own)));
    match bracketed {
        Some(Some(own)) => Ok(Some(own)),
        None if text.is_empty() => Ok(None),
        None if !text.contains(':') && text.parse::<IpAddr>().is_ok() => Ok(Some(text)),
        _ => Err("has no valid address"),
    }
}

fn is_v6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// Nothing means TCP; what stands behind a second slash is not looked at.
fn known_protocol(text: &str) -> Result<String, &'static str> {
    let first = text.split('/').next().unwrap_or_default().to_lowercase();
    match first.as_str() {
        "" => Ok("tcp".to_owned()),
        "tcp" | "udp" | "sctp" => Ok(first),
        _ => Err("has an unknown protocol"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_taken_apart() {
        let port = ShortPort::parse("127.0.0.1:8000-8002:80-82/UDP").unwrap();
        assert_eq!(
            (port.host_ip, port.protocol.as_str()),
            (Some("127.0.0.1"), "udp")
        );
        assert_eq!(port.published.unwrap().to_string(), "8000-8002");
        assert_eq!(port.published_for(81).unwrap().to_string(), "8001");
        assert_eq!(
            ShortPort::parse("[::1]:90:91").unwrap().host_ip,
            Some("::1")
        );
        assert_eq!(ShortPort::parse("80").unwrap().published, None);
        assert_eq!(ShortPort::parse("127.0.0.1::80").unwrap().published, None);
    }

    #[test]
    fn ports_are_read_as_docker_reads_them() {
        for text in [
            "80",
            "8080:80",
            ":80",
            "80-90:80",
            "80-90:80-90",
            "80:80/TCP",
            "127.0.0.1::80",
            "[::1]:80:80",
            "80:80/",
            "080:80",
            "80-90-100:80",
            "127.0.0.1:80:80/udp",
        ] {
            assert!(ShortPort::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "a",
            "abc",
            "80:",
            "99999:80",
            "80:99999",
            "80-90:80-85",
            "1-2:5-9",
            "80:80/foo",
            "80/icmp",
            "300.1.1.1:80:80",
            "::1:80:80",
            "90-80:80",
            "9-8",
            "x:80:80",
            "localhost:80:80",
            "80:/tcp",
            " 80:80",
            "80:80 ",
            "80:80-82",
            "+80:80",
            "80-:80",
            "-1",
            "0",
            "127.0.0.1:80",
            "1.2.3.4:80:80:80",
            "01.2.3.4:80:80",
            "${P}:80",
        ] {
            assert!(ShortPort::parse(text).is_err(), "{text}");
        }
    }
}
