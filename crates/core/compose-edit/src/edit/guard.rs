//! Finding the node of a path, and refusing by name what is not safe.

use super::pass::Pass;
use crate::node::{Node, NodeId, Record, Shape};
use crate::{Content, Document, EditError, Kind, Path, Position, Segment};

impl<'d> Pass<'d> {
    /// The node at a path, if it may be looked at at all. `None` is the root of a text without
    /// content.
    pub(super) fn find(&self, path: &Path) -> Result<Option<Node<'d>>, EditError> {
        if let Some(refusal) = self
            .facts
            .refusal
            .get_or_init(|| refuse_text(self.document).err())
        {
            return Err(refusal.clone());
        }
        let Some(mut node) = self.document.root() else {
            return if path.segments().is_empty() {
                Ok(None)
            } else {
                Err(Self::not_found(path, Position::START))
            };
        };
        let Some(now) = self.addresses.now(path) else {
            return Err(Self::not_found(path, node.position()));
        };
        for segment in now.segments() {
            if let Content::Alias(alias) = node.content() {
                let name = alias.name().to_owned();
                return Err(EditError::ThroughAlias {
                    at: node.position(),
                    path: path.clone(),
                    name,
                });
            }
            let next = match segment {
                Segment::Key(key) => node.as_mapping().and_then(|mapping| mapping.get(key)),
                Segment::Index(index) => {
                    node.as_sequence().and_then(|sequence| sequence.get(*index))
                }
            };
            node = next.ok_or_else(|| Self::not_found(path, node.position()))?;
        }
        Ok(Some(node))
    }

    /// The node at a path, which must be there.
    pub(super) fn locate(&self, path: &Path) -> Result<Node<'d>, EditError> {
        self.find(path)?
            .ok_or_else(|| Self::not_found(path, Position::START))
    }

    fn not_found(path: &Path, at: Position) -> EditError {
        EditError::NotFound {
            at,
            path: path.clone(),
        }
    }

    /// Refuses to change a node that aliases share, unless that was allowed.
    pub(super) fn refuse_shared(&self, node: Node<'d>, path: &Path) -> Result<(), EditError> {
        if self
            .allowed
            .iter()
            .any(|allowed| path.starts_with(allowed) || allowed.starts_with(path))
        {
            return Ok(());
        }
        for above in node.ancestry() {
            let Some(anchor) = above.anchor() else {
                continue;
            };
            let aliases: Vec<Position> = self
                .aliases(|target| target == above.id)
                .map(|(_, at)| at)
                .collect();
            if !aliases.is_empty() {
                let at = self.document.position(above.record().start());
                return Err(EditError::Shared {
                    at,
                    path: path.clone(),
                    anchor: anchor.to_owned(),
                    aliases,
                });
            }
        }
        Ok(())
    }

    /// Refuses to remove what lies from `first` to `last` in the arena when an alias outside of it
    /// needs its anchors.
    pub(super) fn refuse_anchors(
        &self,
        first: Node<'d>,
        last: Node<'d>,
        path: &Path,
    ) -> Result<(), EditError> {
        let inside = first.id..=last.id;
        let needed = |target: NodeId| inside.contains(&target);
        let outside: Vec<(NodeId, Position)> = self
            .aliases(needed)
            .filter(|(alias, _)| !inside.contains(alias))
            .collect();
        let Some((alias, _)) = outside.first() else {
            return Ok(());
        };
        let anchored = first.at(*alias).resolved();
        Err(EditError::AnchorInUse {
            at: self.document.position(anchored.record().start()),
            path: path.clone(),
            anchor: anchored.anchor().unwrap_or_default().to_owned(),
            aliases: outside.iter().map(|(_, at)| *at).collect(),
        })
    }

    /// The aliases whose target is wanted, and where they are.
    fn aliases(&self, wanted: impl Fn(NodeId) -> bool) -> impl Iterator<Item = (NodeId, Position)> {
        let nodes = &self.document.nodes;
        let is_alias = |id: &NodeId| matches!(nodes[id.index()].shape, Shape::Alias { .. });
        let all = || {
            (0..nodes.len())
                .map(|index| self.document.node(index).id)
                .filter(is_alias)
                .collect()
        };
        let all: &Vec<NodeId> = self.facts.aliases.get_or_init(all);
        let wanted = all
            .iter()
            .map(|id| self.document.node(id.index()))
            .filter(move |alias| wanted(alias.resolved().id));
        wanted.map(|alias| (alias.id, alias.position()))
    }

    pub(super) fn refuse_tabs(&self, offset: usize) -> Result<(), EditError> {
        let before = self.lines().before(offset);
        let refusal = || EditError::TabIndentation {
            at: self.document.position(offset - before.len()),
        };
        if before.contains('\t') {
            Err(refusal())
        } else {
            Ok(())
        }
    }

    /// Refuses what is written as `? key`.
    pub(super) fn refuse_explicit_key(&self, start: usize) -> Result<(), EditError> {
        let explicit = self.lines().text[..start]
            .trim_end_matches([' ', '\t'])
            .ends_with('?');
        if explicit {
            Err(EditError::ExplicitKey {
                at: self.document.position(start),
            })
        } else {
            Ok(())
        }
    }

    pub(super) fn wrong_kind(node: Node<'_>, path: &Path, wanted: Kind) -> EditError {
        match node.content() {
            Content::Alias(alias) => {
                let name = alias.name().to_owned();
                EditError::ThroughAlias {
                    at: node.position(),
                    path: path.clone(),
                    name,
                }
            }
            _ => EditError::WrongKind {
                at: node.position(),
                path: path.clone(),
                wanted,
            },
        }
    }

    /// Refuses what moves the commas of braces or brackets where that was done before: where they
    /// go depends on both.
    pub(super) fn refuse_rearranged(&self, flow: Node<'d>, path: &Path) -> Result<(), EditError> {
        let clear = !self.ledger.has_grown(flow) && !self.ledger.is_rearranged(flow);
        self.unless_clashing(clear, path, flow.span())
    }

    pub(super) fn already_edited(node: Node<'_>, path: &Path) -> EditError {
        EditError::AlreadyEdited {
            at: node.position(),
            path: path.clone(),
        }
    }
}

