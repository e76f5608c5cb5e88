//! Which nodes the changes of one pass have touched, so that no two touch the same.

use std::collections::{HashMap, HashSet};

use crate::Kind;
use crate::node::{Node, NodeId};

/// What was done so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    touched: HashMap<NodeId, Touched>,
    /// The nodes that hold a touched one, however deep.
    around: HashSet<NodeId>,
    /// Keys that mappings get, by the mapping.
    names: HashMap<NodeId, HashSet<String>>,
    /// Whether a text without content has got some.
    founded: bool,
}

/// What was done to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    /// It is replaced, or gone.
    Replaced,
    /// It was taken out of its collection.
    Removed,
    /// It has one new member more, of a kind.
    Grown(Kind),
    /// One of its members was taken out, or a value was written where one of them had nothing.
    Rearranged,
}

#[derive(Debug, Default)]
struct Touched {
    replaced: bool,
    removed: bool,
    grown: Option<Kind>,
    rearranged: bool,
}

impl Ledger {
    /// Whether a node may be replaced: neither it nor one above or below it was touched.
    pub(crate) fn may_replace(&self, node: Node<'_>) -> bool {
        self.is_standing(node)
            && !self.touched.contains_key(&node.id)
            && !self.around.contains(&node.id)
    }

    /// Whether a collection may grow: it stands, and grew by this kind alone.
    pub(crate) fn may_grow(&self, node: Node<'_>, kind: Kind) -> bool {
        let grown = self.touched.get(&node.id).and_then(|touched| touched.grown);
        self.is_standing(node) && grown.is_none_or(|grown| grown == kind)
    }

    /// Whether neither the node nor one that holds it was replaced or removed.
    pub(crate) fn is_standing(&self, node: Node<'_>) -> bool {
        let fallen = |node: Node<'_>| {
            self.touched
                .get(&node.id)
                .is_some_and(|all| all.replaced || all.removed)
        };
        !node.ancestry().any(fallen)
    }

    pub(crate) fn note(&mut self, node: Node<'_>, touch: Touch) {
        let all = self.touched.entry(node.id).or_default();
        match touch {
            Touch::Replaced => all.replaced = true,
            Touch::Removed => all.removed = true,
            Touch::Grown(kind) => all.grown = Some(kind),
            Touch::Rearranged => all.rearranged = true,
        }
        self.around
            .extend(node.ancestry().skip(1).map(|above| above.id));
    }

    pub(crate) fn note_name(&mut self, mapping: Node<'_>, key: &str) {
        self.names
            .entry(mapping.id)
            .or_default()
            .insert(key.to_owned());
    }

    /// Whether a mapping gets this key.
    pub(crate) fn has_name(&self, mapping: Node<'_>, key: &str) -> bool {
        self.names
            .get(&mapping.id)
            .is_some_and(|names| names.contains(key))
    }

    pub(crate) fn has_grown(&self, node: Node<'_>) -> bool {
        self.touched
            .get(&node.id)
            .is_some_and(|touched| touched.grown.is_some())
    }

    pub(crate) fn is_rearranged(&self, node: Node<'_>) -> bool {
        self.touched
            .get(&node.id)
            .is_some_and(|touched| touched.rearranged)
    }

    /// Whether a text without content has none still.
    pub(crate) fn may_found(&self) -> bool {
        !self.founded
    }

    pub(crate) fn note_founded(&mut self) {
        self.founded = true;
    }

    pub(crate) fn is_removed(&self, node: Node<'_>) -> bool {
        self.touched
            .get(&node.id)
            .is_some_and(|touched| touched.removed)
    }

    /// Whether the node or one that holds it was removed.
    pub(crate) fn is_gone(&self, node: Node<'_>) -> bool {
        node.ancestry().any(|above| self.is_removed(above))
    }

    /// The nodes that were removed, in the order of the text.
    pub(crate) fn removed(&self) -> Vec<NodeId> {
        let mut all: Vec<_> = self
            .touched
            .iter()
            .filter(|(_, touched)| touched.removed)
            .map(|(id, _)| *id)
            .collect();
        all.sort();
        all
    }
}
