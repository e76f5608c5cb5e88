//! What the checker says of an environment.

use compose_edit::Document;
use compose_model::{Files, View};

/// A verdict on an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    /// With the first reason.
    Rejected(String),
}

/// Reads, resolves and checks files that overlay each other, as a caller does.
pub fn judge(texts: &[&str], variables: &dyn Fn(&str) -> Option<String>) -> Verdict {
    match problem(texts, variables) {
        Some(problem) => Verdict::Rejected(problem),
        None => Verdict::Accepted,
    }
}

fn problem(texts: &[&str], variables: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut files = Files::new();
    for (index, text) in texts.iter().enumerate() {
        match Document::parse(*text) {
            Ok(document) => files.insert(format!("compose.{index}.yaml"), document),
            Err(error) => return Some(format!("parse: {error}")),
        };
    }
    let order: Vec<String> = files.keys().cloned().collect();
    let order: Vec<&str> = order.iter().map(String::as_str).collect();
    let view = match View::resolve(&files, &order) {
        Ok(view) => view,
        Err(error) => return Some(format!("view: {error}")),
    };
    let findings = compose_validate::check(&view, &files, variables);
    let first = findings.first();
    first.map(|finding| format!("check: {}", finding.in_one_line()))
}
