//! What an engine tells of its containers and volumes, as plain values: read from its JSON, and
//! asked of nobody. Who asks the engine is the caller's business, and so is what follows from it.

pub mod container;
mod content;
mod contents;
mod mounts;
mod timestamp;
pub mod volume;

pub use container::Container;
pub use content::{Content, Data, Entry, Listing, Signature};
pub use contents::Contents;
pub use mounts::{Kind as MountKind, Mount, at as mount_at};
pub use timestamp::{NotATimestamp, Timestamp};
pub use volume::Volume;

use serde::Deserialize;

/// Go writes an empty list or map as null.
fn null_is_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
