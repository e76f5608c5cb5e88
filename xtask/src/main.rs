//! `cargo xtask`: see `xtask::cli` for the verbs.

use std::process::ExitCode;

use clap::Parser;
use xtask::cli::Cli;
use xtask::command_line::CommandLine;
use xtask::docker::NoCompose;
use xtask::exit::Exit;

fn main() -> ExitCode {
    match xtask::commands::run(Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("error: {error:#}");
            if error.is::<NoCompose>() {
                eprintln!("  Without it: {}", CommandLine::typed().with("--checker embedded"));
            }
            Exit::of(&error).into()
        }
    }
}
