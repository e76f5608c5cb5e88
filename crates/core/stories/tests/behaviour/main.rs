//! What the formats accept, how a layout is found, where a story stands, and what a proof refuses.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read the stories from disk"
)]

mod catalog;
mod changes;
mod distribute;
mod fixture;
mod layers;
mod layout;
mod places;
mod proof;
mod record;
mod replay;
mod states;
mod story;
mod variables;
