//! A page: requirement, status and evidence, as people write it by hand and seldom keep true.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Evidence, Group, Severity};

/// A table a group.
#[must_use]
pub fn tables(groups: &[Group]) -> String {
    let mut page = String::new();
    for (at, group) in groups.iter().enumerate() {
        // Writing to a String cannot fail.
        writeln!(
            page,
            "{}## {}\n",
            if at == 0 { "" } else { "\n" },
            group.title
        )
        .ok();
        page.push_str("| Requirement | Status | Evidence |\n|---|---|---|\n");
        group
            .diagnostics
            .iter()
            .for_each(|one| row(&mut page, one, group));
        if !group.notes.is_empty() {
            page.push_str("\nNot as in the files, so that nothing outside is touched:\n\n");
            group
                .notes
                .iter()
                .for_each(|note| page.push_str(&format!("- {}\n", plain(note))));
        }
    }
    page
}

/// The worst of it in a few words.
#[must_use]
pub fn status(groups: &[Group]) -> String {
    let all = || groups.iter().flat_map(|group| &group.diagnostics);
    let findings = all().filter(|one| one.severity == Severity::Error).count();
    let unseen = all()
        .filter(|one| one.severity == Severity::Unknown)
        .count();
    match (findings, unseen) {
        (0, 0) => "✅ verified".to_owned(),
        (0, unseen) => format!("⚠ {unseen} could not be looked at"),
        (findings, _) => format!("❌ {findings} not as required"),
    }
}

fn row(page: &mut String, one: &Diagnostic, group: &Group) {
    let own = one
        .environment
        .as_ref()
        .filter(|_| group.environment.is_none());
    let place = own.map(|name| format!(" ({name})")).unwrap_or_default();
    let requirement = format!(
        "{}{place}",
        one.requirement.as_ref().unwrap_or(&one.subject)
    );
    writeln!(
        page,
        "| {} | {} | {} |",
        plain(&requirement),
        mark(one.severity, group.words),
        plain(&evidence(one))
    )
    .ok();
}

fn mark(severity: Severity, [pass, error]: [&str; 2]) -> String {
    match severity {
        Severity::Pass => format!("✅ {pass}"),
        Severity::NotApplicable => "– not applicable".to_owned(),
        Severity::Note => "– open".to_owned(),
        Severity::Warning => "⚠ warning".to_owned(),
        Severity::Unknown => "⚠ not looked at".to_owned(),
        Severity::Error => format!("❌ {error}"),
    }
}

fn evidence(one: &Diagnostic) -> String {
    let first = match one.severity {
        Severity::Error => format!("**{}** (`{}`)", one.message, one.rule),
        _ => one.message.clone(),
    };
    let first = Some(first).filter(|first| !first.is_empty());
    let seen = one
        .evidence
        .iter()
        .map(|Evidence { what, seen }| match what.as_str() {
            "" => seen.clone(),
            what => format!("*{what}:* {seen}"),
        });
    first.into_iter().chain(seen).collect::<Vec<_>>().join("\n")
}

/// A text that stays inside a table's cell.
fn plain(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('<', "&lt;")
        .replace("\r\n", "\n")
        .replace('\n', "<br>")
}
