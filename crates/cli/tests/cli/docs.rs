//! What the documents name exists.

use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENTS: [&str; 5] = [
    "README.md",
    "docs/production.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
];

/// What the documents say of any checkout, and this one need not have.
const ELSEWHERE: [&str; 1] = ["compose/ledger/"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The spans in backticks, fenced blocks left out.
fn quoted(text: &str) -> Vec<String> {
    let outside = text.split("```").step_by(2).collect::<String>();
    outside
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Whether a quoted text looks like a path in the repository: its first part is a name at the top,
/// and nothing in it is left open.
fn is_path(text: &str) -> bool {
    let open = ['<', '>', '*', '{', ' ', '$', ':', '(', '='];
    let first = text.split('/').next().unwrap_or_default();
    !text.contains(open)
        && !first.is_empty()
        && (text.contains('/') && repository().join(first).exists())
}

#[test]
fn every_path_in_the_documents_exists() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let Ok(text) = fs::read_to_string(repository().join(document)) else {
            missing.push(format!("{document} itself"));
            continue;
        };
        let paths = quoted(&text)
            .into_iter()
            .filter(|text| is_path(text) && !ELSEWHERE.contains(&text.as_str()));
        missing.extend(
            paths
                .filter(|path| !repository().join(path).exists())
                .map(|path| format!("{document}: {path}")),
        );
    }
    assert!(
        missing.is_empty(),
        "named and not there:\n{}",
        missing.join("\n")
    );
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(repository().join(document)).unwrap_or_default();
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let local = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
        let file = |link: &str| link.split('#').next().unwrap_or_default().to_owned();
        missing.extend(
            local
                .map(file)
                .filter(|path| !repository().join(path).exists()),
        );
    }
    assert!(missing.is_empty(), "linked and not there: {missing:?}");
}
