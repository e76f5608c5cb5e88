//! What the last commit holds: what became of it by recorded stories alone was written by this
//! tool, whoever ran it where.

use compose_edit::Document;
use compose_model::Files;
use stories::replay::{Between, Replayed, Snapshots};
use stories::{Ledger, Record, Stack, Story, StoryId};
use transaction::Digest;

use crate::checkout::Checkout;
use crate::git::{self, GitUnavailable};
use crate::pipeline::record_path;

/// What the last commit holds of a checkout.
pub(super) struct Committed {
    /// The files as they were; of those that git does not know, as they are. None where they give
    /// no model.
    stack: Option<Stack>,
    ledger: Ledger,
}

impl Committed {
    pub(super) fn of(checkout: &Checkout) -> Result<Self, GitUnavailable> {
        let files: Vec<_> = checkout.stack.files.keys().cloned().collect();
        let modified = git::modified(&checkout.root, &files)?;
        let document = |path: &String| {
            let text = git::committed(&checkout.root, path)?;
            Some((
                path.clone(),
                Document::parse(with_its_line_ends(text, checkout.stack.files[path].text()))
                    .ok()?,
            ))
        };
        let known: Option<Files> = modified.iter().map(document).collect();
        let stack = known.and_then(|files| checkout.stack.with(files).ok());
        let recorded = |story: &Story| Some((story.id.clone(), record(checkout, story)?));
        let ledger = checkout
            .catalog
            .in_order()
            .into_iter()
            .filter_map(recorded)
            .collect();
        Ok(Self { stack, ledger })
    }

    /// Those of some modified files that the stories recorded since do not account for.
    pub(super) fn edited_since(&self, checkout: &Checkout, modified: Vec<String>) -> Vec<String> {
        let all: Vec<&str> = checkout
            .stack
            .layout
            .environments
            .keys()
            .map(String::as_str)
            .collect();
        // A run over all environments may edit files that one over a few may not.
        let few: Vec<&str> = all
            .iter()
            .copied()
            .filter(|name| is_recorded(checkout, name))
            .collect();
        let memory = checkout.memory.preimages();
        let known =
            |story: &StoryId, file: &str, now: Option<&str>| memory.before(story, file, now);
        let unknown = |_: &StoryId, _: &str, _: Option<&str>| None;
        let between = Between {
            before: &self.ledger,
            after: &checkout.ledger,
            catalog: &checkout.catalog,
        };
        let replay = |selected: &[&str], exact: bool| {
            let snapshots: Snapshots<'_> = if exact { &known } else { &unknown };
            between.replay(self.stack.as_ref()?, selected, snapshots)
        };
        let ways = [(&all, true), (&few, true), (&all, false), (&few, false)];
        let left = ways.into_iter().filter_map(|(selected, exact)| {
            let replayed = replay(selected, exact)?;
            Some(
                modified
                    .iter()
                    .filter(|path| !is_accounted_for(checkout, &replayed, path))
                    .cloned()
                    .collect(),
            )
        });
        left.min_by_key(Vec::len).unwrap_or(modified)
    }
}

/// The record that the last commit holds of a story.
pub(in crate::commands) fn record(checkout: &Checkout, story: &Story) -> Option<Record> {
    let path = record_path(story);
    let text = git::committed(&checkout.root, &path)?;
    Record::parse(&path, &text).ok()
}

fn is_recorded(checkout: &Checkout, environment: &str) -> bool {
    checkout
        .ledger
        .values()
        .any(|record| record.environments.contains_key(environment))
}

/// Whether a file is what the replay says, to the byte.
fn is_accounted_for(checkout: &Checkout, replayed: &Replayed, path: &str) -> bool {
    let now = checkout.digests.get(path);
    if let Some(document) = replayed.stack.files.get(path) {
        return now == Some(&Digest::of(document.text()));
    }
    let story = checkout
        .catalog
        .in_order()
        .into_iter()
        .find(|story| record_path(story) == path);
    let Some(story) = story else { return false };
    match replayed.ledger.get(&story.id).map(Record::text) {
        None => now.is_none(),
        Some(text) => text.is_ok_and(|text| now == Some(&Digest::of(text))),
    }
}

/// Git may keep a file with other line ends than it has in the working tree.
fn with_its_line_ends(committed: String, now: &str) -> String {
    if now.contains("\r\n") && !committed.contains('\r') {
        committed.replace('\n', "\r\n")
    } else {
        committed
    }
}
