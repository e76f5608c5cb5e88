//! `list_to_map`: a list of scalars becomes a mapping.

use std::collections::HashMap;

use super::grow::refuse_unwritable_in;
use super::ledger::Touch;
use super::map_to_list::remarks;
use super::pass::Pass;
use crate::member::{Member, members};
use crate::node::Node;
use crate::quote::{Place, fits_as_key};
use crate::write::Style;
use crate::{EditError, Kind, NewValue, Path, Scalar, Span};

/// Gives the entry for an item.
type Convert<'a> = &'a dyn Fn(&str) -> (String, NewValue);

/// An item and the entry that it becomes.
struct Entry<'d> {
    item: Member<'d>,
    key: String,
    value: NewValue,
}

impl<'d> Pass<'d> {
    pub(super) fn convert_list(
        &mut self,
        path: &Path,
        convert: Convert<'_>,
    ) -> Result<(), EditError> {
        let node = self.locate(path)?;
        if node.as_sequence().is_none() {
            return Err(Self::wrong_kind(node, path, Kind::Sequence));
        }
        self.refuse_shared(node, path)?;
        if !self.ledger.may_replace(node) {
            return Err(Self::already_edited(node, path));
        }
        let holder = Member::of(node).filter(|member| member.key.is_some() && !node.in_flow());
        let place = if node.is_flow() && holder.is_none() {
            Place::Flow
        } else {
            Place::Block
        };
        let entries = self.entries(node, convert, place)?;
        match (node.is_flow(), holder) {
            (true, Some(holder)) if !entries.is_empty() => {
                self.flow_to_block(node, holder, path, &entries)?
            }
            (true, _) => self.flow_to_flow(node, path, &entries)?,
            (false, holder) => self.block_to_block(node, holder, path, &entries)?,
        }
        self.ledger.note(node, Touch::Replaced);
        Ok(())
    }

