//! Changes against one parse.

use std::cell::OnceCell;

use super::addresses::Addresses;
use super::ledger::Ledger;
use super::splices::Splices;
use crate::layout::{Habits, Layout};
use crate::lines::Lines;
use crate::node::NodeId;
use crate::{Document, EditError, Path, Span};

/// What the changes since the last parse have come to.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) ledger: Ledger,
    pub(super) splices: Splices,
    habits: Habits,
    facts: Facts,
}

/// What is found out about a document when first asked for.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Why no edit of it is safe.
    pub(super) refusal: OnceCell<Option<EditError>>,
    pub(super) aliases: OnceCell<Vec<NodeId>>,
}

/// A change on its way: the document that it is told against, and what the changes before it have
/// come to.
pub(super) struct Pass<'d> {
    pub(super) document: &'d Document,
    pub(super) layout: Layout<'d>,
    pub(super) ledger: &'d mut Ledger,
    pub(super) splices: &'d mut Splices,
    pub(super) facts: &'d Facts,
    pub(super) addresses: &'d Addresses,
    pub(super) allowed: &'d [Path],
}

impl Pending {
    pub(super) fn pass<'d>(
        &'d mut self,
        document: &'d Document,
        addresses: &'d Addresses,
        allowed: &'d [Path],
        is_json: bool,
    ) -> Pass<'d> {
        Pass {
            document,
            layout: Layout::of(document, &self.habits, is_json),
            ledger: &mut self.ledger,
            splices: &mut self.splices,
            facts: &self.facts,
            addresses,
            allowed,
        }
    }

    /// Whether no change was made.
    pub(super) fn is_empty(&self) -> bool {
        self.splices.len() == 0
    }
}

impl<'d> Pass<'d> {
    /// Makes a change wholly or not at all.
    pub(super) fn whole<T>(
        mut self,
        change: impl FnOnce(&mut Self) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        let before = self.splices.len();
        let result = change(&mut self);
        if result.is_err() {
            self.splices.truncate(before);
        }
        result
    }

    pub(super) fn lines(&self) -> Lines<'d> {
        Lines {
            text: self.document.text(),
        }
    }

    /// The text with all changes made.
    pub(super) fn text(mut self) -> String {
        self.fill_emptied();
        self.end_properly()
    }

    /// The new text. In a text whose last line has no end, that line may be one of a block scalar,
    /// whose value tells.
    fn end_properly(&mut self) -> String {
        let text = self.document.text();
        let (kept, followed) = self.splices.tail(text.len());
        let unended = !text.is_empty() && !text.ends_with('\n');
        let last = self
            .document
            .nodes
            .iter()
            .rposition(|record| record.end() == kept)
            .filter(|_| unended);
        let header = last
            .and_then(|last| self.document.node(last).header())
            .filter(|header| !header.strips());
        match header {
            // It has no end of line for its value today and gets one from the lines below: strip
            // it.
            Some(header) if followed && kept == text.len() => {
                let signs = &text[header.span.range()];
                let stripped = format!("{}-", signs.trim_end_matches('+'));
                // Its own edit, if there is one, has seen to the end itself.
                let _untouched: bool = self.splices.replace(header.span, stripped);
                self.splices.apply(text)
            }
            // It has one today, from lines that go.
            Some(_) if !followed && kept < text.len() => {
                self.splices.apply(text) + self.lines().ending(kept)
            }
            _ => self.splices.apply(text),
        }
    }

    /// The refusal for splices that clash.
    pub(super) fn unless_clashing(
        &self,
        clear: bool,
        path: &Path,
        span: Span,
    ) -> Result<(), EditError> {
        let clash = || EditError::AlreadyEdited {
            at: self.document.position(span.start),
            path: path.clone(),
        };
        if clear { Ok(()) } else { Err(clash()) }
    }
}
