//! A record's files without the story's edits, all at once.

use std::collections::{BTreeMap, BTreeSet};

use compose_edit::{Document, Path};

use super::kept::{Kept, is_kept};
use super::{Before, Edited, RevertMethod};
use crate::op::{self, Found};
use crate::refusal::Refusal;
use crate::{FileState, Operation, Record, Stack, Workspace};

/// A record's files without the story's edits.
pub(super) struct UndoneFiles {
    /// The stack with them.
    pub stack: Stack,
    /// Those that change, with how.
    pub changed: BTreeMap<String, RevertMethod>,
    /// What was not as the record says.
    pub edited: Vec<Edited>,
}

impl UndoneFiles {
    /// What this machine has from before serves where all of a file's edits are undone in it and
    /// none of them is to be kept; else they are undone one by one. What is known from before
    /// serves then, too, where the edits made again on it give the files of now.
    pub(super) fn make(
        stack: &Stack,
        record: &Record,
        before: &BTreeMap<String, Before>,
        kept: &Kept,
    ) -> Result<Self, Refusal> {
        let undo = record.undo.iter().filter(|own| !is_kept(own, kept));
        let undo: Vec<_> = undo.cloned().collect();
        let exact = exact_files(before, &undo, kept);
        let known = before
            .iter()
            .map(|(file, own)| (file.clone(), own.state(file)))
            .collect();
        let mut workspace = Workspace::of(stack).with_before(known);
        exact
            .iter()
            .for_each(|file| workspace.put(file, before[file].state(file)));
        let is_exact = |own: &&Operation| own.files().iter().all(|file| exact.contains(file));
        let mut edited = Vec::new();
        let mut again = Vec::new();
        for operation in undo.iter().filter(|own| !is_exact(own)) {
            if let Some(undone) = undo_one(&mut workspace, operation)? {
                edited.extend(undone.edited);
                again.extend(undone.again);
            }
        }
        again.reverse();
        let mut made_again = if kept.is_empty() {
            made_again(stack, before, &again)
        } else {
            BTreeSet::new()
        };
        made_again.extend(
            before
                .iter()
                .filter(|(file, own)| own.is_meant(file, &workspace))
                .map(|(file, _)| file.clone()),
        );
        made_again
            .iter()
            .for_each(|file| workspace.put(file, before[file].state(file)));
        let method = |file: &String| match exact.contains(file) || made_again.contains(file) {
            true => before[file].method,
            false => RevertMethod::Structural,
        };
        let changed = workspace
            .changed(stack)
            .into_iter()
            .map(|file| (file.clone(), method(&file)))
            .collect();
        let stack = stack.after(workspace)?;
        Ok(Self {
            stack,
            changed,
            edited,
        })
    }
}

/// What became of one operation.
struct UndoneOne {
    edited: Option<Edited>,
    /// What makes the edit again.
    again: Option<Operation>,
}

/// Undoes one edit; none where nothing of it is left.
fn undo_one(
    workspace: &mut Workspace<'_>,
    operation: &Operation,
) -> Result<Option<UndoneOne>, Refusal> {
    match operation.is_in_document() {
        true => workspace.document(&operation.node().file).map(drop)?,
        false => operation
            .files()
            .iter()
            .try_for_each(|file| workspace.known(file).map(drop))?,
    }
    let (what, is_gone) = match operation.found(workspace) {
        Found::Done => return Ok(None),
        Found::AsExpected => (None, false),
        Found::Different(what) => (Some(what), false),
        Found::Gone(what) => (Some(what), true),
    };
    let edited = what.map(|what| Edited {
        what,
        at: locate(workspace, operation),
    });
    if is_gone {
        return Ok(Some(UndoneOne {
            edited,
            again: None,
        }));
    }
    let again = op::make(workspace, std::slice::from_ref(operation))?.pop();
    Ok(Some(UndoneOne { edited, again }))
}

