//! A health check that cannot fail says nothing, and who waits for it waits for nothing.

use compose_model::resolved::{Condition, Text};
use diagnostics::{Diagnostic, Remedy, Severity};

use crate::data_folder::DataFolder;
use crate::{Named, Subject};

/// Programs that end with 0 whatever they are given.
const NEVER_FAIL: [&str; 4] = ["true", ":", "echo", "printf"];

pub(crate) fn evaluate(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let of = |named: Named<'_>| of_service(subject, named);
    subject.services().filter_map(of).collect()
}

fn of_service(subject: &Subject<'_>, Named { name, service }: Named<'_>) -> Option<Diagnostic> {
    let check = service.health.as_ref().filter(|check| !check.is_off())?;
    let words: Option<Vec<&str>> = check.test.iter().map(Text::text).collect();
    if !cannot_fail(&words?) {
        return None;
    }
    let waits = |(waiting, other): (&String, &compose_model::resolved::Service)| {
        let on = other.depends_on.get(name)?;
        (on.condition == Condition::Healthy).then(|| waiting.clone())
    };
    let waiting: Vec<_> = subject.model.services.iter().filter_map(waits).collect();
    let data = DataFolder::of(subject.model, name, service);
    let severity = if waiting.is_empty() && data.is_none() {
        Severity::Warning
    } else {
        Severity::Error
    };
    let wait = match waiting.as_slice() {
        [] => String::new(),
        [one] => format!(", and {one} waits for that"),
        more => format!(", and {} wait for that", more.join(", ")),
    };
    let message = format!(
        "the health check of {name} cannot fail: it is called healthy whatever becomes of it{wait}"
    );
    let probe = data.and_then(|data| data.store.tools.as_ref()?.probe);
    let remedy = match probe {
        Some(probe) => format!("Ask the server: test: [\"CMD-SHELL\", \"{probe}\"]"),
        None => "Ask the service for what it is there for.".to_owned(),
    };
    let path = ["services", name, "healthcheck", "test"];
    let found = subject.finding("health-check-cannot-fail", severity, &path, message);
    Some(found.with_remedies(vec![Remedy::advice("", remedy)]))
}

/// Whether a probe succeeds as long as its container runs. What is not understood may fail.
pub(crate) fn cannot_fail(test: &[&str]) -> bool {
    match test {
        ["CMD-SHELL", script] => script_cannot_fail(script),
        ["CMD", shell, "-c", script] if is_shell(shell) => script_cannot_fail(script),
        ["CMD", program, ..] => NEVER_FAIL.contains(&base(program)),
        _ => false,
    }
}

fn is_shell(program: &str) -> bool {
    ["sh", "bash", "ash", "dash"].contains(&base(program))
}

fn base(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

/// What decides is the last command of a script, as long as nothing before it leaves the script.
fn script_cannot_fail(script: &str) -> bool {
    // A part in brackets, a pipe or a job of its own is not looked into.
    if script.contains(['(', '`', '{', '\\']) {
        return false;
    }
    let Some(commands) = commands(script) else {
        return false;
    };
    let Some((last, before)) = commands.split_last() else {
        return false;
    };
    let leaves = |command: &Command| {
        let words: Vec<_> = command.words.split_whitespace().collect();
        matches!(
            words.as_slice(),
            [
                "set" | "exec" | "kill" | "trap" | "then" | "else" | "do",
                ..
            ]
        ) || words.first() == Some(&"exit") && !is_exit_0(&words)
            || words.contains(&"exit") && words.first() != Some(&"exit")
    };
    let words: Vec<_> = last.words.split_whitespace().collect();
    let never_fails = words
        .first()
        .is_some_and(|first| NEVER_FAIL.contains(first))
        || is_exit_0(&words);
    // Behind `&&` it is not come to where what stands before it fails, and that decides then.
    never_fails
        && last.behind != Some("&&")
        && last.behind != Some("|")
        && !before.iter().any(leaves)
}

/// `exit` alone ends as the command before it did.
fn is_exit_0(words: &[&str]) -> bool {
    words == ["exit", "0"]
}

/// A command of a script.
struct Command {
    words: String,
    /// What stands between it and the one before it; none for the first.
    behind: Option<&'static str>,
}

/// The commands of a script, quotes minded; none where a quote does not end, or something goes on in
/// the background.
fn commands(script: &str) -> Option<Vec<Command>> {
    let (mut found, mut words, mut behind, mut quote) = (Vec::new(), String::new(), None, None);
    let mut rest = script.trim().trim_end_matches([';', '\n', ' ']);
    while let Some(next) = rest.chars().next() {
        let separator = ["&&", "||", ";", "\n", "|", "&"]
            .into_iter()
            .find(|separator| quote.is_none() && rest.starts_with(separator));
        // `2>&1` is no job of its own.
        let separator = separator.filter(|one| *one != "&" || !words.ends_with('>'));
        match separator {
            Some("&") => return None,
            Some(separator) => {
                found.push(Command {
                    words: std::mem::take(&mut words),
                    behind,
                });
                behind = Some(separator);
                rest = &rest[separator.len()..];
            }
            None => {
                match quote {
                    Some(open) if open == next => quote = None,
                    None if next == '"' || next == '\'' => quote = Some(next),
                    _ => {}
                }
                words.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    found.push(Command { words, behind });
    quote.is_none().then_some(found)
}
