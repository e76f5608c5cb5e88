//! Why a command did nothing, for programs, in the form that was asked for.

use std::io;
use std::path::PathBuf;

use diagnostics::{Diagnostic, Invocation, Location, Severity};

use super::error;
use super::formats::{self, Findings, Form};
use crate::cli::Format;
use crate::screen;

/// Writes the reason: a person was told already.
///
/// # Errors
/// None but of memory.
pub(crate) fn not_run(
    format: Format,
    invocation: Invocation,
    root: Option<PathBuf>,
    words: &str,
) -> io::Result<()> {
    if format == Format::Json {
        screen::json(&error(words));
    }
    let reason = Diagnostic::new("not-run", Severity::Error, "the command can be run", words)
        .at(Location::leading(words));
    let form = Form {
        format,
        invocation,
        root,
    };
    form.write(&Findings {
        command: &[],
        title: "The command was not run",
        checkout: None,
        groups: &[formats::group("command", "The command", vec![reason])],
        ending: "",
    })
}
