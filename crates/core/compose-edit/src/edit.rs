//! Several changes in one go: against one parse where they keep apart, against several where they
//! meet.

mod addresses;
mod flow;
mod fragment;
mod grow;
mod guard;
mod ledger;
mod list_to_map;
mod map_to_list;
mod open;
mod origin;
mod pass;
mod remove;
mod rename;
mod set;
mod splices;

pub use fragment::Fragment;

use std::borrow::Cow;

use crate::json::is_json;
use crate::{Document, EditError, NewScalar, NewValue, Path};
use addresses::{Addresses, Move};
use grow::Addition;
use origin::{Origin, told_of_first};
use pass::{Pass, Pending};

/// Changes to a [`Document`], collected until [`Edit::finish`].
///
/// They come out as if each were made to the text that those before it have left. Paths are told
/// against the document that the edit started from: a node keeps its path when neighbours go or
/// come, an item that is added counts on behind those that the list had, and a renamed entry is
/// known by its new key, too. A refused change leaves the others as they are.
///
/// Changes that keep apart are made against one parse. Where one meets another, those before it are
/// written and the text is read again first; so that costs time, and nothing else.
#[derive(Debug)]
pub struct Edit<'d> {
    /// What it started from; the places that refusals name are in it.
    first: &'d Document,
    document: Cow<'d, Document>,
    /// From `document` back to `first`.
    origins: Vec<Origin>,
    pending: Pending,
    /// From the paths of the first document to those of this one.
    addresses: Addresses,
    /// What the pending changes will move.
    moves: Vec<Move>,
    allowed: Vec<Path>,
    /// Whether it started from JSON, which it must stay.
    is_json: bool,
}

impl<'d> Edit<'d> {
    pub(crate) fn of(document: &'d Document) -> Self {
        Self {
            first: document,
            document: Cow::Borrowed(document),
            origins: Vec::new(),
            pending: Pending::default(),
            addresses: Addresses::default(),
            moves: Vec::new(),
            allowed: Vec::new(),
            is_json: is_json(document),
        }
    }

    /// Allows the changes of this edit at or below a path to change an anchored node that aliases
    /// share.
    pub fn allow_shared(&mut self, path: &Path) {
        self.allowed.push(path.clone());
    }

    /// Replaces a scalar, a null or an alias. The quotes stay as they are where they can.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn set(&mut self, path: &Path, value: &NewScalar) -> Result<(), EditError> {
        self.change(|pass| pass.set_scalar(path, value))
    }

    /// Adds a key at the end of a mapping, which may be `{}`, null, or the root of a text without
    /// content. The banner becomes comment lines above the key; it is given without `#`.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn insert(
        &mut self,
        path: &Path,
        key: &str,
        value: &NewValue,
        banner: Option<&str>,
    ) -> Result<(), EditError> {
        self.change(|pass| pass.grow(path, &Addition::Entry { key, value, banner }))?;
        self.moves.push(Move::Added(path.join(key)));
        Ok(())
    }

    /// Adds an item at the end of a list, which may be `[]` or null.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn push(&mut self, path: &Path, value: &NewValue) -> Result<(), EditError> {
        self.change(|pass| pass.grow(path, &Addition::Item { value }))
    }

    /// Removes an entry or an item, with the comments that belong to it: those on its lines, deeper
    /// ones below it, and those right above it that are no commented-out YAML. The last one leaves
    /// `{}` or `[]`.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn remove(&mut self, path: &Path) -> Result<(), EditError> {
        self.take(path).map(drop)
    }

    /// Gives an entry another key.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn rename(&mut self, path: &Path, key: &str) -> Result<(), EditError> {
        self.change(|pass| pass.rename_key(path, key))?;
        self.moves.push(Move::Renamed(path.clone(), key.to_owned()));
        Ok(())
    }

    /// Makes a mapping of a list of scalars, one entry for each item; the comments of the items
    /// stay with them.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn list_to_map(
        &mut self,
        path: &Path,
        entry: impl Fn(&str) -> (String, NewValue),
    ) -> Result<(), EditError> {
        self.change(|pass| pass.convert_list(path, &entry))?;
        self.moves.push(Move::Converted(path.clone()));
        Ok(())
    }

    /// Makes a list of a mapping's keys, as they are written; the values go, their comments stay.
    /// In brackets where `flow` is set and no comment stands between the keys.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn map_to_list(&mut self, path: &Path, flow: bool) -> Result<(), EditError> {
        self.change(|pass| pass.convert_map(path, flow))?;
        self.moves.push(Move::Converted(path.clone()));
        Ok(())
    }

    /// Like [`Self::remove`], and gives back what was removed as it was written.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn take(&mut self, path: &Path) -> Result<Fragment, EditError> {
        let fragment = self.change(|pass| pass.remove_member(path))?;
        self.moves.push(Move::Removed(path.clone()));
        Ok(fragment)
    }

    /// Adds what was taken at the end of a mapping or a list, indented to fit.
    ///
    /// # Errors
    /// A named refusal; nothing is changed then.
    pub fn put(&mut self, path: &Path, fragment: &Fragment) -> Result<(), EditError> {
        self.change(|pass| pass.grow(path, &Addition::Fragment(fragment)))?;
        self.moves
            .extend(fragment.key().map(|key| Move::Added(path.join(key))));
        Ok(())
    }

    /// Makes the changes and reads the new text: one parse, however many changes there are, as long
    /// as none met another.
    ///
    /// # Errors
    /// [`EditError::Unreadable`] should the new text be no YAML.
    pub fn finish(mut self) -> Result<Document, EditError> {
        if !self.pending.is_empty() {
            self.flush()?;
        }
        Ok(self.document.into_owned())
    }

    /// Makes a change; where that meets those before it, they are written first.
    fn change<T>(
        &mut self,
        change: impl Fn(&mut Pass<'_>) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        let result = match self.attempt(&change) {
            Err(_) if !self.pending.is_empty() => {
                self.flush()?;
                self.attempt(&change)
            }
            result => result,
        };
        result.map_err(|error| told_of_first(error, &self.origins, &self.document, self.first))
    }

    fn attempt<T>(
        &mut self,
        change: impl Fn(&mut Pass<'_>) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        self.pending
            .pass(&self.document, &self.addresses, &self.allowed, self.is_json)
            .whole(change)
    }

    /// Writes the pending changes and reads the text again.
    fn flush(&mut self) -> Result<(), EditError> {
        let text = self
            .pending
            .pass(&self.document, &self.addresses, &self.allowed, self.is_json)
            .text();
        let document =
            Document::parse(text).map_err(|error| EditError::Unreadable(Box::new(error)))?;
        self.document = Cow::Owned(document);
        self.origins.push(self.pending.splices.origin());
        self.pending = Pending::default();
        self.moves
            .drain(..)
            .for_each(|change| self.addresses.note(change));
        Ok(())
    }
}
