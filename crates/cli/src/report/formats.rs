//! Findings in the forms that other programs read: one renderer a form, whatever the command.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use diagnostics::render::json::DiagnosticDocument;
use diagnostics::render::{github, junit, markdown, sarif};
use diagnostics::{Diagnostic, Group, Invocation};
use docker::engine::container::now;

use crate::checkout::{Checkout, LayoutSource};
use crate::cli::Format;
use crate::commands::Session;
use crate::root::STACK_FILE;
use crate::{git, screen};

/// A command's findings, as a report tells them.
pub(super) struct Findings<'f> {
    /// The command's words, as `verify --live`.
    pub(super) command: &'f [&'f str],
    /// The title of a page.
    pub(super) title: &'f str,
    /// What was looked at; none where it could not be read.
    pub(super) checkout: Option<&'f Checkout>,
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
                screen::document(&junit::junit(
                    findings.groups,
                    invocation,
                    command,
                    &folder(),
                ));
            }
            Format::Markdown => screen::document(&page(invocation, findings, &folder())),
            Format::Github => screen::document(&github::github(&all, invocation, &folder())),
            Format::Sarif => {
                let version = env!("CARGO_PKG_VERSION");
                let files = files(findings.checkout, folder());
                let log = sarif::sarif(&all, invocation, version, &files);
                screen::json(&serde_json::to_value(log).map_err(io::Error::other)?);
            }
        }
        Ok(())
    }
}

/// Which files findings are about that say no place.
fn files(checkout: Option<&Checkout>, folder: String) -> sarif::Files {
    let environments = checkout.map(|checkout| &checkout.stack.layout.environments);
    let first = |(name, own): (&String, &stories::EnvironmentFiles)| {
        Some((name.clone(), own.files.first()?.clone()))
    };
    let first: Vec<_> = environments
        .into_iter()
        .flatten()
        .filter_map(first)
        .collect();
    let is_written =
        checkout.is_none_or(|checkout| checkout.layout_source == LayoutSource::Written);
    let of_checkout = match first.first() {
        Some((_, file)) if !is_written => file.clone(),
        _ => STACK_FILE.to_owned(),
    };
    sarif::Files {
        folder,
        of_environments: first.into_iter().collect(),
        of_checkout,
    }
}

fn page(invocation: &Invocation, findings: &Findings<'_>, folder: &str) -> String {
    let mut page = format!("# {}\n\n", findings.title);
    // Writing to a String cannot fail.
    writeln!(page, "**Date:** {} UTC  ", now().minute()).ok();
    writeln!(page, "**Status:** {}  ", markdown::status(findings.groups)).ok();
    let words: String = findings
        .command
        .iter()
        .map(|word| format!(" {word}"))
        .collect();
    let made_by = markdown::code(&format!("{}{words}", invocation.program()));
    writeln!(page, "**Made by:** {made_by}\n").ok();
    page + &markdown::tables(findings.groups, invocation, folder) + findings.ending
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
pub(super) fn member(session: &Session, groups: &[Group]) -> Vec<DiagnosticDocument> {
    let all: Vec<_> = groups
        .iter()
        .flat_map(|group| group.diagnostics.clone())
        .collect();
    diagnostics::render::json::documents(&all, &session.invocation())
}
