//! What services use and share: volumes, networks, secrets and configs.

use std::collections::BTreeMap;

use super::read::{entries, filled, flag, texts_by_key};
use super::{Resolved, Text};
use crate::Value;

/// A volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Its real name, by which the engine knows it.
    pub name: Text,
    /// Whether Compose neither makes nor removes it.
    pub external: bool,
    /// What keeps it; `local` where the files do not say.
    pub driver: Option<Text>,
    /// The driver's options.
    pub options: BTreeMap<String, Text>,
    /// Its labels, those that Compose itself adds left out.
    pub labels: BTreeMap<String, Text>,
}

/// A network.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Its real name, by which the engine knows it.
    pub name: Text,
    /// Whether Compose neither makes nor removes it.
    pub external: bool,
    /// Whether nothing behind it is reached, nor reaches it.
    pub internal: bool,
    /// What makes it; Docker's default where the files do not say.
    pub driver: Option<Text>,
}

/// A secret, or a config.
#[derive(Clone, Debug, PartialEq)]
pub struct Secret {
    /// Its real name.
    pub name: Text,
    /// Whether somebody else keeps it.
    pub external: bool,
    /// The file of the host that holds it.
    pub file: Option<Text>,
    /// The variable of the shell or of an env file that holds it.
    pub environment: Option<Text>,
}

/// A section of the model, its entries read; `project` makes the names that the files leave open.
pub(super) fn section<T>(
    root: &Value,
    section: &str,
    project: &str,
    read: impl Fn(&Value, Text) -> T,
) -> BTreeMap<String, T> {
    let named =
        |(key, value): (&String, &Value)| (key.clone(), read(value, name(value, key, project)));
    entries(root.get(section)).map(named).collect()
}

/// What is external has its key for its name.
fn name(value: &Value, key: &str, project: &str) -> Text {
    let own = if flag(value.get("external")) {
        key.to_owned()
    } else {
        format!("{project}_{key}")
    };
    filled(value.get("name")).unwrap_or(Resolved::Known(own))
}

pub(super) fn volume(value: &Value, name: Text) -> Volume {
    Volume {
        name,
        external: flag(value.get("external")),
        driver: filled(value.get("driver")),
        options: texts_by_key(value.get("driver_opts")),
        labels: texts_by_key(value.get("labels")),
    }
}

pub(super) fn network(value: &Value, name: Text) -> Network {
    Network {
        name,
        external: flag(value.get("external")),
        internal: flag(value.get("internal")),
        driver: filled(value.get("driver")),
    }
}

pub(super) fn secret(value: &Value, name: Text) -> Secret {
    Secret {
        name,
        external: flag(value.get("external")),
        file: filled(value.get("file")),
        environment: filled(value.get("environment")),
    }
}
