//! Which nodes the changes of one edit have touched, so that no two touch the same.

use crate::node::{Node, NodeId};
use crate::{Kind, Path};

/// What was done so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    touched: Vec<(NodeId, Touch)>,
    /// Paths that this edit makes.
    added: Vec<Path>,
    /// What a text without content becomes.
    root: Option<Kind>,
}

/// What was done to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    /// It is replaced, or gone.
    Replaced,
    /// It was taken out of its collection.
    Removed,
    /// It has new members of a kind.
    Grown(Kind),
}

impl Ledger {
    /// Whether a node may be replaced: neither it nor one above or below it was touched.
    pub(crate) fn may_replace(&self, node: Node<'_>) -> bool {
        self.is_standing(node) && self.touched.iter().all(|(id, _)| node.at(*id).ancestry().all(|above| above != node))
    }

    /// Whether a collection may grow: it stands, and grew by this kind alone.
    pub(crate) fn may_grow(&self, node: Node<'_>, kind: Kind) -> bool {
        let other = |touch: &Touch| matches!(touch, Touch::Grown(grown) if *grown != kind);
        self.is_standing(node) && !self.touched.iter().any(|(id, touch)| *id == node.id && other(touch))
    }

    /// Whether neither the node nor one that holds it was replaced or removed.
    pub(crate) fn is_standing(&self, node: Node<'_>) -> bool {
        let fallen =
            |id| self.touched.iter().any(|(touched, touch)| *touched == id && !matches!(touch, Touch::Grown(_)));
        !node.ancestry().any(|above| fallen(above.id))
    }

    pub(crate) fn note(&mut self, node: Node<'_>, touch: Touch) {
        self.touched.push((node.id, touch));
    }

    pub(crate) fn note_path(&mut self, path: Path) {
        self.added.push(path);
    }

    /// How often a collection has grown.
    pub(crate) fn growths(&self, node: Node<'_>) -> usize {
        self.touched.iter().filter(|(id, touch)| *id == node.id && matches!(touch, Touch::Grown(_))).count()
    }

    /// Makes a text without content a mapping or a list; `None` if it is the other already, else whether it was before.
    pub(crate) fn found(&mut self, kind: Kind) -> Option<bool> {
        let before = self.root;
        self.root.get_or_insert(kind);
        (self.root == Some(kind)).then_some(before.is_some())
    }

    /// Whether the path is one that this edit makes, or lies below one.
    pub(crate) fn makes(&self, path: &Path) -> bool {
        self.added.iter().any(|added| path.starts_with(added))
    }

    pub(crate) fn is_removed(&self, node: Node<'_>) -> bool {
        self.touched.contains(&(node.id, Touch::Removed))
    }

    /// Whether the node or one that holds it was removed.
    pub(crate) fn is_gone(&self, node: Node<'_>) -> bool {
        node.ancestry().any(|above| self.is_removed(above))
    }

    /// The nodes that were removed.
    pub(crate) fn removed(&self) -> impl Iterator<Item = NodeId> {
        self.touched.iter().filter(|(_, touch)| *touch == Touch::Removed).map(|(id, _)| *id)
    }
}
