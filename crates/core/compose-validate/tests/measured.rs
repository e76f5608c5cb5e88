//! Short files that `docker compose config` 2.40.3 was asked about one by one:
//! `tests/measured/accepted.txt` and `rejected.txt`. They hold the checker where no Compose is
//! installed, and say what it is about. `missed.txt` has those of the rejected that it does not
//! find.
#![expect(clippy::expect_used, reason = "tests may fail loudly")]

#[path = "judge/verdict.rs"]
mod verdict;

use verdict::{Verdict, judge};

/// The whole file that a line of the tables stands for.
fn file(line: &str) -> String {
    if line.starts_with('"') {
        return serde_json::from_str(line).expect("a JSON string");
    }
    format!("services:\n  a:\n    image: x\n    {line}\n")
}

fn cases(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .filter(|line| !line.starts_with("# ") && !line.is_empty())
}

fn verdict(line: &str) -> Verdict {
    judge(&[&file(line)], &|_| None)
}

/// Accepted by Compose and refused by the resolved view; nobody writes them.
const REFUSED_BY_THE_VIEW: [&str; 5] = [
    r#""services:\n  a:\n    image: x\ninclude: null\n""#,
    r#"volumes: ["::"]"#,
    r#"ports: ['80:80/']"#,
    r#"ports: ['80:80/tcp/udp']"#,
    r#"ports: ['80-90-100:80']"#,
];

#[test]
fn nothing_that_compose_accepts_is_a_finding() {
    let lines = cases(include_str!("measured/accepted.txt"))
        .filter(|line| !REFUSED_BY_THE_VIEW.contains(line));
    let alarms: Vec<String> = lines
        .filter_map(|line| match verdict(line) {
            Verdict::Accepted => None,
            Verdict::Rejected(problem) => Some(format!("{line}\n    {problem}")),
        })
        .collect();
    assert!(
        alarms.is_empty(),
        "{} false alarms:\n{}",
        alarms.len(),
        alarms.join("\n")
    );
}

#[test]
fn what_compose_rejects_is_found() {
    let missed: Vec<&str> = cases(include_str!("measured/rejected.txt"))
        .filter(|line| verdict(line) == Verdict::Accepted)
        .collect();
    assert!(
        missed.is_empty(),
        "{} misses:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn the_known_misses_are_misses_still() {
    for line in cases(include_str!("measured/missed.txt")) {
        assert_eq!(
            verdict(line),
            Verdict::Accepted,
            "found by now, belongs to rejected.txt: {line}"
        );
    }
}
