//! The language in which the specification's tables (`spec.rs`) say what a value may be.

use crate::format::Format;

/// What a value may be.
///
/// Compose knows two type systems: the JSON schema, and the Go types that the model is decoded
/// into. A kind is what both let through together, so `"yes"` is a [`Kind::Flag`] and `"maybe"` is
/// not, though both are strings for the schema.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Whatever one likes, as below `x-…`.
    Anything,
    /// Nothing, `~` or `null`.
    Null,
    /// Any text.
    Text,
    /// Text in a form of its own, such as a duration.
    Formatted(Format),
    /// One of these texts.
    Words(&'static [&'static str]),
    /// `true` or `false`, never as text.
    Bool,
    /// `true` or `false`, or a text that says so.
    Flag,
    /// A number.
    Number(Number),
    /// A list.
    List(&'static List),
    /// A mapping whose keys are the user's.
    Map(&'static Map),
    /// A mapping whose keys are the specification's.
    Object(&'static Object),
    /// Any of these; they differ in the type of value that they take.
    OneOf(&'static [Kind]),
}

/// Which numbers, and which texts in their stead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    /// Whether a fraction is refused; `2.0` has none.
    pub whole: bool,
    /// What a text must be to stand for a number.
    pub text: NumberText,
    /// The smallest allowed.
    pub min: Option<i64>,
    /// The greatest allowed.
    pub max: Option<i64>,
}

/// The texts that stand for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberText {
    /// None: a number in quotes is refused.
    Refused,
    /// `"3"`
    Whole,
    /// `"0.5"`
    Real,
    /// `"512m"`
    Size,
}

/// A list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    /// What an item may be.
    pub item: Kind,
    /// Whether two equal items are refused. Many lists of the specification are unique by name
    /// only: Compose drops what is there twice before it looks.
    pub unique: bool,
}

/// A mapping whose keys are the user's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Map {
    /// Which keys have values of the given kind.
    pub keys: Keys,
    /// What a value under such a key may be.
    pub value: Kind,
    /// Whether other keys are allowed, with any value.
    pub others: bool,
}

/// Keys that users choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Any but the empty one.
    Filled,
    /// Letters, digits, `.`, `_` and `-`: names of services, volumes and the like.
    Name,
    /// Small letters only: names of limits.
    Lowercase,
}

/// A mapping whose keys are the specification's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object {
    /// The keys and what stands under them.
    pub fields: &'static [Field],
    /// Keys that must be there.
    pub required: &'static [&'static str],
    /// Which further keys are let through.
    pub others: Others,
}

/// Keys of an [`Object`] that the specification does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// None.
    Refused,
    /// `x-…`
    Extensions,
    /// All.
    Allowed,
}

/// A key of the specification and what stands under it.
pub(crate) type Field = (&'static str, Kind);

/// Any number; no text.
pub(crate) const NUMBER: Kind = Kind::Number(Number {
    whole: false,
    ..WHOLE_ONLY
});
/// Any number, also as text.
pub(crate) const REAL: Kind = Kind::Number(Number {
    whole: false,
    text: NumberText::Real,
    ..WHOLE_ONLY
});
/// Any number, or a whole one as text.
pub(crate) const NUMBER_OR_WHOLE_TEXT: Kind = Kind::Number(Number {
    whole: false,
    text: NumberText::Whole,
    ..WHOLE_ONLY
});
/// A whole number; no text.
pub(crate) const WHOLE: Kind = Kind::Number(WHOLE_ONLY);
/// A whole number, also as text.
pub(crate) const INTEGER: Kind = Kind::Number(Number {
    text: NumberText::Whole,
    ..WHOLE_ONLY
});
/// A whole number from 0, also as text.
pub(crate) const COUNT: Kind = Kind::Number(Number {
    text: NumberText::Whole,
    min: Some(0),
    ..WHOLE_ONLY
});
/// A number of bytes or a text such as `512m`.
pub(crate) const SIZE: Kind = Kind::Number(Number {
    whole: false,
    text: NumberText::Size,
    ..WHOLE_ONLY
});
/// A whole number of bytes or a text such as `512m`.
pub(crate) const WHOLE_SIZE: Kind = Kind::Number(Number {
    text: NumberText::Size,
    ..WHOLE_ONLY
});
/// Text such as `1m30s`.
pub(crate) const DURATION: Kind = Kind::Formatted(Format::Duration);

/// A whole number without bounds.
pub(crate) const WHOLE_ONLY: Number = Number {
    whole: true,
    text: NumberText::Refused,
    min: None,
    max: None,
};

impl Object {
    /// An object that may have `x-…` keys, as most.
    pub(crate) const fn new(fields: &'static [Field]) -> Self {
        Self {
            fields,
            required: &[],
            others: Others::Extensions,
        }
    }

    /// The mapping with keys that must be there.
    pub(crate) const fn requiring(self, required: &'static [&'static str]) -> Self {
        Self { required, ..self }
    }

    /// The mapping without `x-…` keys.
    pub(crate) const fn closed(self) -> Self {
        Self {
            others: Others::Refused,
            ..self
        }
    }

    /// The mapping with any further keys.
    pub(crate) const fn open(self) -> Self {
        Self {
            others: Others::Allowed,
            ..self
        }
    }

    /// What stands under a key of the specification.
    pub(crate) fn field(&self, key: &str) -> Option<Kind> {
        self.fields
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, kind)| *kind)
    }

    /// Whether a key that is not of the specification is let through.
    pub(crate) fn lets_through(&self, key: &str) -> bool {
        match self.others {
            Others::Refused => false,
            Others::Extensions => key.starts_with("x-"),
            Others::Allowed => true,
        }
    }
}

impl Keys {
    /// Whether a key is one of these.
    pub(crate) fn take(self, key: &str) -> bool {
        let allowed = |c: char| match self {
            Self::Filled => true,
            Self::Name => c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'),
            Self::Lowercase => c.is_ascii_lowercase(),
        };
        !key.is_empty() && key.chars().all(allowed)
    }
}
