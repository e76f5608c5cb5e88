//! The team's memory: one record a story in `compose/ledger/`, committed to git.
//!
//! A record holds no time, no host and no comment of anybody's: two colleagues who apply the same
//! story write equal bytes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

use crate::context::Context;
use crate::layout::unique::{self, Unique};
use crate::op::set_layout::STACK_FILE;
use crate::yaml_error::place_and_reason;
use crate::{Catalog, Draft, Layout, Operation, Outcome, Place, Stack, Story, StoryId};

/// The format that this build reads and writes.
pub const FORMAT: u32 = 2;

/// The format that had one entry an environment; it is read as an entry for all of its places.
const FORMAT_WITHOUT_PLACES: u64 = 1;

/// What the team knows of one story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The number of the format.
    pub format: u32,
    /// The story.
    pub id: StoryId,
    /// Its title, for readers.
    pub title: String,
    /// The version of this tool that released it.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub since: semver::Version,
    /// The story's checksum when it was recorded.
    pub checksum: String,
    /// What became of it, by environment and by place in it: a service, `frontend -> backend`,
    /// `volume data`; `*` speaks for every place that has no entry of its own.
    #[serde(deserialize_with = "by_place")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "BTreeMap<String, BTreeMap<String, Entry>>")
    )]
    pub environments: BTreeMap<String, BTreeMap<Place, Entry>>,
    /// The operations that take the story back, last first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<Operation>,
}

/// What became of a story at one place of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// This tool applied it.
    Applied,
    /// It was found already done.
    Adopted {
        /// The paths that say so.
        evidence: Vec<String>,
    },
    /// The team does not want it here.
    Skipped {
        /// Why, in a person's words.
        reason: String,
    },
}

impl Entry {
    /// That the team does not want the story; why.
    #[must_use]
    pub fn skipped(reason: &str) -> Self {
        let reason = reason.to_owned();
        Self::Skipped { reason }
    }

    /// Whether the team does not want the story there.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        matches!(self, Self::Skipped { .. })
    }
}

/// The entries of the environments, each name and each place once.
fn by_place<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, BTreeMap<Place, Entry>>, D::Error> {
    let environments: Vec<(String, Unique<Entry>)> = unique::map(deserializer)?;
    let places = |entries: Unique<Entry>| {
        let entries = entries.into_iter();
        entries
            .map(|(place, entry)| (place.into(), entry))
            .collect()
    };
    Ok(environments
        .into_iter()
        .map(|(name, entries)| (name, places(entries)))
        .collect())
}

/// The records by story.
pub type Ledger = BTreeMap<StoryId, Record>;

/// Why a text is no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Git left both sides of a merge in it.
    #[error(
        "{file}:{line}: git conflict markers; take either side or remove the file, then run: cargo xtask migrate; or: cargo xtask ledger rebuild"
    )]
    ConflictMarkers {
        /// The record's file.
        file: String,
        /// The first marker's line.
        line: usize,
    },
    /// The text does not have a record's form.
    #[error("{file}{at}: {reason}; make it anew: cargo xtask ledger rebuild")]
    Form {
        /// The record's file.
        file: String,
        /// `:line:column`, where known.
        at: String,
        /// What is wrong.
        reason: String,
    },
    /// A later version of this tool wrote it.
    #[error(
        "{file}: format {found} is newer than {FORMAT}, which this build reads; {by}update the tool"
    )]
    Format {
        /// The record's file.
        file: String,
        /// Whose story it is: `version 2.0.0 released the story; `, where the record says so.
        by: String,
        /// The format it says.
        found: u64,
    },
    /// It records a story that this build does not know.
    #[error(
        "{file}: story {id} is unknown to this build; version {since} released it, update the tool"
    )]
    UnknownStory {
        /// The record's file.
        file: String,
        /// The story.
        id: StoryId,
        /// The version that released it.
        since: semver::Version,
    },
}

