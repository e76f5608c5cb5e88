//! Forms that several sections share.

use crate::format::Format;
use crate::grammar::{INTEGER, Keys, Kind, List, Map, NUMBER, Object, WHOLE};

/// A list of texts in which Compose itself drops what is there twice.
pub(super) const TEXTS: Kind = Kind::List(&List {
    item: Kind::Text,
    unique: false,
});

/// A list of texts that must differ.
pub(super) const DIFFERENT_TEXTS: Kind = Kind::List(&List {
    item: Kind::Text,
    unique: true,
});

/// One text or a list of texts.
pub(super) const TEXT_OR_TEXTS: Kind = Kind::OneOf(&[Kind::Text, TEXTS]);

/// One text or a list of texts that must differ.
pub(super) const TEXT_OR_DIFFERENT_TEXTS: Kind = Kind::OneOf(&[Kind::Text, DIFFERENT_TEXTS]);

/// `KEY: value` or `- KEY=value`; a key twice in the list is one to Compose.
pub(super) const PAIRS: Kind = Kind::OneOf(&[PAIR_MAP, TEXTS]);

/// `KEY: value` or `- KEY=value`, where equal items are refused.
pub(super) const DIFFERENT_PAIRS: Kind = Kind::OneOf(&[PAIR_MAP, DIFFERENT_TEXTS]);

/// `KEY: value` with any single value.
pub(super) const PAIR_MAP: Kind = Kind::Map(&Map {
    keys: Keys::Filled,
    value: SCALAR,
    others: false,
});

/// Any single value.
const SCALAR: Kind = Kind::OneOf(&[Kind::Text, NUMBER, Kind::Bool, Kind::Null]);

/// Options for a driver: texts and numbers.
pub(super) const DRIVER_OPTIONS: Kind = Kind::Map(&Map {
    keys: Keys::Filled,
    value: Kind::OneOf(&[Kind::Text, NUMBER]),
    others: true,
});

/// A command as one line, which is split as a shell does, or as its words.
pub(super) const COMMAND: Kind =
    Kind::OneOf(&[Kind::Null, Kind::Formatted(Format::CommandLine), TEXTS]);

/// A command at a point of a container's life.
pub(super) const HOOK: Kind = Kind::Object(
    &Object::new(&[
        ("command", COMMAND),
        ("user", Kind::Text),
        ("privileged", Kind::Flag),
        ("working_dir", Kind::Text),
        ("environment", DIFFERENT_PAIRS),
    ])
    .requiring(&["command"]),
);

/// `host: address` or `- host=address`. That a list has no item twice is seen where it is written:
/// in the model `:` is `=`.
pub(super) const EXTRA_HOSTS: Kind = Kind::OneOf(&[
    Kind::Map(&Map {
        keys: Keys::Filled,
        value: TEXT_OR_TEXTS,
        others: false,
    }),
    Kind::List(&List {
        item: Kind::Formatted(Format::HostEntry),
        unique: false,
    }),
]);

/// Limits of a process: one number, or a soft and a hard one.
pub(super) const ULIMITS: Kind = Kind::Map(&Map {
    keys: Keys::Lowercase,
    value: Kind::OneOf(&[
        INTEGER,
        Kind::Object(
            &Object::new(&[("hard", INTEGER), ("soft", INTEGER)]).requiring(&["soft", "hard"]),
        ),
    ]),
    others: true,
});

/// Limits of a build, where Compose reads no number in quotes.
pub(super) const BUILD_ULIMITS: Kind = Kind::Map(&Map {
    keys: Keys::Lowercase,
    value: Kind::OneOf(&[
        WHOLE,
        Kind::Object(
            &Object::new(&[("hard", WHOLE), ("soft", WHOLE)]).requiring(&["soft", "hard"]),
        ),
    ]),
    others: true,
});
