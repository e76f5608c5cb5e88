//! What is in a volume or a folder, as far as a look at its names tells.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The names below a folder, as they were listed: not deeper than was asked, and perhaps not to the
/// end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Those that are not too deep, in any order.
    pub entries: Vec<Entry>,
    /// How many files and folders there are at any depth.
    pub count: u64,
    /// The size of the files, in bytes.
    pub bytes: u64,
    /// When the newest file was written, in seconds since 1970.
    pub newest: Option<u64>,
    /// Whether there is more: only the beginning was looked at.
    pub at_least: bool,
}

/// A file or folder of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its path below the folder, without a slash at either end.
    pub path: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// How a file begins.
    pub beginning: Vec<u8>,
}

/// What is in a volume or a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Content {
    /// It could not be looked at.
    Unknown {
        /// Why.
        why: String,
    },
    /// Nothing, or it is not there.
    Empty,
    /// Something.
    Data(Data),
}

/// What is in a folder that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Data {
    /// The datastores whose data it is, as far as that is known.
    pub families: Vec<Signature>,
    /// How many files and folders.
    pub entries: u64,
    /// The size of the files, in bytes.
    pub bytes: u64,
    /// When the newest file was written, in seconds since 1970.
    pub newest: Option<u64>,
    /// Whether there is more: only the beginning was looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
}

/// A place at which a datastore's files lie.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Signature {
    /// The family's id, such as `postgres`.
    pub family: String,
    /// The major version that made the data, where the files tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The folder in the volume; empty for its top.
    pub subpath: String,
    /// The files and folders by which it is known, below that folder.
    pub files: Vec<String>,
}

impl Content {
    /// The places at which a family's files lie; none where that was not seen.
    pub fn of_family<'c>(&'c self, family: &'c str) -> impl Iterator<Item = &'c Signature> {
        let families = match self {
            Self::Data(data) => &data.families[..],
            Self::Unknown { .. } | Self::Empty => &[],
        };
        families.iter().filter(move |one| one.family == family)
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { why } => write!(f, "not looked into: {why}"),
            Self::Empty => f.write_str("empty"),
            Self::Data(data) => data.fmt(f),
        }
    }
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.families {
            f.write_str(&one.family)?;
            if let Some(version) = &one.version {
                write!(f, " {version}")?;
            }
            if !one.subpath.is_empty() {
                write!(f, " in {}", one.subpath)?;
            }
            write!(f, " ({}), ", one.files.join(", "))?;
        }
        let more = if self.at_least { "at least " } else { "" };
        let entries = match self.entries {
            1 => "1 entry".to_owned(),
            many => format!("{many} entries"),
        };
        write!(f, "{more}{entries}, {} bytes", self.bytes)
    }
}
