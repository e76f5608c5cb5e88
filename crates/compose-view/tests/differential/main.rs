//! The view against the real `docker compose config`.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "runs Compose and reads the corpus")]

mod compose;
mod corpus;
mod judge;
