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
    let is_short = |remedy: &&Remedy| remedy.actions.len() == 1;
    let width = remedies
        .iter()
        .filter(is_short)
        .map(|remedy| remedy.label.chars().count())
        .max()
        .unwrap_or_default();
    let line = |head: String, action: &Action| {
        let is_prose = matches!(action, Action::Advice(_));
        Line {
            head,
            text: action.line(invocation),
            is_prose,
        }
    };
    let lines = |remedy: &Remedy| match remedy.actions.as_slice() {
        [action] if remedy.label.is_empty() => vec![line(indent.to_owned(), action)],
        [action] => {
            let label = format!("{}:", remedy.label);
            vec![line(
                format!("{indent}{label:column$}  ", column = width + 1),
                action,
            )]
        }
        actions => {
            let title = Line {
                head: indent.to_owned(),
                text: format!("{}:", remedy.label),
                is_prose: true,
            };
            let below = actions
                .iter()
                .map(|action| line(format!("{indent}  "), action));
            [title].into_iter().chain(below).collect()
        }
    };
    remedies.iter().flat_map(lines).collect()
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
