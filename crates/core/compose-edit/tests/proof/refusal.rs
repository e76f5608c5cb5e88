//! Whether a refusal's reason is one that the text bears out.

use compose_edit::{Content, EditError, Node, ScalarStyle};

use crate::case::{Case, Change};
use crate::cases;
use crate::judge::{Before, comments, line_range};

/// YAML wants a key's `:` within so many characters.
const LONGEST_KEY: usize = 1024;

/// Whether the text has what the refusal says.
pub fn is_founded(before: &Before, case: &Case, error: &EditError) -> bool {
    let text = before.text();
    match error {
        EditError::LoneCarriageReturn { .. } => text.replace("\r\n", "").contains('\r'),
        EditError::StrayByteOrderMark { .. } => {
            text.trim_start_matches('\u{feff}').contains('\u{feff}')
        }
        EditError::TabIndentation { at } => {
            let line = at
                .line
                .checked_sub(1)
                .and_then(|above| text.lines().nth(above))
                .unwrap_or_default();
            line.chars()
                .take_while(|c| matches!(c, ' ' | '\t' | '-'))
                .any(|c| c == '\t')
        }
        _ => before
            .document
            .get(&case.path)
            .is_some_and(|node| is_founded_in(before, node, case, error)),
    }
}

/// The same for a reason that lies in the node.
fn is_founded_in(before: &Before, node: Node<'_>, case: &Case, error: &EditError) -> bool {
    let text = before.text();
    match error {
        EditError::AnchorInUse { anchor, .. } => is_used_outside(before, node, anchor),
        EditError::AnchorMissing { anchor, .. } => {
            target(before, case).is_some_and(|to| means_other(before, node, to, anchor))
        }
        EditError::KeptBlankLines { at } => {
            let below = text.lines().nth(at.line);
            last_leaf(node).is_some_and(is_block_scalar)
                && below.is_some_and(|line| line.trim().is_empty())
        }
        EditError::BlockInFlow { .. } => {
            target(before, case).is_some_and(is_in_braces) && takes_comment(before, node)
        }
        EditError::BarePair { .. } => {
            let around = |node| {
                std::iter::successors(Some(node), |node: &Node<'_>| node.parent()).any(is_bare_pair)
            };
            around(node) || target(before, case).is_some_and(around)
        }
        EditError::ItemIsNoKey { .. } => node.as_sequence().is_some_and(|list| {
            list.items()
                .any(|item| is_long(item) || is_parted(text, item))
        }),
        EditError::ExplicitKey { .. } => own_keys(node).any(|key| is_explicit(text, key)),
        EditError::Unwritable { form, .. } => {
            form.contains("comment")
                && comments(text)
                    .iter()
                    .any(|comment| node.span().range().contains(&comment.start))
        }
        _ => false,
    }
}

fn is_used_outside(before: &Before, node: Node<'_>, anchor: &str) -> bool {
    let inside = |other: Node<'_>| {
        std::iter::successors(Some(other), |node| node.parent()).any(|above| above == node)
    };
    let all = cases::nodes(&before.document);
    let used = |other: Node<'_>| match other.content() {
        Content::Alias(alias) => alias.name() == anchor && !inside(other) && inside(alias.target()),
        _ => false,
    };
    all.iter().any(|(_, other)| used(*other))
}

/// Where the node is moved to.
fn target<'d>(before: &'d Before, case: &Case) -> Option<Node<'d>> {
    let Change::Move(to) = &case.change else {
        return None;
    };
    before.document.get(to)
}

/// Whether an anchor's name would stand for something else at the end of `to`: one that an alias in
/// the node needs, or one that the node brings along and an alias elsewhere has, too.
fn means_other(before: &Before, node: Node<'_>, to: Node<'_>, anchor: &str) -> bool {
    let inside = |other: Node<'_>| {
        std::iter::successors(Some(other), |node| node.parent()).any(|above| above == node)
    };
    let all = cases::nodes(&before.document);
    let aliases = all.iter().filter_map(|(_, other)| match other.content() {
        Content::Alias(alias) if alias.name() == anchor => Some((*other, alias.target())),
        _ => None,
    });
    let (own, others): (Vec<_>, Vec<_>) = aliases.partition(|(alias, _)| inside(*alias));
    let named = |(_, other): &&(_, Node<'_>)| {
        other.anchor() == Some(anchor) && other.span().start < to.span().end
    };
    let above = all.iter().rfind(named).map(|(_, other)| *other);
    let around = |target: Node<'_>| {
        std::iter::successors(Some(to), |node| node.parent()).any(|above| above == target)
    };
    let is_other = |target: Node<'_>| {
        around(target) || above.is_none_or(|above| above.text() != target.text())
    };
    let brings = all
        .iter()
        .any(|(_, other)| inside(*other) && other.anchor() == Some(anchor));
    own.iter()
        .any(|(_, target)| !inside(*target) && is_other(*target))
        || brings && !others.is_empty()
}

