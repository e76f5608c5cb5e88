//! A tag taken apart.

use semver::{Prerelease, Version};

/// A tag taken apart: a version, and behind a dash what else it says.
pub(super) struct Tag<'t> {
    pub(super) text: &'t str,
    pub(super) version: Version,
    pub(super) flavour: Option<&'t str>,
}

impl<'t> Tag<'t> {
    /// A tag that starts with a version of one to three numbers; `None` for any other, which
    /// floats.
    pub(super) fn parse(tag: &'t str) -> Option<Self> {
        let (text, mut flavour) = match tag.split_once('-') {
            Some((version, flavour)) => (version, Some(flavour)),
            None => (tag, None),
        };
        let mut numbers = [0; 3];
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        for number in &mut numbers {
            let Some(part) = parts.next() else { break };
            *number = part.parse().ok()?;
        }
        if parts.next().is_some() || text.is_empty() {
            return None;
        }
        let [major, minor, patch] = numbers;
        let mut version = Version::new(major, minor, patch);
        if let Some(pre) = flavour
            .map(|rest| rest.split('-').next().unwrap_or(rest))
            .filter(|pre| is_prerelease(pre))
        {
            version.pre = Prerelease::new(pre).ok()?;
            flavour = flavour
                .and_then(|rest| rest.split_once('-'))
                .map(|(_, rest)| rest);
        }
        Some(Self {
            text,
            version,
            flavour,
        })
    }
}

fn is_prerelease(part: &str) -> bool {
    ["rc", "beta", "alpha"].iter().any(|name| {
        part.strip_prefix(name).is_some_and(|number| {
            number
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
    })
}

/// Debian's releases, whose names are flavours; `slim` is a Debian, too.
const DEBIAN: [&str; 6] = [
    "stretch", "buster", "bullseye", "bookworm", "trixie", "forky",
];

/// A flavour's distribution.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Distribution {
    Alpine,
    Debian,
}

impl Distribution {
    /// None for what names no distribution.
    pub(super) fn of(flavour: &str) -> Option<Self> {
        let is_debian = |part: &str| DEBIAN.contains(&part) || part == "slim";
        if flavour.split('-').any(is_debian) {
            Some(Self::Debian)
        } else {
            flavour.starts_with("alpine").then_some(Self::Alpine)
        }
    }
}

/// Whether a flavour is another one with a release of its distribution: `alpine3.19` of `alpine`.
pub(super) fn is_release_of(flavour: &str, known: &str) -> bool {
    let release = flavour.strip_prefix(known);
    release.is_some_and(|release| {
        release.starts_with(|c: char| c.is_ascii_digit())
            && release
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}
