//! `verify --live` on a real engine: each proof holds on a sound stack, and each control turns it
//! red for its own reason.
//!
//! The stack is small, of stand-in images where the official ones are not to be had; the backend is
//! busybox's httpd in the image of Redis. All of it is skipped where no engine answers or an image
//! is missing; with `COMPOSE_STORIES_REQUIRE_DOCKER=1` that is a failure.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

#[path = "../../../host/docker/tests/support/stand_in.rs"]
#[allow(dead_code, reason = "not every test crate needs all of it")]
mod stand_in;

mod beside;
mod controls;
mod ends;
mod every_reason;
mod stack;
