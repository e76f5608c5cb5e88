//! The lines to write by hand where the tool must not: an edit of what others share would change
//! them too.

use compose_edit::{Document, EditError, NewValue, Node, Path, Segment};

use crate::change::{STARTED, condition};
use crate::op::insert::join;
use crate::op::{self, meant};
use crate::refusal::{ByHand, Refusal};
use crate::{Operation, Stack, Workspace};

mod shared;

use shared::Shared;

/// What a draft does to one file.
#[derive(Clone, Copy)]
struct Edits<'a> {
    file: &'a str,
    document: &'a Document,
    operations: &'a [Operation],
}

impl<'a> Edits<'a> {
    /// None for a file that is no Compose file of the stack.
    fn of(stack: &'a Stack, file: &'a str, operations: &'a [Operation]) -> Option<Self> {
        let document = stack.files.get(file)?;
        Some(Self {
            file,
            document,
            operations,
        })
    }
}

/// The refusal with the lines that settle it, where it is one of these.
pub(super) fn told(stack: &Stack, operations: &[Operation], refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Edit { source, file } => {
            let operations = of_file(operations, &file);
            let parts = Edits::of(stack, &file, &operations)
                .and_then(|edits| behind_an_anchor(edits, &source));
            match parts {
                Some(parts) => Refusal::Anchored {
                    file,
                    source: Box::new(source),
                    parts,
                },
                None => Refusal::Edit { file, source },
            }
        }
        Refusal::Merged {
            file,
            at,
            path,
            parts: _,
        } => {
            let operations = of_file(operations, &file);
            let by_hand = |edits| {
                merged(edits, &path)
                    .into_iter()
                    .chain(declarations(edits))
                    .collect()
            };
            let parts = Edits::of(stack, &file, &operations).map(by_hand);
            Refusal::Merged {
                file,
                at,
                path,
                parts: parts.unwrap_or_default(),
            }
        }
        other => other,
    }
}

/// The lines where an edit was refused for an anchor or an alias; none where it was for another
/// reason, or where none can be told.
fn behind_an_anchor(edits: Edits<'_>, refused: &EditError) -> Option<Vec<ByHand>> {
    match refused {
        EditError::Shared { path, anchor, .. } => anchored(edits, path, anchor),
        EditError::ThroughAlias { path, .. } => {
            let aliased = edits.document.get(path)?;
            Some(vec![with_additions(edits, path, aliased)?])
        }
        _ => None,
    }
}

fn of_file(operations: &[Operation], file: &str) -> Vec<Operation> {
    let own = operations.iter().filter(|own| own.names(file));
    own.cloned().collect()
}

/// What the edited service says then, and what keeps the others that have its anchor as they are.
fn anchored(edits: Edits<'_>, path: &Path, anchor: &str) -> Option<Vec<ByHand>> {
    let [Segment::Key(section), Segment::Key(service), ..] = path.segments() else {
        return None;
    };
    if section != "services" {
        return None;
    }
    let Edits {
        file,
        document,
        operations,
    } = edits;
    let above = std::iter::successors(Some(path.clone()), Path::parent);
    let shared = above
        .filter_map(|path| document.get(&path))
        .find(|node| node.anchor() == Some(anchor))?;
    let mut workspace = Workspace::of_shared_file(file, document);
    op::run(&mut workspace, operations).ok()?;
    let edited = workspace.document(file).ok()?;
    let shared = Shared::of(document, service, shared)?;
    let mut parts: Vec<ByHand> = Vec::new();
    for key in keys(operations, &Path::from(["services", service])) {
        for part in shared.parts(edited, &key)? {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
    }
    parts.extend(declarations(edits));
    Some(parts)
}

/// The keys of a service that operations are about, each once.
fn keys(operations: &[Operation], service: &Path) -> Vec<String> {
    let mut keys = Vec::new();
    for path in operations
        .iter()
        .map(|own| own.node().path)
        .filter(|path| path.starts_with(service))
    {
        if let Some(Segment::Key(key)) = path.segments().get(2)
            && !keys.contains(key)
        {
            keys.push(key.clone());
        }
    }
    keys
}

/// The whole of a key that a merge key brings, with what the story adds.
fn merged(edits: Edits<'_>, path: &Path) -> Option<ByHand> {
    let (parent, Segment::Key(key)) = (path.parent()?, path.last()?.clone()) else {
        return None;
    };
    let (_, node) = op::merged(edits.document.get(&parent)?.as_mapping()?, &key)?;
    with_additions(edits, path, node)
}

/// The whole of a key whose value is another node's, with what the story adds.
fn with_additions(edits: Edits<'_>, path: &Path, node: Node<'_>) -> Option<ByHand> {
    let (parent, Segment::Key(key)) = (path.parent()?, path.last()?.clone()) else {
        return None;
    };
    let mut whole = meant(node)?;
    for own in edits
        .operations
        .iter()
        .filter(|own| own.node().path.starts_with(path))
    {
        let place = own.node().path;
        let below = &place.segments()[path.segments().len()..];
        let more = below
            .iter()
            .rev()
            .fold(own.addition()?, |value, segment| match segment {
                Segment::Key(key) => NewValue::Map(vec![(key.clone(), value)]),
                Segment::Index(_) => value,
            });
        if let (NewValue::List { items, .. }, NewValue::Map(_)) = (&whole, &more) {
            whole = NewValue::Map(items.iter().filter_map(started).collect());
        }
        join(&mut whole, more);
    }
    Some(ByHand {
        place: parent.to_string(),
        lines: lines(&key, &whole)?,
    })
}

/// What an item of a list of dependencies means.
fn started(item: &NewValue) -> Option<(String, NewValue)> {
    let NewValue::Scalar(name) = item else {
        return None;
    };
    Some((name.as_str().to_owned(), condition(STARTED)))
}

/// The top-level entries that the operations add, which the lines need.
fn declarations(edits: Edits<'_>) -> impl Iterator<Item = ByHand> {
    let added = edits
        .operations
        .iter()
        .filter_map(|own| Some((own.node().path, own.addition()?)));
    let top_level = added.filter(|(at, _)| !at.starts_with(&Path::from(["services"])));
    top_level.filter_map(move |(at, value)| {
        let (Segment::Key(section), Segment::Key(key)) = (at.segments().first()?, at.last()?)
        else {
            return None;
        };
        let is_there = edits
            .document
            .get(&Path::from([section.as_str()]))
            .is_some();
        let whole = NewValue::Map(vec![(key.clone(), value.clone())]);
        match is_there {
            true => Some(ByHand {
                place: section.clone(),
                lines: lines(key, &value)?,
            }),
            false => Some(ByHand {
                place: "the file".to_owned(),
                lines: lines(section, &whole)?,
            }),
        }
    })
}

/// A key with its value as the editor writes it.
fn lines(key: &str, value: &NewValue) -> Option<Vec<String>> {
    let document = Document::parse("x: 1\n").ok()?;
    let mut edit = document.edit();
    edit.insert(&Path::root(), key, value, None).ok()?;
    Some(
        edit.finish()
            .ok()?
            .text()
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect(),
    )
}
