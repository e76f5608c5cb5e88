//! A record's files without the story's edits, all at once.

use std::collections::BTreeMap;

use compose_edit::Document;
use compose_model::Files;

use super::kept::{Kept, is_kept};
use super::{Edited, Way, steps};
use crate::refusal::Refusal;
use crate::{Record, Stack, Undo};

/// A record's files without the story's edits.
pub(super) struct UndoneFiles {
    /// The stack with them.
    pub stack: Stack,
    /// Those that change, with how.
    pub changed: BTreeMap<String, Way>,
    /// What was not as the record says.
    pub edited: Vec<Edited>,
}

impl UndoneFiles {
    /// The bytes from before serve where all of a file's edits are undone in them and none of them is to be kept.
    pub(super) fn make(
        stack: &Stack,
        record: &Record,
        preimages: &BTreeMap<String, String>,
        kept: &Kept,
    ) -> Result<Self, Refusal> {
        let (mut files, mut changed) = (Files::new(), BTreeMap::new());
        let mut edited = Vec::new();
        for (file, steps) in &record.undo {
            let document = stack.files.get(file).ok_or_else(|| Refusal::Gone { file: file.clone() })?;
            let steps: Vec<_> = steps.iter().filter(|step| !is_kept(file, step, kept)).cloned().collect();
            let exact = preimages.get(file).and_then(|text| preimage(text, &steps, (file, kept)));
            let way = if exact.is_some() { Way::Exact } else { Way::Structural };
            let undone = match exact {
                Some(document) => document,
                None => {
                    let undone = steps::undo_all(file, document, &steps)?;
                    edited.extend(undone.edited);
                    undone.document
                }
            };
            if undone.text() != document.text() {
                changed.insert(file.clone(), way);
                files.insert(file.clone(), undone);
            }
        }
        let stack = if files.is_empty() { stack.clone() } else { stack.with(files)? };
        Ok(Self { stack, changed, edited })
    }
}

/// The text from before, if it is that: every edit is undone in it, and nothing that is to be kept is.
fn preimage(text: &str, steps: &[Undo], (file, kept): (&str, &Kept)) -> Option<Document> {
    let document = Document::parse(text).ok()?;
    let mut own = kept.keys().filter(|(other, _)| other == file);
    let holds_all = own.all(|(_, path)| document.get(path).is_some());
    (holds_all && steps.iter().all(|step| step.is_undone_in(&document))).then_some(document)
}
