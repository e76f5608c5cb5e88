//! What files held before a story was applied, so that it can be taken back to the byte.
//!
//! A text lies under its sha256; an index says which story made which text of it. Only the newest
//! are kept.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use stories::{Before, StoryId};
use system::regular_file;
use system::state_folder::{recall, replace};
use transaction::Digest;

/// How many edits of a file are kept; the oldest go.
const MOST: usize = 200;
/// How long a text is kept at most, in bytes.
const LARGEST: usize = 1 << 20;

/// What files held before stories were applied.
#[derive(Debug)]
pub struct FileSnapshots {
    folder: Option<PathBuf>,
    known: Vec<Known>,
}

/// A story's edit of a file, by the sha256 of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    story: String,
    path: String,
    /// None for a file that was not there.
    before: Option<String>,
    /// None for a file that went.
    after: Option<String>,
}

/// A file before and after a story; none where it is not there.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// What it holds before the story.
    pub before: Option<&'a str>,
    /// What it is to hold.
    pub after: Option<&'a str>,
}

impl FileSnapshots {
    pub(super) fn read(folder: Option<PathBuf>) -> Self {
        let known = folder
            .as_deref()
            .map(|folder| recall(&index(folder)))
            .unwrap_or_default();
        Self { folder, known }
    }

    /// What a file held before the story, if `now` is what the story left in it.
    #[must_use]
    pub fn before(&self, story: &StoryId, path: &str, now: Option<&str>) -> Option<Before> {
        let story = story.to_string();
        let made = |text: Option<&str>| {
            let after = text.map(sha256);
            let is_it =
                |known: &&Known| known.story == story && known.path == path && known.after == after;
            let Some(before) = &self.known.iter().rev().find(is_it)?.before else {
                return Some(None);
            };
            let text = regular_file::text(self.folder.as_deref()?.join(before)).ok()?;
            (sha256(&text) == *before).then_some(Some(text))
        };
        // A story that was applied environment by environment has edited the file more than once.
        let steps = std::iter::successors(made(now), |text| made(text.as_deref()));
        steps.take(self.known.len()).last().map(Before::snapshot)
    }

    /// Notes what a file holds before a story, and what it is to hold. Where the disk does not let
    /// it be written down, the story is taken back by its record.
    pub fn remember(&mut self, story: &StoryId, path: &str, texts: Texts<'_>) {
        let is_small = texts.before.is_none_or(|text| text.len() <= LARGEST);
        let Some(folder) = self.folder.clone().filter(|_| is_small) else {
            return;
        };
        let [before, after] = [texts.before, texts.after].map(|text| text.map(sha256));
        let known = Known {
            story: story.to_string(),
            path: path.to_owned(),
            before,
            after,
        };
        if let (Some(name), Some(text)) = (&known.before, texts.before)
            && replace(&folder.join(name), text.as_bytes()).is_err()
        {
            return;
        }
        self.known.retain(|other| *other != known);
        self.known.push(known);
        self.known.drain(..self.known.len().saturating_sub(MOST));
        if let Ok(text) = serde_json::to_vec(&self.known)
            && replace(&index(&folder), &text).is_ok()
        {
            self.forget_unnamed(&folder);
        }
    }

    fn forget_unnamed(&self, folder: &Path) {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name();
            let is_text = name.to_str().is_some_and(|name| name.len() == 64);
            if is_text
                && !self
                    .known
                    .iter()
                    .any(|known| known.before.as_deref() == name.to_str())
            {
                // One that stays is forgotten next time.
                fs::remove_file(entry.path()).ok();
            }
        }
    }
}

fn sha256(text: &str) -> String {
    Digest::of(text).to_string()
}

fn index(folder: &Path) -> PathBuf {
    folder.join("index.json")
}