/// Refuses texts that no edit is safe in.
fn refuse_text(document: &Document) -> Result<(), EditError> {
    if let Some(second) = document.documents().nth(1) {
        return Err(EditError::SeveralDocuments {
            at: second.position(),
        });
    }
    let text = document.text();
    if let Some((at, _)) = text
        .match_indices('\r')
        .find(|(at, _)| !text[at + 1..].starts_with('\n'))
    {
        return Err(EditError::LoneCarriageReturn {
            at: document.position(at),
        });
    }
    if let Some(above) = text.find("\n\u{feff}") {
        return Err(EditError::StrayByteOrderMark {
            at: document.position(above + 1),
        });
    }
    if text.contains('\t') {
        refuse_tabbed_lines(document)
    } else {
        Ok(())
    }
}

/// Refuses comments and blank lines with a tab in their indentation: whether they may stand there
/// depends on the line above, so a change of that line can make them an error.
fn refuse_tabbed_lines(document: &Document) -> Result<(), EditError> {
    let is_scalar = |record: &&Record| matches!(record.shape, Shape::Scalar { .. });
    let mut scalars = document
        .nodes
        .iter()
        .filter(is_scalar)
        .map(|record| record.span)
        .peekable();
    // Both the lines and the scalars come in the order of the text.
    let mut in_scalar = |at: usize| {
        while scalars.next_if(|span| span.end <= at).is_some() {}
        scalars.peek().is_some_and(|span| span.start <= at)
    };
    let mut start = 0;
    for line in document.text().split_inclusive('\n') {
        let rest = line.trim_start_matches([' ', '\t']);
        // A block scalar starts behind the indentation of its first line; a tab there is content.
        let tab = line[..line.len() - rest.len()]
            .find('\t')
            .map(|tab| start + tab);
        let ambiguous = rest.starts_with('#') || rest.trim().is_empty();
        if tab.is_some_and(|tab| ambiguous && !in_scalar(tab)) {
            return Err(EditError::TabIndentation {
                at: document.position(start),
            });
        }
        start += line.len();
    }
    Ok(())
}
