//! Findings in the forms that other programs read: one renderer a form, whatever the command.

use std::fmt::Write as _;
use std::io;

use diagnostics::render::{github, junit, markdown, sarif};
use diagnostics::{Diagnostic, Group};
use docker::engine::container::now;
use serde_json::Value;

use crate::cli::Format;
use crate::commands::Session;

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
    let (screen, invocation) = (&session.screen, session.invocation());
    let all = || -> Vec<Diagnostic> {
        findings
            .groups
            .iter()
            .flat_map(|group| group.diagnostics.clone())
            .collect()
    };
    match screen.format {
        Format::Human | Format::Json => {}
        Format::Junit => {
            let command = findings.command.first().copied().unwrap_or_default();
            screen.document(&junit::junit(findings.groups, &invocation, command)?);
        }
        Format::Markdown => screen.document(&page(session, findings)),
        Format::Github => screen.document(&github::github(&all(), &invocation)),
        Format::Sarif => {
            let log = sarif::sarif(&all(), &invocation, env!("CARGO_PKG_VERSION"));
            screen.json_document(&serde_json::to_value(log).map_err(io::Error::other)?);
        }
    }
    Ok(())
}

fn page(session: &Session, findings: &Findings<'_>) -> String {
    let mut page = format!("# {}\n\n", findings.title);
    // Writing to a String cannot fail.
    writeln!(page, "**Date:** {} UTC  ", now().minute()).ok();
    writeln!(page, "**Status:** {}  ", markdown::status(findings.groups)).ok();
    writeln!(
        page,
        "**Made by:** `{} {}`\n",
        session.invocation().program(),
        findings.command.join(" ")
    )
    .ok();
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
