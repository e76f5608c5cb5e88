//! Where something stands in a text: byte spans for the machine, lines and columns for people.

use std::fmt;
use std::ops::Range;

/// A range of bytes in a document's text; `start` is included, `end` is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span at an offset.
    #[must_use]
    pub(crate) const fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The bytes as a range, to slice with.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether nothing lies between `start` and `end`.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// A place as editors show it: line and column count from 1, the column in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The first character of a text.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The place of a byte offset in `text`; an offset past the end is the end.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[line_start..]
            .trim_start_matches('\u{feff}')
            .chars()
            .count()
            + 1;
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Self { line, column }
    }

    /// The byte offset of the place in `text`; the end of the line for a column past it.
    #[must_use]
    pub(crate) fn offset_in(self, text: &str) -> usize {
        let start: usize = text
            .split_inclusive('\n')
            .take(self.line - 1)
            .map(str::len)
            .sum();
        let line = text[start..].split('\n').next().unwrap_or_default();
        let mark = line.len() - line.trim_start_matches('\u{feff}').len();
        let column = line[mark..].char_indices().nth(self.column - 1);
        start + column.map_or(line.len(), |(at, _)| mark + at)
    }
}

/// The places of offsets that come in order, each counted from the one before.
pub(crate) struct Positions<'t> {
    text: &'t str,
    /// Where the last one's line starts.
    line_start: usize,
    line: usize,
}

impl<'t> Positions<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self {
            text,
            line_start: 0,
            line: 1,
        }
    }

    /// The place of a byte offset that is not before the last one.
    pub(crate) fn at(&mut self, offset: usize) -> Position {
        let passed = &self.text[self.line_start..offset];
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.line_start += passed.rfind('\n').map_or(0, |at| at + 1);
        let column = self.text[self.line_start..offset]
            .trim_start_matches('\u{feff}')
            .chars()
            .count()
            + 1;
        Position {
            line: self.line,
            column,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
