//! The view against the real `docker compose config`.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "runs Compose and reads the corpus"
)]
#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

mod checkout;
mod compose;
mod controls;
mod corpus;
mod coverage;
mod generate;
mod generated;
mod interpolation;
mod judge;
mod projects;
mod resolved;
mod rows;
mod variables;