    /// The entries for all items; refuses items that cannot become keys, keys that come twice, and
    /// unwritable values.
    fn entries(
        &self,
        list: Node<'d>,
        convert: Convert<'_>,
        place: Place,
    ) -> Result<Vec<Entry<'d>>, EditError> {
        let mut entries: Vec<Entry<'d>> = Vec::new();
        let mut seen = HashMap::new();
        for item in members(list) {
            let scalar = item.value.as_scalar().filter(|_| !item.value.is_null());
            let scalar = scalar.ok_or_else(|| self.no_key(item))?;
            let (key, value) = convert(scalar.value());
            refuse_unwritable_in(&value, item.value, place)?;
            if let Some(first) = seen.insert(key.clone(), item.value) {
                let first = first.position();
                return Err(EditError::DuplicateKey {
                    at: item.value.position(),
                    first,
                    key,
                });
            }
            entries.push(Entry { item, key, value });
        }
        Ok(entries)
    }

    fn no_key(&self, item: Member<'d>) -> EditError {
        EditError::ItemIsNoKey {
            at: self.document.position(item.start),
        }
    }

    /// The key as the item wrote it, where it is the same text on one line; refuses one that is too
    /// long for a key.
    fn key_text(&self, entry: &Entry<'d>, style: Style, place: Place) -> Result<String, EditError> {
        let (value, text) = (entry.item.value, self.lines().text);
        let whole = &text[value.record().start()..value.record().end()];
        let is_same = |scalar: Scalar<'_>| scalar.value() == entry.key && scalar.value() != "<<";
        let same = value.as_scalar().is_some_and(is_same)
            && value.header().is_none()
            && !value.span().is_empty();
        let written = if style.json.is_some() {
            style.key(&entry.key, place)
        } else if same && !whole.contains('\n') {
            whole.to_owned()
        } else {
            let word = Some(value.text()).filter(|word| same && !word.contains('\n'));
            let word = word.map_or_else(|| style.key(&entry.key, place), str::to_owned);
            let properties = value
                .record()
                .properties()
                .map(|property| format!("{} ", &text[property.span.range()]));
            properties.chain([word]).collect()
        };
        if fits_as_key(&written) {
            Ok(written)
        } else {
            Err(self.no_key(entry.item))
        }
    }

    /// The comments between an item's start and its text, as behind a dash, an anchor or the sign
    /// of a block scalar.
    fn inner_comments(&self, item: Member<'d>) -> Vec<&'d str> {
        let (beside, own) = comments(&self.lines().text[item.start..item.value.span().start]);
        beside.into_iter().chain(own).collect()
    }

    /// The first line of an entry, and the lines below it, each with the end of the line before it.
    fn block_entry(
        &self,
        entry: &Entry<'d>,
        style: Style,
        indent: usize,
    ) -> Result<(String, String), EditError> {
        let mut text = self.key_text(entry, style, Place::Block)? + ":";
        let from = text.len();
        style.behind_key(&mut text, indent, &entry.value);
        let head = text[from..]
            .find(style.ending)
            .map_or(text.len(), |at| from + at);
        let below = text.split_off(head);
        Ok((text, below))
    }

    fn flow_to_flow(
        &mut self,
        list: Node<'d>,
        path: &Path,
        entries: &[Entry<'d>],
    ) -> Result<(), EditError> {
        let span = list.span();
        let style = Style {
            json: self.layout.json(list),
            ..self
                .layout
                .style_below(list.parent(), list.depth(), span.start)
        };
        let mut clear = self
            .splices
            .replace(Span::new(span.start, span.start + 1), "{");
        for entry in entries {
            if !self.inner_comments(entry.item).is_empty() {
                return Err(self.no_key(entry.item));
            }
            let mut text = self.key_text(entry, style, Place::Flow)? + ": ";
            style.inline(&mut text, &entry.value, Place::Flow);
            let record = entry.item.value.record();
            clear &= self
                .splices
                .replace(Span::new(record.start(), record.end()), text);
        }
        clear &= self.splices.replace(Span::new(span.end - 1, span.end), "}");
        self.unless_clashing(clear, path, span)
    }

    /// Brackets behind a key become lines below it.
    fn flow_to_block(
        &mut self,
        list: Node<'d>,
        holder: Member<'d>,
        path: &Path,
        entries: &[Entry<'d>],
    ) -> Result<(), EditError> {
        let lines = self.lines();
        let (style, indent) = self.converted_style(list, holder);
        let span = Span::new(holder.slot().min(list.span().start), list.span().end);
        let mut gap = Span::new(span.start, entries[0].item.start);
        let (mut opening, mut own) = comments(&lines.text[gap.range()]);
        let at = lines.at(list.span().end).end();
        if lines.text[list.span().end..at].contains('#') {
            // Two comments on the key's line would be one.
            own.splice(0..0, opening.take());
        }
        let mut below = comment_lines(&own, style, indent);
        for (position, entry) in entries.iter().enumerate() {
            let next = entries
                .get(position + 1)
                .map_or(list.span().end - 1, |next| next.item.start);
            gap = Span::new(entry.item.content_end(), next);
            let (beside, own) = comments(&lines.text[gap.range()]);
            let (first, rest) = self.block_entry(entry, style, indent)?;
            below.push_str(&comment_lines(
                &self.inner_comments(entry.item),
                style,
                indent,
            ));
            style.new_line(&mut below, indent);
            below.push_str(&first);
            below.extend(beside.into_iter().flat_map(|comment| [" ", comment]));
            below.push_str(&rest);
            below.push_str(&comment_lines(&own, style, indent));
        }
        let beside = opening
            .map(|comment| format!(" {comment}"))
            .unwrap_or_default();
        let clear = self.splices.replace(span, beside)
            && self.splices.insert_lines(at, list.depth(), below);
        self.unless_clashing(clear, path, span)
    }

    /// Dashes become keys, in the column that keys have below the list's own key.
    fn block_to_block(
        &mut self,
        list: Node<'d>,
        holder: Option<Member<'d>>,
        path: &Path,
        entries: &[Entry<'d>],
    ) -> Result<(), EditError> {
        let lines = self.lines();
        let dashes = lines.column(list.span().start);
        let (style, indent) = holder.map_or_else(
            || {
                (
                    self.layout
                        .style_below(list.parent(), list.depth(), list.span().start),
                    dashes,
                )
            },
            |holder| self.converted_style(list, holder),
        );
        let mut above = holder.map_or(list.span().start, Member::slot);
        for entry in entries {
            self.shift_comments(Span::new(above, entry.item.start), dashes, indent, path)?;
            self.refuse_tabs(entry.item.start)?;
            let line = lines.at(entry.item.start);
            let from = if lines.opens_line(entry.item.start) {
                line.start
            } else {
                entry.item.start
            };
            let (first, rest) = self.block_entry(entry, style, indent)?;
            let mut text = " ".repeat(if from == line.start { indent } else { 0 });
            for comment in self.inner_comments(entry.item) {
                text.push_str(comment);
                style.new_line(&mut text, indent);
            }
            let span = Span::new(from, entry.item.content_end());
            let clear = self.splices.replace(span, text + &first)
                && self
                    .splices
                    .insert_lines(lines.at(span.end).end(), list.depth() + 1, rest);
            self.unless_clashing(clear, path, span)?;
            above = span.end;
        }
        Ok(())
    }

    /// Moves the comments between the items by as much as the items.
    pub(super) fn shift_comments(
        &mut self,
        within: Span,
        from: usize,
        to: usize,
        path: &Path,
    ) -> Result<(), EditError> {
        let lines = self.lines();
        let mut line = lines.at(within.start);
        while let Some(below) = lines
            .below(line)
            .filter(|line| line.start < within.end && from != to)
        {
            line = below;
            let Some(column) = line.comment().filter(|column| *column >= from) else {
                continue;
            };
            let span = Span::new(line.start, line.start + line.indent());
            let clear = self.splices.replace(span, " ".repeat(column - from + to));
            self.unless_clashing(clear, path, span)?;
        }
        Ok(())
    }

    /// The style below a list's key, and the column of the new keys.
    fn converted_style(&self, list: Node<'d>, holder: Member<'d>) -> (Style, usize) {
        let depth = list.depth();
        let style = self
            .layout
            .style_below(list.parent(), depth, list.span().start);
        let nesting = self.layout.nesting(list.parent(), depth.saturating_sub(1));
        (style, holder.column() + nesting.step)
    }
}

/// The comments in a text without scalars: the one on its first line, and those on the lines below.
fn comments(gap: &str) -> (Option<&str>, Vec<&str>) {
    let remarks = remarks(gap);
    (
        Some(remarks.beside.trim_start()).filter(|comment| !comment.is_empty()),
        remarks.own,
    )
}

fn comment_lines(comments: &[&str], style: Style, indent: usize) -> String {
    let mut out = String::new();
    for comment in comments {
        style.new_line(&mut out, indent);
        out.push_str(comment);
    }
    out
}
