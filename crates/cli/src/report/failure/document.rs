//! A failure for programs: a diagnostic, and behind it what only its kind has.

use diagnostics::Severity;
use diagnostics::render::json::{
    self, DiagnosticDocument, EvidenceDocument, LocationDocument, RemedyDocument,
};
use serde::Serialize;
use stories::Edited;

use super::diagnostic;
use crate::commands::Session;
use crate::pipeline::{Failure, FileChange, Step};
use crate::report::question;
use crate::report::standings::{ConflictDocument, DriftDocument, EditedDocument, QuestionDocument};

/// Why a story was not applied or not taken back, or why a run stopped; what only some kinds have is
/// missing in the others.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::report) struct FailureDocument<'f> {
    /// The rule's name, in kebab-case: what failed behind `story-`, or `run-` where no story is at
    /// fault.
    rule: String,
    /// How bad it is.
    severity: Severity,
    /// The story, as `5.1 Redis data volume`; empty where none is at fault.
    subject: String,
    /// The environment; null where it is about all of them.
    environment: Option<String>,
    /// Where, if it is about a place in a file.
    location: Option<LocationDocument>,
    /// What failed, in a sentence.
    message: String,
    /// What that is concluded from, as what a checker said.
    evidence: Vec<EvidenceDocument>,
    /// What can be done, the best first.
    remedies: Vec<RemedyDocument>,
    /// The story's id; null where none is at fault.
    story: Option<String>,
    /// The only place that it stops; null where it stops all of the story's.
    place: Option<String>,
    /// What the story conflicts with.
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<ConflictDocument<'f>>,
    /// What somebody has to decide first.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<QuestionDocument<'f>>,
    /// What was recorded and is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    drifts: Option<Vec<DriftDocument<'f>>>,
    /// The checksums of a story that was edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    edited: Option<EditedDocument<'f>>,
    /// The files as the draft would have left them that was not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<&'f [FileChange]>,
    /// The paths that would change though the story does not declare them.
    #[serde(skip_serializing_if = "Option::is_none")]
    undeclared: Option<&'f [String]>,
    /// The data that a volume would hide.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<DataDocument<'f>>,
    /// The files that are modified and not committed.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<&'f [String]>,
    /// The stories that are written and not committed.
    #[serde(skip_serializing_if = "Option::is_none")]
    uncommitted: Option<UncommittedDocument<'f>>,
    /// What was edited since the story was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    edits: Option<Vec<EditDocument<'f>>>,
}

/// Data of a container that a new volume would hide.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct DataDocument<'f> {
    /// The service.
    service: &'f str,
    /// Where in its container.
    target: &'f str,
}

/// Stories that are written and not committed, as `5.1 Redis data volume`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct UncommittedDocument<'f> {
    /// Those that were applied.
    applied: &'f [String],
    /// Those that were taken back.
    reverted: &'f [String],
}

/// An edit of what a story wrote.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct EditDocument<'f> {
    /// Where, as `file:line:column`; empty where it is gone.
    at: &'f str,
    /// What is otherwise, in words.
    what: &'f str,
}

/// The failure for programs.
pub(in crate::report) fn document<'f>(
    session: &Session,
    failure: &'f Failure,
) -> FailureDocument<'f> {
    let told = json::document(&diagnostic(session, failure), &session.invocation());
    of_step(told, failure)
}

fn of_step(told: DiagnosticDocument, failure: &Failure) -> FailureDocument<'_> {
    let plain = plain(told, failure);
    match &*failure.step {
        Step::Conflict { conflict, .. } => FailureDocument {
            conflict: Some(ConflictDocument::of(conflict)),
            ..plain
        },
        Step::Question { question, .. } => FailureDocument {
            question: Some(question::document(question)),
            ..plain
        },
        Step::Drifted(drifts) => FailureDocument {
            drifts: Some(drifts.iter().map(DriftDocument::of).collect()),
            ..plain
        },
        Step::Edited { recorded, current } => FailureDocument {
            edited: Some(EditedDocument { recorded, current }),
            ..plain
        },
        Step::Rejected { diff, .. } => FailureDocument {
            draft: Some(diff),
            ..plain
        },
        Step::Stray { paths, diff } => FailureDocument {
            undeclared: Some(paths),
            draft: Some(diff),
            ..plain
        },
        Step::Data {
            service, target, ..
        } => FailureDocument {
            data: Some(DataDocument { service, target }),
            ..plain
        },
        Step::Dirty(files) => FailureDocument {
            modified: Some(files),
            ..plain
        },
        Step::Uncommitted {
            applied, reverted, ..
        } => FailureDocument {
            uncommitted: Some(UncommittedDocument { applied, reverted }),
            ..plain
        },
        Step::EditedSince(edits) => FailureDocument {
            edits: Some(edits.iter().map(EditDocument::of).collect()),
            ..plain
        },
        _ => plain,
    }
}

impl<'f> EditDocument<'f> {
    fn of(edited: &'f Edited) -> Self {
        let Edited { what, at } = edited;
        Self { at, what }
    }
}

/// What every failure has.
fn plain(told: DiagnosticDocument, failure: &Failure) -> FailureDocument<'_> {
    let DiagnosticDocument {
        rule,
        severity,
        subject,
        environment,
        location,
        message,
        evidence,
        remedies,
    } = told;
    FailureDocument {
        rule,
        severity,
        subject,
        environment,
        location,
        message,
        evidence,
        remedies,
        story: failure.story.as_ref().map(|(id, _)| id.to_string()),
        place: failure.place.as_ref().map(ToString::to_string),
        conflict: None,
        question: None,
        drifts: None,
        edited: None,
        draft: None,
        undeclared: None,
        data: None,
        modified: None,
        uncommitted: None,
        edits: None,
    }
}