/// `file:line:column` of what an operation is about, or of the nearest thing that is there.
fn locate(workspace: &Workspace<'_>, operation: &Operation) -> String {
    let place = operation.node();
    let mut nearest = std::iter::successors(Some(place.path), Path::parent);
    let there = workspace
        .document(&place.file)
        .ok()
        .and_then(|document| nearest.find_map(|path| document.get(&path)));
    there.map_or_else(
        || place.file.clone(),
        |node| format!("{}:{}", place.file, node.position()),
    )
}

/// The files of which this machine has what they held before: every edit is undone in it, and
/// nothing that is to be kept is. An edit of several files needs all of them.
fn exact_files(
    before: &BTreeMap<String, Before>,
    undo: &[Operation],
    kept: &Kept,
) -> BTreeSet<String> {
    let mut workspace = Workspace::default();
    before
        .iter()
        .for_each(|(file, own)| workspace.put(file, own.state(file)));
    let holds_kept = |file: &String| {
        let mut own = kept.keys().filter(|place| place.file == *file);
        own.all(|place| {
            workspace
                .document(file)
                .is_ok_and(|document| document.get(&place.path).is_some())
        })
    };
    let snapshots = before
        .iter()
        .filter(|(_, own)| own.method == RevertMethod::Snapshot)
        .map(|(file, _)| file.clone());
    let mut exact: BTreeSet<_> = snapshots.filter(holds_kept).collect();
    loop {
        // What an operation does not say it takes from the file from before, which is this one.
        let is_undone = |own: &Operation| own.need().is_some() || own.is_undone(&workspace);
        let is_left = |own: &&Operation| {
            !is_undone(own) || !own.files().iter().all(|file| exact.contains(file))
        };
        let out: BTreeSet<_> = undo
            .iter()
            .filter(is_left)
            .flat_map(Operation::files)
            .collect();
        let fewer: BTreeSet<_> = exact.difference(&out).cloned().collect();
        if fewer == exact {
            return exact;
        }
        exact = fewer;
    }
}

/// The files that are known from before, where the story's edits made again on them give the files
/// of now: nobody has edited these since.
fn made_again(
    stack: &Stack,
    before: &BTreeMap<String, Before>,
    again: &[Operation],
) -> BTreeSet<String> {
    let files: BTreeSet<_> = again
        .iter()
        .flat_map(Operation::files)
        .filter(|file| before.contains_key(file))
        .collect();
    let now = stack
        .files
        .iter()
        .map(|(file, document)| (file.clone(), FileState::yaml(document.clone())))
        .collect();
    let mut workspace = Workspace::of(stack).with_before(now);
    files
        .iter()
        .for_each(|file| workspace.put(file, before[file].state(file)));
    let is_again = op::take_back(&mut workspace, again).is_ok();
    files
        .into_iter()
        .filter(|file| is_again && workspace.text(file) == stack.text(file))
        .collect()
}

impl Before {
    /// Whether this machine's snapshot says what a file says without the story, comments included;
    /// its layout is then the better one.
    fn is_meant(&self, file: &str, undone: &Workspace<'_>) -> bool {
        let (Some(text), Some(now)) = (&self.text, undone.text(file)) else {
            return false;
        };
        let is_same = compose_edit::differences(now, text).is_ok_and(|found| found.is_empty());
        let comments = |document: &Document| {
            let mut comments: Vec<_> = document
                .comments()
                .iter()
                .map(|comment| comment.text.to_owned())
                .collect();
            comments.sort();
            comments
        };
        let all = undone.document(file).map(&comments).ok();
        self.method == RevertMethod::Snapshot
            && is_same
            && all
                == Document::parse(text.as_str())
                    .map(|own| comments(&own))
                    .ok()
    }

    fn state(&self, file: &str) -> FileState<'static> {
        self.text
            .clone()
            .map_or(FileState::Absent, |text| FileState::of(file, text))
    }
}
