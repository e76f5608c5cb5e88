//! One renderer a format; each takes any diagnostics.

pub mod github;
pub mod json;
pub mod junit;
mod lines;
pub mod markdown;
pub mod sarif;
pub mod text;
