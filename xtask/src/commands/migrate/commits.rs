//! `--commit`: one commit of git a story, with nothing of another story in it.

use std::collections::BTreeSet;

use stories::{Record, Story};

use super::{Orders, rehearse};
use crate::commands::Session;
use crate::commit::IGNORE_FILE;
use crate::git;
use crate::pipeline::{Failure, Report, Run, Step, record_path};

/// Everything that would keep git from committing, as far as it can be known before the first write. Only a hook or a
/// signature can fail then.
///
/// # Errors
/// [`Failure`] with the command that clears it away.
pub(super) fn must_be_possible(session: &Session, run: &Run, orders: &Orders) -> Result<(), Failure> {
    let planned: BTreeSet<_> =
        rehearse(run, orders).into_iter().flat_map(|report| report.hashes).map(|file| file.path).collect();
    if planned.is_empty() {
        return Ok(());
    }
    let root = &run.checkout.root;
    let paths: Vec<_> = planned.iter().cloned().chain([IGNORE_FILE.to_owned()]).collect();
    git::obstacle(root, &paths).map_err(|obstacle| Failure::before_any(Step::NoCommit(obstacle)))?;
    none_left(run, &planned)?;
    if git::on_no_branch(root) {
        let git = git::spelt(root);
        session.screen.warn(format_args!("git is on no branch; keep the commits on one: {git} switch -c NAME"));
    }
    Ok(())
}

/// A story that was applied and is not committed would get into the commit of the next one that writes the same files.
fn none_left(run: &Run, planned: &BTreeSet<String>) -> Result<(), Failure> {
    let all = run.checkout.catalog.in_order();
    let shares = |story: &&&Story, record: &Record| {
        planned.contains(&record_path(story)) || planned.iter().any(|file| record.edits(file))
    };
    let recorded = |story: &&&Story| run.checkout.ledger.get(&story.id).is_some_and(|record| shares(story, record));
    let recorded: Vec<_> = all.iter().filter(recorded).copied().collect();
    let records: Vec<_> = recorded.iter().map(|story| record_path(story)).collect();
    let open = git::uncommitted(&run.checkout.root, &records).map_err(Failure::no_answer)?;
    let left: Vec<_> = recorded.into_iter().filter(|story| open.contains(&record_path(story))).collect();
    if left.is_empty() {
        return Ok(());
    }
    let undone = left.iter().filter_map(|story| run.checkout.ledger.get(&story.id));
    let files = undone.flat_map(Record::files);
    let files: BTreeSet<_> =
        files.chain(left.iter().map(|story| record_path(story))).chain([IGNORE_FILE.to_owned()]).collect();
    let files: Vec<_> = files.into_iter().collect();
    let files = git::uncommitted(&run.checkout.root, &files).map_err(Failure::no_answer)?;
    let stories: Vec<_> = left.iter().map(|story| message(story)).collect();
    let command = git::by_hand(&run.checkout.root, &files, &stories);
    Err(Failure::before_any(Step::Uncommitted { stories, command }))
}

/// One commit with the story's files and its record, where that is wanted.
///
/// # Errors
/// [`Failure`] with git's words and the command that commits it by hand.
pub(super) fn commit(run: &Run, orders: &Orders, story: &Story, report: &Report) -> Result<(), Failure> {
    if !orders.commit || run.dry || report.hashes.is_empty() {
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
