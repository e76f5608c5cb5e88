//! Why a story is not applied. Nothing was written.

use compose_edit::{EditError, OracleError, Path, Position};
use compose_model::Difference;
use compose_model::ViewError;

use crate::Question;
use crate::conflict::Conflict;

/// Why a story is not applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Something else stands where the story's part would go.
    #[error("conflict in {environment}")]
    Conflict {
        /// The environment.
        environment: String,
        /// Both sides.
        conflict: Box<Conflict>,
    },
    /// A person must answer first.
    #[error("waiting in {environment}: {}", .question.asks)]
    Question {
        /// The environment.
        environment: String,
        /// What is asked.
        question: Box<Question>,
    },
    /// A file that would be edited belongs to environments that were not selected too.
    #[error("{file} is also read by {}, which this run does not touch; run it for these environments together", .environments.join(" and "))]
    Shared {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// The other environments.
        environments: Vec<String>,
    },
    /// Environments that want different values share all their files.
    #[error("{} want different values, but share {file} and have no file of their own", .environments.join(" and "))]
    NoOwnFile {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// The environments.
        environments: Vec<String>,
    },
    /// The file that would be edited is one that git ignores.
    #[error("{environment}: git ignores {file}; such a file is read, never edited")]
    Ignored {
        /// The file; for an environment of which all files are ignored, all of them.
        file: String,
        /// The environment that reads it.
        environment: String,
    },
    /// The place of the edit comes through a merge key.
    #[error(
        "{file}:{at}: {path} comes from here through `<<`, and a key of the service's own would replace it whole; write it by hand{}",
        told(.parts)
    )]
    Merged {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// The key that the merge key brings.
        at: Position,
        /// The path that would be replaced.
        path: Path,
        /// What to write.
        parts: Vec<ByHand>,
    },
    /// The place of the edit is in an anchored node, which others share.
    #[error("{file}:{source}; write it by hand{}", told(.parts))]
    Anchored {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// What the editor says: the anchor, and where it is used.
        source: Box<EditError>,
        /// What to write: in the service itself, and in those that would take it too and stay as
        /// they are.
        parts: Vec<ByHand>,
    },
    /// The place of the edit is taken out on purpose.
    #[error(
        "{file}:{at}: {path} is taken out here with `!reset`; remove that line if it is meant to come back"
    )]
    Reset {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// What has the tag.
        at: Position,
        /// The path that is taken out.
        path: Path,
    },
    /// A file that the record names is not read any more.
    #[error(
        "{file}, which the story edited, is no file of the stack any more; if it has another name now, take the story out of it by hand, then run: cargo xtask ledger rebuild"
    )]
    Gone {
        /// The path of the file, from the root of the checkout.
        file: String,
    },
    /// What an operation takes out cannot come back: neither the record may hold it nor does the
    /// file from before have it.
    #[error(
        "{file}: what is put at {path} would be taken out again by the same story, and could not come back"
    )]
    Irreversible {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// What is taken out.
        path: Path,
    },
    /// A file that is to be written is there.
    #[error(
        "{file} is there already and says something else; move it away, then run the same command again"
    )]
    InTheWay {
        /// The path of the file, from the root of the checkout.
        file: String,
    },
    /// A file that is to be edited was not read: it is no text, or too large.
    #[error("{file} cannot be edited: it is no file that can be read as a text")]
    Unread {
        /// The path of the file, from the root of the checkout.
        file: String,
    },
    /// What is to come back is known to the machine alone that took it out.
    #[error(
        "{file}: what {} is not in the record, and neither this machine nor git has the file from before; run it on the machine that applied the story, or write it there by hand, then run: cargo xtask ledger rebuild",
        stood(.path)
    )]
    Forgotten {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// What is to come back.
        path: Path,
    },
    /// A service waits for the health that would no longer be checked.
    #[error(
        "{at}: {service} waits until {on} is healthy in {environment}, and would never start; take that condition out first"
    )]
    StillWaited {
        /// The environment.
        environment: String,
        /// The service that waits.
        service: String,
        /// The service whose health check would go.
        on: String,
        /// `file:line:column` of the condition.
        at: String,
    },
    /// The editor refuses the edit.
    #[error("{file}:{source}")]
    Edit {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// Why, with line and column.
        source: EditError,
    },
    /// The edited files give no model.
    #[error("the draft gives no model: {0}")]
    View(#[from] ViewError),
    /// The independent reader does not understand the edited file.
    #[error("{file}:{source}; write that line another way")]
    Oracle {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// Why.
        source: OracleError,
    },
    /// The draft changes what the story does not declare.
    #[error("{place}: the edit would also change {}, which the story does not declare", list(.differences))]
    Stray {
        /// Where: a file or an environment.
        place: String,
        /// What it would change.
        differences: Vec<Difference>,
    },
    /// Another file has the last word on a value that the draft adds.
    #[error(
        "{environment} would not say what the story wants at {path}: {at} has the last word; write it there by hand"
    )]
    Overridden {
        /// The environment.
        environment: String,
        /// The path.
        path: Path,
        /// `file:line:column` of what has the last word.
        at: String,
    },
    /// A selection of profiles would no longer resolve.
    #[error(
        "{environment}: a profile starts {service} without {on}, and Compose would no longer resolve it"
    )]
    Unresolved {
        /// The environment.
        environment: String,
        /// The service that would need the other one.
        service: String,
        /// The other one.
        on: String,
    },
    /// The story would not be satisfied by its own draft.
    #[error("a second apply would change {environment} again: {what}")]
    NotIdempotent {
        /// The environment.
        environment: String,
        /// What would be changed again.
        what: String,
    },
}

/// Lines to write by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// Where: a path such as `services.backend`, or `the file`.
    pub place: String,
    /// The lines, without the indent of the place.
    pub lines: Vec<String>,
}

impl Refusal {
    /// Whether the files stand in the story's way, so that a team may as well do without the story.
    #[must_use]
    pub fn is_of_the_files(&self) -> bool {
        let is_in_the_way = matches!(
            self,
            Self::NoOwnFile { .. } | Self::Merged { .. } | Self::Reset { .. } | Self::Edit { .. }
        ) || matches!(self, Self::Anchored { .. });
        // What the proof refuses comes of a file that says it otherwise.
        let is_unproved = matches!(
            self,
            Self::Overridden { .. }
                | Self::NotIdempotent { .. }
                | Self::Stray { .. }
                | Self::Oracle { .. }
                | Self::Unresolved { .. }
        );
        is_in_the_way || is_unproved
    }

    pub(crate) fn conflict(environment: &str, conflict: Conflict) -> Self {
        Self::Conflict {
            environment: environment.to_owned(),
            conflict: Box::new(conflict),
        }
    }
}

/// `stood at PATH`; of a whole file, that it held it.
fn stood(path: &Path) -> String {
    if path.segments().is_empty() {
        "it held".to_owned()
    } else {
        format!("stood at {path}")
    }
}

fn list(differences: &[Difference]) -> String {
    differences
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The lines to write, below the sentence that leads to them.
fn told(parts: &[ByHand]) -> String {
    let part = |part: &ByHand| {
        let lines = part
            .lines
            .iter()
            .map(|line| format!("\n      {line}"))
            .collect::<String>();
        format!("\n    in {}:{lines}", part.place)
    };
    if parts.is_empty() {
        String::new()
    } else {
        format!(
            ", then the same command again:{}",
            parts.iter().map(part).collect::<String>()
        )
    }
}
