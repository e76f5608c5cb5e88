//! What is missing above a new node, and what forbids to make it.

use compose_edit::{Document, Mapping, NewValue, Node, Path, Segment};

use super::{Target, meant};
use crate::refusal::Refusal;

/// The outermost node that must be made for one at a path.
pub(super) fn outermost(document: &Document, path: &Path) -> Path {
    let mut at = path.clone();
    while let Some(parent) = at.parent() {
        if parent.segments().is_empty() || document.get(&parent).is_some() {
            break;
        }
        at = parent;
    }
    at
}

/// The value with the mappings that are missing above it, from `outermost` on.
pub(super) fn wrapped(path: &Path, outermost: &Path, value: NewValue) -> NewValue {
    let below = &path.segments()[outermost.segments().len()..];
    below
        .iter()
        .rev()
        .fold(value, |value, segment| match segment {
            Segment::Key(key) => NewValue::Map(vec![(key.clone(), value)]),
            Segment::Index(_) => value,
        })
}

/// Refuses a place that is taken out on purpose, or is below one, and a key that a merge key
/// brings: YAML would take the new one instead of it, not beside it. A value that says all that the
/// merge key does may take its place.
pub(super) fn refuse_hidden(
    target: &Target<'_>,
    path: &Path,
    outermost: &Path,
    value: Option<&NewValue>,
) -> Result<(), Refusal> {
    let Target { file, document, .. } = *target;
    let is_reset = |path: &Path| {
        document
            .get(path)
            .is_some_and(|node| node.tag() == Some("!reset"))
    };
    if let Some(path) = std::iter::successors(Some(path.clone()), Path::parent).find(is_reset) {
        let at = document.get(&path).map(Node::position).unwrap_or_default();
        return Err(Refusal::Reset {
            file: file.to_owned(),
            at,
            path,
        });
    }
    let (Some(parent), Some(Segment::Key(key))) = (outermost.parent(), outermost.last()) else {
        return Ok(());
    };
    let mapping = document.get(&parent).and_then(Node::as_mapping);
    let hidden = mapping.and_then(|mapping| merged(mapping, key));
    let Some((merged, _)) =
        hidden.filter(|(_, node)| !value.is_some_and(|value| says_all_of(value, *node)))
    else {
        return Ok(());
    };
    let (file, at, path) = (file.to_owned(), merged.position(), outermost.clone());
    Err(Refusal::Merged {
        file,
        at,
        path,
        parts: Vec::new(),
    })
}

/// Whether a value has a word of its own for every word of a node.
fn says_all_of(value: &NewValue, node: Node<'_>) -> bool {
    fn covers(value: &NewValue, said: &NewValue) -> bool {
        match (value, said) {
            (NewValue::Scalar(_), NewValue::Scalar(_)) => true,
            (NewValue::Map(own), NewValue::Map(said)) => said.iter().all(|(key, said)| {
                own.iter()
                    .any(|(known, own)| known == key && covers(own, said))
            }),
            _ => false,
        }
    }
    meant(node).is_some_and(|said| covers(value, &said))
}

/// The entry that `<<` brings under a key.
pub(crate) fn merged<'d>(mapping: Mapping<'d>, key: &str) -> Option<(Node<'d>, Node<'d>)> {
    let source = mapping.get("<<")?.resolved();
    let sources = source
        .as_sequence()
        .map_or_else(|| vec![source], |items| items.items().collect());
    let mut mappings = sources
        .into_iter()
        .filter_map(|source| source.resolved().as_mapping());
    mappings.find_map(|source| source.entry(key).or_else(|| merged(source, key)))
}