/// Whether a comment goes with a node that is moved: one on its lines, right above them, or right
/// below and deeper.
fn takes_comment(before: &Before, node: Node<'_>) -> bool {
    let lines: Vec<&str> = before.text().lines().collect();
    let own = line_range(before, node);
    let is_comment = |line: &usize| {
        lines
            .get(*line)
            .is_some_and(|line| line.trim_start().starts_with('#'))
    };
    let beside = comments(before.text())
        .iter()
        .any(|comment| own.contains(&(before.document.position(comment.start).line - 1)));
    let is_blank = |line: &usize| lines.get(*line).is_some_and(|line| line.trim().is_empty());
    let below = (own.end() + 1..).find(|line| !is_blank(line));
    beside
        || below.is_some_and(|line| is_comment(&line))
        || own
            .start()
            .checked_sub(1)
            .is_some_and(|above| is_comment(&above))
}

/// The keys that a change of a node writes anew or reads: its own, and those of its entries.
fn own_keys<'d>(node: Node<'d>) -> impl Iterator<Item = Node<'d>> {
    let own = node
        .parent()
        .map(entries)
        .unwrap_or_default()
        .into_iter()
        .filter(move |(_, value)| *value == node);
    own.chain(entries(node)).map(|(key, _)| key)
}

/// Whether a scalar has more characters than a key may have, as it is written or in quotes.
fn is_long(item: Node<'_>) -> bool {
    let properties: usize = [item.anchor(), item.tag()]
        .into_iter()
        .flatten()
        .map(|word| word.chars().count() + 2)
        .sum();
    let quoted = item
        .as_scalar()
        .map(|scalar| format!("{:?}", scalar.value()));
    quoted.is_some_and(|quoted| {
        properties + item.text().chars().count().max(quoted.chars().count()) > LONGEST_KEY
    })
}

/// Whether a comment stands between an anchor or a tag and its scalar.
fn is_parted(text: &str, item: Node<'_>) -> bool {
    let rest = |end: usize| {
        text.get(end..item.span().start)
            .is_some_and(|rest| rest.trim().is_empty())
    };
    let named = item.anchor().is_some() || item.tag().is_some();
    named
        && comments(text)
            .iter()
            .any(|comment| rest(comment.start + comment.text.len()))
}

fn entries(node: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
    node.as_mapping()
        .map(|mapping| mapping.entries().collect())
        .unwrap_or_default()
}

fn is_explicit(text: &str, key: Node<'_>) -> bool {
    let above = text[..key.span().start].trim_end_matches([' ', '\t']);
    above
        .strip_suffix('?')
        .is_some_and(|above| above.is_empty() || above.ends_with([' ', '\n', '\t', '{', '[', ',']))
}

fn last_leaf(node: Node<'_>) -> Option<Node<'_>> {
    match node.content() {
        Content::Mapping(mapping) => mapping
            .entries()
            .last()
            .map_or(Some(node), |(_, value)| last_leaf(value)),
        Content::Sequence(list) => list.items().last().map_or(Some(node), last_leaf),
        _ => Some(node),
    }
}

fn is_block_scalar(node: Node<'_>) -> bool {
    node.as_scalar()
        .is_some_and(|scalar| matches!(scalar.style(), ScalarStyle::Literal | ScalarStyle::Folded))
}

fn is_in_braces(node: Node<'_>) -> bool {
    let flow =
        |node: Node<'_>| node.text().starts_with(['{', '[']) && node.text().ends_with(['}', ']']);
    std::iter::successors(Some(node), |node| node.parent()).any(flow)
}

fn is_bare_pair(node: Node<'_>) -> bool {
    node.as_mapping().is_some_and(|mapping| mapping.is_flow()) && !node.text().starts_with('{')
}
