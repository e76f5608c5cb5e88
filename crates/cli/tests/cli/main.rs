//! The binary as people use it: a checkout in a temporary folder, stand-ins for Docker, and what is
//! said and written.
//!
//! What needs the real Compose or an engine is skipped where there is none; with
//! `COMPOSE_STORIES_REQUIRE_DOCKER=1` that is a failure.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

#[path = "../support/machine.rs"]
mod machine;
#[path = "../support/program.rs"]
mod program;
#[path = "../../../host/docker/tests/support/stand_in.rs"]
mod stand_in;

mod bad_input;
mod bad_ledger;
mod bad_story;
mod branches;
mod calls;
mod data_first;
mod dirty;
mod docs;
mod doctor;
mod doors;
mod drift;
mod embedded;
mod files;
mod formats;
mod going_on;
mod guesses;
mod hostile_checkouts;
mod hostile_docker_env;
mod hostile_shell;
mod impact;
mod init;
mod interrupted;
mod last_run;
mod living;
mod locked;
mod migrate;
mod misbehaving_docker;
mod narrowed;
mod onboard;
mod one_commit_a_story;
mod other_files;
mod other_verbs;
mod output;
mod parses;
mod places;
mod plan;
mod reach;
mod real;
mod real_data;
mod rebuild;
mod recovery;
mod registry;
mod rejection;
mod repository;
mod revert;
mod roles;
mod screens;
mod secrets;
mod stack;
mod states;
mod tidy;
mod verify;
mod waiting;
