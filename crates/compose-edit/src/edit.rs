//! Several changes against one parse, then one re-parse.

mod flow;
mod fragment;
mod grow;
mod guard;
mod ledger;
mod list_to_map;
mod map_to_list;
mod remove;
mod rename;
mod set;
mod splices;

pub use fragment::Fragment;

use crate::layout::Layout;
use crate::lines::Lines;
use crate::{Document, EditError, NewScalar, NewValue, Path, Span};
use grow::Addition;
use ledger::Ledger;
use splices::Splices;

/// Changes to a [`Document`], collected until [`Edit::finish`].
///
/// All of them are told against the document as it was parsed. They compose: several insertions into one mapping keep
/// their order. Two that touch one node are refused, as is one inside of what another inserts. A refused change leaves
/// the others as they are.
#[derive(Debug)]
pub struct Edit<'d> {
    document: &'d Document,
    layout: Layout<'d>,
    ledger: Ledger,
    splices: Splices,
    allowed: Vec<Path>,
}

impl<'d> Edit<'d> {
    pub(crate) fn of(document: &'d Document) -> Self {
        Self {
            document,
            layout: Layout::of(document),
            ledger: Ledger::default(),
            splices: Splices::default(),
            allowed: Vec::new(),
        }
    }

    /// Allows the changes of this edit at or below a path to change an anchored node that aliases share.
    pub fn allow_shared(&mut self, path: &Path) {
        self.allowed.push(path.clone());
    }

    /// Replaces a scalar, a null or an alias. The quotes stay as they are where they can.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn set(&mut self, path: &Path, value: &NewScalar) -> Result<(), EditError> {
        self.whole(|edit| edit.set_scalar(path, value))
    }

    /// Adds a key at the end of a mapping, which may be `{}`, null, or the root of a text without content.
    /// The banner becomes comment lines above the key; it is given without `#`.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn insert(&mut self, path: &Path, key: &str, value: &NewValue, banner: Option<&str>) -> Result<(), EditError> {
        self.whole(|edit| edit.grow(path, &Addition::Entry { key, value, banner }))
    }

    /// Adds an item at the end of a list, which may be `[]` or null.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn push(&mut self, path: &Path, value: &NewValue) -> Result<(), EditError> {
        self.whole(|edit| edit.grow(path, &Addition::Item { value }))
    }

    /// Removes an entry or an item, with the comments that belong to it: those on its lines, deeper ones below it, and
    /// those right above it that are no commented-out YAML. The last one leaves `{}` or `[]`.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn remove(&mut self, path: &Path) -> Result<(), EditError> {
        self.whole(|edit| edit.remove_member(path)).map(drop)
    }

    /// Gives an entry another key.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn rename(&mut self, path: &Path, key: &str) -> Result<(), EditError> {
        self.whole(|edit| edit.rename_key(path, key))
    }

    /// Makes a mapping of a list of scalars, one entry for each item; the comments of the items stay with them.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn list_to_map(&mut self, path: &Path, entry: impl Fn(&str) -> (String, NewValue)) -> Result<(), EditError> {
        self.whole(|edit| edit.convert_list(path, &entry))
    }

    /// Makes a list of a mapping's keys, as they are written; the values go, their comments stay. In brackets where
    /// `flow` is set and no comment stands between the keys.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn map_to_list(&mut self, path: &Path, flow: bool) -> Result<(), EditError> {
        self.whole(|edit| edit.convert_map(path, flow))
    }

    /// Like [`Self::remove`], and gives back what was removed as it was written.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn take(&mut self, path: &Path) -> Result<Fragment, EditError> {
        self.whole(|edit| edit.remove_member(path))
    }

    /// Adds what was taken at the end of a mapping or a list, indented to fit.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn put(&mut self, path: &Path, fragment: &Fragment) -> Result<(), EditError> {
        self.whole(|edit| edit.grow(path, &Addition::Fragment(fragment)))
    }

    /// Makes the changes and reads the new text: one parse, however many changes there are.
    ///
    /// # Errors
    /// [`EditError::Unreadable`] should the new text be no YAML.
    pub fn finish(mut self) -> Result<Document, EditError> {
        self.fill_emptied();
        let text = self.end_properly();
        Document::parse(text).map_err(|error| EditError::Unreadable(Box::new(error)))
    }

    /// Makes a change wholly or not at all.
    fn whole<T>(&mut self, change: impl FnOnce(&mut Self) -> Result<T, EditError>) -> Result<T, EditError> {
        let before = self.splices.len();
        let result = change(self);
        if result.is_err() {
            self.splices.truncate(before);
        }
        result
    }

    fn lines(&self) -> Lines<'d> {
        Lines { text: self.document.text() }
    }

    /// The new text. In a text whose last line has no end, that line may be one of a block scalar, whose value tells.
    fn end_properly(&mut self) -> String {
        let text = self.document.text();
        let (kept, followed) = self.splices.tail(text.len());
        let unended = !text.is_empty() && !text.ends_with('\n');
        let last = self.document.nodes.iter().rposition(|record| record.end() == kept).filter(|_| unended);
        let header = last.and_then(|last| self.document.node(last).header()).filter(|header| !header.strips());
        match header {
            // It has no end of line for its value today and gets one from the lines below: strip it.
            Some(header) if followed && kept == text.len() => {
                let signs = &text[header.span.range()];
                let stripped = format!("{}-", signs.trim_end_matches('+'));
                // Its own edit, if there is one, has seen to the end itself.
                let _untouched: bool = self.splices.replace(header.span, stripped);
                self.splices.apply(text)
            }
            // It has one today, from lines that go.
            Some(_) if !followed && kept < text.len() => self.splices.apply(text) + self.lines().ending(kept),
            _ => self.splices.apply(text),
        }
    }
}

impl Edit<'_> {
    /// The refusal for splices that clash.
    fn unless_clashing(&self, clear: bool, path: &Path, span: Span) -> Result<(), EditError> {
        let at = self.document.position(span.start);
        if clear { Ok(()) } else { Err(EditError::AlreadyEdited { at, path: path.clone() }) }
    }
}
