//! Somebody's uncommitted edits do not get mixed with what a run writes unless somebody says so.

mod committed;

use transaction::Digest;

use super::Session;
use crate::ask::{self, Answer};
use crate::git;
use crate::pipeline::{Failure, Run, Step};
use committed::Committed;

pub(super) use committed::record as committed_record;

/// Those of some files that hold somebody's uncommitted edits. What this tool itself wrote is
/// nobody's.
///
/// # Errors
/// [`Failure`] where git is there and does not say.
pub(super) fn edited(run: &Run, files: &[String]) -> Result<Vec<String>, Failure> {
    let checkout = &run.checkout;
    let mut modified = git::modified(&checkout.root, files).map_err(Failure::no_answer)?;
    if !modified.is_empty() {
        let own = checkout.memory.written();
        let digest = |path: &String| checkout.digests.get(path).map(Digest::to_string);
        modified.retain(|path| own.get(path) != Some(&digest(path)));
    }
    if !modified.is_empty() {
        let committed = Committed::of(checkout).map_err(Failure::no_answer)?;
        modified = committed.edited_since(checkout, modified);
    }
    Ok(modified)
}

/// Asks whether files that hold uncommitted edits may be written; in scripts a flag answers.
///
/// # Errors
/// [`Failure`] unless somebody says yes, and where it is not known whether there is something to
/// ask; nothing is written then.
pub(super) fn settle(
    session: &Session,
    dirty: Result<Vec<String>, Failure>,
) -> Result<(), Failure> {
    let dirty = dirty?;
    if dirty.is_empty() {
        return Ok(());
    }
    let files: Vec<_> = dirty.iter().map(|file| format!("  {file}")).collect();
    let question = format!(
        "These files will be written, and git calls them modified:\n{}\nGo on? (in scripts: --allow-dirty)",
        files.join("\n")
    );
    match ask::confirm(&session.screen, question) {
        Answer::Yes => Ok(()),
        Answer::No | Answer::Nobody => Err(Failure::before_any(Step::Dirty(dirty))),
    }
}