impl Record {
    /// An empty record of a story.
    #[must_use]
    pub fn of(story: &Story) -> Self {
        let (id, title, since) = (story.id.clone(), story.title.clone(), story.since.clone());
        let (environments, undo) = Default::default();
        Self {
            format: FORMAT,
            id,
            title,
            since,
            checksum: story.checksum().to_owned(),
            environments,
            undo,
        }
    }

    /// What is known of a story, with what a draft found and did; none where that is nothing to
    /// record. What the team recorded of an environment in which nothing is done stays as it is.
    #[must_use]
    pub fn after(known: Option<&Self>, story: &Story, draft: &Draft) -> Option<Self> {
        let mut record = known.cloned().unwrap_or_else(|| Self::of(story));
        for (environment, outcomes) in &draft.outcomes {
            for (place, outcome) in outcomes {
                record.note(environment, place, outcome);
            }
            record.drop_gone(&draft.stack, environment);
        }
        record.undo.retain(|known| {
            !draft
                .undo
                .iter()
                .any(|operation| operation.supersedes(known))
        });
        // What was done last is undone first.
        record.undo.splice(0..0, draft.undo.iter().cloned());
        record.order_undo();
        (!record.environments.is_empty() && known != Some(&record)).then_some(record)
    }

    /// Notes what became of a place; what the team recorded of one at which nothing is done stays.
    fn note(&mut self, environment: &str, place: &Place, outcome: &Outcome) {
        let entry = match outcome {
            Outcome::Applied(_) => Entry::Applied,
            Outcome::Held(_) if self.entry(environment, place).is_some() => return,
            Outcome::Held(paths) => Entry::Adopted {
                evidence: paths.iter().map(ToString::to_string).collect(),
            },
            Outcome::NotApplicable(_) => return,
        };
        let own = self.environments.entry(environment.to_owned());
        own.or_default().insert(place.clone(), entry);
    }

    /// Drops the places whose service is gone, but for what the team decided of them.
    pub(crate) fn drop_gone(&mut self, stack: &Stack, environment: &str) {
        let Some(entries) = self.environments.get_mut(environment) else {
            return;
        };
        let cx = Context::of_team(stack, environment);
        entries
            .retain(|place, entry| matches!(entry, Entry::Skipped { .. }) || is_there(&cx, place));
        if entries.is_empty() {
            self.environments.remove(environment);
        }
    }

    /// What became of a place: its own entry, else that of the whole stack.
    #[must_use]
    pub fn entry(&self, environment: &str, place: &Place) -> Option<&Entry> {
        let entries = self.environments.get(environment)?;
        entries.get(place).or_else(|| entries.get(&Place::Stack))
    }

    /// The entry of a place that the story was about and whose services are still there.
    pub(crate) fn left_behind(&self, cx: &Context<'_>) -> Option<&Entry> {
        let entries = self.environments.get(cx.environment)?;
        let is_left = |found: &(&Place, &Entry)| {
            !matches!(found.1, Entry::Skipped { .. }) && is_there(cx, found.0)
        };
        entries.iter().find(is_left).map(|(_, entry)| entry)
    }

    /// Whether this tool applied the story at a place of an environment.
    #[must_use]
    pub fn is_applied_in(&self, environment: &str) -> bool {
        self.applied_places(environment).next().is_some()
    }

    /// The places of an environment at which this tool applied the story.
    pub fn applied_places(&self, environment: &str) -> impl Iterator<Item = &Place> {
        let entries = self.environments.get(environment).into_iter().flatten();
        entries
            .filter(|(_, entry)| **entry == Entry::Applied)
            .map(|(place, _)| place)
    }

    /// Puts operations of one file each in the order of the files, those of one file as they are:
    /// that changes nothing, and two colleagues who took the environments in another order write
    /// equal bytes. None passes one of several files.
    pub(crate) fn order_undo(&mut self) {
        let is_of_one_file = |operation: &Operation| operation.files().len() == 1;
        let runs = self
            .undo
            .chunk_by_mut(|one, other| is_of_one_file(one) && is_of_one_file(other));
        runs.for_each(|run| run.sort_by_key(Operation::files));
    }

