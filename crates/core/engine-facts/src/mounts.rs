//! The mounts of a container.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// A mount as `docker inspect` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mount {
    #[serde(rename = "Type")]
    kind: String,
    /// The volume; empty where it is none.
    #[serde(default)]
    pub name: String,
    /// The path on the host.
    #[serde(default)]
    pub source: String,
    /// The path in the container.
    pub destination: String,
    /// Whether the container may write there.
    #[serde(rename = "RW", default)]
    pub writable: bool,
}

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A volume with a name of its own.
    NamedVolume(String),
    /// A volume that goes with its container; its 64 digits.
    Anonymous(String),
    /// A path of the host.
    Bind(String),
    /// Memory, or a pipe: nothing that lasts.
    Memory,
}

impl Mount {
    /// What is mounted. Engines before 23 do not label anonymous volumes; what all of them share is
    /// the name's form.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let generated =
            self.name.len() == 64 && self.name.bytes().all(|byte| byte.is_ascii_hexdigit());
        match self.kind.as_str() {
            "volume" if generated => Kind::Anonymous(self.name.clone()),
            "volume" => Kind::NamedVolume(self.name.clone()),
            "bind" => Kind::Bind(self.source.clone()),
            _ => Kind::Memory,
        }
    }

    /// Whether it is a volume without a name of its own.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        matches!(self.kind(), Kind::Anonymous(_))
    }
}

/// The mount that holds a target: the deepest at it or above it.
#[must_use]
pub fn at<'m>(mounts: &'m [Mount], target: &str) -> Option<&'m Mount> {
    let holding = mounts
        .iter()
        .filter(|mount| Path::new(target).starts_with(&mount.destination));
    holding.max_by_key(|mount| Path::new(&mount.destination).components().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(kind: &str, name: &str, destination: &str) -> Mount {
        let [kind, name, destination] = [kind, name, destination].map(str::to_owned);
        Mount {
            kind,
            name,
            source: "/host".to_owned(),
            destination,
            writable: true,
        }
    }

    #[test]
    fn the_deepest_mount_holds_a_target() {
        let mounts = [
            mount("bind", "", "/"),
            mount("volume", "v", "/data"),
            mount("volume", "w", "/database"),
        ];
        assert_eq!(
            at(&mounts, "/data/redis").unwrap().kind(),
            Kind::NamedVolume("v".to_owned())
        );
        assert_eq!(
            at(&mounts, "/etc").unwrap().kind(),
            Kind::Bind("/host".to_owned())
        );
        assert!(at(&mounts[1..], "/etc").is_none());
    }

    #[test]
    fn a_generated_name_is_none() {
        let name = "0123456789abcdef".repeat(4);
        assert_eq!(
            mount("volume", &name, "/data").kind(),
            Kind::Anonymous(name.clone())
        );
        assert!(
            mount("volume", &name, "/data").is_anonymous()
                && !mount("volume", "v", "/data").is_anonymous()
        );
        assert_eq!(mount("tmpfs", "", "/data").kind(), Kind::Memory);
    }
}
