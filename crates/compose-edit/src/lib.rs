//! Lossless edits of Docker Compose files.
//!
//! The text is the truth: a [`Document`] holds it together with a tree of byte spans into it. An edit is a set of
//! byte-range splices followed by a re-parse, so every byte outside the splices is equal by construction.
//!
//! This crate knows YAML and nothing of Compose, stories, disks or Docker.

mod document;
mod error;
mod node;
mod parse;
mod path;
mod position;

pub use document::Document;
pub use error::EditError;
pub use node::{Alias, Content, Mapping, Node, Scalar, ScalarStyle, Sequence};
pub use path::{Path, PathError, Segment};
pub use position::{Position, Span};
