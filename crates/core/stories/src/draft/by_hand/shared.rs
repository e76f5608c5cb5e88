//! An anchored node that an edit would change for all that have it by an alias: what each of them
//! is to say instead.

use compose_edit::{Content, Document, Node, Path, Segment};

use crate::op;
use crate::refusal::ByHand;

/// An anchored node of a service.
#[derive(Clone, Copy)]
pub(super) struct Shared<'d> {
    document: &'d Document,
    /// The service that it stands in, which is edited.
    service: &'d str,
    node: Node<'d>,
    anchor: &'d str,
}

impl<'d> Shared<'d> {
    pub(super) fn of(document: &'d Document, service: &'d str, node: Node<'d>) -> Option<Self> {
        let anchor = node.anchor()?;
        Some(Self {
            document,
            service,
            node,
            anchor,
        })
    }

    /// What a key of the service says in the edited file, and what else is to be written where the
    /// node is used: it means there what it meant before. None for what no line can say.
    pub(super) fn parts(self, edited: &Document, key: &str) -> Option<Vec<ByHand>> {
        let own = Path::from(["services", self.service]);
        let kept = match member(self.document, &own.join(key), &|_| None) {
            Some(lines) => self.without_anchor(lines),
            None => vec![nothing(key)?],
        };
        // What the service has of itself by an alias is no part of the edit.
        let mut lines = member(edited, &own.join(key), &|alias| self.spelled_out(alias))?;
        lines.extend(self.uses_in(&own, Some(key), &kept));
        let mut parts = vec![ByHand {
            place: own.to_string(),
            lines,
        }];
        parts.extend(self.others(key, &kept));
        Some(parts)
    }

    /// The other services that an edit of the node would change too.
    fn others(self, key: &str, kept: &[String]) -> Vec<ByHand> {
        let services = self.document.get(&Path::from(["services"]));
        let services = services.and_then(Node::as_mapping);
        let all = services.into_iter().flat_map(|services| services.entries());
        let part = |(name, body): (Node<'_>, Node<'_>)| {
            let name = name.as_scalar()?.value();
            let place = Path::from(["services", name]);
            let takes_key = match body.content() {
                Content::Mapping(own) => {
                    own.get(key).is_none() && own.get("<<").is_some_and(|value| self.is_in(value))
                }
                Content::Alias(_) => self.is_in(body),
                _ => false,
            };
            let merge = match body.content() {
                Content::Alias(alias) if takes_key => Some(format!("<<: *{}", alias.name())),
                _ => None,
            };
            let mut lines: Vec<String> = merge.into_iter().collect();
            lines.extend(kept.iter().filter(|_| takes_key).cloned());
            lines.extend(self.uses_in(&place, None, kept));
            let is_told = name != self.service && !lines.is_empty();
            is_told.then(|| ByHand {
                place: place.to_string(),
                lines,
            })
        };
        all.filter_map(part).collect()
    }

    /// The keys of a service, one left out, in whose values an alias of the node stands, with what
    /// it meant in its place.
    fn uses_in(self, service: &Path, without: Option<&str>, kept: &[String]) -> Vec<String> {
        let body = self.document.get(service).and_then(Node::as_mapping);
        let keys = body.into_iter().flat_map(|body| body.entries());
        let lines = |(key, value): (Node<'_>, Node<'_>)| {
            let key = key.as_scalar()?.value();
            if key == "<<" || Some(key) == without || !self.is_in(value) {
                return None;
            }
            let path = service.join(key);
            let whole = matches!(value.content(), Content::Alias(_)) && self.is_whole(key);
            if whole {
                return Some(kept.to_vec());
            }
            member(self.document, &path, &|alias| self.spelled_out(alias))
        };
        keys.filter_map(lines).flatten().collect()
    }

    /// Whether the node is all that the service says of a key.
    fn is_whole(self, key: &str) -> bool {
        let own = Path::from(["services", self.service, key]);
        self.document
            .get(&own)
            .is_some_and(|value| value.span() == self.node.span())
    }

    /// Whether an alias of the node stands in another one.
    fn is_in(self, other: Node<'_>) -> bool {
        match other.content() {
            Content::Alias(alias) => alias.target().span() == self.node.span(),
            Content::Mapping(mapping) => mapping.entries().any(|(_, value)| self.is_in(value)),
            Content::Sequence(items) => items.items().any(|item| self.is_in(item)),
            Content::Scalar(_) => false,
        }
    }

    /// What an alias of the node meant before the edit, on one line.
    fn spelled_out(self, alias: &str) -> Option<String> {
        if alias != self.anchor {
            return None;
        }
        op::meant(self.node).map(|value| op::flow_line(&value))
    }

    fn without_anchor(self, lines: Vec<String>) -> Vec<String> {
        let mark = format!("&{}", self.anchor);
        let without = |line: String| {
            line.replacen(&format!("{mark} "), "", 1)
                .replacen(&format!(" {mark}"), "", 1)
        };
        lines.into_iter().map(without).collect()
    }
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

/// The lines of a key with its value, as they stand, without their indent; aliases by what `instead`
/// says of their names.
fn member(
    document: &Document,
    path: &Path,
    instead: &dyn Fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let (parent, Segment::Key(key)) = (path.parent()?, path.last()?) else {
        return None;
    };
    let (key, value) = document.get(&parent)?.as_mapping()?.entry(key)?;
    let text = document.text();
    let (start, end) = (key.span().start, value.span().end.max(key.span().end));
    let indent = start - text[..start].rfind('\n').map_or(0, |at| at + 1);
    let strip = |line: &str| {
        let blanks = line.len() - line.trim_start().len();
        line[blanks.min(indent)..].trim_end().to_owned()
    };
    let colon = if value.span().end > key.span().end {
        ""
    } else {
        ":"
    };
    let (mut whole, mut done) = (String::new(), start);
    for (alias, words) in replaced(value, instead) {
        whole.push_str(&text[done..alias.span().start]);
        whole.push_str(&words);
        done = alias.span().end;
    }
    whole.push_str(&text[done..end]);
    Some(format!("{whole}{colon}").lines().map(strip).collect())
}

/// The aliases in a value that something else is said for, in the order of the text.
fn replaced<'d>(
    value: Node<'d>,
    instead: &dyn Fn(&str) -> Option<String>,
) -> Vec<(Node<'d>, String)> {
    let within = |nodes: Vec<Node<'d>>| {
        let found = nodes.into_iter().flat_map(|node| replaced(node, instead));
        found.collect()
    };
    match value.content() {
        Content::Alias(alias) => {
            let words = instead(alias.name());
            words.map(|words| (value, words)).into_iter().collect()
        }
        Content::Mapping(mapping) => within(mapping.entries().map(|(_, value)| value).collect()),
        Content::Sequence(items) => within(items.items().collect()),
        Content::Scalar(_) => Vec::new(),
    }
}
