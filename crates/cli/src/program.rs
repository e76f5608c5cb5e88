//! From the command line to an exit code.

use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};
use docker::NoCompose;

use crate::cli::{Cli, Format};
use crate::command_line::{self, CommandLine};
use crate::exit::Exit;
use crate::{commands, damaged, report, screen};

/// What a binary of this tool does: the command line that it was called with, told on the screen.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    let (is_json, named) = (cli.global.format == Format::Json, cli.global.root.clone());
    match commands::run(cli) {
        Ok(exit) => told(exit, named.as_deref()),
        Err(error) => {
            let words = command_line::invocation(named.as_deref()).located(&format!("{error:#}"));
            screen::talk(format_args!("error: {words}"));
            if let Some(command) = damaged::restore(&error, named.as_deref()) {
                screen::talk(format_args!("  Restore it: {command}"));
            }
            if error.is::<NoCompose>() {
                let again = CommandLine::typed().with("--checker embedded");
                screen::talk(format_args!(
                    "  Without it: {}",
                    command_line::invocation(named.as_deref()).command(again.words())
                ));
            }
            if is_json && !screen::has_begun() {
                screen::json(&report::error(&words));
            }
            Exit::of(&error).into()
        }
    }
}

/// The command line, where usage and version call the tool as it was called.
fn parsed() -> Result<Cli, clap::Error> {
    let invocation = command_line::invocation(None);
    let name = invocation.program();
    let mut command = Cli::command().bin_name(name).display_name(name);
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// A result that did not arrive is no success.
fn told(exit: Exit, named: Option<&Path>) -> ExitCode {
    if screen::is_whole() {
        return exit.into();
    }
    let words = "stdout cannot be written; the result is lost, what was done is done: cargo xtask status --last";
    screen::talk(format_args!(
        "error: {}",
        command_line::invocation(named).located(words)
    ));
    if exit == Exit::Done {
        Exit::Usage.into()
    } else {
        exit.into()
    }
}

/// `--help` is no error; a program that asked for JSON gets an error as JSON too.
fn not_understood(error: &clap::Error) -> ExitCode {
    let is_help = !error.use_stderr();
    if error.print().is_err() && is_help {
        return Exit::Usage.into();
    }
    if !is_help && wants_json() {
        let text = error.to_string();
        screen::json(&report::error(
            text.trim_start_matches("error: ").trim_end(),
        ));
    }
    if is_help {
        Exit::Done.into()
    } else {
        Exit::Usage.into()
    }
}

/// Whether the arguments ask for JSON; what they ask for beside is not understood.
fn wants_json() -> bool {
    let arguments: Vec<_> = std::env::args_os().collect();
    let pair = |pair: &[std::ffi::OsString]| pair[0] == "--format" && pair[1] == "json";
    arguments.iter().any(|argument| argument == "--format=json") || arguments.windows(2).any(pair)
}
