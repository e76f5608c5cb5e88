//! Members of collections in braces and brackets: adding one, removing one.

use super::ledger::Touch;
use super::pass::Pass;
use super::set::{filled_holder, lead_in, null_span};
use crate::lines::Lines;
use crate::member::{Member, members};
use crate::node::Node;
use crate::write::Style;
use crate::{Content, EditError, Kind, Path, Span};

impl<'d> Pass<'d> {
    /// Adds a member to a flow collection, or to a null inside of one.
    pub(super) fn place_in_flow(
        &mut self,
        node: Node<'d>,
        path: &Path,
        kind: Kind,
        write: impl Fn(Style) -> Option<String>,
    ) -> Result<(), EditError> {
        let at = self.document.position(node.span().start);
        let style = self.layout.style_in(node, node.span().start);
        let text = write(style).ok_or(EditError::BlockInFlow { at })?;
        if node.is_null() {
            return self.place_in_null(node, path, &opened(&text, style, node), kind);
        }
        if !self.lines().text[node.span().start..].starts_with(['{', '[']) {
            return Err(EditError::BarePair { at });
        }
        if self.ledger.is_rearranged(node) {
            return Err(Self::already_edited(node, path));
        }
        let repeated = self.ledger.has_grown(node);
        match members(node).last() {
            // What is there already decides where the next one goes.
            None if repeated && style.json.is_some() => Err(Self::already_edited(node, path)),
            None => self.place_in_empty(node, path, opened(&text, style, node), repeated),
            Some(last) => self.place_behind(
                node,
                *last,
                path,
                &Text {
                    text,
                    style,
                    repeated,
                },
            ),
        }
    }

    fn place_in_null(
        &mut self,
        node: Node<'d>,
        path: &Path,
        text: &str,
        kind: Kind,
    ) -> Result<(), EditError> {
        let wrapped = if kind == Kind::Mapping {
            format!("{{{text}}}")
        } else {
            format!("[{text}]")
        };
        let filled = filled_holder(node);
        filled.map_or(Ok(()), |holder| self.refuse_rearranged(holder, path))?;
        let span = null_span(node);
        let lead = lead_in(node, span);
        let clear =
            !self.ledger.has_grown(node) && self.splices.replace(span, format!("{lead}{wrapped}"));
        self.unless_clashing(clear, path, span)?;
        if let Some(holder) = filled {
            self.ledger.note(holder, Touch::Rearranged);
        }
        Ok(())
    }

    /// What blanks the braces hold stay on both sides.
    fn place_in_empty(
        &mut self,
        node: Node<'d>,
        path: &Path,
        text: String,
        repeated: bool,
    ) -> Result<(), EditError> {
        let at = node.span().start + 1;
        let inner = &node.text()[1..node.text().len() - 1];
        let pad = if inner.bytes().all(|byte| byte == b' ') {
            inner
        } else {
            ""
        };
        let text = if repeated {
            format!(", {text}")
        } else {
            format!("{pad}{text}")
        };
        let clear = self.splices.insert(at, text);
        self.unless_clashing(clear, path, Span::new(at, at))
    }

