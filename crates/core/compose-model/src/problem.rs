//! What stops a resolve, before its place is spelt out.

use crate::{Files, Origin, ViewError};

/// A [`ViewError`] in the making: the place is still an [`Origin`], because most of the pipeline
/// has no files at hand.
#[derive(Debug)]
pub(crate) enum Problem {
    Missing {
        path: String,
        named_by: Option<Origin>,
    },
    Rejected {
        at: Origin,
        reason: String,
    },
}

pub(crate) type Outcome<T> = Result<T, Problem>;

impl Problem {
    pub(crate) fn rejected(at: &Origin, reason: impl Into<String>) -> Self {
        Self::Rejected {
            at: at.clone(),
            reason: reason.into(),
        }
    }

    pub(crate) fn locate(self, files: &Files) -> ViewError {
        match self {
            Self::Rejected { at, reason } => ViewError::Rejected {
                at: at.locate(files),
                reason,
            },
            Self::Missing { path, named_by } => {
                let named_at = named_by.map_or_else(
                    || "the environment".to_owned(),
                    |origin| origin.locate(files),
                );
                ViewError::MissingFile { path, named_at }
            }
        }
    }
}
