//! Stories as data, and their checksum.

use std::sync::OnceLock;

use compose_edit::{Document, EditError};
use serde::{Deserialize, Serialize};

use crate::assessment::{Assessment, Note};
use crate::context::Context;
use crate::digest::sha256;
use crate::yaml_error::place_and_reason;
use crate::{Change, StoryId};

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

    /// What an environment says already, and what is missing, over all changes: the first conflict,
    /// else all that is wanted. A story none of whose changes is about anything there is not
    /// applicable.
    #[must_use]
    pub fn assess(&self, cx: &Context<'_>) -> Assessment {
        let mut found: Vec<_> = self
            .changes
            .iter()
            .map(|change| change.assess(cx))
            .collect();
        if found
            .iter()
            .any(|assessment| !matches!(assessment, Assessment::NotApplicable(_)))
        {
            found.retain(|assessment| !matches!(assessment, Assessment::NotApplicable(_)));
        }
        Assessment::all(found)
    }

    /// What to tell a person about the story in an environment.
    #[must_use]
    pub fn notes(&self, cx: &Context<'_>) -> Vec<Note> {
        self.changes
            .iter()
            .flat_map(|change| change.notes(cx))
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
