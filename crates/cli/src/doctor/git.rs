//! Git.

use super::Finding;
use crate::git;

pub(super) fn check() -> Finding {
    match git::version() {
        Some(version) => Finding::ok("git", version),
        None => {
            let says = "git is not here: edits that are not committed are not noticed";
            Finding::warn("git", says, "https://git-scm.com/downloads")
        }
    }
}