    /// What is left of it once the story is taken back: what the team skips, and with a reason to
    /// keep the story out, that too where it was applied. None where that is nothing.
    #[must_use]
    pub fn reverted(&self, skip_reason: Option<&str>) -> Option<Self> {
        let mut record = Self {
            undo: Vec::new(),
            ..self.clone()
        };
        for entries in record.environments.values_mut() {
            let was_applied = entries.values().any(|entry| *entry == Entry::Applied);
            entries.retain(|_, entry| matches!(entry, Entry::Skipped { .. }));
            if let Some(reason) = skip_reason.filter(|_| was_applied) {
                let reason = reason.to_owned();
                entries.insert(Place::Stack, Entry::Skipped { reason });
            }
        }
        record.environments.retain(|_, entries| !entries.is_empty());
        (self.is_applied() && !record.environments.is_empty()).then_some(record)
    }

    /// Whether it says nothing but that the team does not want the story.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        let mut entries = self.environments.values().flat_map(BTreeMap::values);
        entries.all(|entry| matches!(entry, Entry::Skipped { .. }))
    }

    /// The environments that it speaks of and that a layout does not have: they have gone, or have
    /// another name now.
    pub fn unknown_environments<'r>(
        &'r self,
        layout: &'r Layout,
    ) -> impl Iterator<Item = &'r String> {
        self.environments
            .keys()
            .filter(|name| !layout.environments.contains_key(*name))
    }

    /// Whether an environment of which it says nothing may be one that it calls by another name and
    /// in which this tool applied the story: it reads a file that the story edited.
    #[must_use]
    pub fn may_call_otherwise(&self, stack: &Stack, environment: &str) -> bool {
        let mut unknown = self.unknown_environments(&stack.layout);
        let was_applied = unknown.any(|name| self.is_applied_in(name));
        let is_unsaid = !self.environments.contains_key(environment);
        was_applied
            && is_unsaid
            && stack
                .files_of(environment)
                .iter()
                .any(|file| self.edits(file))
    }

    /// Whether taking the story back would edit a file.
    #[must_use]
    pub fn edits(&self, file: &str) -> bool {
        self.undo.iter().any(|operation| operation.names(file))
    }

    /// The files that taking the story back would edit.
    #[must_use]
    pub fn files(&self) -> BTreeSet<String> {
        self.undo.iter().flat_map(Operation::files).collect()
    }

    /// The files among them that are edited as a whole, or are no Compose files at all: who takes
    /// the story back has to look at them.
    #[must_use]
    pub fn other_files(&self) -> BTreeSet<String> {
        let is_other = |operation: &&Operation| {
            let place = operation.node();
            place.path.segments().is_empty() || place.file == STACK_FILE
        };
        self.undo
            .iter()
            .filter(is_other)
            .flat_map(Operation::files)
            .collect()
    }

    /// Whether this tool applied the story somewhere.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        let mut names = self.environments.keys();
        names.any(|name| self.is_applied_in(name))
    }

    /// Reads a record; `file` is its path, for messages.
    ///
    /// # Errors
    /// [`RecordError`] by name: conflict markers, another form, a newer format.
    pub fn parse(file: &str, text: &str) -> Result<Self, RecordError> {
        // An editor's byte order mark is none of the record.
        let text = text.trim_start_matches('\u{feff}');
        if let Some(line) = conflict_marker(text) {
            return Err(RecordError::ConflictMarkers {
                file: file.to_owned(),
                line,
            });
        }
        if text.is_empty() {
            let (file, at, reason) = (
                file.to_owned(),
                String::new(),
                "the file is empty (0 bytes)".to_owned(),
            );
            return Err(RecordError::Form { file, at, reason });
        }
        let fail = |error: serde_yaml::Error| {
            let (at, reason) = place_and_reason(&error);
            RecordError::Form {
                file: file.to_owned(),
                at,
                reason,
            }
        };
        let raw: serde_yaml::Value = serde_yaml::from_str(text).map_err(fail)?;
        match raw.get("format").and_then(serde_yaml::Value::as_u64) {
            // The text is read again only for the place of what is wrong in it.
            Some(found) if found == u64::from(FORMAT) => serde_yaml::from_value(raw)
                .or_else(|_| serde_yaml::from_str(text))
                .map_err(fail),
            Some(FORMAT_WITHOUT_PLACES) => serde_yaml::from_value(with_places(raw)).map_err(fail),
            Some(found) if found > u64::from(FORMAT) => {
                let since = raw.get("since").and_then(serde_yaml::Value::as_str);
                let by = since
                    .map(|since| format!("version {since} released its story; "))
                    .unwrap_or_default();
                Err(RecordError::Format {
                    file: file.to_owned(),
                    by,
                    found,
                })
            }
            _ => Err(RecordError::Form {
                file: file.to_owned(),
                at: String::new(),
                reason: format!("no `format: {FORMAT}` in it"),
            }),
        }
    }

    /// The text of the record's file.
    ///
    /// # Errors
    /// None in practice: every field has a YAML form.
    pub fn text(&self) -> Result<String, serde_yaml::Error> {
        serde_yaml::to_string(self)
    }

    /// That the catalog has the record's story.
    ///
    /// # Errors
    /// [`RecordError::UnknownStory`].
    pub fn check_known(&self, file: &str, catalog: &Catalog) -> Result<(), RecordError> {
        match catalog.get(&self.id) {
            Some(_) => Ok(()),
            None => Err(RecordError::UnknownStory {
                file: file.to_owned(),
                id: self.id.clone(),
                since: self.since.clone(),
            }),
        }
    }
}

