//! Evidence and remedies for a terminal: in lines, what they are in one column and what they say in
//! the next.

use crate::diagnostic::Evidence;
use crate::invocation::Invocation;
use crate::remedy::{Action, Remedy};

/// A line, which whoever shows it may wrap behind its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What stands before, spaces included.
    pub head: String,
    /// What it says.
    pub text: String,
    /// Whether it is prose: what is to be pasted stays on one line.
    pub is_prose: bool,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.head, self.text)
    }
}

/// What was seen, each line of it by itself.
#[must_use]
pub fn evidence(evidence: &[Evidence], indent: &str) -> Vec<Line> {
    let width = evidence
        .iter()
        .map(|one| one.what.chars().count())
        .max()
        .unwrap_or_default();
    let lines = |one: &Evidence| {
        let head = match one.what.as_str() {
            "" => indent.to_owned(),
            what => format!("{indent}{what:width$}  "),
        };
        let line = |text: &str| Line {
            head: head.clone(),
            text: text.to_owned(),
            is_prose: true,
        };
        one.seen.lines().map(line).collect::<Vec<_>>()
    };
    evidence.iter().flat_map(lines).collect()
}

/// What can be done; several things to do stand below their label.
#[must_use]
pub fn remedies(remedies: &[Remedy], indent: &str, invocation: &Invocation) -> Vec<Line> {
    let is_short = |remedy: &&Remedy| is_one_line(remedy);
    let width = remedies
        .iter()
        .filter(is_short)
        .map(|remedy| remedy.label.chars().count())
        .max()
        .unwrap_or_default();
    let lines = |remedy: &Remedy| {
        let label = format!("{}:", remedy.label);
        if remedy.label.is_empty() {
            return actions(&remedy.actions, indent, invocation);
        }
        if is_one_line(remedy) {
            let head = format!("{indent}{label:column$}  ", column = width + 1);
            return actions(&remedy.actions, &head, invocation);
        }
        let title = Line {
            head: indent.to_owned(),
            text: label,
            is_prose: true,
        };
        let below = actions(&remedy.actions, &format!("{indent}  "), invocation);
        [title].into_iter().chain(below).collect()
    };
    remedies.iter().flat_map(lines).collect()
}

/// What is to be done, each line of it by itself.
#[must_use]
pub fn actions(actions: &[Action], indent: &str, invocation: &Invocation) -> Vec<Line> {
    let lines = |action: &Action| {
        let line = |text: &str| Line {
            head: indent.to_owned(),
            text: text.to_owned(),
            is_prose: matches!(action, Action::Advice(_)),
        };
        let text = action.line(invocation);
        text.lines().map(line).collect::<Vec<_>>()
    };
    actions.iter().flat_map(lines).collect()
}

/// Whether it stands behind its label.
fn is_one_line(remedy: &Remedy) -> bool {
    match remedy.actions.as_slice() {
        [Action::Lines(lines)] => lines.lines().count() == 1,
        actions => actions.len() == 1,
    }
}

/// A remedy on one line that a shell takes: what it is for stands behind it, as a comment.
#[must_use]
pub fn command_line(remedy: &Remedy, invocation: &Invocation) -> String {
    let line = remedy.lines(invocation).join(" && ");
    if remedy.label.is_empty() {
        line
    } else {
        format!("{line}   # {}", remedy.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[Line]) -> String {
        lines
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn labels_and_commands_stand_in_columns() {
        let carry = vec![
            Action::command(&["compose", "local", "--", "stop"]),
            Action::Shell("docker ps".to_owned()),
        ];
        let all = [
            Remedy::command("Go on", &["migrate"]),
            Remedy::steps("Carry it over", carry),
            Remedy::shell("Look first", "git diff"),
        ];
        let said = joined(&remedies(&all, "  ", &Invocation::new("cargo xtask", None)));
        let expected = "  Go on:       cargo xtask migrate\n  Carry it over:\n    cargo xtask compose local -- stop\n    \
                        docker ps\n  Look first:  git diff";
        assert_eq!(said, expected);
    }

    #[test]
    fn lines_of_a_file_stand_below_each_other() {
        let all = [
            Remedy::lines_of_a_file("Keep it", "volumes:\n  data:"),
            Remedy::lines_of_a_file("Name it", "name: shop"),
            Remedy::steps(
                "",
                vec![Action::Redirected {
                    arguments: vec!["compose".to_owned(), "local".to_owned()],
                    redirection: "> dump.sql".to_owned(),
                }],
            ),
        ];
        let said = joined(&remedies(&all, "  ", &Invocation::new("stories", None)));
        let expected = "  Keep it:\n    volumes:\n      data:\n  Name it:  name: shop\n  stories compose local > dump.sql";
        assert_eq!(said, expected);
    }

    #[test]
    fn what_was_seen_stands_behind_what_was_looked_at() {
        let seen = |what: &str, seen: &str| Evidence {
            what: what.to_owned(),
            seen: seen.to_owned(),
        };
        let all = [
            seen("a.yml:3:9", "- ./data"),
            seen("wanted", "- data"),
            Evidence::seen("one\ntwo"),
        ];
        assert_eq!(
            joined(&evidence(&all, "  ")),
            "  a.yml:3:9  - ./data\n  wanted     - data\n  one\n  two"
        );
    }
}
