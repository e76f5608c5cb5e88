//! Brings checkouts of a Compose stack up to date: disk, Docker and people.

pub mod check;
pub mod commit;
pub mod docker;
pub mod state;
