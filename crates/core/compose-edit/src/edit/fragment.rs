//! Source text on its way from one place to another.

use crate::block_scalar::Header;
use crate::lines::Line;
use crate::member::{Member, first_comment, members};
use crate::node::Property;
use crate::quote::{self, Place, Quote};
use crate::write::Style;
use crate::{Content, Kind, Node, Scalar, ScalarStyle};

use super::flow::comment_beside;

/// An entry or an item with its comments, as it was written where [`crate::Edit::take`] found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    key: Option<String>,
    /// Without the indentation that all of them share.
    lines: Vec<String>,
    /// The fragment on one line, for braces; none where it cannot stand in them.
    inline: Option<String>,
    /// The block scalar that it ends in, if it does.
    tail: Option<Tail>,
    /// The anchored nodes outside of it that its aliases stand for.
    needs: Vec<Anchored>,
    /// The names of its own anchors.
    anchors: Vec<String>,
}

/// The block scalar at the end of a fragment: what stands below the fragment can become a part of
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tail {
    /// Whether its value has the end of its last line.
    pub(super) needs_end: bool,
    /// Whether it takes all blank lines below it for its own.
    keeps: bool,
    /// The column of its lines: white lines that are longer are its own too.
    column: usize,
}

impl Tail {
    fn of(member: Member<'_>) -> Option<Self> {
        let leaf = member.value.last_leaf();
        let header = leaf.header()?;
        let ended = member.content_end() < leaf.lines().text.len();
        let column = if leaf.span().is_empty() {
            0
        } else {
            leaf.lines().column(leaf.span().start)
        };
        let needs_end = ended && !header.strips();
        Some(Self {
            needs_end,
            keeps: needs_end && header.keeps(),
            column: column.saturating_sub(member.column()),
        })
    }

    /// Whether a blank line would become a part of it, were the fragment put above it in a column.
    pub(super) fn takes(self, line: Line<'_>, column: usize) -> bool {
        self.keeps || line.text.len() > self.column + column
    }
}

/// An anchored node, as far as it can be told in another place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anchored {
    pub(super) name: String,
    pub(super) text: String,
}

impl Fragment {
    /// The text of a member.
    pub(super) fn cut(member: Member<'_>) -> Self {
        let key = member
            .key
            .and_then(Node::as_scalar)
            .map(|key| key.value().to_owned());
        let header = member
            .value
            .last_leaf()
            .header()
            .filter(|header| !header.strips());
        let unended = member.content_end() == member.value.lines().text.len();
        let in_flow = member.value.in_flow();
        let lines = if in_flow {
            flow_lines(member)
        } else {
            block_lines(member, header.filter(|_| unended))
        };
        let commented = lines.iter().any(|line| line.trim_start().starts_with('#'));
        let commented = commented || in_flow && comment_beside(member).is_some();
        let inline = if commented { None } else { in_braces(member) };
        let (needs, anchors) = (needed_anchors(member), own_anchors(member));
        Self {
            key,
            lines,
            inline,
            tail: if in_flow { None } else { Tail::of(member) },
            needs,
            anchors,
        }
    }

    /// The key, for an entry of a mapping.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The text, its shared indentation taken off, lines ended by `\n`.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// The kind of collection that it came from and can go into.
    #[must_use]
    pub fn kind(&self) -> Kind {
        if self.key.is_some() {
            Kind::Mapping
        } else {
            Kind::Sequence
        }
    }

    pub(super) fn tail(&self) -> Option<Tail> {
        self.tail
    }

    /// The anchored nodes that must be above the place that it is put to.
    pub(super) fn needs(&self) -> &[Anchored] {
        &self.needs
    }

    pub(super) fn anchors(&self) -> &[String] {
        &self.anchors
    }

    pub(super) fn inline(&self) -> Option<&str> {
        self.inline.as_deref()
    }

    pub(super) fn lines(&self, out: &mut String, style: Style, indent: usize) {
        for (position, line) in self.lines.iter().enumerate() {
            match (position, line.as_str()) {
                (0, line) => out.push_str(line),
                (_, "") => out.push_str(style.ending),
                (_, line) => {
                    style.new_line(out, indent);
                    out.push_str(line);
                }
            }
        }
    }
}