    /// Behind the last member: on a line of its own if that one has one, with a comma behind it if
    /// that one has one.
    fn place_behind(
        &mut self,
        node: Node<'d>,
        last: Member<'d>,
        path: &Path,
        new: &Text,
    ) -> Result<(), EditError> {
        let lines = self.lines();
        let end = last.content_end();
        let comma = comma_behind(node, end);
        let behind = comma.map_or(end, |comma| comma + 1);
        let line_end = lines.at(behind).end();
        let indent = lines.before(last.start);
        let own_line = indent.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
            && lines.at(node.span().start) != lines.at(last.start);
        let below = own_line && is_rest_blank(&lines.text[behind..line_end]);
        let Text {
            text,
            style,
            repeated,
        } = new;
        let new_line = format!("{}{indent}", style.ending);
        let parted = if *repeated || !last.wants_blank_behind() {
            ","
        } else {
            " ,"
        };
        let clear = match (below, comma) {
            (true, Some(_)) => self.splices.insert(line_end, format!("{new_line}{text},")),
            (true, None) if *repeated => {
                self.splices.insert(line_end, format!(",{new_line}{text}"))
            }
            (true, None) if line_end == end => self
                .splices
                .insert(end, format!("{parted}{new_line}{text}")),
            (true, None) => {
                self.splices.insert(end, parted.to_owned())
                    && self.splices.insert(line_end, format!("{new_line}{text}"))
            }
            (false, Some(_)) if own_line => {
                self.splices.insert(behind, format!("{new_line}{text},"))
            }
            (false, None) if own_line => self
                .splices
                .insert(behind, format!("{parted}{new_line}{text}")),
            (false, Some(_)) => self.splices.insert(behind, format!(" {text},")),
            (false, None) => {
                // The blanks behind a colon that are not there for the brace part it from the
                // comma.
                let at = null_span(last.value).end.max(behind);
                self.splices.insert(
                    at,
                    format!("{} {text}", if at > behind { "," } else { parted }),
                )
            }
        };
        self.unless_clashing(clear, path, Span::at(end))
    }
}

/// A new member of a flow collection.
struct Text {
    text: String,
    style: Style,
    /// Whether the collection has grown before.
    repeated: bool,
}

/// The first member of braces, in JSON of several lines with a line of its own.
fn opened(text: &str, style: Style, node: Node<'_>) -> String {
    let Some(json) = style.json.filter(|json| json.step > 0) else {
        return text.to_owned();
    };
    let outer = node.lines().at(node.span().start).indent();
    let mut out = String::new();
    style.new_line(&mut out, json.indent);
    out.push_str(text);
    style.new_line(&mut out, outer);
    out
}

/// The comma behind a member's content.
fn comma_behind(node: Node<'_>, end: usize) -> Option<usize> {
    let at = node.lines().skip_trivia(end);
    node.lines().text[at..].starts_with(',').then_some(at)
}

fn is_rest_blank(rest: &str) -> bool {
    let rest = rest.trim_matches([' ', '\t']);
    rest.is_empty() || rest.starts_with('#')
}

/// Where a member that has its lines to itself ends them: behind its comma and its comment.
fn own_lines_end(member: Member<'_>) -> Option<usize> {
    let lines = member.value.lines();
    let end = member.content_end();
    let comma = member
        .value
        .parent()
        .and_then(|holder| comma_behind(holder, end));
    let behind = comma.map_or(end, |comma| comma + 1);
    let line_end = lines.at(behind).end();
    let opens = lines
        .before(member.start)
        .bytes()
        .all(|byte| matches!(byte, b' ' | b'\t'));
    (opens && is_rest_blank(&lines.text[behind..line_end])).then_some(line_end)
}

/// The comment at the end of a member's own lines.
pub(super) fn comment_beside(member: Member<'_>) -> Option<&str> {
    let line_end = own_lines_end(member)?;
    let rest = &member.value.lines().text[member.content_end()..line_end];
    rest.find('#').map(|at| &rest[at..])
}

/// The ranges that a member of a flow collection takes with it.
pub(super) fn removed_spans(
    node: Node<'_>,
    position: usize,
    is_json: bool,
) -> Result<Vec<Span>, EditError> {
    if matches!(node.content(), Content::Mapping(_)) && !node.text().starts_with('{') {
        return Err(EditError::BarePair {
            at: node.position(),
        });
    }
    let removal = Removal::of(node, position);
    let spans = removal.all_inside(is_json).or_else(|| removal.own_lines());
    Ok(spans.unwrap_or_else(|| removal.beside_others()))
}

/// A member of a flow collection that goes, and what stands around it.
struct Removal<'d> {
    node: Node<'d>,
    member: Member<'d>,
    is_only: bool,
    /// Where the member before it ends, with the blank that a null written as nothing needs behind
    /// its colon, tag or anchor.
    previous: Option<usize>,
    /// Where the member behind it starts.
    next: Option<usize>,
    /// Where its own content ends.
    end: usize,
    /// Where its comma ends; without one, its content.
    behind: usize,
    /// The comma of the member before it, which goes with the last member, and the blanks that part
    /// it from a colon.
    orphan: Option<Span>,
}

