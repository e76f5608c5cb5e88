//! Every edit that is applicable in a document.

use compose_edit::{Content, Document, Node, Path, Segment};

use crate::case::{Case, Change};
use crate::random::Random;
use crate::samples;

/// The nodes with their paths in the order of the text; what aliases stand for is not entered.
pub fn nodes(document: &Document) -> Vec<(Path, Node<'_>)> {
    let mut all = Vec::new();
    let mut open: Vec<(Path, Node<'_>)> = document.root().map(|root| (Path::root(), root)).into_iter().collect();
    while let Some((path, node)) = open.pop() {
        let below: Vec<(Path, Node<'_>)> = match node.content() {
            Content::Mapping(mapping) => mapping
                .entries()
                .filter_map(|(key, value)| Some((path.join(key.as_scalar()?.value()), value)))
                .collect(),
            Content::Sequence(list) => list.items().enumerate().map(|(index, item)| (path.join(index), item)).collect(),
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
        cases.push(Case { path: Path::root(), change: insertion(random) });
    }
    for (path, node) in &nodes {
        let mut add = |change: Option<Change>| {
            cases.extend(change.map(|change| Case { path: path.clone(), change }));
        };
        add(replacement(*node, random));
        add((node.is_null() || node.as_mapping().is_some()).then(|| insertion(random)));
        add((node.is_null() || node.as_sequence().is_some()).then(|| push(random)));
        add(is_list_of_names(*node).then_some(Change::ListToMap));
        if path.segments().is_empty() {
            continue;
        }
        add(Some(Change::Remove));
        add(matches!(path.last(), Some(Segment::Key(_))).then(|| Change::Rename(format!("new_{}", random.below(10)))));
        add(target(path, &nodes, random).map(Change::Move));
    }
    cases
}

/// One edit, drawn by chance.
pub fn any(document: &Document, random: &mut Random) -> Option<Case> {
    let mut all = every(document, random);
    if all.is_empty() {
        return None;
    }
    let chosen = random.below(all.len());
    Some(all.swap_remove(chosen))
}

fn replacement(node: Node<'_>, random: &mut Random) -> Option<Change> {
    node.as_scalar()?;
    let mut scalars = samples::scalars();
    let sample = scalars.swap_remove(random.below(scalars.len()));
    Some(Change::Set(sample.new, sample.read))
}

fn insertion(random: &mut Random) -> Change {
    let mut values = samples::values();
    let sample = values.swap_remove(random.below(values.len()));
    let banner = *random.pick(&[None, None, Some("why it is here"), Some("two lines\nof words")]);
    Change::Insert { key: "new_key".to_owned(), value: sample.new, read: sample.read, banner }
}

fn push(random: &mut Random) -> Change {
    let mut values = samples::values();
    let sample = values.swap_remove(random.below(values.len()));
    Change::Push(sample.new, sample.read)
}

/// Whether each item can become a key of its own.
fn is_list_of_names(node: Node<'_>) -> bool {
    let Some(list) = node.as_sequence() else { return false };
    let names: Vec<&str> = list.items().filter_map(|item| Some(item.as_scalar()?.value())).collect();
    let one_line = list.items().all(|item| !item.is_null() && !item.text().contains('\n'));
    let distinct = names.iter().collect::<std::collections::HashSet<_>>().len() == names.len();
    one_line && distinct && !names.is_empty() && names.len() == list.len()
}

/// Where the member at a path can be put.
fn target(path: &Path, nodes: &[(Path, Node<'_>)], random: &mut Random) -> Option<Path> {
    let holder = path.parent()?;
    let fits = |to: &Path, node: Node<'_>| match path.last() {
        Some(Segment::Key(key)) => {
            *to == holder || node.is_null() || node.as_mapping().is_some_and(|mapping| mapping.get(key).is_none())
        }
        Some(Segment::Index(_)) => {
            (*to == holder || !to.starts_with(&holder)) && (node.is_null() || node.as_sequence().is_some())
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
        Content::Mapping(mapping) => mapping.entries().map(|(_, value)| last_anchor(value)).max().unwrap_or(0),
        Content::Sequence(list) => list.items().map(last_anchor).max().unwrap_or(0),
        Content::Scalar(_) => 0,
    }
}
