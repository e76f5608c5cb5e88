//! What `verify` proved and what it did not, for programs.

use diagnostics::render::json::DiagnosticDocument;
use serde::Serialize;

use super::Seen;
use crate::checker::{Checker, NotAccepted, Passed};
use crate::checkout::Checkout;
use crate::guard::living::Looked;
use crate::report::live::{self, LiveDocument};
use crate::report::standings::StoryDocument;
use crate::report::{Row, SCHEMA};

/// The document of `verify`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "verify"))]
pub(in crate::report) struct VerifyDocument<'v> {
    schema: u32,
    command: &'static str,
    /// The checkout's folder.
    root: String,
    /// Every story, as released.
    stories: Vec<StoryDocument<'v>>,
    /// What the checker said of each environment; its words are findings.
    checks: Vec<CheckedDocument<'v>>,
    /// Which environments' data was looked at; null where no engine answers. What is at risk is
    /// among the findings.
    data: Option<Vec<LookedDocument<'v>>>,
    /// What else is to be known, a sentence each.
    pub(super) notes: &'v [String],
    /// What was proved on running containers; missing where that was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<LiveDocument<'v>>,
    /// All that was looked at: stories, files, rules, data and running containers.
    pub(super) findings: Vec<DiagnosticDocument>,
}

/// What a checker said of an environment.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct CheckedDocument<'v> {
    /// The environment.
    environment: &'v str,
    /// Who checked, with its version.
    checker: String,
    /// Whether it accepts the files.
    accepted: bool,
    /// Why only the shape was checked, not the values; null where both were.
    shape_only: Option<&'v str>,
}

/// An environment whose data was to be looked at.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct LookedDocument<'v> {
    /// The environment.
    environment: &'v str,
    /// Whether it could be looked at; why not is among the findings.
    looked: bool,
    /// What was not looked at, and need not be.
    notes: &'v [String],
}

impl<'v> VerifyDocument<'v> {
    /// All of it but notes and findings.
    pub(super) fn of(
        checkout: &Checkout,
        checker: &Checker,
        rows: &'v [Row],
        seen: Seen<'v>,
    ) -> Self {
        let Seen {
            checks,
            looked,
            proved,
            ..
        } = seen;
        let checked = |check| CheckedDocument::of(checker, check);
        Self {
            schema: SCHEMA,
            command: "verify",
            root: checkout.root.to_string_lossy().into_owned(),
            stories: rows.iter().map(Row::document).collect(),
            checks: checks.iter().map(checked).collect(),
            data: looked.map(|looked| looked.iter().map(LookedDocument::of).collect()),
            notes: &[],
            live: proved.map(live::document),
            findings: Vec::new(),
        }
    }
}

impl<'v> CheckedDocument<'v> {
    fn of(checker: &Checker, check: &'v Result<Passed, NotAccepted>) -> Self {
        let (environment, shape_only) = match check {
            Ok(passed) => (passed.environment(), passed.shape_only()),
            Err(not) => (not.environment.as_str(), None),
        };
        Self {
            environment,
            checker: checker.to_string(),
            accepted: check.is_ok(),
            shape_only,
        }
    }
}

impl<'v> LookedDocument<'v> {
    fn of(looked: &'v Looked) -> Self {
        let notes = looked.verdict.as_ref().map(|verdict| &verdict.notes[..]);
        Self {
            environment: &looked.environment,
            looked: looked.verdict.is_ok(),
            notes: notes.unwrap_or_default(),
        }
    }
}
