//! Workflow commands of GitHub Actions, which a run's log and the changed lines of a pull request
//! show as annotations.
//! <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use crate::diagnostic::{Diagnostic, Severity};
use crate::invocation::Invocation;

use super::lines;

/// One line for each finding and note; `folder` is where the checkout lies in its repository, from
/// which paths count there.
#[must_use]
pub fn github(diagnostics: &[Diagnostic], invocation: &Invocation, folder: &str) -> String {
    diagnostics
        .iter()
        .filter_map(|one| annotation(one, invocation, folder))
        .collect()
}

fn annotation(one: &Diagnostic, invocation: &Invocation, folder: &str) -> Option<String> {
    let command = match one.severity {
        Severity::Pass | Severity::NotApplicable => return None,
        Severity::Note => "notice",
        Severity::Warning | Severity::Unknown => "warning",
        Severity::Error => "error",
    };
    let mut properties = String::new();
    if let Some(location) = &one.location {
        properties.push_str(&format!("file={},", property(&location.file_in(folder))));
        let numbers = [("line", location.line), ("col", location.column)];
        let known = numbers
            .into_iter()
            .filter_map(|(name, number)| Some((name, number?)));
        known.for_each(|(name, number)| properties.push_str(&format!("{name}={number},")));
    }
    let place = one
        .environment
        .as_ref()
        .map(|name| format!(" ({name})"))
        .unwrap_or_default();
    let title = property(&format!("{}{place}", one.subject));
    Some(format!(
        "::{command} {properties}title={title}::{}\n",
        data(&message(one, invocation))
    ))
}

fn message(one: &Diagnostic, invocation: &Invocation) -> String {
    [one.message.clone()]
        .into_iter()
        .chain(lines::evidence(one))
        .chain(lines::remedies(one, invocation))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A message in one line: what would end it, or begin an escape, is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property's value, which ends at a comma or a colon too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Location;
    use crate::remedy::Remedy;

    #[test]
    fn a_finding_is_a_line_and_nothing_in_it_is_another_command() {
        let one = Diagnostic::new(
            "story-drifted",
            Severity::Error,
            "5.1 a, b: c",
            "50 %\n::error::no",
        )
        .of("local");
        let one = one
            .at(Location::parse("a,b.yml:3:1"))
            .with_remedies(vec![Remedy::command("Again", &["migrate"])]);
        let passed = Diagnostic::new("x", Severity::Pass, "x", "x");
        let said = github(
            &[one, passed],
            &Invocation::new("cargo xtask", None),
            "deploy",
        );
        let expected = "::error file=deploy/a%2Cb.yml,line=3,col=1,title=5.1 a%2C b%3A c (local)::50 %25%0A::error::no%0AAgain: \
                        cargo xtask migrate\n";
        assert_eq!(said, expected);
    }
}
