//! Compose's own words, made fit to quote.

use std::path::Path;

/// How much of a problem is quoted.
const MOST_LINES: usize = 12;

/// Where a crash of Compose goes on to print its stack, which helps nobody here.
const STACKS: [&str; 2] = ["runtime stack:", "goroutine "];

/// What Compose said on its standard error.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its warnings.
    pub warnings: Vec<String>,
    /// Everything else.
    pub problem: String,
}

impl Words {
    /// Sorts lines into warnings and the problem; timestamps go, and files are named relative to
    /// the checkout's root.
    pub fn of(said: &str, root: &Path) -> Self {
        let said = said.replace(&format!("{}/", root.display()), "");
        let lines = said
            .lines()
            .take_while(|line| !STACKS.iter().any(|stack| line.starts_with(stack)));
        let (warnings, problem): (Vec<_>, Vec<_>) = lines
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .map(entry)
            .partition(|(warns, _)| *warns);
        let warnings = warnings.into_iter().map(|(_, words)| words).collect();
        let problem: Vec<_> = problem
            .into_iter()
            .map(|(_, words)| words)
            .take(MOST_LINES)
            .collect();
        Self {
            warnings,
            problem: problem.join("\n"),
        }
    }
}

/// `time="…" level=warning msg="…"` or a plain line; whether it is a warning, and its words.
fn entry(line: &str) -> (bool, String) {
    let logged = line
        .strip_prefix("time=")
        .and_then(|rest| rest.split_once(" msg="));
    match logged {
        Some((head, message)) => (head.ends_with("level=warning"), unquoted(message)),
        None => (false, line.to_owned()),
    }
}

/// Go's quoting is JSON's as far as messages go; one that is not is shown as it came.
fn unquoted(message: &str) -> String {
    serde_json::from_str(message).unwrap_or_else(|_| message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_and_the_root_go() {
        let said = "time=\"2026-01-01T00:00:00Z\" level=warning msg=\"The \\\"B\\\" variable is not set.\"\n\
                    validating /home/a/shop/docker-compose.yml: services.a bad\n";
        let words = Words::of(said, Path::new("/home/a/shop"));
        assert_eq!(words.warnings, ["The \"B\" variable is not set."]);
        assert_eq!(
            words.problem,
            "validating docker-compose.yml: services.a bad"
        );
    }

    #[test]
    fn a_crash_is_told_without_its_stack() {
        let said = "panic: runtime error: nil map\n\ngoroutine 1 [running]:\nmain.main()\n";
        assert_eq!(
            Words::of(said, Path::new("/x")).problem,
            "panic: runtime error: nil map"
        );
    }
}
