//! The lines to write by hand where the tool must not: an edit of what others share would change them too.

use compose_edit::{Content, Document, EditError, NewScalar, NewValue, Node, Path, ScalarStyle, Segment};

use super::additions::join;
use super::steps::{Sharing, Step, condition, write_file};
use crate::change::STARTED;
use crate::refusal::{ByHand, Refusal};

/// The refusal with the lines that settle it, where it is one of these.
pub(super) fn told(file: &str, document: &Document, steps: &[&Step], refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Edit { source: EditError::Shared { at, path, anchor, aliases }, file } => {
            let parts = anchored(&file, document, steps, (&path, &anchor));
            let source = EditError::Shared { at, path, anchor, aliases };
            match parts {
                Some(parts) => Refusal::Anchored { file, source: Box::new(source), parts },
                None => Refusal::Edit { file, source },
            }
        }
        Refusal::Merged { file: _, at, path, parts: _ } => {
            let mut parts: Vec<_> = merged(document, steps, &path).into_iter().collect();
            parts.extend(declarations(document, steps));
            Refusal::Merged { file: file.to_owned(), at, path, parts }
        }
        other => other,
    }
}

/// What the edited service says then, and what keeps the others that have its anchor as they are.
fn anchored(file: &str, document: &Document, steps: &[&Step], (path, anchor): (&Path, &str)) -> Option<Vec<ByHand>> {
    let [Segment::Key(section), Segment::Key(service), ..] = path.segments() else { return None };
    if section != "services" {
        return None;
    }
    let above = std::iter::successors(Some(path.clone()), Path::parent);
    let shared = above.filter_map(|path| document.get(&path)).find(|node| node.anchor() == Some(anchor))?;
    let (edited, _) = write_file(file, document, steps, Sharing::Allowed).ok()?;
    let own = Path::from(["services", service]);
    let mut parts = Vec::new();
    for key in keys(steps, &own) {
        parts.push(ByHand { place: own.to_string(), lines: member(&edited, &own.join(key.as_str()))? });
        let kept = member(document, &own.join(key.as_str())).map(|lines| without_anchor(lines, anchor));
        let kept = kept.or_else(|| Some(vec![nothing(&key)?]))?;
        parts.extend(users(document, service, &key, shared).map(|user| user.part(&kept)));
    }
    parts.extend(declarations(document, steps));
    Some(parts)
}

/// The keys of a service that steps are about, each once.
fn keys(steps: &[&Step], service: &Path) -> Vec<String> {
    let mut keys = Vec::new();
    for step in steps.iter().filter(|step| step.path().starts_with(service)) {
        if let Some(Segment::Key(key)) = step.path().segments().get(2)
            && !keys.contains(key)
        {
            keys.push(key.clone());
        }
    }
    keys
}

/// What says of a key that there is nothing of its own.
fn nothing(key: &str) -> Option<String> {
    let empty = match key {
        "healthcheck" => "{}",
        "volumes" | "depends_on" => "[]",
        _ => return None,
    };
    Some(format!("{key}: {empty}"))
}

/// A service that an edit of a shared node would change too.
struct User<'d> {
    name: &'d str,
    /// The line that it must have besides, where it is the shared node itself.
    merge: Option<String>,
}

impl User<'_> {
    fn part(&self, kept: &[String]) -> ByHand {
        let lines = self.merge.iter().chain(kept).cloned().collect();
        ByHand { place: format!("services.{}", self.name), lines }
    }
}

/// The services that take a key from a shared node.
fn users<'d>(document: &'d Document, service: &str, key: &str, shared: Node<'d>) -> impl Iterator<Item = User<'d>> {
    let services = document.get(&Path::from(["services"])).and_then(Node::as_mapping);
    let others = services.into_iter().flat_map(|services| services.entries());
    others.filter_map(move |(name, body)| {
        let name = name.as_scalar()?.value();
        let takes = match body.content() {
            Content::Mapping(own) => own.get(key).map_or_else(|| uses(body, shared), |value| uses(value, shared)),
            _ => uses(body, shared),
        };
        let merge = match body.content() {
            Content::Alias(alias) => Some(format!("<<: *{}", alias.name())),
            _ => None,
        };
        (name != service && takes).then_some(User { name, merge })
    })
}

/// Whether an alias of a node stands in another one.
fn uses(node: Node<'_>, shared: Node<'_>) -> bool {
    match node.content() {
        Content::Alias(alias) => alias.target().span() == shared.span(),
        Content::Mapping(mapping) => mapping.entries().any(|(_, value)| uses(value, shared)),
        Content::Sequence(items) => items.items().any(|item| uses(item, shared)),
        Content::Scalar(_) => false,
    }
}

