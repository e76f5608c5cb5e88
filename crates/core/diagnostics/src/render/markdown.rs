//! A page: requirement, status and evidence, as people write it by hand and seldom keep true.
//!
//! What a file or a program says is a text there and nothing else: no markup, no link, and nobody
//! is called by it.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Evidence, Group, Severity};
use crate::invocation::Invocation;
use crate::remedy::{Action, Remedy};

/// A table a group; `folder` is where the checkout lies in its repository, from which paths count
/// there.
#[must_use]
pub fn tables(groups: &[Group], invocation: &Invocation, folder: &str) -> String {
    let mut page = String::new();
    for (at, group) in groups.iter().enumerate() {
        // Writing to a String cannot fail.
        writeln!(
            page,
            "{}## {}\n",
            if at == 0 { "" } else { "\n" },
            plain(&group.title)
        )
        .ok();
        page.push_str("| Requirement | Status | Evidence |\n|---|---|---|\n");
        for one in &group.diagnostics {
            let cells = [
                plain(&requirement(one, group)),
                mark(one.severity, group.words),
                evidence(one, invocation, folder),
            ];
            writeln!(page, "| {} |", cells.join(" | ")).ok();
        }
        if !group.notes.is_empty() {
            page.push_str("\nNot as in the files, so that nothing outside is touched:\n\n");
            group.notes.iter().for_each(|note| item(&mut page, note));
        }
    }
    page
}

