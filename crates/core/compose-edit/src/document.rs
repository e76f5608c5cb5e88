//! A text and the tree of spans into it.

use crate::comments::comments;
use crate::node::{Node, NodeId, Record};
use crate::parse::parse;
use crate::{Comment, Content, Edit, EditError, Path, Position, Segment, Span};

/// A YAML text with its tree. Immutable: an edit gives a new one.
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    pub(crate) nodes: Vec<Record>,
    pub(crate) roots: Vec<NodeId>,
}

impl Document {
    /// Reads a text. Costs one parse; the text is kept as it is, byte for byte.
    ///
    /// # Errors
    /// [`EditError::Syntax`] for a text that is not YAML, [`EditError::DuplicateKey`] for a mapping
    /// with a key twice.
    pub fn parse(text: impl Into<String>) -> Result<Self, EditError> {
        let text = text.into();
        #[cfg(feature = "count-parses")]
        crate::parses::count(&text);
        let (nodes, roots) = parse(&text)?;
        Ok(Self { text, nodes, roots })
    }

    /// The text, byte for byte.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The root of each YAML document in the text (`---` starts another); none for a text of
    /// comments alone.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.roots.iter().map(|id| Node {
            document: self,
            id: *id,
        })
    }

    /// The first document's root.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        self.documents().next()
    }

    /// The node at a path of the first document, as written: aliases and merge keys are not
    /// followed.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<Node<'_>> {
        path.segments()
            .iter()
            .try_fold(self.root()?, |node, segment| match segment {
                Segment::Key(key) => node.as_mapping()?.get(key),
                Segment::Index(index) => node.as_sequence()?.get(*index),
            })
    }

    pub(crate) fn node(&self, index: usize) -> Node<'_> {
        Node {
            document: self,
            id: NodeId(u32::try_from(index).unwrap_or(u32::MAX)),
        }
    }

    /// Starts an edit: any number of changes against this one parse.
    #[must_use]
    pub fn edit(&self) -> Edit<'_> {
        Edit::of(self)
    }

    /// The path of the node that has exactly these bytes, the outermost one of the first document;
    /// an alias has none of its own.
    #[must_use]
    pub fn path_at(&self, span: Span) -> Option<Path> {
        path_below(self.root()?, span, Path::root())
    }

    /// The comments, in the order of the text. Costs a parse.
    #[must_use]
    pub fn comments(&self) -> Vec<Comment<'_>> {
        comments(&self.text)
    }

    /// Line and column of a byte offset.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        Position::of(&self.text, offset)
    }
}

fn path_below(node: Node<'_>, span: Span, path: Path) -> Option<Path> {
    if node.span() == span {
        return Some(path);
    }
    if span.start < node.span().start || span.end > node.span().end {
        return None;
    }
    match node.content() {
        Content::Mapping(mapping) => mapping
            .entries()
            .find_map(|(key, value)| path_below(value, span, path.join(key.as_scalar()?.value()))),
        Content::Sequence(items) => items
            .items()
            .enumerate()
            .find_map(|(index, item)| path_below(item, span, path.join(index))),
        Content::Scalar(_) | Content::Alias(_) => None,
    }
}
