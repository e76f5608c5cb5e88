//! What a run of `migrate` came to, for programs.

use std::collections::BTreeMap;

use serde::Serialize;
use stories::assessment::Note;
use stories::{Outcome, Place};

use super::Summary;
use crate::checker::Accepted;
use crate::commands::Session;
use crate::pipeline::{FileChange, Progress, Report, Run, Waiting};
use crate::report::failure::{self, FailureDocument};
use crate::report::impact::{self, ImpactDocument};
use crate::report::standings::{AbsenceDocument, Reach};
use crate::report::{Row, SCHEMA, reach};

/// The document of `migrate`, and of its dry run.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "migrate"))]
pub(in crate::report) struct MigrateDocument<'r> {
    schema: u32,
    command: &'static str,
    /// The checkout's folder.
    root: String,
    /// The environments that it was about.
    environments: &'r [String],
    /// Who checked, with its version.
    checker: String,
    /// Whether nothing was to be written.
    dry_run: bool,
    /// The stories that were applied or recorded, or would be, in this order.
    stories: Vec<AppliedDocument<'r>>,
    /// Whether every story is up to date now.
    up_to_date: bool,
    /// How many stories apply somewhere.
    applicable: usize,
    /// Where stories have no object.
    not_applicable: Vec<AbsenceDocument<'r>>,
    /// What the next `up` does to each environment that runs.
    impact: Vec<ImpactDocument<'r>>,
    /// Why something was not applied, the first first; what ended the whole run is the last.
    failures: Vec<FailureDocument<'r>>,
    /// Whether the last of these ended the whole run, and not its story alone.
    ended: bool,
    /// The stories that need one of those that failed.
    waiting: Vec<WaitingDocument<'r>>,
}

/// A story that was applied or recorded.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct AppliedDocument<'r> {
    /// The story's id, as `5.1`.
    id: String,
    /// Its title.
    title: &'r str,
    /// What became of it in each environment, by the environment's name.
    environments: BTreeMap<&'r str, EnvironmentOutcomeDocument<'r>>,
    /// The files that changed.
    files: &'r [FileChange],
    /// The checks that its draft passed.
    checks: Vec<CheckDocument<'r>>,
    /// Whether it has a health probe that nothing has run yet.
    unproved: bool,
}

/// What became of a story in an environment; what only some states have is missing in the others.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct EnvironmentOutcomeDocument<'r> {
    /// `applied`, `adopted` or `not-applicable`.
    state: &'static str,
    /// The paths that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    paths: Option<Vec<String>>,
    /// The paths that said already what the story asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Vec<String>>,
    /// Why it has no object there.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// What became of it at each place, by the place.
    places: BTreeMap<String, OutcomeDocument<'r>>,
}

/// What became of a story at a place.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct OutcomeDocument<'r> {
    /// `applied`, `adopted` or `not-applicable`.
    state: &'static str,
    /// The paths that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    paths: Option<Vec<String>>,
    /// The paths that said already what the story asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Vec<String>>,
    /// Why it has no object there.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'r str>,
}

/// A check that a draft passed.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct CheckDocument<'r> {
    /// The environment.
    environment: &'r str,
    /// Who checked, with its version.
    checker: String,
    /// How long it took.
    milliseconds: u64,
    /// Why only the shape was checked, not the values; null where both were.
    shape_only: Option<&'r str>,
}

/// A story that needs another one, which failed.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct WaitingDocument<'r> {
    /// The story's id.
    story: String,
    /// Its title.
    title: &'r str,
    /// The ids of those that it waits for.
    waits_for: Vec<String>,
}

pub(super) fn document<'r>(
    session: &Session,
    summary: &'r Summary<'r>,
    rows: &'r [Row],
) -> MigrateDocument<'r> {
    let Summary { run, progress, .. } = summary;
    let Reach {
        up_to_date,
        applicable,
        not_applicable,
    } = reach::document(rows);
    // A dry run leaves to do what it would do.
    let is_left = run.dry && !progress.reports.is_empty();
    MigrateDocument {
        schema: SCHEMA,
        command: "migrate",
        root: run.checkout.root.to_string_lossy().into_owned(),
        environments: &run.scope,
        checker: run.checker.to_string(),
        dry_run: run.dry,
        stories: progress
            .reports
            .iter()
            .map(|report| AppliedDocument::of(run, report))
            .collect(),
        up_to_date: up_to_date && !is_left,
        applicable,
        not_applicable,
        impact: impact::documents(summary.impact),
        failures: failures(session, progress),
        ended: progress.ended.is_some(),
        waiting: progress.waiting.iter().map(WaitingDocument::of).collect(),
    }
}

fn failures<'r>(session: &Session, progress: &'r Progress) -> Vec<FailureDocument<'r>> {
    progress
        .failures()
        .map(|failed| failure::document(session, failed))
        .collect()
}

impl<'r> AppliedDocument<'r> {
    fn of(run: &Run, report: &'r Report) -> Self {
        let check = |check: &'r Accepted| CheckDocument {
            environment: &check.environment,
            checker: run.checker.to_string(),
            milliseconds: u64::try_from(check.took.as_millis()).unwrap_or(u64::MAX),
            shape_only: check.shape_only.as_deref(),
        };
        let outcome = |places: &'r BTreeMap<Place, Outcome>| {
            let sum = Outcome::sum(places.values());
            let OutcomeDocument {
                state,
                paths,
                evidence,
                why,
            } = OutcomeDocument::of(&sum);
            EnvironmentOutcomeDocument {
                state,
                paths,
                evidence,
                why: why.map(str::to_owned),
                places: places
                    .iter()
                    .map(|(place, outcome)| (place.to_string(), OutcomeDocument::of(outcome)))
                    .collect(),
            }
        };
        Self {
            id: report.id.to_string(),
            title: &report.title,
            environments: report
                .outcomes
                .iter()
                .map(|(name, places)| (name.as_str(), outcome(places)))
                .collect(),
            files: &report.files,
            checks: report.checks.iter().map(check).collect(),
            unproved: report
                .notes
                .iter()
                .any(|note| matches!(note, Note::Unproved(_))),
        }
    }
}

impl<'r> OutcomeDocument<'r> {
    fn of(outcome: &'r Outcome) -> Self {
        let strings = |paths: &[compose_edit::Path]| {
            Some(paths.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let plain = |state| Self {
            state,
            paths: None,
            evidence: None,
            why: None,
        };
        match outcome {
            Outcome::Applied(paths) => Self {
                paths: strings(paths),
                ..plain("applied")
            },
            Outcome::Held(paths) => Self {
                evidence: strings(paths),
                ..plain("adopted")
            },
            Outcome::NotApplicable(why) => Self {
                why: Some(why),
                ..plain("not-applicable")
            },
        }
    }
}

impl<'r> WaitingDocument<'r> {
    fn of(waiting: &'r Waiting) -> Self {
        Self {
            story: waiting.id.to_string(),
            title: &waiting.title,
            waits_for: waiting.on.iter().map(ToString::to_string).collect(),
        }
    }
}
