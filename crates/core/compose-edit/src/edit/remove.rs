//! `remove` and `take`: an entry or an item goes, with the comments that belong to it.

use super::flow;
use super::fragment::Fragment;
use super::ledger::Touch;
use super::pass::Pass;
use crate::lines::Line;
use crate::member::{Member, first_comment, members};
use crate::node::Node;
use crate::{EditError, Path, Span};

impl<'d> Pass<'d> {
    pub(super) fn remove_member(&mut self, path: &Path) -> Result<Fragment, EditError> {
        let node = self.locate(path)?;
        let Some(holder) = node.parent() else {
            return Err(EditError::IsRoot {
                at: node.position(),
            });
        };
        self.refuse_shared(holder, path)?;
        let all = members(holder);
        let position = all
            .iter()
            .position(|member| member.value == node)
            .unwrap_or_default();
        let member = all[position];
        self.refuse_explicit_key(member.start)?;
        self.refuse_anchors(member.key.unwrap_or(node), node.last_leaf(), path)?;
        let touched = member.key.is_some_and(|key| !self.ledger.may_replace(key));
        if touched || !self.ledger.may_replace(node) {
            return Err(Self::already_edited(node, path));
        }
        let empties = || {
            all.iter()
                .all(|other| other.value == node || self.ledger.is_removed(other.value))
        };
        if holder.is_flow() || empties() {
            self.refuse_rearranged(holder, path)?;
        }
        let spans = if holder.is_flow() {
            flow::removed_spans(holder, position, self.layout.is_json())?
        } else {
            vec![removed_lines(&all, position)]
        };
        for span in spans {
            let clear = self.splices.remove(span);
            self.unless_clashing(clear, path, span)?;
        }
        self.ledger.note(node, Touch::Removed);
        self.ledger.note(holder, Touch::Rearranged);
        Ok(Fragment::cut(member))
    }

    /// A block collection whose last member went is written `{}` or `[]`, lest it become a null.
    pub(super) fn fill_emptied(&mut self) {
        let removed = self.ledger.removed();
        let mut holders: Vec<Node<'d>> = removed
            .iter()
            .filter_map(|id| self.document.node(id.index()).parent())
            .collect();
        holders.sort_by_key(|holder| holder.id);
        holders.dedup();
        for holder in holders {
            let all = members(holder);
            let emptied = all
                .iter()
                .all(|member| self.ledger.is_removed(member.value));
            if !emptied || holder.is_flow() || self.ledger.has_grown(holder) {
                continue;
            }
            let braces = if holder.as_mapping().is_some() {
                "{}"
            } else {
                "[]"
            };
            let (at, text) = self.braces_place(holder, &all, braces);
            let clear = self.splices.insert(at, text);
            debug_assert!(clear, "nothing else stands where the braces go");
        }
    }

    fn braces_place(&self, holder: Node<'d>, all: &[Member<'d>], braces: &str) -> (usize, String) {
        let lines = self.lines();
        let removed = removed_lines(all, 0);
        match Member::of(holder) {
            _ if !lines.opens_line(all[0].start) => (all[0].start, braces.to_owned()),
            Some(member) => (member.slot(), format!(" {braces}")),
            None if lines.above(lines.at(all[0].start)).is_none() => (
                removed.start,
                format!("{braces}{}", lines.last_ending(removed.end)),
            ),
            None => (
                removed.start,
                format!("{}{braces}", lines.ending(removed.start)),
            ),
        }
    }
}

/// The lines of a member of a block collection, with its comments and with the blank lines that
/// lose their purpose.
fn removed_lines(all: &[Member<'_>], position: usize) -> Span {
    let member = all[position];
    let lines = member.value.lines();
    let end = member.end();
    let last = position + 1 == all.len();
    if !lines.opens_line(member.start) {
        // Behind a dash: what follows moves up to it.
        let next = lines.at(end).end() + blank_prefix(&lines.text[end..]);
        return Span::new(member.start, if last { end } else { next });
    }
    let top = first_comment(all, position);
    // Blank lines at the end of a block scalar are content.
    let floor = if position > 0 {
        all[position - 1].content_end()
    } else {
        0
    };
    let (above, blank_above) = skip_blank(top, |line| {
        lines.above(line).filter(|line| line.start > floor)
    });
    let (below, blank_below) = skip_blank(lines.at(end), |line| lines.below(line));
    // Blank lines must not come to stand below a block scalar that takes them for its own.
    let above_takes = |line| position > 0 && all[position - 1].value.takes(line);
    let keeps = lines.blank_below(end).any(above_takes);
    // A text whose last line has no end keeps it so.
    let ends_text = end == lines.text.len();
    let drop_above = blank_above && (ends_text || position > 0 && (last || blank_below));
    let drop_below = keeps || position == 0 && !last && blank_below && !blank_above;
    let end = if drop_below { below.end() } else { end };
    let before = lines
        .above(above)
        .filter(|_| drop_above)
        .or_else(|| lines.above(top));
    match before {
        Some(before) => Span::new(before.end(), end),
        None => Span::new(
            top.start,
            lines
                .below(lines.at(end))
                .map_or(lines.text.len(), |line| line.start),
        ),
    }
}

/// The outermost of the blank lines beside a line, itself if there is none.
fn skip_blank<'t>(from: Line<'t>, next: impl Fn(Line<'t>) -> Option<Line<'t>>) -> (Line<'t>, bool) {
    let mut line = from;
    while let Some(beside) = next(line).filter(|line| line.is_blank()) {
        line = beside;
    }
    (line, line != from)
}

fn blank_prefix(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len()
}
