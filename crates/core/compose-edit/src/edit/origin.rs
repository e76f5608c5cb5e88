//! From the places of a text that was edited to those of the text before.

use crate::{Document, EditError, Position, Span};

/// The parts of a text that an edit has kept.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    /// In the order of both texts.
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    before: Span,
    /// Where it starts after the edit.
    after: usize,
}

impl Origin {
    /// Notes a part that was kept, and where it ends after the edit.
    pub(crate) fn note(&mut self, before: Span, end: usize) {
        self.parts.push(Part {
            before,
            after: end - (before.end - before.start),
        });
    }

    /// Where a byte was before the edit; one that is new is where it was put.
    fn of(&self, offset: usize) -> usize {
        let next = self.parts.partition_point(|part| part.after <= offset);
        let part = next.checked_sub(1).and_then(|last| self.parts.get(last));
        part.map_or(0, |part| {
            (part.before.start + offset - part.after).min(part.before.end)
        })
    }
}

/// A refusal that was told against `now` as the caller knows its places: by the text that all
/// edits, the last one last, started from.
pub(crate) fn told_of_first(
    error: EditError,
    edits: &[Origin],
    now: &Document,
    first: &Document,
) -> EditError {
    error.at_other_places(|at| {
        let offset = edits
            .iter()
            .rev()
            .fold(at.offset_in(now.text()), |offset, edit| edit.of(offset));
        Position::of(first.text(), offset)
    })
}