/// Whether the services of a place are there.
fn is_there(cx: &Context<'_>, place: &Place) -> bool {
    place.services().all(|name| cx.view.service(name).is_some())
}

/// A record of the format that had one entry an environment, in today's: the entry speaks for all
/// places, until the record is written anew.
fn with_places(mut record: serde_yaml::Value) -> serde_yaml::Value {
    use serde_yaml::{Mapping, Value};
    record["format"] = FORMAT.into();
    if let Some(environments) = record
        .get_mut("environments")
        .and_then(Value::as_mapping_mut)
    {
        for entry in environments.values_mut() {
            let whole = Value::from(Place::Stack.to_string());
            *entry = Value::from(Mapping::from_iter([(
                whole,
                std::mem::replace(entry, Value::Null),
            )]));
        }
    }
    record
}

/// The line, from 1, of the first mark of a merge that git left unfinished.
#[must_use]
pub fn conflict_marker(text: &str) -> Option<usize> {
    text.lines()
        .position(|line| marker(line).is_some())
        .map(|line| line + 1)
}

/// The first character of a mark that git leaves in a file.
fn marker(line: &str) -> Option<char> {
    let is_marked = ["<<<<<<< ", "||||||| ", ">>>>>>> "]
        .iter()
        .any(|mark| line.starts_with(mark))
        || line == "=======";
    line.chars().next().filter(|_| is_marked)
}

/// Both sides of a text that git left unmerged, ours first; what both had in common before is in
/// neither.
#[must_use]
pub fn sides(text: &str) -> [String; 2] {
    let (mut sides, mut within) = ([String::new(), String::new()], None);
    for line in text.split_inclusive('\n') {
        match marker(line.trim_end_matches(['\r', '\n'])) {
            Some('>') => within = None,
            Some(mark) => within = Some(mark),
            None => {
                let is_in = [
                    within.is_none_or(|mark| mark == '<'),
                    within.is_none_or(|mark| mark == '='),
                ];
                sides
                    .iter_mut()
                    .zip(is_in)
                    .filter(|(_, is_in)| *is_in)
                    .for_each(|(side, _)| side.push_str(line));
            }
        }
    }
    sides
}
