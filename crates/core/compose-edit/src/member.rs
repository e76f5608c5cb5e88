//! Entries and items: where each starts, and where the last line that belongs to it ends.

use crate::block_scalar::Header;
use crate::lines::{Line, Lines};
use crate::node::{Node, ScalarStyle, Shape};

/// An entry of a mapping or an item of a sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'d> {
    pub(crate) key: Option<Node<'d>>,
    pub(crate) value: Node<'d>,
    /// The first byte: of the key, or the dash; in brackets, of the item.
    pub(crate) start: usize,
}

impl<'d> Member<'d> {
    /// The entry or the item that a node is the value of; a root is none.
    pub(crate) fn of(value: Node<'d>) -> Option<Self> {
        let parent = value.parent()?;
        match &parent.record().shape {
            Shape::Mapping { entries, .. } => {
                let (key, _) = entries[entries
                    .binary_search_by_key(&value.id, |(_, value)| *value)
                    .ok()?];
                let key = parent.at(key);
                Some(Self {
                    key: Some(key),
                    value,
                    start: key.record().start(),
                })
            }
            Shape::Sequence { flow: true, .. } => Some(Self {
                key: None,
                value,
                start: value.record().start(),
            }),
            Shape::Sequence { flow: false, items } => {
                let above = items.binary_search(&value.id).ok()?.checked_sub(1);
                let behind = above.map(|above| parent.at(items[above]).record().end());
                let start = behind.map_or(parent.span().start, |behind| {
                    parent.lines().skip_trivia(behind)
                });
                Some(Self {
                    key: None,
                    value,
                    start,
                })
            }
            Shape::Scalar { .. } | Shape::Alias { .. } => None,
        }
    }

    /// Behind the last byte of content.
    pub(crate) fn content_end(self) -> usize {
        let value = self.value.record().end();
        self.key
            .map_or(value, |key| key.record().end().max(value))
            .max(self.start)
    }

    /// In which column it starts.
    pub(crate) fn column(self) -> usize {
        self.value.lines().column(self.start)
    }

    /// The end of the last line that belongs to it: of its last content line, or of the last deeper
    /// comment below.
    pub(crate) fn end(self) -> usize {
        let lines = self.value.lines();
        let column = self.column();
        let mut line = lines.at(self.content_end());
        let mut end = line.end();
        while let Some(below) = lines.below(line) {
            line = below;
            if line.comment().is_some_and(|comment| comment > column) {
                end = line.end();
            } else if !line.is_blank() {
                break;
            }
        }
        end
    }

    /// Where a value on the key's or the dash's line would go: behind the colon or dash, the anchor
    /// and the tag.
    pub(crate) fn slot(self) -> usize {
        let properties = self
            .value
            .record()
            .properties()
            .map(|property| property.span.end)
            .max();
        properties.unwrap_or_else(|| self.behind_indicator())
    }

    /// Behind the colon or dash; in brackets, where the item starts.
    pub(crate) fn behind_indicator(self) -> usize {
        let Some(key) = self.key else {
            return if self.value.in_flow() {
                self.start
            } else {
                self.start + 1
            };
        };
        let lines = self.value.lines();
        let colon = lines.skip_trivia(key.record().end());
        if lines.text[colon..].starts_with(':') {
            colon + 1
        } else {
            key.record().end()
        }
    }

    /// Whether its key has a colon; in braces one may have none.
    pub(crate) fn has_colon(self) -> bool {
        self.key
            .is_some_and(|key| self.behind_indicator() > key.record().end())
    }

    /// Whether it ends in its key's colon, which would be a part of the key right before a comma or
    /// a brace.
    pub(crate) fn ends_in_colon(self) -> bool {
        self.has_colon() && self.content_end() == self.behind_indicator()
    }

    /// Whether a comma or a brace right behind it would become a part of it to some parsers: it
    /// ends in its key's colon, or in the tag or anchor of a null.
    pub(crate) fn wants_blank_behind(self) -> bool {
        let is_null_with_property =
            self.value.span().is_empty() && (self.value.tag().or(self.value.anchor()).is_some());
        self.ends_in_colon() || is_null_with_property
    }

    /// How many blank lines follow it.
    pub(crate) fn blank_lines_below(self) -> usize {
        self.value.lines().blank_below(self.end()).count()
    }
}

