//! The reading half: a tree of spans, walked through [`Node`]s.

use crate::{Document, Position, Span};

/// Index of a node in its document's arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

impl NodeId {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScalarStyle {
    /// Without quotes; the empty plain scalar is null.
    Plain,
    /// `'like this'`
    SingleQuoted,
    /// `"like this"`
    DoubleQuoted,
    /// A `|` block.
    Literal,
    /// A `>` block.
    Folded,
}

/// What the arena keeps of a node.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) shape: Shape,
    /// What [`Node::span`] describes.
    pub(crate) span: Span,
    pub(crate) parent: Option<NodeId>,
    pub(crate) anchor: Option<Property>,
    pub(crate) tag: Option<Property>,
}

impl Record {
    /// The first byte of the node, its anchor and tag included.
    pub(crate) fn start(&self) -> usize {
        self.properties()
            .map(|property| property.span.start)
            .fold(self.span.start, usize::min)
    }

    /// Behind the last byte of the node; one that is nothing but an anchor or a tag ends with that.
    pub(crate) fn end(&self) -> usize {
        self.properties()
            .map(|property| property.span.end)
            .fold(self.span.end, usize::max)
    }

    /// The anchor and the tag.
    pub(crate) fn properties(&self) -> impl Iterator<Item = &Property> {
        [&self.anchor, &self.tag].into_iter().flatten()
    }
}

/// An anchor's name or a tag as written, and where.
#[derive(Clone, Debug)]
pub(crate) struct Property {
    pub(crate) text: String,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// `decoded` is `None` where the text of the span is the value already, as for most plain
    /// scalars.
    Scalar {
        style: ScalarStyle,
        decoded: Option<Box<str>>,
    },
    Mapping {
        flow: bool,
        entries: Vec<(NodeId, NodeId)>,
    },
    Sequence {
        flow: bool,
        items: Vec<NodeId>,
    },
    Alias {
        target: NodeId,
    },
}

/// A node of a [`Document`].
#[derive(Clone, Copy)]
pub struct Node<'d> {
    pub(crate) document: &'d Document,
    pub(crate) id: NodeId,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Node({:?} at {})", self.text(), self.position())
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub enum Content<'d> {
    /// A single value.
    Scalar(Scalar<'d>),
    /// Keys and values.
    Mapping(Mapping<'d>),
    /// Items.
    Sequence(Sequence<'d>),
    /// A `*name` that stands for an anchored node.
    Alias(Alias<'d>),
}

impl<'d> Node<'d> {
    pub(crate) fn record(self) -> &'d Record {
        &self.document.nodes[self.id.index()]
    }

    pub(crate) fn at(self, id: NodeId) -> Self {
        Self {
            document: self.document,
            id,
        }
    }

    /// What the node is.
    #[must_use]
    pub fn content(self) -> Content<'d> {
        match &self.record().shape {
            Shape::Scalar { style, .. } => Content::Scalar(Scalar {
                node: self,
                style: *style,
            }),
            Shape::Mapping { flow, entries } => Content::Mapping(Mapping {
                node: self,
                flow: *flow,
                entries,
            }),
            Shape::Sequence { flow, items } => Content::Sequence(Sequence {
                node: self,
                flow: *flow,
                items,
            }),
            Shape::Alias { target } => Content::Alias(Alias {
                node: self,
                target: *target,
            }),
        }
    }

    /// The node as a scalar; an alias is none.
    #[must_use]
    pub fn as_scalar(self) -> Option<Scalar<'d>> {
        if let Content::Scalar(scalar) = self.content() {
            Some(scalar)
        } else {
            None
        }
    }

    /// The node as a mapping; an alias is none.
    #[must_use]
    pub fn as_mapping(self) -> Option<Mapping<'d>> {
        if let Content::Mapping(mapping) = self.content() {
            Some(mapping)
        } else {
            None
        }
    }

    /// The node as a sequence; an alias is none.
    #[must_use]
    pub fn as_sequence(self) -> Option<Sequence<'d>> {
        if let Content::Sequence(sequence) = self.content() {
            Some(sequence)
        } else {
            None
        }
    }

    /// The node's own bytes: quotes and brackets included, anchor and tag not. A block collection
    /// reaches from its first key or dash to the end of its last content. A null written as nothing
    /// is the empty span behind its `:`, its `-` or its tag. A block scalar is its lines without
    /// the header, from its first character to the end of its last line, blank lines at its end
    /// included where its header keeps them.
    #[must_use]
    pub fn span(self) -> Span {
        self.record().span
    }

    /// The source text of [`Self::span`].
    #[must_use]
    pub fn text(self) -> &'d str {
        &self.document.text()[self.span().range()]
    }

    /// Line and column of the node's first byte.
    #[must_use]
    pub fn position(self) -> Position {
        self.document.position(self.span().start)
    }

    /// The tag as written, such as `!reset` or `!!str`.
    #[must_use]
    pub fn tag(self) -> Option<&'d str> {
        self.record().tag.as_ref().map(|tag| tag.text.as_str())
    }

    /// The anchor's name, without `&`.
    #[must_use]
    pub fn anchor(self) -> Option<&'d str> {
        self.record()
            .anchor
            .as_ref()
            .map(|anchor| anchor.text.as_str())
    }

    /// The collection that holds the node.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.record().parent.map(|id| self.at(id))
    }

    /// The node that an alias stands for, any other node itself. An alias never points to another
    /// alias.
    #[must_use]
    pub fn resolved(self) -> Self {
        if let Content::Alias(alias) = self.content() {
            alias.target()
        } else {
            self
        }
    }

    /// Whether the node is a null: nothing, `~` or `null` without quotes. One of YAML's own tags,
    /// such as `!!str`, makes something else of it; a tag such as `!reset` does not.
    #[must_use]
    pub fn is_null(self) -> bool {
        let retyped = |tag: &str| {
            tag != "!!null" && (tag == "!" || tag.starts_with("!!") || tag.starts_with("!<"))
        };
        self.as_scalar().is_some_and(|scalar| {
            let words = matches!(scalar.value(), "" | "~" | "null" | "Null" | "NULL");
            words && !self.tag().is_some_and(retyped) && scalar.style == ScalarStyle::Plain
        })
    }
}

