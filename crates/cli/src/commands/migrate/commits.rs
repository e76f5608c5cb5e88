//! `--commit`: one commit of git a story, with nothing of another story in it.

use std::collections::BTreeSet;

use stories::{Record, Story};
use transaction::IGNORE_FILE;

use super::preview::Preview;
use super::request::MigrateRequest;
use crate::commands::dirty;
use crate::git;
use crate::pipeline::{Failure, Report, Run, Step, record_path};

/// Everything that would keep git from committing, as far as it can be known before the first
/// write. Only a hook or a signature can fail then. Gives what a person should know before.
///
/// # Errors
/// [`Failure`] with the command that clears it away.
pub(super) fn must_be_possible(preview: &Preview<'_>) -> Result<Option<String>, Failure> {
    let planned = preview.files();
    if planned.is_empty() {
        return Ok(None);
    }
    let root = &preview.run.checkout.root;
    let paths: Vec<_> = planned
        .iter()
        .copied()
        .chain([IGNORE_FILE])
        .map(str::to_owned)
        .collect();
    git::obstacle(root, &paths)
        .map_err(|obstacle| Failure::before_any(Step::NoCommit(obstacle)))?;
    none_left(preview, &planned)?;
    Ok(git::on_no_branch(root).then(|| {
        let git = git::spelt(root);
        format!("git is on no branch; keep the commits on one: {git} switch -c NAME")
    }))
}

/// A story that the last commit does not hold as the checkout does.
struct Left<'s> {
    story: &'s Story,
    /// What it wrote, or took back.
    files: Vec<String>,
}

impl<'s> Left<'s> {
    fn of(story: &'s Story, record: &Record) -> Self {
        Self {
            story,
            files: record
                .files()
                .into_iter()
                .chain([record_path(story)])
                .collect(),
        }
    }
}

/// A story that was applied or taken back and is not committed would get into the commit of the
/// next one that writes the same files.
fn none_left(preview: &Preview<'_>, planned: &BTreeSet<&str>) -> Result<(), Failure> {
    let root = &preview.run.checkout.root;
    let (mut applied, mut reverted) = left(preview.run)?;
    applied.retain(|left| {
        left.files
            .iter()
            .any(|file| planned.contains(file.as_str()))
    });
    let restored = preview.restored();
    let is_kept =
        |file: &String| planned.contains(file.as_str()) && !restored.contains(file.as_str());
    reverted.retain(|left| left.files.iter().any(is_kept));
    if applied.is_empty() && reverted.is_empty() {
        return Ok(());
    }
    let files: BTreeSet<_> = applied
        .iter()
        .chain(&reverted)
        .flat_map(|left| left.files.iter().cloned())
        .collect();
    let files: Vec<_> = files.into_iter().chain([IGNORE_FILE.to_owned()]).collect();
    let files = git::uncommitted(root, &files).map_err(Failure::no_answer)?;
    let titles = |left: &[Left<'_>]| {
        left.iter()
            .map(|left| message(left.story))
            .collect::<Vec<_>>()
    };
    let (applied, reverted) = (titles(&applied), titles(&reverted));
    let messages: Vec<_> = applied
        .iter()
        .cloned()
        .chain(reverted.iter().map(|title| format!("Revert {title}")))
        .collect();
    let command = git::by_hand(root, &files, &messages);
    Err(Failure::before_any(Step::Uncommitted {
        applied,
        reverted,
        command,
    }))
}

/// The stories that were applied since the last commit, and those that were taken back.
fn left(run: &Run) -> Result<(Vec<Left<'_>>, Vec<Left<'_>>), Failure> {
    let checkout = &run.checkout;
    let all = checkout.catalog.in_order();
    let records: Vec<_> = all.iter().map(|story| record_path(story)).collect();
    let open = git::uncommitted(&checkout.root, &records).map_err(Failure::no_answer)?;
    let (mut applied, mut reverted) = (Vec::new(), Vec::new());
    for story in all
        .into_iter()
        .filter(|story| open.contains(&record_path(story)))
    {
        let now = checkout.ledger.get(&story.id);
        let before = dirty::committed_record(checkout, story).filter(Record::is_applied);
        match (now, before) {
            (now, Some(before)) if !now.is_some_and(Record::is_applied) => {
                reverted.push(Left::of(story, &before))
            }
            (Some(now), _) => applied.push(Left::of(story, now)),
            (None, _) => {}
        }
    }
    Ok((applied, reverted))
}

/// One commit with the story's files and its record, where that is wanted.
///
/// # Errors
/// [`Failure`] with git's words and the command that commits it by hand.
pub(super) fn commit(
    run: &Run,
    request: &MigrateRequest,
    story: &Story,
    report: &Report,
) -> Result<(), Failure> {
    if !request.commit || run.dry || report.hashes.is_empty() {
        return Ok(());
    }
    let own = report.hashes.iter().map(|file| file.path.clone());
    let paths: BTreeSet<_> = own.chain([IGNORE_FILE.to_owned()]).collect();
    let paths: Vec<_> = paths.into_iter().collect();
    git::commit(&run.checkout.root, &paths, &message(story)).map_err(|words| {
        let command = git::by_hand(&run.checkout.root, &paths, &[message(story)]);
        Failure::git(story, words, command)
    })
}

fn message(story: &Story) -> String {
    format!("{} {}", story.id, story.title)
}
