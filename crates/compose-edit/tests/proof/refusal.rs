//! Whether a refusal's reason is one that the text bears out.

use compose_edit::{Content, EditError, Node, ScalarStyle};

use crate::case::{Case, Change};
use crate::cases;
use crate::judge::Before;

/// Whether the text has what the refusal says.
pub fn is_founded(before: &Before, case: &Case, error: &EditError) -> bool {
    let text = before.text();
    let Some(node) = before.document.get(&case.path) else { return false };
    match error {
        EditError::AnchorInUse { anchor, .. } => is_used_outside(before, node, anchor),
        EditError::AnchorMissing { anchor, .. } => {
            text.contains(&format!("*{anchor}")) || text.contains(&format!("&{anchor}"))
        }
        EditError::KeptBlankLines { .. } => last_leaf(node).is_some_and(is_block_scalar),
        EditError::BlockInFlow { .. } => {
            let Change::Move(to) = &case.change else { return false };
            before.document.get(to).is_some_and(is_in_braces) && text.contains('#')
        }
        EditError::LoneCarriageReturn { .. } => text.replace("\r\n", "").contains('\r'),
        EditError::StrayByteOrderMark { .. } => text.trim_start_matches('\u{feff}').contains('\u{feff}'),
        EditError::TabIndentation { .. } => text.lines().any(|line| line.trim_start_matches(' ').starts_with('\t')),
        EditError::BarePair { .. } => std::iter::successors(Some(node), |node| node.parent()).any(is_bare_pair),
        EditError::ExplicitKey { .. } => text.contains("? "),
        EditError::Unwritable { form, .. } => form.contains("comment") && node.text().contains('#'),
        _ => false,
    }
}

fn is_used_outside(before: &Before, node: Node<'_>, anchor: &str) -> bool {
    let inside = |other: Node<'_>| std::iter::successors(Some(other), |node| node.parent()).any(|above| above == node);
    let all = cases::nodes(&before.document);
    let used = |other: Node<'_>| match other.content() {
        Content::Alias(alias) => alias.name() == anchor && !inside(other) && inside(alias.target()),
        _ => false,
    };
    all.iter().any(|(_, other)| used(*other))
}

fn last_leaf(node: Node<'_>) -> Option<Node<'_>> {
    match node.content() {
        Content::Mapping(mapping) => mapping.entries().last().map_or(Some(node), |(_, value)| last_leaf(value)),
        Content::Sequence(list) => list.items().last().map_or(Some(node), last_leaf),
        _ => Some(node),
    }
}

fn is_block_scalar(node: Node<'_>) -> bool {
    node.as_scalar().is_some_and(|scalar| matches!(scalar.style(), ScalarStyle::Literal | ScalarStyle::Folded))
}

fn is_in_braces(node: Node<'_>) -> bool {
    let flow = |node: Node<'_>| node.text().starts_with(['{', '[']) && node.text().ends_with(['}', ']']);
    std::iter::successors(Some(node), |node| node.parent()).any(flow)
}

fn is_bare_pair(node: Node<'_>) -> bool {
    node.as_mapping().is_some_and(|mapping| mapping.is_flow()) && !node.text().starts_with('{')
}
