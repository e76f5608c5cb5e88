//! Ports in the short form.

use std::net::{IpAddr, Ipv6Addr};

/// Whether a text is `[[address:][published]:]target[/protocol]`, as Docker's own parser of ports reads it.
pub(super) fn is_port(text: &str) -> bool {
    let (rest, target) = text.rsplit_once(':').map_or((None, text), |(rest, target)| (Some(rest), target));
    let (address, published) = rest.map_or((None, ""), |rest| match rest.rsplit_once(':') {
        Some((address, published)) => (Some(address), published),
        None => (None, rest),
    });
    let (target, protocol) = target.split_once('/').unwrap_or((target, ""));
    address.is_none_or(is_address) && is_protocol(protocol) && ranges_agree(published, target)
}

/// An address with more than one colon wants brackets.
fn is_address(text: &str) -> bool {
    match text.strip_prefix('[') {
        Some(bracketed) => bracketed.strip_suffix(']').is_some_and(|text| text.parse::<Ipv6Addr>().is_ok()),
        None => text.is_empty() || (!text.contains(':') && text.parse::<IpAddr>().is_ok()),
    }
}

/// Nothing means TCP; what stands behind a second slash is not looked at.
fn is_protocol(text: &str) -> bool {
    let first = text.split('/').next().unwrap_or_default().to_lowercase();
    matches!(first.as_str(), "" | "tcp" | "udp" | "sctp")
}

/// A single target may be published on any of a range; otherwise ranges have one size.
fn ranges_agree(published: &str, target: &str) -> bool {
    let Some((start, end)) = range(target) else { return false };
    if end == 0 {
        return false;
    }
    if published.is_empty() {
        return true;
    }
    range(published).is_some_and(|(from, to)| start == end || to - from == end - start)
}

/// `80` or `80-90`; what stands behind a second dash is not looked at.
fn range(text: &str) -> Option<(u16, u16)> {
    let mut parts = text.split('-').map(|part| if part.starts_with('+') { None } else { part.parse().ok() });
    let start: u16 = parts.next()??;
    let end: u16 = parts.next().unwrap_or(Some(start))?;
    (start <= end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(is_port(text), "{text}");
        }
        for text in [
            "",
            "abc",
            "80:",
            "99999:80",
            "80:99999",
            "80-90:80-85",
            "80:80/foo",
            "300.1.1.1:80:80",
            "::1:80:80",
            "90-80:80",
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
        ] {
            assert!(!is_port(text), "{text}");
        }
    }
}