/// An item of a list, which is no list or title itself.
fn item(page: &mut String, text: &str) {
    let text = plain(text);
    let apart = if text.starts_with(['-', '+', '=', '#']) {
        "\\"
    } else {
        ""
    };
    page.push_str(&format!("- {apart}{text}\n"));
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

fn requirement(one: &Diagnostic, group: &Group) -> String {
    let own = one
        .environment
        .as_ref()
        .filter(|_| group.environment.is_none());
    let place = own.map(|name| format!(" ({name})")).unwrap_or_default();
    format!(
        "{}{place}",
        one.requirement.as_ref().unwrap_or(&one.subject)
    )
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

/// What was found and where, what that is concluded from, and what to do: a line each.
fn evidence(one: &Diagnostic, invocation: &Invocation, folder: &str) -> String {
    let message = plain(&one.message);
    let first = match one.severity {
        _ if message.is_empty() => None,
        Severity::Error => Some(format!("**{message}** ({})", code(&one.rule))),
        _ => Some(message),
    };
    let place = one.location.as_ref().map(|at| at.in_folder(folder));
    let place = place.map(|at| code(&at.to_string()));
    let seen = one
        .evidence
        .iter()
        .map(|Evidence { what, seen }| match what.as_str() {
            "" => plain(seen),
            what => format!("*{}:* {}", plain(what), plain(seen)),
        });
    let remedies = one.remedies.iter().map(|one| remedy(one, invocation));
    let all = first.into_iter().chain(place).chain(seen).chain(remedies);
    all.collect::<Vec<_>>().join("<br>")
}

fn remedy(remedy: &Remedy, invocation: &Invocation) -> String {
    let action = |action: &Action| {
        let line = action.line(invocation);
        match action {
            Action::Advice(_) => plain(&line),
            Action::Command(_)
            | Action::Redirected { .. }
            | Action::Shell(_)
            | Action::Lines(_) => code(&line),
        }
    };
    let actions: Vec<_> = remedy.actions.iter().map(action).collect();
    let actions = actions.join("<br>");
    match remedy.label.as_str() {
        "" => actions,
        label => format!("{}: {actions}", plain(label)),
    }
}

/// What is to be copied, as it is, also in a table's cell. A cell ends at a bar and a span at a
/// line's end wherever they stand; such a text is escaped instead.
#[must_use]
pub fn code(text: &str) -> String {
    if text.contains(['|', '\n', '\r']) || text.trim().is_empty() {
        return plain(text);
    }
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default() + 1);
    // A blank on both sides is no part of what is between; one beside a fence separates them.
    let apart = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{fence}{apart}{text}{apart}{fence}")
}

/// Between two characters: they are shown side by side, and nobody's name, no issue's number and no
/// address is read of them.
const APART: &str = "<!-- -->";

/// A text that is shown as it is, and stays inside a table's cell. The signs are those of
/// CommonMark and of GitHub's and GitLab's extensions.
#[must_use]
pub fn plain(text: &str) -> String {
    let text = text.trim_end().replace("\r\n", "\n");
    let mut plain = String::with_capacity(text.len() + 16);
    let mut before = '\n';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or('\n');
        let is_inside = before.is_alphanumeric() && next.is_alphanumeric();
        match c {
            '\n' => plain.push_str("<br>"),
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            // In a word it is a letter.
            '_' if is_inside => plain.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => plain.extend(['\\', c]),
            '@' if next.is_alphanumeric() => plain.extend(["@", APART]),
            '#' | '!' if next.is_ascii_digit() => {
                plain.push(c);
                plain.push_str(APART);
            }
            ':' if rest.clone().take(2).eq("//".chars()) => plain.extend([":", APART]),
            '.' if plain.to_ascii_lowercase().ends_with("www") => {
                plain.push_str(APART);
                plain.push(c);
            }
            _ => plain.push(c),
        }
        before = c;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Location;

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (text, escaped) in [
            ("redis_data:/data", "redis_data:/data"),
            ("a|b", "a\\|b"),
            (
                "`x` *y* _z_ ~w~ $v$",
                "\\`x\\` \\*y\\* \\_z\\_ \\~w\\~ \\$v\\$",
            ),
            ("<img src=x>&lt;", "&lt;img src=x&gt;&amp;lt;"),
            ("[a](https://x.y)", "\\[a\\](https:<!-- -->//x.y)"),
            ("see WWW.x.y", "see WWW<!-- -->.x.y"),
            (
                "@team, a@b.c, #12, !3",
                "@<!-- -->team, a@<!-- -->b.c, #<!-- -->12, !<!-- -->3",
            ),
            ("a\r\nb\n", "a<br>b"),
            ("a\\|b", "a\\\\\\|b"),
        ] {
            assert_eq!(plain(text), escaped);
        }
    }

    #[test]
    fn what_is_to_be_copied_stands_between_fences_that_it_does_not_hold() {
        for (text, span) in [
            ("docker ps", "`docker ps`"),
            ("echo `date`", "`` echo `date` ``"),
            ("a ``b`` c", "```a ``b`` c```"),
            ("a | b", "a \\| b"),
        ] {
            assert_eq!(code(text), span);
        }
    }

    #[test]
    fn a_row_has_its_place_what_was_seen_and_what_to_do() {
        let invocation = Invocation::new("cargo xtask", None);
        let one = Diagnostic::new("story-drifted", Severity::Error, "5.1 a|b", "x is gone")
            .of("local")
            .at(Location::parse("a.yml:3:9"))
            .with_evidence(vec![Evidence {
                what: "found".to_owned(),
                seen: "- a\n- b".to_owned(),
            }])
            .with_remedies(vec![
                Remedy::command("Again", &["migrate"]),
                Remedy::advice("", "look *first*"),
            ]);
        let group = Group {
            kind: "files",
            environment: None,
            title: "Files".to_owned(),
            words: ["holds", "finding"],
            diagnostics: vec![one],
            notes: vec!["@all".to_owned(), "- x".to_owned()],
        };
        let page = tables(&[group], &invocation, "deploy");
        let row = "| 5.1 a\\|b (local) | ❌ finding | **x is gone** (`story-drifted`)<br>`deploy/a.yml:3:9`<br>*found:* \
                   - a<br>- b<br>Again: `cargo xtask migrate`<br>look \\*first\\* |\n";
        assert!(page.contains(row), "{page}");
        assert!(page.ends_with("- @<!-- -->all\n- \\- x\n"), "{page}");
    }
}
