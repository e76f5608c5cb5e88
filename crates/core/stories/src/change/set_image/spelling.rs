//! Where an image's text says its version: in the text itself, in the word of a variable, or in the
//! value of one.

use std::ops::Range;

use compose_model::{GivenBy, ImageRef, Piece, SetBy, Setting, Value};

use super::Tag;
use crate::conflict::Conflict;
use crate::context::Context;

/// How the tag of an image is spelled.
pub(super) struct Spelling<'a> {
    /// The image as it is written.
    text: &'a str,
    pieces: Vec<Piece>,
    /// The tag.
    tag: String,
    /// Its bytes in what the pieces come to.
    at: Range<usize>,
}

/// What says another version.
pub(super) enum Replaced {
    /// The image as it is to be written.
    Text(String),
    /// A variable with another value.
    Value {
        /// Its name.
        name: String,
        /// The value that it is to have.
        value: String,
    },
}

impl<'a> Spelling<'a> {
    pub(super) fn of(cx: &Context<'_>, written: &'a Value, image: &ImageRef) -> Self {
        let text = written.as_str().unwrap_or_default();
        let pieces = cx.view.pieces(text, &written.origin).unwrap_or_default();
        let length: usize = pieces.iter().map(|piece| piece.text.len()).sum();
        let tag = image.tag.clone().unwrap_or_default();
        let at = length - tag.len().min(length)..length;
        Self {
            text,
            pieces,
            tag,
            at,
        }
    }

    /// Whether Compose refuses the image for want of a value in what tells the version or which
    /// repository it is; a registry or a folder tells neither.
    pub(super) fn is_refused(&self) -> bool {
        let text: String = self
            .pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect();
        let name = text.rfind('/').map_or(0, |slash| slash + 1);
        let mut end = 0;
        self.pieces.iter().any(|piece| {
            end += piece.text.len();
            matches!(piece.by, GivenBy::Missing(_)) && end >= name
        })
    }

    /// Whether a variable that is empty here stands behind a tag without a flavour: it may be the
    /// flavour elsewhere.
    pub(super) fn may_go_on(&self) -> bool {
        let is_bare = Tag::parse(&self.tag).is_some_and(|tag| tag.flavour.is_none());
        let last = self.pieces.last().map(|piece| &piece.by);
        is_bare && matches!(last, Some(GivenBy::Unset(_)))
    }

    /// What is to be written for another tag; none where the old one is put together from parts.
    pub(super) fn replaced(&self, tag: &str) -> Option<Replaced> {
        let old = Tag::parse(&self.tag)?;
        let (start, behind) = (self.at.start, &self.tag[old.text.len()..]);
        let version = tag.strip_suffix(behind).filter(|_| !behind.is_empty());
        // All of it, or the version alone where the flavour stays.
        let all = Some((self.at.clone(), tag));
        let part = version.map(|version| (start..start + old.text.len(), version));
        let ways: Vec<_> = all
            .into_iter()
            .chain(part)
            .filter_map(|(range, new)| self.with(range, new))
            .collect();
        let is_text = |way: &Replaced| matches!(way, Replaced::Text(_));
        let (texts, values): (Vec<_>, Vec<_>) = ways.into_iter().partition(is_text);
        texts.into_iter().chain(values).next()
    }

    /// The piece in which a stretch of the name lies, with other words in its place.
    fn with(&self, range: Range<usize>, new: &str) -> Option<Replaced> {
        let mut start = 0;
        for piece in &self.pieces {
            let end = start + piece.text.len();
            if start <= range.start && range.end <= end && start < end {
                let (from, to) = (range.start - start, range.end - start);
                return match &piece.by {
                    GivenBy::Text(Some(own)) => Some(Replaced::Text(format!(
                        "{}{new}{}",
                        &self.text[..own.start + from],
                        &self.text[own.start + to..]
                    ))),
                    GivenBy::Value(name) => Some(Replaced::Value {
                        name: name.clone(),
                        value: format!("{}{new}{}", &piece.text[..from], &piece.text[to..]),
                    }),
                    _ => None,
                };
            }
            start = end;
        }
        None
    }

    /// A variable that gives a part of the tag.
    pub(super) fn variable(&self) -> Option<&str> {
        let mut start = 0;
        self.pieces.iter().find_map(|piece| {
            start += piece.text.len();
            match &piece.by {
                GivenBy::Value(name) if start > self.at.start => Some(name.as_str()),
                _ => None,
            }
        })
    }
}

/// A variable that an env file or the shell sets, and in which the old version stands.
pub(super) struct Elsewhere<'a> {
    pub(super) name: &'a str,
    /// What it is to be set to, where that can be told.
    pub(super) value: Option<String>,
}

/// The place that sets a variable, and what to do there.
pub(super) fn set_elsewhere(
    cx: &Context<'_>,
    written: &Value,
    elsewhere: Elsewhere<'_>,
    wanted: String,
) -> Conflict {
    let Elsewhere { name, value } = elsewhere;
    let text = written.as_str().unwrap_or_default();
    let setting = cx.view.variable(written.origin.scope, name);
    let line = value.map(|value| format!("{name}={value}"));
    match setting {
        Some(Setting {
            value: old,
            by: SetBy::Line(file, number),
        }) => Conflict {
            at: format!("{file}:{number}"),
            stands: format!("{name}={old}"),
            wanted,
            why: format!("{file} sets the image through {name}; env files are yours to edit."),
            settle: match line {
                Some(line) => format!("edit line {number} of {file}: {line}"),
                None => format!("edit line {number} of {file}"),
            },
        },
        setting => {
            let old = setting
                .map(|setting| setting.value.as_str())
                .unwrap_or_default();
            let without = ImageRef::parse(&cx.expand_from_files(text, written));
            Conflict {
                at: cx.locate(written),
                stands: format!("{name}={old} in this shell"),
                wanted,
                why: format!(
                    "This shell sets the image through {name}, which wins over every file."
                ),
                settle: match line.filter(|_| !without.is_well_formed()) {
                    Some(line) => format!("export {line}"),
                    None => format!("unset {name}"),
                },
            }
        }
    }
}
