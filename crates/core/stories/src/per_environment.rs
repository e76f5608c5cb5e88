//! Values that may differ by environment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One value for all environments, or one for each by name with `default` for those not named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum PerEnvironment<T> {
    /// One value everywhere.
    Same(T),
    /// By environment.
    Each(BTreeMap<String, T>),
}

impl<T> PerEnvironment<T> {
    /// All values, whatever their environment.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        let (same, each) = match self {
            Self::Same(value) => (Some(value), None),
            Self::Each(values) => (None, Some(values.values())),
        };
        same.into_iter().chain(each.into_iter().flatten())
    }

    /// The value for an environment; none where neither it nor `default` is named.
    #[must_use]
    pub fn get(&self, environment: &str) -> Option<&T> {
        match self {
            Self::Same(value) => Some(value),
            Self::Each(values) => values.get(environment).or_else(|| values.get("default")),
        }
    }
}
