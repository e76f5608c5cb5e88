//! Every edit that is applicable in a document.

use compose_edit::{Content, Document, Node, Path, Segment};

use crate::case::{Case, Change};
use crate::random::Random;
use crate::samples;

/// The nodes with their paths in the order of the text; what aliases stand for is not entered.
pub fn nodes(document: &Document) -> Vec<(Path, Node<'_>)> {
    let mut all = Vec::new();
    let mut open: Vec<(Path, Node<'_>)> = document
        .root()
        .map(|root| (Path::root(), root))
        .into_iter()
        .collect();
    while let Some((path, node)) = open.pop() {
        let below: Vec<(Path, Node<'_>)> = match node.content() {
            Content::Mapping(mapping) => mapping
                .entries()
                .filter_map(|(key, value)| Some((path.join(key.as_scalar()?.value()), value)))
                .collect(),
            Content::Sequence(list) => list
                .items()
                .enumerate()
                .map(|(index, item)| (path.join(index), item))
                .collect(),
            Content::Scalar(_) | Content::Alias(_) => Vec::new(),
        };
        open.extend(below.into_iter().rev());
        all.push((path, node));
    }
    all
}

/// All operations on all nodes, with values drawn by chance.
pub fn every(document: &Document, random: &mut Random) -> Vec<Case> {
    let nodes = nodes(document);
    let mut cases = Vec::new();
    if nodes.is_empty() {
        cases.push(Case {
            path: Path::root(),
            change: insertion(random),
        });
    }
    for position in 0..nodes.len() {
        cases.extend(of_node(&nodes, position, random));
    }
    cases
}

/// All operations on one of the nodes.
fn of_node(nodes: &[(Path, Node<'_>)], position: usize, random: &mut Random) -> Vec<Case> {
    let (path, node) = &nodes[position];
    let key = matches!(path.last(), Some(Segment::Key(_)));
    let mut changes = vec![
        replacement(*node, random),
        (node.is_null() || node.as_mapping().is_some()).then(|| insertion(random)),
        (node.is_null() || node.as_sequence().is_some()).then(|| push(random)),
        is_list_of_names(*node).then_some(Change::ListToMap),
        is_map_of_names(*node).then(|| Change::MapToList(random.below(2) == 0)),
    ];
    if !path.segments().is_empty() {
        changes.push(Some(Change::Remove));
        changes.push(key.then(|| Change::Rename(format!("new_{}", random.below(1_000_000)))));
        changes.push(target(path, nodes, random).map(Change::Move));
    }
    changes
        .into_iter()
        .flatten()
        .map(|change| Case {
            path: path.clone(),
            change,
        })
        .collect()
}

/// One edit, drawn by chance.
pub fn any(document: &Document, random: &mut Random) -> Option<Case> {
    let nodes = nodes(document);
    let mut all = match nodes.len() {
        0 => every(document, random),
        length => of_node(&nodes, random.below(length), random),
    };
    if all.is_empty() {
        return None;
    }
    let chosen = random.below(all.len());
    Some(all.swap_remove(chosen))
}

fn replacement(node: Node<'_>, random: &mut Random) -> Option<Change> {
    // What a core tag makes of a value is the tag's business.
    node.as_scalar()
        .filter(|_| !node.tag().is_some_and(|tag| tag.starts_with("!!")))?;
    let sample = random.pick(&samples::SCALARS).clone();
    Some(Change::Set(sample.new, sample.read))
}

fn insertion(random: &mut Random) -> Change {
    let sample = random.pick(&samples::VALUES).clone();
    let number = random.below(1_000_000);
    let banner = match random.below(4) {
        0 => Some(format!("why {number} is here")),
        1 => Some(format!("two lines of\n{number} words")),
        _ => None,
    };
    Change::Insert {
        key: format!("new_key_{}", random.below(1_000_000)),
        value: sample.new,
        read: sample.read,
        banner,
    }
}

fn push(random: &mut Random) -> Change {
    let sample = random.pick(&samples::VALUES).clone();
    Change::Push(sample.new, sample.read)
}

/// Whether each item can become a key of its own.
fn is_list_of_names(node: Node<'_>) -> bool {
    let Some(list) = node.as_sequence() else {
        return false;
    };
    let names: Vec<&str> = list
        .items()
        .filter_map(|item| Some(item.as_scalar()?.value()))
        .collect();
    let something = list.items().all(|item| !item.is_null());
    let distinct = names.iter().collect::<std::collections::HashSet<_>>().len() == names.len();
    something && distinct && !names.is_empty() && names.len() == list.len()
}

/// Whether each key can become an item.
fn is_map_of_names(node: Node<'_>) -> bool {
    let is_name = |key: Node<'_>| {
        key.as_scalar().is_some_and(|key| key.value() != "<<") && key.anchor().is_none()
    };
    node.as_mapping().is_some_and(|mapping| {
        !mapping.is_empty() && mapping.entries().all(|(key, _)| is_name(key))
    })
}

/// Where the member at a path can be put.
fn target(path: &Path, nodes: &[(Path, Node<'_>)], random: &mut Random) -> Option<Path> {
    let holder = path.parent()?;
    let fits = |to: &Path, node: Node<'_>| match path.last() {
        Some(Segment::Key(key)) => {
            *to == holder
                || node.is_null()
                || node
                    .as_mapping()
                    .is_some_and(|mapping| mapping.get(key).is_none())
        }
        Some(Segment::Index(_)) => {
            (*to == holder || !to.starts_with(&holder))
                && (node.is_null() || node.as_sequence().is_some())
        }
        None => false,
    };
    let (_, taken) = nodes.iter().find(|(other, _)| other == path)?;
    let needed = last_anchor(*taken);
    let targets: Vec<&Path> = nodes
        .iter()
        .filter(|(to, node)| !to.starts_with(path) && fits(to, *node) && node.span().end > needed)
        .map(|(to, _)| to)
        .collect();
    (!targets.is_empty()).then(|| (*random.pick(&targets)).clone())
}

/// Where the last of the anchored nodes ends that a node has aliases of; 0 without any.
fn last_anchor(node: Node<'_>) -> usize {
    match node.content() {
        Content::Alias(alias) => alias.target().span().end,
        Content::Mapping(mapping) => mapping
            .entries()
            .map(|(_, value)| last_anchor(value))
            .max()
            .unwrap_or(0),
        Content::Sequence(list) => list.items().map(last_anchor).max().unwrap_or(0),
        Content::Scalar(_) => 0,
    }
}