/// The whole of a key that a merge key brings, with what the story adds.
fn merged(document: &Document, steps: &[&Step], path: &Path) -> Option<ByHand> {
    let (parent, Segment::Key(key)) = (path.parent()?, path.last()?.clone()) else { return None };
    let (_, node) = super::additions::merged(document.get(&parent)?.as_mapping()?, &key)?;
    let mut whole = copied(node.resolved())?;
    for step in steps.iter().filter(|step| step.path().starts_with(path)) {
        let below = &step.path().segments()[path.segments().len()..];
        let more = match step {
            Step::Push { item, .. } => NewValue::List { items: vec![NewValue::from(item.as_str())], flow: false },
            Step::Insert { value, .. } => below.iter().rev().fold(value.clone(), |value, segment| match segment {
                Segment::Key(key) => NewValue::Map(vec![(key.clone(), value)]),
                Segment::Index(_) => value,
            }),
            Step::Replace { .. } | Step::ListToMap { .. } => return None,
        };
        if let (NewValue::List { items, .. }, NewValue::Map(_)) = (&whole, &more) {
            whole = NewValue::Map(items.iter().filter_map(started).collect());
        }
        join(&mut whole, more);
    }
    Some(ByHand { place: parent.to_string(), lines: lines(&key, &whole)? })
}

/// What an item of a list of dependencies means.
fn started(item: &NewValue) -> Option<(String, NewValue)> {
    let NewValue::Scalar(name) = item else { return None };
    Some((name.as_str().to_owned(), condition(STARTED)))
}

/// A node as it may be written elsewhere; none for what has anchors or tags of its own.
fn copied(node: Node<'_>) -> Option<NewValue> {
    Some(match node.content() {
        Content::Scalar(_) if node.is_null() => NewValue::Null,
        Content::Scalar(scalar) if scalar.style() == ScalarStyle::Plain => {
            NewValue::Scalar(NewScalar::plain(scalar.value()))
        }
        Content::Scalar(scalar) => NewValue::from(scalar.value()),
        Content::Sequence(list) => {
            NewValue::List { items: list.items().map(copied).collect::<Option<_>>()?, flow: list.is_flow() }
        }
        Content::Mapping(mapping) => {
            let entry =
                |(key, value): (Node<'_>, Node<'_>)| Some((key.as_scalar()?.value().to_owned(), copied(value)?));
            NewValue::Map(mapping.entries().map(entry).collect::<Option<_>>()?)
        }
        Content::Alias(_) => return None,
    })
}

/// The top-level entries that the steps add, which the lines need.
fn declarations(document: &Document, steps: &[&Step]) -> impl Iterator<Item = ByHand> {
    steps.iter().filter_map(|step| match step {
        Step::Insert { at, value, .. } if !at.starts_with(&Path::from(["services"])) => {
            let (Segment::Key(section), Segment::Key(key)) = (at.segments().first()?, at.last()?) else { return None };
            let is_there = document.get(&Path::from([section.as_str()])).is_some();
            let whole = NewValue::Map(vec![(key.clone(), value.clone())]);
            match is_there {
                true => Some(ByHand { place: section.clone(), lines: lines(key, value)? }),
                false => Some(ByHand { place: "the file".to_owned(), lines: lines(section, &whole)? }),
            }
        }
        _ => None,
    })
}

/// A key with its value as the editor writes it.
fn lines(key: &str, value: &NewValue) -> Option<Vec<String>> {
    let document = Document::parse("x: 1\n").ok()?;
    let mut edit = document.edit();
    edit.insert(&Path::root(), key, value, None).ok()?;
    Some(edit.finish().ok()?.text().lines().skip(1).map(str::to_owned).collect())
}

/// The lines of a key with its value, as they stand, without their indent.
fn member(document: &Document, path: &Path) -> Option<Vec<String>> {
    let (parent, Segment::Key(key)) = (path.parent()?, path.last()?) else { return None };
    let (key, value) = document.get(&parent)?.as_mapping()?.entry(key)?;
    let text = document.text();
    let (start, end) = (key.span().start, value.span().end.max(key.span().end));
    let indent = start - text[..start].rfind('\n').map_or(0, |at| at + 1);
    let strip = |line: &str| {
        let blanks = line.len() - line.trim_start().len();
        line[blanks.min(indent)..].trim_end().to_owned()
    };
    let colon = if value.span().end > key.span().end { "" } else { ":" };
    Some(format!("{}{colon}", &text[start..end]).lines().map(strip).collect())
}

fn without_anchor(lines: Vec<String>, anchor: &str) -> Vec<String> {
    let mark = format!("&{anchor}");
    lines
        .into_iter()
        .map(|line| line.replacen(&format!("{mark} "), "", 1).replacen(&format!(" {mark}"), "", 1))
        .collect()
}
