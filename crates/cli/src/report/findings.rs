//! What checks and judges found, as diagnostics: one conversion a source.

mod data;
mod files;
mod live;
mod stories;

pub(super) use data::{of_data, of_verdict};
pub(super) use files::{accepted, of_checks, of_rejection};
pub(super) use live::of_live;
pub(crate) use stories::skip_in;
pub(super) use stories::{
    RELEASED, StoryAt, apply_apart, apply_in, conflict_remedies, drift_remedies, of_rows,
};
