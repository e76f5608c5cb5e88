//! Git.

use diagnostics::{Diagnostic, Remedy};

use super::{pass, warning};
use crate::git;

pub(super) fn check() -> Diagnostic {
    match git::version() {
        Some(version) => pass("git", version),
        None => {
            let says = "git is not here: edits that are not committed are not noticed";
            warning(
                "git",
                says,
                Remedy::advice("", "https://git-scm.com/downloads"),
            )
        }
    }
}
