//! `map_to_list`: the keys of a mapping become a list.

use std::borrow::Cow;

use super::ledger::Touch;
use super::pass::Pass;
use crate::member::{Member, members};
use crate::node::Node;
use crate::quote::{Place, is_plain};
use crate::{Content, EditError, Kind, Path, ScalarStyle, Span};

/// The text around and below the keys: what stands behind a colon on its line, and the comments on
/// lines of their own.
pub(super) struct Remarks<'d> {
    pub(super) beside: &'d str,
    pub(super) own: Vec<&'d str>,
}

impl<'d> Pass<'d> {
    pub(super) fn convert_map(&mut self, path: &Path, flow: bool) -> Result<(), EditError> {
        let node = self.locate(path)?;
        let entries = members(node);
        if node.as_mapping().is_none() {
            return Err(Self::wrong_kind(node, path, Kind::Mapping));
        }
        self.refuse_shared(node, path)?;
        if !self.ledger.may_replace(node) {
            return Err(Self::already_edited(node, path));
        }
        for entry in &entries {
            self.refuse_no_item(*entry)?;
        }
        if let Some(first) = entries.first().and_then(|first| first.key) {
            self.refuse_anchors(first, node.last_leaf(), path)?;
        }
        let holder = Member::of(node).filter(|member| member.key.is_some() && !node.in_flow());
        match holder.filter(|_| flow && !node.is_flow()) {
            Some(holder) if self.fits_one_line(holder, &entries) => {
                self.lines_to_brackets(holder, path, &entries)?
            }
            _ if node.is_flow() => self.braces_to_brackets(node, path, &entries)?,
            _ => self.keys_to_dashes(node, path, &entries)?,
        }
        self.ledger.note(node, Touch::Replaced);
        Ok(())
    }

    /// Refuses what would not be the same behind a dash.
    fn refuse_no_item(&self, entry: Member<'d>) -> Result<(), EditError> {
        let Some(key) = entry.key else { return Ok(()) };
        self.refuse_explicit_key(entry.start)?;
        let scalar = key.as_scalar().filter(|scalar| scalar.value() != "<<");
        if scalar.is_none() || key.record().properties().next().is_some() {
            let text = key.text().to_owned();
            return Err(EditError::Unwritable {
                at: key.position(),
                text,
                form: "as an item of a list",
            });
        }
        Ok(())
    }

