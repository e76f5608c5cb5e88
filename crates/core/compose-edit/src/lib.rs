//! Lossless edits of Docker Compose files.
//!
//! The text is the truth: a [`Document`] holds it together with a tree of byte spans into it. An
//! edit is a set of byte-range splices followed by a re-parse, so every byte outside the splices is
//! equal by construction.
//!
//! This crate knows YAML and nothing of Compose, stories, disks or Docker.

mod block_scalar;
mod comments;
mod document;
mod edit;
mod error;
mod json;
mod layout;
mod lines;
mod member;
mod node;
mod oracle;
mod parse;
#[cfg(feature = "count-parses")]
pub mod parses;
mod path;
mod position;
mod quote;
mod source;
mod value;
mod write;

pub use comments::Comment;
pub use document::Document;
pub use edit::{Edit, Fragment};
pub use error::{EditError, Kind};
pub use node::{Alias, Content, Mapping, Node, Scalar, ScalarStyle, Sequence};
pub use oracle::{OracleError, differences};
pub use path::{Path, PathError, Segment};
pub use position::{Position, Span};
pub use quote::flow_scalar;
pub use value::{NewScalar, NewValue};
