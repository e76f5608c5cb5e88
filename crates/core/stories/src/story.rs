//! Stories as data, and their checksum.

use std::sync::OnceLock;

use compose_edit::{Document, EditError};
use serde::{Deserialize, Serialize};

use crate::assessment::{Assessment, Note};
use crate::context::Context;
use crate::digest::sha256;
use crate::yaml_error::place_and_reason;
use crate::{Change, Found, Place, StoryId};

/// One item of a team's checklist: a migration of the Compose files, read from
/// `compose/stories/<id>-<slug>.yaml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// Its id; a quoted string.
    pub id: StoryId,
    /// The version of this tool that released it.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub since: semver::Version,
    /// What it does, in a few words.
    pub title: String,
    /// What the team gains by it, in a sentence or two.
    pub why: String,
    /// Ids of the stories that must hold first.
    #[serde(default)]
    pub needs: Vec<StoryId>,
    /// What it changes: each a map with the kind of change as its only key.
    #[serde(with = "serde_yaml::with::singleton_map_recursive")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Change>"))]
    pub changes: Vec<Change>,
    /// The words behind the id in the file's name.
    #[serde(skip)]
    pub slug: String,
    /// Every environment asks for it again.
    #[serde(skip)]
    checksum: OnceLock<String>,
}

/// Why a text is no story.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoryError {
    /// The text does not have a story's form.
    #[error("{file}{at}: {reason}")]
    Form {
        /// The story's file.
        file: String,
        /// `:line:column`, where known.
        at: String,
        /// What is wrong.
        reason: String,
    },
    /// The file's name does not say the story's id.
    #[error("{file}: the name must start with the story's id: expected {expected}-<slug>.yaml")]
    Name {
        /// The story's file.
        file: String,
        /// The id inside.
        expected: StoryId,
    },
}

impl Story {
    /// Reads a story. `file` is its path, for messages and for its slug.
    ///
    /// # Errors
    /// [`StoryError`], naming file, line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, StoryError> {
        let form = |at: String, reason: String| StoryError::Form {
            file: file.to_owned(),
            at,
            reason,
        };
        // The reader would take the last of two equal keys in most maps, and lose the first.
        if let Err(EditError::DuplicateKey { at, first, key }) = Document::parse(text) {
            let reason = format!("{key} is given twice (first at {first})");
            return Err(form(format!(":{at}"), reason));
        }
        let mut story: Self =
            serde_yaml::from_str(text.trim_start_matches("\u{feff}")).map_err(|error| {
                let (at, reason) = place_and_reason(&error);
                form(at, named_as_in_a_story(reason))
            })?;
        if story.changes.is_empty() {
            return Err(form(String::new(), "a story without changes".to_owned()));
        }
        for (index, change) in story.changes.iter().enumerate() {
            change
                .validate()
                .map_err(|reason| form(place_of_change(text, index), reason))?;
        }
        let name = file.rsplit('/').next().unwrap_or(file);
        let slug = name
            .strip_prefix(&format!("{}-", story.id))
            .and_then(|rest| rest.strip_suffix(".yaml"));
        let slug = slug.filter(|slug| !slug.is_empty());
        slug.ok_or_else(|| StoryError::Name {
            file: file.to_owned(),
            expected: story.id.clone(),
        })?
        .clone_into(&mut story.slug);
        Ok(story)
    }

    /// What an environment says already and what is missing, place by place, over all changes. What
    /// is of no place, that a selector finds nothing or too much, stands at [`Place::Stack`].
    #[must_use]
    pub fn assess(&self, cx: &Context<'_>) -> Vec<Found> {
        let (mut places, mut absent): (Vec<Place>, _) = (Vec::new(), None);
        for change in &self.changes {
            match change.places(cx) {
                Ok(more) => places.extend(more),
                Err(Assessment::NotApplicable(why)) => {
                    absent.get_or_insert(why);
                }
                // A person says which one is meant before anything is done.
                Err(assessment) => return vec![Found::of_stack(assessment)],
            }
        }
        let mut found: Vec<Found> = Vec::new();
        for place in places {
            if !found.iter().any(|known| known.place == place) {
                let assessment = self.assess_at(cx, &place);
                found.push(Found { place, assessment });
            }
        }
        if let Some(why) = absent.filter(|_| found.is_empty()) {
            found.push(Found::of_stack(Assessment::NotApplicable(why)));
        }
        found
    }

    /// What an environment says already at a place and what is missing, over all changes that are
    /// about it: the first conflict, else all that is wanted.
    #[must_use]
    pub fn assess_at(&self, cx: &Context<'_>, place: &Place) -> Assessment {
        let changes = self.changes_at(cx, place);
        let mut found: Vec<_> = changes.map(|change| change.assess(cx, place)).collect();
        let is_applicable = |found: &Assessment| !matches!(found, Assessment::NotApplicable(_));
        if found.iter().any(is_applicable) {
            found.retain(is_applicable);
        }
        if found.is_empty() {
            let why = format!("{place} is none of its places");
            return Assessment::NotApplicable(why);
        }
        Assessment::all(found)
    }

    /// The changes that are about a place.
    pub fn changes_at(&self, cx: &Context<'_>, place: &Place) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.places(cx).is_ok_and(|places| places.contains(place)))
    }

    /// What to tell a person about the story in an environment.
    #[must_use]
    pub fn notes(&self, cx: &Context<'_>) -> Vec<Note> {
        let places = |change: &Change| change.places(cx).unwrap_or_default();
        let at = |change: &Change| -> Vec<Note> {
            let places = places(change).into_iter();
            places.flat_map(|place| change.notes(cx, &place)).collect()
        };
        self.changes.iter().flat_map(at).collect()
    }

    /// What to tell a person about the story at a place of an environment.
    #[must_use]
    pub fn notes_at(&self, cx: &Context<'_>, place: &Place) -> Vec<Note> {
        self.changes_at(cx, place)
            .flat_map(|change| change.notes(cx, place))
            .collect()
    }

    /// The name of the story's file and of its ledger record: `<id>-<slug>.yaml`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}-{}.yaml", self.id, self.slug)
    }

    /// `sha256:` and the hash of the canonical form of what the story does: `id`, `needs` and
    /// `changes` as JSON with sorted keys. Its title and its reasons may be reworded.
    #[must_use]
    pub fn checksum(&self) -> &str {
        self.checksum.get_or_init(|| self.hashed())
    }

    fn hashed(&self) -> String {
        let canonical =
            serde_json::json!({ "id": self.id, "needs": self.needs, "changes": self.changes });
        format!("sha256:{}", sha256(&canonical.to_string()))
    }
}

/// What the YAML reader says, for somebody who writes stories and not Rust.
fn named_as_in_a_story(reason: String) -> String {
    if reason.starts_with("changes") {
        return reason.replace("]: unknown variant", "]: unknown change");
    }
    if reason.starts_with("since") {
        format!("{reason}; expected a version such as 0.1.0")
    } else {
        reason
    }
}

/// `:line:column` of a change in a story's text.
fn place_of_change(text: &str, index: usize) -> String {
    let path = compose_edit::Path::from(["changes"]).join(index);
    let document = Document::parse(text).ok();
    let node = document.as_ref().and_then(|document| document.get(&path));
    node.map_or_else(String::new, |node| format!(":{}", node.position()))
}