/// A member's nodes in the order of the text, its key and its value included.
fn nodes(member: Member<'_>) -> impl Iterator<Item = Node<'_>> {
    let first = member.key.unwrap_or(member.value).id.index();
    let last = member.value.last_leaf().id.index();
    (first..=last).map(move |index| member.value.document.node(index))
}

/// What a member's aliases stand for that is not in the member.
fn needed_anchors(member: Member<'_>) -> Vec<Anchored> {
    let inside = member.key.unwrap_or(member.value).id..=member.value.last_leaf().id;
    let outside = nodes(member)
        .filter_map(alias_target)
        .filter(|(_, target)| !inside.contains(&target.id));
    outside
        .map(|(name, target)| Anchored {
            name,
            text: target.text().to_owned(),
        })
        .collect()
}

fn alias_target(node: Node<'_>) -> Option<(String, Node<'_>)> {
    match node.content() {
        Content::Alias(alias) => Some((alias.name().to_owned(), alias.target())),
        _ => None,
    }
}

fn own_anchors(member: Member<'_>) -> Vec<String> {
    nodes(member)
        .filter_map(|node| node.anchor().map(str::to_owned))
        .collect()
}

/// The lines of a member of a block collection, from its first comment on.
fn block_lines(member: Member<'_>, strip: Option<Header<'_>>) -> Vec<String> {
    let lines = member.value.lines();
    let column = member.column();
    let holder = member.value.parent().map(members).unwrap_or_default();
    let position = holder
        .iter()
        .position(|other| other.value == member.value)
        .unwrap_or_default();
    let start = if lines.opens_line(member.start) {
        first_comment(&holder, position).start
    } else {
        member.start
    };
    let mut text = lines.text[start..member.end()].to_owned();
    if let Some(header) = strip {
        let signs = lines.text[header.span.range()]
            .trim_end_matches('+')
            .to_owned()
            + "-";
        text.replace_range(header.span.start - start..header.span.end - start, &signs);
    }
    let mut all: Vec<String> = text
        .split('\n')
        .map(|line| dedent(line.trim_end_matches('\r'), column))
        .collect();
    if start == member.start {
        // Behind a dash there is no indentation to take off.
        all[0] = text
            .split('\n')
            .next()
            .unwrap_or_default()
            .trim_end_matches('\r')
            .to_owned();
    }
    all
}

fn dedent(line: &str, column: usize) -> String {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    line[blanks.min(column)..].to_owned()
}

/// A member of a flow collection, written as one of a block collection.
fn flow_lines(member: Member<'_>) -> Vec<String> {
    let lines = member.value.lines();
    let column = lines.at(member.start).indent();
    let record = member.value.record();
    let value = &lines.text[record.start()..record.end()];
    let text = match member.key {
        None if value.is_empty() => "-".to_owned(),
        None => format!("- {value}"),
        Some(key) => {
            let key = &lines.text[key.record().start()..key.record().end()];
            if value.is_empty() {
                format!("{key}:")
            } else {
                format!("{key}: {value}")
            }
        }
    };
    let mut all = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let first = all.next().map(str::to_owned);
    let below: Vec<String> = all.map(|line| dedent(line, column)).collect();
    // In braces a line may start anywhere; here it has to be deeper than the key or the dash.
    let flush = below
        .iter()
        .any(|line| !line.is_empty() && !line.starts_with(' '));
    let pad = |line: String| {
        if flush && !line.trim().is_empty() {
            format!("  {line}")
        } else {
            line
        }
    };
    let mut all: Vec<String> = first
        .into_iter()
        .chain(below.into_iter().map(pad))
        .collect();
    if let (Some(comment), Some(last)) = (comment_beside(member), all.last_mut()) {
        last.push(' ');
        last.push_str(comment);
    }
    all
}

/// A member on one line, as it is written in braces; one with comments has no such form.
fn in_braces(member: Member<'_>) -> Option<String> {
    // No comment is lost: where there might be one, there is no such form.
    if has_comment(member) {
        return None;
    }
    let mut out = String::new();
    write_in_braces(&mut out, member);
    Some(out)
}

/// Whether a `#` stands in a member outside of its words.
fn has_comment(member: Member<'_>) -> bool {
    let text = member.value.lines().text;
    let mut from = member.start;
    let words = nodes(member)
        .filter(|node| matches!(node.content(), Content::Scalar(_) | Content::Alias(_)));
    for word in words.map(Node::span) {
        if text[from..word.start.max(from)].contains('#') {
            return true;
        }
        from = word.end.max(from);
    }
    let end = if member.value.in_flow() {
        member.content_end()
    } else {
        member.end()
    };
    text[from..end.max(from)].contains('#')
}

fn write_in_braces(out: &mut String, member: Member<'_>) {
    if let Some(key) = member.key {
        write_node(out, key);
        out.push_str(if matches!(key.content(), Content::Alias(_)) {
            " : "
        } else {
            ": "
        });
    }
    write_node(out, member.value);
}

fn write_node(out: &mut String, node: Node<'_>) {
    let text = node.lines().text;
    let mut properties: Vec<&Property> = node.record().properties().collect();
    properties.sort_by_key(|property| property.span.start);
    for property in properties {
        out.push_str(&text[property.span.range()]);
        out.push(' ');
    }
    match node.content() {
        Content::Scalar(_) if node.is_null() => out.push_str("null"),
        Content::Scalar(scalar) => out.push_str(&scalar_in_braces(node, scalar)),
        Content::Alias(_) => out.push_str(node.text()),
        Content::Mapping(_) => write_members(out, node, ['{', '}']),
        Content::Sequence(_) => write_members(out, node, ['[', ']']),
    }
}

fn write_members(out: &mut String, node: Node<'_>, [open, close]: [char; 2]) {
    out.push(open);
    for (position, member) in members(node).into_iter().enumerate() {
        out.push_str(if position > 0 { ", " } else { "" });
        write_in_braces(out, member);
    }
    out.push(close);
}

/// As it was written, if that is one line and means the same there.
fn scalar_in_braces(node: Node<'_>, scalar: Scalar<'_>) -> String {
    let plain = scalar.style() == ScalarStyle::Plain;
    let fits = node.header().is_none() && !node.text().contains('\n');
    if fits && (!plain || quote::is_plain(node.text(), Place::Flow)) {
        return node.text().to_owned();
    }
    quote::quoted(scalar.value(), Quote::Double)
}
