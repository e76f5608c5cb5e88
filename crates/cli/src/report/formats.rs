//! Findings in the forms that other programs read: one renderer a form, whatever the command.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use diagnostics::render::{github, junit, markdown, sarif};
use diagnostics::{Diagnostic, Group, Invocation};
use docker::engine::container::now;
use serde_json::Value;

use crate::cli::Format;
use crate::commands::Session;
use crate::{git, screen};

/// A command's findings, as a report tells them.
pub(super) struct Findings<'f> {
    /// The command's words, as `verify --live`.
    pub(super) command: &'f [&'f str],
    /// The title of a page.
    pub(super) title: &'f str,
    /// What was found.
    pub(super) groups: &'f [Group],
    /// What a page says at its end.
    pub(super) ending: &'f str,
}

/// Writes them in the form that was asked for; a person's and JSON have more to say than findings.
///
/// # Errors
/// None but of memory.
pub(super) fn write(session: &Session, findings: &Findings<'_>) -> io::Result<()> {
    let form = Form {
        format: session.screen.format,
        invocation: session.invocation(),
        root: session.root().ok(),
    };
    form.write(findings)
}

/// How findings are written, and for which checkout.
pub(super) struct Form {
    pub(super) format: Format,
    pub(super) invocation: Invocation,
    /// The checkout's root, where one is known.
    pub(super) root: Option<PathBuf>,
}

impl Form {
    pub(super) fn write(&self, findings: &Findings<'_>) -> io::Result<()> {
        let invocation = &self.invocation;
        let groups = findings.groups.iter();
        let all: Vec<Diagnostic> = groups.flat_map(|group| group.diagnostics.clone()).collect();
        // Who shows them beside the code knows the repository, not the checkout.
        let folder = || self.root.as_deref().map(git::folder_of).unwrap_or_default();
        match self.format {
            Format::Human | Format::Json => {}
            Format::Junit => {
                let command = findings.command.first().copied().unwrap_or_default();
                screen::document(&junit::junit(findings.groups, invocation, command)?);
            }
            Format::Markdown => screen::document(&page(invocation, findings)),
            Format::Github => screen::document(&github::github(&all, invocation, &folder())),
            Format::Sarif => {
                let version = env!("CARGO_PKG_VERSION");
                let log = sarif::sarif(&all, invocation, version, &folder());
                screen::json(&serde_json::to_value(log).map_err(io::Error::other)?);
            }
        }
        Ok(())
    }
}

fn page(invocation: &Invocation, findings: &Findings<'_>) -> String {
    let mut page = format!("# {}\n\n", findings.title);
    // Writing to a String cannot fail.
    writeln!(page, "**Date:** {} UTC  ", now().minute()).ok();
    writeln!(page, "**Status:** {}  ", markdown::status(findings.groups)).ok();
    let words: String = findings
        .command
        .iter()
        .map(|word| format!(" {word}"))
        .collect();
    writeln!(page, "**Made by:** `{}{words}`\n", invocation.program()).ok();
    page + &markdown::tables(findings.groups) + findings.ending
}

/// A group of what is no environment's running stack.
pub(super) fn group(kind: &'static str, title: &str, diagnostics: Vec<Diagnostic>) -> Group {
    let words = ["holds", "finding"];
    Group {
        kind,
        environment: None,
        title: title.to_owned(),
        words,
        diagnostics,
        notes: Vec::new(),
    }
}

/// Findings as a member of a command's document.
pub(super) fn member(session: &Session, groups: &[Group]) -> Value {
    let all: Vec<_> = groups
        .iter()
        .flat_map(|group| group.diagnostics.clone())
        .collect();
    let documents = diagnostics::render::json::documents(&all, &session.invocation());
    serde_json::to_value(documents).unwrap_or_default()
}