/// The entries or items of a collection; none of a scalar or an alias.
pub(crate) fn members(collection: Node<'_>) -> Vec<Member<'_>> {
    let text = collection.lines();
    match &collection.record().shape {
        Shape::Mapping { entries, .. } => entries
            .iter()
            .map(|(key, value)| (collection.at(*key), collection.at(*value)))
            .map(|(key, value)| Member {
                key: Some(key),
                value,
                start: key.record().start(),
            })
            .collect(),
        Shape::Sequence { flow: true, items } => items
            .iter()
            .map(|item| collection.at(*item))
            .map(|value| Member {
                key: None,
                value,
                start: value.record().start(),
            })
            .collect(),
        Shape::Sequence { flow: false, items } => {
            let mut dash = collection.span().start;
            let mut all = Vec::with_capacity(items.len());
            for value in items.iter().map(|item| collection.at(*item)) {
                all.push(Member {
                    key: None,
                    value,
                    start: dash,
                });
                dash = text.skip_trivia(value.record().end().max(dash + 1));
            }
            all
        }
        Shape::Scalar { .. } | Shape::Alias { .. } => Vec::new(),
    }
}

impl<'d> Node<'d> {
    pub(crate) fn lines(self) -> Lines<'d> {
        Lines {
            text: self.document.text(),
        }
    }

    /// Whether the node stands in braces or brackets.
    pub(crate) fn in_flow(self) -> bool {
        self.parent().is_some_and(Node::is_flow)
    }

    /// Whether the node is written in braces or brackets.
    pub(crate) fn is_flow(self) -> bool {
        matches!(
            self.record().shape,
            Shape::Mapping { flow: true, .. } | Shape::Sequence { flow: true, .. }
        )
    }

    /// How many collections hold it.
    pub(crate) fn depth(self) -> usize {
        std::iter::successors(self.parent(), |node| node.parent()).count()
    }

    /// The node and those that hold it, inside out.
    pub(crate) fn ancestry(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |node| node.parent())
    }

    /// The last node below it in the text, itself if there is none.
    pub(crate) fn last_leaf(self) -> Self {
        let mut leaf = self;
        loop {
            leaf = match &leaf.record().shape {
                Shape::Mapping { entries, .. } if !entries.is_empty() => {
                    leaf.at(entries[entries.len() - 1].1)
                }
                Shape::Sequence { items, .. } if !items.is_empty() => {
                    leaf.at(items[items.len() - 1])
                }
                _ => return leaf,
            };
        }
    }

    /// The header of a block scalar; other nodes have none.
    pub(crate) fn header(self) -> Option<Header<'d>> {
        let style = self.as_scalar()?.style();
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return None;
        }
        let from =
            Member::of(self).map_or_else(|| self.lines().first_node(), Member::behind_indicator);
        Some(Header::behind(
            self.lines(),
            from,
            self.record().properties().count(),
        ))
    }

    /// Whether the node ends in a block scalar that would take a blank line right below it for its
    /// own.
    pub(crate) fn takes(self, line: Line<'_>) -> bool {
        let leaf = self.last_leaf();
        let column = if leaf.span().is_empty() {
            0
        } else {
            leaf.lines().column(leaf.span().start)
        };
        leaf.header()
            .is_some_and(|header| header.keeps() || line.text.len() > column)
    }

    /// Whether the node ends in a block scalar that takes all blank lines below it for its own.
    pub(crate) fn keeps_blank_lines(self) -> bool {
        self.last_leaf().header().is_some_and(Header::keeps)
    }
}

/// The first line that belongs to a member: of the comments right above it in its column, up to one
/// that is commented-out YAML. Those above the first entry of the file speak for the file.
pub(crate) fn first_comment<'t>(all: &[Member<'t>], position: usize) -> Line<'t> {
    let member = all[position];
    let lines = member.value.lines();
    let column = member.column();
    let mut top = lines.at(member.start);
    let heads_file = position == 0 && member.value.depth() == 1;
    let is_own = |line: &Line<'_>| {
        !heads_file && line.comment() == Some(column) && !is_commented_out(line.text)
    };
    while let Some(above) = lines.above(top).filter(is_own) {
        top = above;
    }
    top
}

/// Whether a comment reads like a key or an item.
fn is_commented_out(comment: &str) -> bool {
    let text = comment.trim_start_matches([' ', '\t', '#']);
    let word = text.split([' ', '\t']).next().unwrap_or_default();
    let is_key = word
        .strip_suffix(':')
        .is_some_and(|key| key.starts_with(|c: char| c.is_alphabetic() || "_$\"'".contains(c)));
    is_key || text.starts_with("- ")
}
