//! The services of a file.

use compose_edit::{Document, Node};

use super::splice;

/// The services that are written as mappings: key and body.
pub fn services(document: &Document) -> Vec<(Node<'_>, Node<'_>)> {
    let services = document
        .root()
        .and_then(|root| root.as_mapping()?.get("services"));
    let entries = services
        .and_then(Node::as_mapping)
        .into_iter()
        .flat_map(|mapping| mapping.entries());
    entries
        .filter(|(_, body)| body.as_mapping().is_some_and(|body| !body.is_empty()))
        .collect()
}

/// One of the services.
pub fn one(document: &Document, pick: usize) -> Option<(Node<'_>, Node<'_>)> {
    let services = services(document);
    services.get(pick % services.len().max(1)).copied()
}

/// The text with a key of one service set.
pub fn set(document: &Document, pick: usize, key: &str, value: &str) -> Option<String> {
    let (_, body) = one(document, pick)?;
    splice::set(document, body, key, value)
}

/// All entries of one service: key and value.
pub fn entries(document: &Document, pick: usize) -> Vec<(Node<'_>, Node<'_>)> {
    let body = one(document, pick).and_then(|(_, body)| body.as_mapping());
    body.into_iter()
        .flat_map(|body| body.entries())
        .filter(|(key, _)| key.text() != "<<")
        .collect()
}
