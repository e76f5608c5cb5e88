//! From the parser's events to the arena of spans.

use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, Span as EventSpan, StructureStyle, Tag};

use crate::block_scalar::Header;
use crate::lines::Lines;
use crate::node::{NodeId, Property, Record, ScalarStyle, Shape};
use crate::source::Source;
use crate::{EditError, Position, Span};

/// The arena and the root of each document in `text`.
pub(crate) fn parse(text: &str) -> Result<(Vec<Record>, Vec<NodeId>), EditError> {
    let mut options = Options::default();
    options.emit_anchor_events = true;
    options.emit_comments = false;
    let mut builder = Builder::new(text);
    for event in events(text, options) {
        let (event, span) = event.map_err(|error| builder.syntax_error(&error))?;
        builder.take(event, &span)?;
    }
    Ok((builder.nodes, builder.roots))
}

/// The parser's events.
pub(crate) fn events(text: &str, options: Options) -> Parser<'_, Source<'_>> {
    Parser::with_options(Source::of(text), options)
}

struct Builder<'t> {
    text: &'t str,
    nodes: Vec<Record>,
    roots: Vec<NodeId>,
    /// The collections that are open, outermost first.
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
}

struct Open {
    id: NodeId,
    /// The key that waits for its value.
    key: Option<NodeId>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        // A compose file has about one node for every ten bytes.
        let nodes = Vec::with_capacity(text.len() / 10);
        Self {
            text,
            nodes,
            roots: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
        }
    }

    fn syntax_error(&self, error: &granit_parser::ScanError) -> EditError {
        let at = Position {
            line: error.marker().line(),
            column: error.marker().col() + 1,
        };
        EditError::Syntax {
            at,
            reason: error.info(),
        }
    }

    fn take(&mut self, event: Event<'_>, span: &EventSpan) -> Result<(), EditError> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let style = ScalarStyle::from(style);
                let properties = usize::from(anchor != 0) + usize::from(tag.is_some());
                let own = self.scalar_span(byte_span(span), style, properties);
                let as_written = style == ScalarStyle::Plain
                    && (own.is_empty() || self.text[own.range()] == *value);
                let decoded =
                    (!as_written).then(|| self.as_compose_reads(value.into_owned(), own, style));
                self.add(
                    Shape::Scalar { style, decoded },
                    own,
                    anchor,
                    tag_property(self.text, span, tag.as_deref()),
                );
            }
            Event::MappingStart(style, anchor, tag) => {
                let shape = Shape::Mapping {
                    flow: style == StructureStyle::Flow,
                    entries: Vec::new(),
                };
                self.start(shape, span, anchor, tag.as_deref());
            }
            Event::SequenceStart(style, anchor, tag) => {
                let shape = Shape::Sequence {
                    flow: style == StructureStyle::Flow,
                    items: Vec::new(),
                };
                self.start(shape, span, anchor, tag.as_deref());
            }
            Event::MappingEnd | Event::SequenceEnd => self.end(span)?,
            Event::Alias(anchor) => {
                let target = self.anchors[&anchor];
                self.add(Shape::Alias { target }, byte_span(span), 0, None);
            }
            Event::Anchor(anchor, name) => {
                if let Some(record) = self
                    .anchors
                    .get(&anchor)
                    .and_then(|id| self.nodes.get_mut(id.index()))
                {
                    record.anchor = Some(Property {
                        text: name.into_owned(),
                        span: byte_span(span),
                    });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The last line of a block scalar has no end in its value if it has none in the text.
    fn as_compose_reads(&self, mut value: String, own: Span, style: ScalarStyle) -> Box<str> {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if is_block && !own.is_empty() && own.end == self.text.len() && value.ends_with('\n') {
            value.pop();
        }
        value.into_boxed_str()
    }

    /// The parser places a null that is written as nothing before its `:` or behind a comment, and
    /// gives block scalars the white space below them.
    fn scalar_span(&self, own: Span, style: ScalarStyle, properties: usize) -> Span {
        let lines = Lines { text: self.text };
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let is_nothing = style == ScalarStyle::Plain && own.is_empty();
        match self.behind_indicator().filter(|_| is_block || is_nothing) {
            None if is_block => Header::behind(lines, lines.first_node(), properties).body(own),
            None => own,
            Some(from) if is_block => Header::behind(lines, from, properties).body(own),
            Some(from) => Span::at(lines.skip_properties(from, properties)),
        }
    }

    /// Behind the colon or dash of the value that comes next; `None` for a key, a root or an item
    /// in brackets.
    fn behind_indicator(&self) -> Option<usize> {
        let lines = Lines { text: self.text };
        let open = self.open.last()?;
        let (at, indicator) = match (&self.nodes[open.id.index()].shape, open.key) {
            (_, Some(key)) => (lines.skip_trivia(self.nodes[key.index()].end()), ':'),
            (Shape::Sequence { flow: false, items }, None) => match items.last() {
                None => (self.nodes[open.id.index()].span.start, '-'),
                Some(item) => (lines.skip_trivia(self.nodes[item.index()].end()), '-'),
            },
            _ => return None,
        };
        self.text[at..].starts_with(indicator).then_some(at + 1)
    }

    /// Where a block sequence's first dash is: the parser places one that is no deeper than its key
    /// behind it.
    fn first_dash(&self, properties: usize) -> Option<usize> {
        self.open.last()?.key?;
        let lines = Lines { text: self.text };
        let at = lines.skip_trivia(lines.skip_properties(self.behind_indicator()?, properties));
        self.text[at..].starts_with('-').then_some(at)
    }

    fn add(&mut self, shape: Shape, span: Span, anchor: usize, tag: Option<Property>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let parent = self.open.last().map(|open| open.id);
        self.nodes.push(Record {
            shape,
            span,
            parent,
            anchor: None,
            tag,
        });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        self.attach(id);
        id
    }

    /// Hangs a node under the innermost open collection.
    fn attach(&mut self, id: NodeId) {
        let Some(open) = self.open.last_mut() else {
            self.roots.push(id);
            return;
        };
        match &mut self.nodes[open.id.index()].shape {
            Shape::Sequence { items, .. } => items.push(id),
            Shape::Mapping { entries, .. } => match open.key.take() {
                None => open.key = Some(id),
                Some(key) => entries.push((key, id)),
            },
            Shape::Scalar { .. } | Shape::Alias { .. } => {
                unreachable!("only collections are opened")
            }
        }
    }

    fn start(&mut self, shape: Shape, span: &EventSpan, anchor: usize, tag: Option<&Tag>) {
        let tag = tag_property(self.text, span, tag);
        let mut own = byte_span(span);
        if matches!(shape, Shape::Sequence { flow: false, .. }) {
            let properties = usize::from(anchor != 0) + usize::from(tag.is_some());
            own.start = self.first_dash(properties).unwrap_or(own.start);
        }
        let id = self.add(shape, own, anchor, tag);
        self.open.push(Open { id, key: None });
    }

    fn end(&mut self, span: &EventSpan) -> Result<(), EditError> {
        let Some(Open { id, .. }) = self.open.pop() else {
            return Ok(());
        };
        let last = match &self.nodes[id.index()].shape {
            Shape::Mapping {
                flow: false,
                entries,
            } => entries.last().map(|(_, value)| *value),
            Shape::Sequence { flow: false, items } => items.last().copied(),
            _ => None,
        };
        let end = last.map_or(byte_span(span).end, |last| self.nodes[last.index()].end());
        self.nodes[id.index()].span.end = end;
        self.refuse_duplicate_keys(id)
    }

    fn refuse_duplicate_keys(&self, id: NodeId) -> Result<(), EditError> {
        let Shape::Mapping { entries, .. } = &self.nodes[id.index()].shape else {
            return Ok(());
        };
        let mut seen = HashMap::with_capacity(if entries.len() > FEW {
            entries.len()
        } else {
            0
        });
        for (position, (key, _)) in entries.iter().enumerate() {
            let Some(name) = self.scalar_text(*key) else {
                continue;
            };
            let first = if entries.len() > FEW {
                seen.insert(name, *key)
            } else {
                entries[..position]
                    .iter()
                    .map(|(key, _)| *key)
                    .find(|key| self.scalar_text(*key) == Some(name))
            };
            if let Some(first) = first {
                let at = |id: NodeId| Position::of(self.text, self.nodes[id.index()].span.start);
                return Err(EditError::DuplicateKey {
                    at: at(*key),
                    first: at(first),
                    key: name.to_owned(),
                });
            }
        }
        Ok(())
    }

    fn scalar_text(&self, id: NodeId) -> Option<&str> {
        let record = &self.nodes[id.index()];
        match &record.shape {
            Shape::Scalar {
                decoded: Some(value),
                ..
            } => Some(value),
            Shape::Scalar { decoded: None, .. } => Some(&self.text[record.span.range()]),
            _ => None,
        }
    }
}

/// Up to this many keys, comparing each with those before it is cheaper than hashing them.
const FEW: usize = 16;

pub(crate) fn byte_span(span: &EventSpan) -> Span {
    let offset =
        |marker: &granit_parser::Marker| marker.byte_offset().unwrap_or_else(|| marker.index());
    Span::new(offset(&span.start), offset(&span.end))
}

fn tag_property(text: &str, span: &EventSpan, tag: Option<&Tag>) -> Option<Property> {
    let tag = tag?;
    let span = span
        .tag_span()
        .map_or_else(|| byte_span(span), |span| byte_span(&span));
    let written = &text[span.range()];
    let text = if written.is_empty() {
        tag.original()
    } else {
        written.to_owned()
    };
    Some(Property { text, span })
}

impl From<granit_parser::ScalarStyle> for ScalarStyle {
    fn from(style: granit_parser::ScalarStyle) -> Self {
        match style {
            granit_parser::ScalarStyle::Plain => Self::Plain,
            granit_parser::ScalarStyle::SingleQuoted => Self::SingleQuoted,
            granit_parser::ScalarStyle::DoubleQuoted => Self::DoubleQuoted,
            granit_parser::ScalarStyle::Literal => Self::Literal,
            granit_parser::ScalarStyle::Folded => Self::Folded,
        }
    }
}