    /// Whether no comment stands between the keys; one beside the mapping's own key stays there.
    fn fits_one_line(&self, holder: Member<'d>, entries: &[Member<'d>]) -> bool {
        let Some(first) = entries.first() else {
            return false;
        };
        let lines = self.lines();
        let above = remarks(&lines.text[holder.slot()..first.start]);
        let bare = |entry: &Member<'d>| self.remarks_of(*entry).is_bare();
        let parted =
            |pair: &[Member<'d>]| lines.text[pair[0].content_end()..pair[1].start].contains('#');
        let twice = !above.beside.is_empty() && !self.behind(holder).is_empty();
        !twice
            && above.own.is_empty()
            && entries.iter().all(bare)
            && !entries.windows(2).any(parted)
    }

    /// Lines below a key become brackets behind it.
    fn lines_to_brackets(
        &mut self,
        holder: Member<'d>,
        path: &Path,
        entries: &[Member<'d>],
    ) -> Result<(), EditError> {
        let keys: Vec<_> = entries
            .iter()
            .map(|entry| self.item_of(*entry, Place::Flow))
            .collect();
        let (slot, end) = (holder.slot(), holder.content_end());
        let below = Span::new(self.lines().at(slot).end(), end);
        let clear = self.splices.insert(slot, format!(" [{}]", keys.join(", ")))
            && self.splices.remove(below);
        self.unless_clashing(clear, path, Span::new(slot, end))
    }

    fn braces_to_brackets(
        &mut self,
        map: Node<'d>,
        path: &Path,
        entries: &[Member<'d>],
    ) -> Result<(), EditError> {
        let span = map.span();
        if !map.text().starts_with('{') {
            return Err(EditError::BarePair { at: map.position() });
        }
        let mut clear = self
            .splices
            .replace(Span::new(span.start, span.start + 1), "[");
        for entry in entries {
            if !self.remarks_of(*entry).is_bare() {
                let (at, text) = (entry.value.position(), self.key_of(*entry).to_owned());
                return Err(EditError::Unwritable {
                    at,
                    text,
                    form: "without the comment behind it",
                });
            }
            let end = entry.key.map_or(entry.start, |key| key.record().end());
            let nothing = if self.key_of(*entry).is_empty() {
                "null"
            } else {
                ""
            };
            clear &= self
                .splices
                .replace(Span::new(end, entry.content_end()), nothing);
        }
        clear &= self.splices.replace(Span::new(span.end - 1, span.end), "]");
        self.unless_clashing(clear, path, span)
    }

    /// Keys come to stand behind dashes, in the column that dashes have below the mapping's own
    /// key.
    fn keys_to_dashes(
        &mut self,
        map: Node<'d>,
        path: &Path,
        entries: &[Member<'d>],
    ) -> Result<(), EditError> {
        let lines = self.lines();
        let keys = lines.column(map.span().start);
        let holder = Member::of(map).filter(|member| member.key.is_some());
        let nesting = self
            .layout
            .nesting(map.parent(), map.depth().saturating_sub(1));
        let dashes = holder.map_or(keys, |holder| holder.column() + nesting.offset);
        let mut from = holder.map_or(map.span().start, Member::slot);
        for entry in entries {
            self.refuse_tabs(entry.start)?;
            self.shift_comments(Span::new(from, entry.start), keys, dashes, path)?;
            let start = if lines.opens_line(entry.start) {
                lines.at(entry.start).start
            } else {
                entry.start
            };
            let pad = " ".repeat(if start == entry.start { 0 } else { dashes });
            let (item, end) = self.item_text(*entry, &pad, lines.ending(start));
            let span = Span::new(start, end);
            let clear = self.splices.replace(span, item);
            self.unless_clashing(clear, path, span)?;
            from = span.end;
        }
        Ok(())
    }

    /// `- key` with the comments of the value that goes, and up to where in the old text it
    /// reaches.
    fn item_text(&self, entry: Member<'d>, pad: &str, ending: &str) -> (String, usize) {
        let remarks = self.remarks_of(entry);
        let blank = if remarks.beside.starts_with('#') {
            " "
        } else {
            ""
        };
        let mut text = format!(
            "{pad}- {}{blank}{}",
            self.item_of(entry, Place::Block),
            remarks.beside
        );
        let mut end = entry.content_end();
        for comment in &remarks.own {
            text.push_str(&format!("{ending}{pad}{comment}"));
        }
        let behind = self.behind(entry);
        if !behind.is_empty() && !remarks.is_bare() {
            // The comment behind the value's last line gets a line of its own.
            text.push_str(&format!("{ending}{pad}"));
            end += behind.len() - behind.trim_start().len();
        }
        (text, end)
    }

    /// The comment behind an entry's last line, with the blanks before it.
    fn behind(&self, entry: Member<'d>) -> &'d str {
        let end = entry.content_end();
        let rest = &self.lines().text[end..self.lines().at(end).end()];
        if rest.contains('#') { rest } else { "" }
    }

    /// The key as it is written.
    fn key_of(&self, entry: Member<'d>) -> &'d str {
        entry.key.map_or("", |key| {
            &self.lines().text[key.record().start()..key.record().end()]
        })
    }

    /// The key of a line as an item, which may need quotes that the key does not.
    fn item_of(&self, entry: Member<'d>, place: Place) -> Cow<'d, str> {
        let written = self.key_of(entry);
        match entry.key.and_then(Node::as_scalar) {
            Some(_) if written.is_empty() => "null".into(),
            Some(key) if key.style() == ScalarStyle::Plain && !is_plain(key.value(), place) => {
                let style = self
                    .layout
                    .style_in(entry.value.parent().unwrap_or(entry.value), entry.start);
                style.key(key.value(), place).into()
            }
            _ => written.into(),
        }
    }

    /// The comments in an entry's value; those behind its last line are none of them, for they stay
    /// where they are.
    fn remarks_of(&self, entry: Member<'d>) -> Remarks<'d> {
        let text = self.lines().text;
        let (first, last) = (entry.value.id.index(), entry.value.last_leaf().id.index());
        let nodes = (first..=last).map(|index| self.document.node(index));
        let words =
            nodes.filter(|node| matches!(node.content(), Content::Scalar(_) | Content::Alias(_)));
        let end = entry.content_end();
        let begin = entry.behind_indicator();
        let mut from = begin;
        let mut all = Remarks {
            beside: "",
            own: Vec::new(),
        };
        for word in words.map(Node::span).chain([Span::new(end, end)]) {
            let gap = remarks(&text[from..word.start.max(from)]);
            if from == begin {
                all.beside = gap.beside;
            } else if !gap.beside.is_empty() {
                all.own.push(gap.beside.trim_start());
            }
            all.own.extend(gap.own);
            from = word.end.max(from);
        }
        all
    }
}

impl Remarks<'_> {
    fn is_bare(&self) -> bool {
        self.beside.is_empty() && self.own.is_empty()
    }
}

/// The comments in a text that has no scalar in it: the one on its first line, and those below.
pub(super) fn remarks(gap: &str) -> Remarks<'_> {
    let mut lines = gap.split('\n').map(|line| comment(line.trim_end()));
    let beside = lines.next().unwrap_or_default();
    Remarks {
        beside,
        own: lines
            .map(str::trim_start)
            .filter(|comment| !comment.is_empty())
            .collect(),
    }
}

/// The comment of a line with the blanks before it; the empty text without one. It may stand right
/// behind a brace, a bracket or a comma.
fn comment(line: &str) -> &str {
    let opens =
        |at: &usize| *at == 0 || line[..*at].ends_with([' ', '\t', '{', '}', '[', ']', ',']);
    let hash = line.match_indices('#').map(|(at, _)| at).find(opens);
    hash.map_or("", |at| &line[line[..at].trim_end().len()..])
}
