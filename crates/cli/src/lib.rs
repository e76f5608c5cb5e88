//! Brings checkouts of a Compose stack up to date: disk, Docker and people.

pub mod ask;
pub mod checker;
pub mod checkout;
pub mod cli;
pub mod command_line;
pub mod commands;
pub mod damaged;
pub mod doctor;
pub mod embedded;
pub mod exit;
pub mod git;
pub mod guard;
pub mod health_path;
mod help;
pub mod lock;
pub mod model;
pub mod pipeline;
pub mod plan_file;
pub mod probe;
mod program;
pub mod report;
pub mod root;
pub mod rules;
pub mod screen;
pub mod settings;
mod stack_file;
pub mod standing;
pub mod state;

pub use program::main;
