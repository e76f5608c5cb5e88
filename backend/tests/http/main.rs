//! The binary as its clients see it, with a real Redis and a real PostgreSQL in containers.
//!
//! Where no Docker answers these tests are skipped; with `COMPOSE_STORIES_REQUIRE_DOCKER=1` that is
//! a failure.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod backend;
mod client;
mod docker;
mod stores;

mod away;
mod limit;
mod listing;
mod notes;
mod refusals;
mod schema;
mod start;
mod stop;
mod visits;
