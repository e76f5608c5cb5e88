//! `set`: another scalar in the place of one.

use super::ledger::Touch;
use super::pass::Pass;
use crate::block_scalar::Header;
use crate::json;
use crate::member::Member;
use crate::node::{Node, ScalarStyle};
use crate::quote::{Place, Quote, Quoting, is_plain, quoted, reads_as_string, write};
use crate::value::Form;
use crate::{Content, EditError, Kind, NewScalar, Path, Span};

impl<'d> Pass<'d> {
    pub(super) fn set_scalar(&mut self, path: &Path, value: &NewScalar) -> Result<(), EditError> {
        let node = self.locate(path)?;
        if !matches!(node.content(), Content::Scalar(_) | Content::Alias(_)) {
            return Err(Self::wrong_kind(node, path, Kind::Scalar));
        }
        self.refuse_shared(node, path)?;
        let place = if node.in_flow() {
            Place::Flow
        } else {
            Place::Block
        };
        refuse_unwritable(value, node, place)?;
        if !self.ledger.may_replace(node) {
            return Err(Self::already_edited(node, path));
        }
        let filled = filled_holder(node);
        filled.map_or(Ok(()), |holder| self.refuse_rearranged(holder, path))?;
        let text = self.rewritten(node, value, place);
        let (span, text) = match node.header() {
            Some(header) => in_place_of_block(header, node, &text),
            None => (
                null_span(node),
                format!("{}{text}", lead_in(node, node.span())),
            ),
        };
        let clear = self.splices.replace(span, text);
        self.unless_clashing(clear, path, span)?;
        self.ledger.note(node, Touch::Replaced);
        if let Some(holder) = filled {
            self.ledger.note(holder, Touch::Rearranged);
        }
        Ok(())
    }

    /// The new value in the old one's quotes.
    fn rewritten(&self, node: Node<'d>, value: &NewScalar, place: Place) -> String {
        let old = match node.as_scalar().map(|scalar| scalar.style()) {
            Some(ScalarStyle::SingleQuoted) => Some(Quote::Single),
            Some(ScalarStyle::DoubleQuoted) => Some(Quote::Double),
            _ => None,
        };
        let text = &value.text;
        if self.layout.is_json() {
            return if value.form == Form::Plain && json::is_literal(text) {
                text.clone()
            } else {
                json::string(text)
            };
        }
        match value.form {
            Form::Quoted => quoted(text, Quote::Double),
            Form::Plain if old.is_none() || !reads_as_string(text) => text.clone(),
            _ => {
                let siblings = node
                    .parent()
                    .map(|parent| self.layout.style_in(parent, node.span().start).values);
                let needed = siblings.map_or(Quote::Double, |values| values.needed);
                let block = || block_scalar(node, text, self.lines().ending(node.span().start));
                block().unwrap_or_else(|| {
                    write(
                        text,
                        place,
                        Quoting {
                            always: old,
                            needed,
                        },
                    )
                })
            }
        }
    }
}

/// Refuses a plain scalar that would not be one where it goes.
pub(super) fn refuse_unwritable(
    value: &NewScalar,
    node: Node<'_>,
    place: Place,
) -> Result<(), EditError> {
    if value.form != Form::Plain || value.text.is_empty() || is_plain(&value.text, place) {
        return Ok(());
    }
    Err(EditError::Unwritable {
        at: node.position(),
        text: value.text.clone(),
        form: "without quotes",
    })
}

/// The braces or brackets around a value that is written as nothing.
pub(super) fn filled_holder(node: Node<'_>) -> Option<Node<'_>> {
    node.parent()
        .filter(|holder| holder.is_flow() && node.span().is_empty())
}

/// What goes of a block scalar, its header included, and what comes there; the header's comment
/// stays.
fn in_place_of_block(header: Header<'_>, node: Node<'_>, text: &str) -> (Span, String) {
    let lines = node.lines();
    let line_end = lines.at(header.span.start).end();
    let remark = Some(&lines.text[header.span.end..line_end])
        .filter(|rest| rest.contains('#'))
        .unwrap_or_default();
    let (head, below) = text.split_at(text.find(['\r', '\n']).unwrap_or(text.len()));
    let gap = if remark.starts_with('#') { " " } else { "" };
    (
        Span::new(header.span.start, node.span().end.max(line_end)),
        format!("{head}{gap}{remark}{below}"),
    )
}

/// A scalar's own span; of a value that is written as nothing in braces the blanks behind it, too,
/// unless they are there for the brace.
pub(super) fn null_span(node: Node<'_>) -> Span {
    let (own, text) = (node.span(), node.lines().text);
    let ends_in_colon = || Member::of(node).is_some_and(Member::ends_in_colon);
    let Some(holder) = filled_holder(node).filter(|_| ends_in_colon()) else {
        return own;
    };
    let rest = text[own.end..].trim_start_matches([' ', '\t']);
    let blanks = Span::new(own.start, text.len() - rest.len());
    let is_padded = || text[holder.span().start + 1..].starts_with([' ', '\t', '\r', '\n']);
    match rest.chars().next() {
        Some(',') => blanks,
        Some('}' | ']') if !is_padded() => blanks,
        _ => own,
    }
}

/// What parts a value from the colon or dash that it comes to stand behind.
pub(super) fn lead_in(node: Node<'_>, span: Span) -> &'static str {
    if !node.span().is_empty() {
        return "";
    }
    let before = &node.lines().text[..span.start];
    let pairless = node.in_flow()
        && Member::of(node).is_some_and(|member| member.key.is_some() && !member.has_colon());
    match () {
        () if pairless => ": ",
        () if before.is_empty() || before.ends_with([' ', '\n', '\u{feff}']) => "",
        () => " ",
    }
}

/// Lines in the place of the lines of a `|`, where the new value has some too.
fn block_scalar(node: Node<'_>, text: &str, ending: &str) -> Option<String> {
    let literal = node.as_scalar()?.style() == ScalarStyle::Literal;
    let unended = node.span().end == node.lines().text.len();
    let indent = node.lines().column(node.span().start);
    let plain = |line: &str| line.trim_end() == line && line.chars().all(|c| !c.is_control());
    let body = text.strip_suffix('\n').unwrap_or(text);
    let fits = body.contains('\n')
        && body.lines().all(plain)
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n');
    if !literal || node.span().is_empty() || unended || !fits {
        return None;
    }
    let chomp = if text.ends_with('\n') { "|" } else { "|-" };
    let pad = " ".repeat(indent);
    let lines = body.split('\n').map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!("{pad}{line}")
        }
    });
    Some(
        std::iter::once(chomp.to_owned())
            .chain(lines)
            .collect::<Vec<_>>()
            .join(ending),
    )
}
