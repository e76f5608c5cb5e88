//! From the command line to an exit code.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, ValueEnum as _};
use docker::NoCompose;

use crate::cli::Format;
use crate::command_line::{self, CommandLine};
use crate::commands::Cli;
use crate::exit::Exit;
use crate::{commands, damaged, help, report, root, screen};

/// What a binary of this tool does: the command line that it was called with, told on the screen.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    let (format, named) = (cli.global.format, cli.global.root.clone());
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
            not_run(format, named.as_deref(), &words);
            Exit::of(&error).into()
        }
    }
}

/// The command line, where usage and version call the tool as it was called.
fn parsed() -> Result<Cli, clap::Error> {
    let invocation = command_line::invocation(None);
    let name = invocation.program();
    let mut command = help::grouped(Cli::command().bin_name(name).display_name(name));
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

/// `--help` is no error; a program that asked for a form gets an error in that form too.
fn not_understood(error: &clap::Error) -> ExitCode {
    let is_help = !error.use_stderr();
    if error.print().is_err() && is_help {
        return Exit::Usage.into();
    }
    if !is_help {
        let text = error.to_string();
        let words = text.trim_start_matches("error: ").trim_end();
        not_run(wanted_format(), None, words);
    }
    if is_help {
        Exit::Done.into()
    } else {
        Exit::Usage.into()
    }
}

/// For programs, why nothing was done; nothing where a result was begun.
fn not_run(format: Format, named: Option<&Path>, words: &str) {
    if screen::has_begun() {
        return;
    }
    let root = env::current_dir().ok();
    let root = root.and_then(|here| root::find(named, &here).ok());
    // What can fail here is memory.
    report::not_run(format, command_line::invocation(named), root, words).ok();
}

/// The form that the arguments ask for; what they ask for beside is not understood.
fn wanted_format() -> Format {
    let words: Vec<_> = env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let joined = words.iter().find_map(|word| word.strip_prefix("--format="));
    let apart = words.windows(2).find(|pair| pair[0] == "--format");
    let named = joined.or_else(|| apart.map(|pair| pair[1].as_str()));
    named
        .and_then(|name| Format::from_str(name, false).ok())
        .unwrap_or_default()
}