/// A scalar node.
#[derive(Clone, Copy, Debug)]
pub struct Scalar<'d> {
    node: Node<'d>,
    style: ScalarStyle,
}

impl<'d> Scalar<'d> {
    /// The value after YAML's unescaping and folding; a null written as nothing is the empty text.
    #[must_use]
    pub fn value(self) -> &'d str {
        match &self.node.record().shape {
            Shape::Scalar {
                decoded: Some(value),
                ..
            } => value,
            _ => self.node.text(),
        }
    }

    /// How it is written.
    #[must_use]
    pub fn style(self) -> ScalarStyle {
        self.style
    }
}

/// A mapping node.
#[derive(Clone, Copy, Debug)]
pub struct Mapping<'d> {
    node: Node<'d>,
    flow: bool,
    entries: &'d [(NodeId, NodeId)],
}

impl<'d> Mapping<'d> {
    /// Whether it is written in braces.
    #[must_use]
    pub fn is_flow(self) -> bool {
        self.flow
    }

    /// How many entries it has, merge keys (`<<`) included.
    #[must_use]
    pub fn len(self) -> usize {
        self.entries.len()
    }

    /// Whether it has no entry.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.entries.is_empty()
    }

    /// Keys and values as written: `<<` is an entry like any other, aliases are not followed.
    pub fn entries(
        self,
    ) -> impl DoubleEndedIterator<Item = (Node<'d>, Node<'d>)> + ExactSizeIterator {
        self.entries
            .iter()
            .map(move |(key, value)| (self.node.at(*key), self.node.at(*value)))
    }

    /// The value under a key, as written.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key's and the value's node, as written.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        self.entries()
            .find(|(name, _)| name.as_scalar().is_some_and(|scalar| scalar.value() == key))
    }

    /// The values that a stretch of the text lies in: one, and beside it empty ones at its edge.
    /// They stand in the text's order, so they are found by bisection.
    pub fn values_around(self, span: Span) -> impl Iterator<Item = Node<'d>> {
        let value = move |entry: &(NodeId, NodeId)| self.node.at(entry.1);
        let from = self
            .entries
            .partition_point(|entry| value(entry).span().end < span.end);
        self.entries[from..]
            .iter()
            .map(value)
            .take_while(move |value| value.span().start <= span.start)
    }
}

/// A sequence node.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'d> {
    node: Node<'d>,
    flow: bool,
    items: &'d [NodeId],
}

impl<'d> Sequence<'d> {
    /// Whether it is written in brackets.
    #[must_use]
    pub fn is_flow(self) -> bool {
        self.flow
    }

    /// How many items it has.
    #[must_use]
    pub fn len(self) -> usize {
        self.items.len()
    }

    /// Whether it has no item.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.items.is_empty()
    }

    /// The items as written.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Node<'d>> + ExactSizeIterator {
        self.items.iter().map(move |item| self.node.at(*item))
    }

    /// An item, from 0.
    #[must_use]
    pub fn get(self, index: usize) -> Option<Node<'d>> {
        self.items.get(index).map(|id| self.node.at(*id))
    }

    /// The items that a stretch of the text lies in, as [`Mapping::values_around`].
    pub fn items_around(self, span: Span) -> impl Iterator<Item = Node<'d>> {
        let item = move |id: &NodeId| self.node.at(*id);
        let from = self
            .items
            .partition_point(|id| item(id).span().end < span.end);
        self.items[from..]
            .iter()
            .map(item)
            .take_while(move |item| item.span().start <= span.start)
    }
}

/// An alias node.
#[derive(Clone, Copy, Debug)]
pub struct Alias<'d> {
    node: Node<'d>,
    target: NodeId,
}

impl<'d> Alias<'d> {
    /// The anchored node.
    #[must_use]
    pub fn target(self) -> Node<'d> {
        self.node.at(self.target)
    }

    /// The anchor's name, without `*`.
    #[must_use]
    pub fn name(self) -> &'d str {
        self.node.text().trim_start_matches('*')
    }
}
