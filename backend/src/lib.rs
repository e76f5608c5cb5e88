//! The API that this repository's own stack runs: notes in PostgreSQL; the session, a visit
//! counter, a rate limit and a cached list in Redis.
//!
//! It starts without its databases, says so at `GET /health`, and serves as soon as they are there.

pub mod app;
pub mod config;
pub mod database;
pub mod error;
pub mod health;
pub mod healthcheck;
pub mod limit;
pub mod listing;
pub mod log;
pub mod notes;
pub mod redis;
pub mod schema;
pub mod server;
pub mod visits;
