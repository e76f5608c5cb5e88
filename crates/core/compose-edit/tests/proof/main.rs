//! The proof that an edit does what it was asked and nothing else: every operation wherever it is
//! applicable in real compose files and in variants of them, judged by code that shares nothing
//! with the editor but its reading half.
//!
//! `COMPOSE_CORPUS` names the folder of files; without it the project's neighbour
//! `../shared/corpus` is taken, and where that is missing the project's own `corpus`.
//! `COMPOSE_EDIT_ONLY` takes the files with such a name alone; `COMPOSE_EDIT_SEED` and
//! `COMPOSE_EDIT_EDITS` steer the random part.
#![allow(
    missing_docs,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used
)]

mod case;
mod cases;
mod chains;
mod controls;
mod corpus;
mod every_operation;
mod judge;
#[path = "../several/model.rs"]
mod model;
mod mutate;
mod mutations;
mod random;
mod refusal;
mod reindent;
mod samples;
mod tally;
mod tree;
mod variants;
