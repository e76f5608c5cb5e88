//! Environments made up from a seed: base, override, production overlay, extended and included files.

mod body;
mod files;
mod keys;
mod random;

pub use files::{Set, generate};

/// What a set does beyond the keys it uses. Every one must occur.
pub const FEATURES: &[&str] = &[
    "override file",
    "production overlay",
    "several documents in a file",
    "an override in another folder",
    "extends: in the same file",
    "extends: a chain in the same file",
    "extends: in another file",
    "extends: a chain in another file",
    "extends: from a third file",
    "extends: in an override",
    "include: short",
    "include: long",
    "include: list of files",
    "include: project_directory",
    "include: env_file",
    "include: nested",
    "include: changed by a later file",
    "merge key",
    "merge key: list",
    "merge key: an own key beside it",
    "alias of a value",
    "!reset of a service's key",
    "!override of a service's key",
    "!reset of an entry",
    "!override of an entry",
    "!reset of a service",
    "!override of a service",
    "!reset of a section",
    "!reset of a list's item",
    "!reset in the first file",
    "!reset behind an anchor",
    "!reset over what is inherited",
    "!override over what is inherited",
    "null over a value",
    "another kind over a value",
];