impl<'d> Removal<'d> {
    fn of(node: Node<'d>, position: usize) -> Self {
        let all = members(node);
        let member = all[position];
        let end = member.content_end();
        let comma = comma_behind(node, end);
        let previous = position.checked_sub(1).map(|above| all[above]);
        let previous = previous.map(
            |previous| match comma_behind(node, previous.content_end()) {
                Some(comma) if previous.wants_blank_behind() => comma,
                _ => previous.content_end(),
            },
        );
        let text = node.lines().text;
        let orphan = previous
            .filter(|_| comma.is_none())
            .and_then(|previous| comma_behind(node, previous));
        let orphan = orphan
            .map(|comma| Span::new(text[..comma].trim_end_matches([' ', '\t']).len(), comma + 1));
        Self {
            node,
            member,
            is_only: all.len() == 1,
            previous,
            next: all.get(position + 1).map(|next| next.start),
            end,
            behind: comma.map_or(end, |comma| comma + 1),
            orphan,
        }
    }

    /// Where the collection's own braces end and begin.
    fn inside(&self) -> Span {
        Span::new(self.node.span().start + 1, self.node.span().end - 1)
    }

    fn has_comment(&self, from: usize, to: usize) -> bool {
        self.node.lines().text[from..to].contains('#')
    }

    fn has_line_end(&self, from: usize, to: usize) -> bool {
        self.node.lines().text[from..to].contains('\n')
    }

    /// Everything between the braces, with the only member; none where a comment stays there, or
    /// lines that people laid out.
    fn all_inside(&self, is_json: bool) -> Option<Vec<Span>> {
        let (opened, closes) = (self.inside().start, self.inside().end);
        let around = [(opened, self.member.start), (self.end, closes)];
        let has_comment = around.iter().any(|(from, to)| self.has_comment(*from, *to));
        let is_short = || {
            !around
                .iter()
                .any(|(from, to)| self.has_line_end(*from, *to))
        };
        (self.is_only && !has_comment && (is_json || is_short())).then(|| vec![self.inside()])
    }

    /// Its lines, where it has them to itself.
    fn own_lines(&self) -> Option<Vec<Span>> {
        let lines = self.node.lines();
        let line_end = own_lines_end(self.member)?;
        let above = lines.above(lines.at(self.member.start))?;
        Some(
            self.orphan
                .into_iter()
                .chain([Span::new(above.end(), line_end)])
                .collect(),
        )
    }

    /// From it to the next, or from the one before to its end.
    fn beside_others(&self) -> Vec<Span> {
        let (start, opened) = (self.member.start, self.inside().start);
        let is_plain =
            |from: usize, to: usize| !self.has_comment(from, to) && !self.has_line_end(from, to);
        match (self.next, self.previous) {
            (Some(next), _) if is_plain(self.end, next) => vec![Span::new(start, next)],
            // Beside the brace.
            (Some(next), None)
                if !self.has_comment(opened, start) && !self.has_comment(self.end, next) =>
            {
                vec![Span::new(start, next)]
            }
            (None, Some(previous)) if !self.has_comment(previous, start) => {
                vec![Span::new(previous, self.end)]
            }
            _ => {
                let from = without_blanks(self.node.lines(), start, self.behind);
                self.orphan
                    .into_iter()
                    .chain([Span::new(from, self.behind)])
                    .collect()
            }
        }
    }
}

/// Where what is removed starts, lest blanks be left at the end of a line.
fn without_blanks(lines: Lines<'_>, start: usize, end: usize) -> usize {
    let before = lines.before(start);
    let code = before.trim_end_matches([' ', '\t']);
    let ends_line = is_rest_blank(&lines.text[end..lines.at(end).end()]);
    if ends_line && !code.is_empty() {
        start - (before.len() - code.len())
    } else {
        start
    }
}
