//! Where stories stand, for programs: shared by `status`, `migrate --check` and `verify`.

use std::collections::BTreeMap;

use diagnostics::render::json::DiagnosticDocument;
use serde::Serialize;

/// The document of `status`, and of `migrate --check`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "standings"))]
pub(crate) struct StandingsDocument<'r> {
    pub schema: u32,
    /// `status` or `migrate`.
    pub command: &'static str,
    /// True for `migrate --check`, which fails where something is not up to date; else missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<bool>,
    /// The checkout's folder.
    pub root: String,
    /// Every story, as released.
    pub stories: Vec<StoryDocument<'r>>,
    /// Whether every story is up to date.
    pub up_to_date: bool,
    /// How many stories apply somewhere.
    pub applicable: usize,
    /// Where stories have no object.
    pub not_applicable: Vec<AbsenceDocument<'r>>,
    /// Each story in each environment; those that are up to date pass.
    pub findings: Vec<DiagnosticDocument>,
}

/// A story and where it stands, by environment.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct StoryDocument<'r> {
    /// The story's id, as `5.1`.
    pub id: &'r str,
    /// Its title.
    pub title: &'r str,
    /// Where it stands in each environment, by the environment's name.
    pub environments: BTreeMap<&'r str, StandingDocument<'r>>,
}

/// Where a story stands in one environment; what only some states have is missing in the others.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct StandingDocument<'r> {
    /// The state, in kebab-case.
    pub state: &'static str,
    /// What is behind it, a sentence each.
    pub details: Vec<String>,
    /// Where it stands at each place, by the place.
    pub places: BTreeMap<String, PlaceDocument>,
    /// Services that it could be about as well.
    pub left_out: Vec<LeftOutDocument<'r>>,
    /// Whether it has a health probe that nothing has run yet.
    pub unproved: bool,
    /// The paths that a pending story would change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<Vec<String>>,
    /// The paths that say already what an adopted story asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<String>>,
    /// Whether an adopted story has a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<bool>,
    /// What has drifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drifts: Option<Vec<DriftDocument<'r>>>,
    /// The checksums of an edited story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited: Option<EditedDocument<'r>>,
    /// What somebody has to decide first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<QuestionDocument<'r>>,
    /// What a story conflicts with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<ConflictDocument<'r>>,
}

/// Where a story stands at one place.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct PlaceDocument {
    /// The state, in kebab-case.
    pub state: &'static str,
    /// What is behind it, a sentence each.
    pub details: Vec<String>,
}

/// A service that a story could be about as well.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct LeftOutDocument<'r> {
    /// The service.
    pub service: &'r str,
    /// Where the story would stand with it, in kebab-case.
    pub state: &'static str,
}

/// Something that is no longer as a story made it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct DriftDocument<'r> {
    /// What is otherwise, in words.
    pub what: &'r str,
    /// Where.
    pub at: &'r str,
    /// What should stand there; null where nothing should.
    pub expected: Option<&'r str>,
    /// Whether a new run could put it back.
    pub can_return: bool,
}

impl<'r> DriftDocument<'r> {
    /// As programs get it.
    pub(crate) fn of(drift: &'r stories::Drift) -> Self {
        Self {
            what: &drift.what,
            at: &drift.at,
            expected: drift.expected.as_deref(),
            can_return: drift.can_return,
        }
    }
}

/// A story whose text is another than when it was applied.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct EditedDocument<'r> {
    /// The checksum in the record.
    pub recorded: &'r str,
    /// The checksum of the story as it is now.
    pub current: &'r str,
}

/// Something in the files that a story cannot be brought together with.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct ConflictDocument<'r> {
    /// Where.
    pub at: &'r str,
    /// What stands there.
    pub found: &'r str,
    /// What the story asks for.
    pub wanted: &'r str,
    /// Why that is not simply written.
    pub why: &'r str,
}

impl<'r> ConflictDocument<'r> {
    /// As programs get it.
    pub(crate) fn of(conflict: &'r stories::Conflict) -> Self {
        Self {
            at: &conflict.at,
            found: &conflict.stands,
            wanted: &conflict.wanted,
            why: &conflict.why,
        }
    }
}

/// What somebody has to decide before a story is applied.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct QuestionDocument<'r> {
    /// `file:line:column` of the service that it is about.
    pub at: &'r str,
    /// The service.
    pub service: &'r str,
    /// The question, with its mark.
    pub asks: &'r str,
    /// What the files say, with their places.
    pub found: &'r [String],
    /// What they say differently, an item for each value that is open.
    pub contradictions: &'r [String],
    /// What `--accept-guesses` would take.
    pub guesses: &'r [String],
    /// What settles it.
    pub answers: Vec<AnswerDocument<'r>>,
}

/// An entry of `compose/stack.yaml` that settles a question: of a role, or a parameter.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct AnswerDocument<'r> {
    /// The role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'r str>,
    /// The parameter's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<&'r str>,
    /// What it says.
    pub what: &'r str,
    /// What to write, as YAML.
    pub value: String,
}

/// How far the stories are about a checkout at all.
#[derive(Debug)]
pub(crate) struct Reach<'r> {
    /// Whether every story is up to date.
    pub up_to_date: bool,
    /// How many stories apply somewhere.
    pub applicable: usize,
    /// Where stories have no object.
    pub not_applicable: Vec<AbsenceDocument<'r>>,
}

/// Stories that have no object in some environments, for one reason.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct AbsenceDocument<'r> {
    /// The stories' ids.
    pub stories: Vec<&'r str>,
    /// The environments.
    pub environments: Vec<&'r str>,
    /// The reason.
    pub why: &'r str,
}
