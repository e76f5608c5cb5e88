//! Edits that `git status` does not show, for somebody told git not to look: `git update-index
//! --skip-worktree` and `--assume-unchanged`.

use std::path::Path;

use super::call::Git;
use super::{GitUnavailable, answer, by_repository};

/// Those of some files that git was told not to look at, and that differ from what it has all the
/// same.
pub(super) fn edited(
    git: &Git<'_>,
    repository: &Path,
    names: &[String],
) -> Result<Vec<String>, GitUnavailable> {
    let flagged = flagged(git, names)?;
    let there: Vec<_> = flagged
        .into_iter()
        .filter(|name| repository.join(name).is_file())
        .collect();
    if there.is_empty() {
        return Ok(there);
    }
    let staged =
        answer(git.look(&["ls-files", "--stage", "-z", "--"], &there)?)?.unwrap_or_default();
    let now = answer(git.look(&["hash-object", "--"], &there)?)?.unwrap_or_default();
    // `100644 HASH 0\tpath`, and a hash a line.
    let is_staged = |name: &str, hash: &str| {
        let fields = staged
            .split('\0')
            .filter_map(|entry| entry.split_once('\t'));
        fields
            .filter(|(_, path)| *path == name)
            .any(|(fields, _)| fields.split(' ').nth(1) == Some(hash))
    };
    let pairs = there.iter().zip(now.lines());
    Ok(pairs
        .filter(|(name, hash)| !is_staged(name, hash))
        .map(|(name, _)| name.clone())
        .collect())
}

/// Those of some files of a checkout that git was told not to look at; none where it does not say.
#[must_use]
pub fn hidden(root: &Path, paths: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (repository, mut names) in by_repository(root, paths) {
        let all: Vec<_> = names.keys().cloned().collect();
        let flagged = flagged(&Git::at(&repository), &all).unwrap_or_default();
        found.extend(flagged.iter().filter_map(|name| names.remove(name)));
    }
    found
}

fn flagged(git: &Git<'_>, names: &[String]) -> Result<Vec<String>, GitUnavailable> {
    let listed = answer(git.look(&["ls-files", "-v", "-z", "--"], names)?)?.unwrap_or_default();
    // `S path` for one whose place in the tree is skipped; small letters for those that are assumed
    // unchanged.
    let is_flagged = |tag: &str| tag == "S" || tag.chars().all(|c| c.is_ascii_lowercase());
    let entries = listed.split('\0').filter_map(|entry| entry.split_once(' '));
    Ok(entries
        .filter(|(tag, _)| is_flagged(tag))
        .map(|(_, name)| name.to_owned())
        .collect())
}
