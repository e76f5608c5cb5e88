//! What the editor refuses, by name and place.

use crate::{Path, Position};

/// Why a text could not be read or an edit was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The text is not YAML.
    #[error("{at}: not YAML: {reason}")]
    Syntax {
        /// Where the parser stopped.
        at: Position,
        /// The parser's words.
        reason: String,
    },
    /// A mapping has the same key twice; Compose refuses such a file too.
    #[error("{at}: duplicate key `{key}` (first at {first})")]
    DuplicateKey {
        /// The second key.
        at: Position,
        /// The first key.
        first: Position,
        /// The key.
        key: String,
    },
    /// A carriage return that is no part of a CRLF: some parsers end a line there, some do not.
    #[error("{at}: a carriage return without a line feed")]
    LoneCarriageReturn {
        /// The carriage return.
        at: Position,
    },
    /// A byte order mark that is not the first character of the text: parsers disagree about what
    /// it is.
    #[error("{at}: a byte order mark inside of the text")]
    StrayByteOrderMark {
        /// The mark.
        at: Position,
    },
    /// The text holds more than one YAML document; which one is meant is anybody's guess.
    #[error("{at}: another document starts here; an edit needs a file of one document")]
    SeveralDocuments {
        /// The second document.
        at: Position,
    },
    /// There is no such node.
    #[error("{at}: there is no `{path}`")]
    NotFound {
        /// The innermost collection that is there.
        at: Position,
        /// The path that was asked for.
        path: Path,
    },
    /// The node is of another kind than the edit needs.
    #[error("{at}: `{path}` is no {wanted}")]
    WrongKind {
        /// The node.
        at: Position,
        /// Its path.
        path: Path,
        /// The kind that the edit needs.
        wanted: Kind,
    },
    /// The path leads through an alias: what is behind it belongs to the anchored node.
    #[error("{at}: `{path}` leads through the alias *{name}")]
    ThroughAlias {
        /// The alias.
        at: Position,
        /// The path that was asked for.
        path: Path,
        /// The alias' name.
        name: String,
    },
    /// The edit would change an anchored node that aliases share, and was not allowed to.
    #[error(
        "{at}: `{path}` is shared: &{anchor} is used again at {}",
        join(aliases)
    )]
    Shared {
        /// The anchored node.
        at: Position,
        /// The path of the edit.
        path: Path,
        /// The anchor's name.
        anchor: String,
        /// Where the aliases are.
        aliases: Vec<Position>,
    },
    /// The edit would remove an anchor that aliases need.
    #[error("{at}: `{path}` holds &{anchor}, which is used at {}", join(aliases))]
    AnchorInUse {
        /// The anchored node.
        at: Position,
        /// The path of the edit.
        path: Path,
        /// The anchor's name.
        anchor: String,
        /// Where the aliases are.
        aliases: Vec<Position>,
    },
    /// What is put here has an alias whose anchor is not above, or an anchor whose name others use.
    #[error("{at}: &{anchor} would not be the same here")]
    AnchorMissing {
        /// The collection that it is put into.
        at: Position,
        /// The anchor's name.
        anchor: String,
    },
    /// The mapping has this key already.
    #[error("{at}: the key `{key}` is there already")]
    KeyExists {
        /// The key that is there.
        at: Position,
        /// The key.
        key: String,
    },
    /// The root is no member of anything: it cannot be removed or renamed.
    #[error("{at}: the root of the file cannot be removed or renamed")]
    IsRoot {
        /// The root.
        at: Position,
    },
    /// A block scalar that keeps blank lines would take those below its new place for its own.
    #[error("{at}: blank lines here would become part of the text that is moved above them")]
    KeptBlankLines {
        /// The end of the line above the blank ones.
        at: Position,
    },
    /// Two edits of one go touch the same node, or one touches what another inserts.
    #[error("{at}: `{path}` is touched by another edit of the same go")]
    AlreadyEdited {
        /// The node, or the innermost collection that is there.
        at: Position,
        /// The path of the second edit.
        path: Path,
    },
    /// A key written as `? key`.
    #[error("{at}: a key written with `?`")]
    ExplicitKey {
        /// The key.
        at: Position,
    },
    /// A pair in brackets without braces of its own, as in `[key: value]`.
    #[error("{at}: a pair in a list without braces of its own")]
    BarePair {
        /// The pair.
        at: Position,
    },
    /// A tab where indentation is counted.
    #[error("{at}: a tab in the indentation")]
    TabIndentation {
        /// The line's first character.
        at: Position,
    },
    /// A list item that cannot become a key: no scalar, or one of more characters than a key may
    /// have.
    #[error("{at}: this item cannot become a key")]
    ItemIsNoKey {
        /// The item.
        at: Position,
    },
    /// A fragment of several lines that cannot stand in braces or brackets.
    #[error("{at}: a fragment of block lines cannot stand in braces or brackets")]
    BlockInFlow {
        /// The collection in braces or brackets.
        at: Position,
    },
    /// A new key that is empty, has line breaks or more characters than a key may have, or a value
    /// for [`crate::NewScalar::plain`] that needs quotes.
    #[error("{at}: {text:?} cannot be written {form}")]
    Unwritable {
        /// Where it should go.
        at: Position,
        /// The text.
        text: String,
        /// As what it was to be written.
        form: &'static str,
    },
    /// The edited text could not be read again. This is a bug here or an oddity of the file;
    /// nothing was changed.
    #[error("the edited text could not be read again: {0}")]
    Unreadable(Box<EditError>),
}

/// The kinds of node that an edit can need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A single value.
    Scalar,
    /// Keys and values.
    Mapping,
    /// Items.
    Sequence,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Scalar => "single value",
            Self::Mapping => "mapping",
            Self::Sequence => "list",
        })
    }
}

impl EditError {
    /// Where in the text the refusal is about.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Unreadable(error) => error.position(),
            own => own.clone().places().into_iter().next().copied(),
        }
    }

    /// The refusal with its places moved to those of another text.
    pub(crate) fn at_other_places(mut self, place: impl Fn(Position) -> Position) -> Self {
        self.places().into_iter().for_each(|at| *at = place(*at));
        self
    }

    /// Every place of the text that it names; first the one that it is about.
    fn places(&mut self) -> Vec<&mut Position> {
        match self {
            Self::DuplicateKey { at, first, .. } => vec![at, first],
            Self::Shared { at, aliases, .. } | Self::AnchorInUse { at, aliases, .. } => {
                [at].into_iter().chain(aliases).collect()
            }
            Self::Syntax { at, .. }
            | Self::LoneCarriageReturn { at }
            | Self::StrayByteOrderMark { at }
            | Self::SeveralDocuments { at }
            | Self::NotFound { at, .. }
            | Self::WrongKind { at, .. }
            | Self::ThroughAlias { at, .. }
            | Self::AnchorMissing { at, .. }
            | Self::KeyExists { at, .. }
            | Self::IsRoot { at }
            | Self::KeptBlankLines { at }
            | Self::AlreadyEdited { at, .. }
            | Self::ExplicitKey { at }
            | Self::BarePair { at }
            | Self::TabIndentation { at }
            | Self::ItemIsNoKey { at }
            | Self::BlockInFlow { at }
            | Self::Unwritable { at, .. } => vec![at],
            // Its place is in the edited text, and it says so.
            Self::Unreadable(_) => Vec::new(),
        }
    }
}

fn join(places: &[Position]) -> String {
    places
        .iter()
        .map(Position::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
