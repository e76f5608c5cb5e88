//! A first member: in the place of a null, of empty braces, or of nothing at all.

use super::grow::Addition;
use super::pass::Pass;
use crate::member::Member;
use crate::node::Node;
use crate::{EditError, Kind, Path, Span};

impl<'d> Pass<'d> {
    /// Below a key or behind a dash that has nothing yet, or `{}`, or a null.
    pub(super) fn open(
        &mut self,
        member: Member<'d>,
        path: &Path,
        addition: &Addition<'_>,
    ) -> Result<(), EditError> {
        self.refuse_tabs(member.start)?;
        self.refuse_explicit_key(member.start)?;
        let (value, column) = (member.value, member.column());
        let holder = value.parent();
        let depth = value.depth();
        let nesting = self.layout.nesting(holder, depth.saturating_sub(1));
        let indent = match (member.key, addition.kind()) {
            (None, _) => column + 2,
            (Some(_), Kind::Sequence) => column + nesting.offset,
            (Some(_), _) => column + nesting.step,
        };
        let mut old = emptied_span(member);
        let end = member.end();
        let style = self.layout.style_below(holder, depth, end);
        let behind = self.lines().at(old.end);
        let rest = &self.lines().text[old.end..behind.end()];
        // A tab right behind the dash would indent what follows.
        let remark = rest.trim_start_matches([' ', '\t']);
        let tab = member.key.is_none() && rest.starts_with('\t');
        if tab {
            old.end += rest.len() - remark.len();
        }
        // Behind a dash the first line goes on the dash's own, unless a tag or an anchor stands
        // there.
        let bare = member.key.is_none() && value.record().properties().next().is_none();
        let beside = bare && remark.is_empty() && end == behind.end();
        let mut text = String::new();
        if beside && !self.ledger.has_grown(value) {
            text.push(' ')
        } else {
            style.new_line(&mut text, indent)
        }
        if beside {
            // Blanks at the end of the line would become a part of a block scalar.
            old.end = end;
        }
        text.push_str(&self.ended_lines(addition, style, indent, end)?);
        let in_place = if tab && !remark.is_empty() { " " } else { "" };
        let clear = self.splices.insert_lines(end, depth, text)
            && self.splices.replace(old, in_place.to_owned());
        self.unless_clashing(clear, path, old)
    }

    /// In the place of a root that is null or `{}`.
    pub(super) fn open_root(
        &mut self,
        root: Node<'d>,
        path: &Path,
        addition: &Addition<'_>,
    ) -> Result<(), EditError> {
        let lines = self.lines();
        let style = self.layout.style_below(None, 0, root.span().start);
        let nothing = root.span().is_empty();
        let at = if nothing {
            self.content_end()
        } else {
            lines.at(root.span().end).end()
        };
        let bare = lines.opens_line(root.span().start)
            && !lines.at(at).text.contains('#')
            && !root.span().is_empty();
        let mut text = String::new();
        if !bare || self.ledger.has_grown(root) {
            style.new_line(&mut text, 0);
        }
        text.push_str(&self.ended_lines(addition, style, 0, at)?);
        let from = if lines.opens_line(root.span().start) {
            lines.at(root.span().start).start
        } else {
            root.span().start
        };
        let behind = &lines.text[root.span().end..at.max(root.span().end)];
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        let old = if nothing {
            root.span()
        } else {
            Span::new(from, root.span().end + blanks)
        };
        let clear = self.splices.insert_lines(at, 0, text) && self.splices.remove(old);
        self.unless_clashing(clear, path, old)
    }

    /// In a text of comments and blank lines, or none.
    pub(super) fn grow_nothing(
        &mut self,
        path: &Path,
        addition: &Addition<'_>,
    ) -> Result<(), EditError> {
        let lines = self.lines();
        let at = self.content_end();
        self.unless_clashing(self.ledger.may_found(), path, Span::at(at))?;
        let style = self.layout.style_below(None, 0, at);
        let mut text = String::new();
        if at > lines.begin() {
            style.new_line(&mut text, 0);
        }
        text.push_str(&addition.lines(style, 0));
        let ends = at < lines.text.len() || at > lines.begin();
        let clear = self.splices.insert_lines(at, 1, text)
            && (ends || self.splices.insert_lines(at, 0, "\n".to_owned()));
        self.unless_clashing(clear, path, Span::at(at))?;
        self.ledger.note_founded();
        Ok(())
    }

    /// The end of the last line that is not blank, in the first document.
    fn content_end(&self) -> usize {
        let lines = self.lines();
        let root = self.document.root().map_or(0, |root| root.span().end);
        let marker = lines.text[root..]
            .find("\n...")
            .map_or(lines.text.len(), |at| root + at);
        let mut line = lines.at(marker);
        while let Some(above) = lines.above(line).filter(|_| line.is_blank()) {
            line = above;
        }
        if line.is_blank() {
            lines.begin()
        } else {
            line.end()
        }
    }
}

/// The null or the empty braces of a member, with the blanks or the end of line before them.
fn emptied_span(member: Member<'_>) -> Span {
    let own = member.value.span();
    let lines = member.value.lines();
    let above = lines
        .above(lines.at(own.start))
        .filter(|_| lines.opens_line(own.start));
    let rest = &lines.text[own.end..lines.at(own.end).end()];
    let remark = rest.trim_start_matches([' ', '\t']);
    match above {
        _ if own.is_empty() => own,
        // The comment beside it becomes a line of its own.
        Some(_) if !remark.is_empty() => Span::new(own.start, own.end + rest.len() - remark.len()),
        Some(above) => Span::new(above.end(), own.end),
        None => Span::new(member.slot().min(own.start), own.end),
    }
}
