//! What files held before a story was applied, so that it can be taken back to the byte.
//!
//! A text lies under its sha256; an index says which story made which text of it. Only the newest are kept.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use stories::StoryId;
use system::regular_file;
use system::state_folder::{recall, replace};
use transaction::Digest;

/// How many edits of a file are kept; the oldest go.
const MOST: usize = 200;
/// How long a text is kept at most, in bytes.
const LARGEST: usize = 1 << 20;

/// What files held before stories were applied.
#[derive(Debug)]
pub struct Preimages {
    folder: Option<PathBuf>,
    known: Vec<Known>,
}

/// A story's edit of a file, by the sha256 of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    story: String,
    path: String,
    before: String,
    after: String,
}

impl Preimages {
    pub(super) fn read(folder: Option<PathBuf>) -> Self {
        let known = folder.as_deref().map(|folder| recall(&index(folder))).unwrap_or_default();
        Self { folder, known }
    }

    /// What a file held before the story, if `now` is what the story left in it.
    #[must_use]
    pub fn before(&self, story: &StoryId, path: &str, now: &str) -> Option<String> {
        let story = story.to_string();
        let made = |text: &str| {
            let after = Digest::of(text).to_string();
            let is_it = |known: &&Known| known.story == story && known.path == path && known.after == after;
            let before = &self.known.iter().rev().find(is_it)?.before;
            let text = regular_file::text(self.folder.as_deref()?.join(before)).ok()?;
            (Digest::of(&text).to_string() == *before).then_some(text)
        };
        // A story that was applied environment by environment has edited the file more than once.
        let steps = std::iter::successors(made(now), |text| made(text));
        steps.take(self.known.len()).last()
    }

    /// Notes what a file holds before a story, and what it is to hold. Where the disk does not let it be written down, the
    /// story is taken back by its record.
    pub fn remember(&mut self, story: &StoryId, path: &str, before: &str, after: &str) {
        let Some(folder) = self.folder.clone().filter(|_| before.len() <= LARGEST) else { return };
        let [old, new] = [before, after].map(|text| Digest::of(text).to_string());
        let known = Known { story: story.to_string(), path: path.to_owned(), before: old, after: new };
        if replace(&folder.join(&known.before), before.as_bytes()).is_err() {
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
            if is_text && !self.known.iter().any(|known| *known.before == *name) {
                // One that stays is forgotten next time.
                fs::remove_file(entry.path()).ok();
            }
        }
    }
}

fn index(folder: &Path) -> PathBuf {
    folder.join("index.json")
}
